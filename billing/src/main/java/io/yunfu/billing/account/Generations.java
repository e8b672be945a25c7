package io.yunfu.billing.account;

import static io.yunfu.kernel.Check.require;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A bounded map that many threads read without a lock. It has two halves: what is used moves into
/// the young one, and when that is full the old one is dropped. So what was used lately stays, as
/// in an LRU map, but a read costs no bookkeeping. It is a cache: an entry may vanish at any time.
final class Generations<K, V> {
  private final int half;
  private volatile Halves<K, V> halves = new Halves<>(new ConcurrentHashMap<>());

  /// Compared by identity: a turn happens once for each.
  private static final class Halves<K, V> {
    final ConcurrentHashMap<K, V> young = new ConcurrentHashMap<>();
    final ConcurrentHashMap<K, V> old;

    Halves(ConcurrentHashMap<K, V> old) {
      this.old = old;
    }
  }

  /// @param most how many entries it holds at most, but for a few that threads put at once
  Generations(int most) {
    require(most >= 2, "a map of %d entries", most);
    this.half = most / 2;
  }

  @Nullable V get(K key) {
    var now = halves;
    V young = now.young.get(key);
    if (young != null) {
      return young;
    }
    V old = now.old.get(key);
    if (old != null && now.young.putIfAbsent(key, old) == null) {
      turnIfFull(now);
    }
    return old;
  }

  void put(K key, V value) {
    var now = halves;
    now.young.put(key, value);
    turnIfFull(now);
  }

  void removeIf(Predicate<V> gone) {
    var now = halves;
    now.young.values().removeIf(gone);
    now.old.values().removeIf(gone);
  }

  int size() {
    return halves.young.size() + halves.old.size();
  }

  private void turnIfFull(Halves<K, V> now) {
    if (now.young.size() >= half) {
      synchronized (this) {
        if (halves == now) {
          halves = new Halves<>(now.young);
        }
      }
    }
  }
}
