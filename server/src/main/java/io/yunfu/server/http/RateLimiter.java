package io.yunfu.server.http;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/// How often each key, such as an account, may call. Per node and in memory. A refused call counts
/// against nothing, so a client that keeps hammering is still served at its limit.
///
/// Memory: a key takes room while it calls and for [#SWEEP_EVERY] after, at most two numbers per
/// admitted call of the last second.
public final class RateLimiter<K> {
  /// So long a call counts. In nanoseconds.
  public static final long WINDOW = SlidingLog.WINDOW;

  /// How often keys that have fallen silent are dropped. In nanoseconds.
  static final long SWEEP_EVERY = 5 * SlidingLog.WINDOW;

  /// One limit of several that hold for the same key.
  ///
  /// @param name tells the limits of one key apart; few and known, since each takes memory
  /// @param perSecond 0 for no limit
  public record Rule(String name, int perSecond) {}

  /// A rule that is used up.
  ///
  /// @param observed calls in this second, this one included
  public record Exceeded(Rule rule, long observed) {}

  private final LongSupplier nanos;
  private final ConcurrentHashMap<K, Calls> keys = new ConcurrentHashMap<>();
  private final AtomicLong nextSweep;

  /// @param nanos a clock that never goes back; only differences count
  public RateLimiter(LongSupplier nanos) {
    this.nanos = nanos;
    this.nextSweep = new AtomicLong(nanos.getAsLong() + SWEEP_EVERY);
  }

  /// Asks for one call. It is admitted by all rules or counted by none.
  ///
  /// @return the first rule that is used up; empty when the call is admitted
  public Optional<Exceeded> ask(K key, List<Rule> rules) {
    boolean unlimited = true;
    for (Rule rule : rules) {
      unlimited &= rule.perSecond == 0;
    }
    if (unlimited) {
      return Optional.empty();
    }
    List<Rule> limits = rules.stream().filter(rule -> rule.perSecond > 0).toList();
    sweep();
    while (true) {
      Calls calls = keys.computeIfAbsent(key, unknown -> new Calls());
      synchronized (calls) {
        if (!calls.dropped) {
          // Read under the lock, so that the times of one key never go back.
          return calls.ask(limits, nanos.getAsLong());
        }
      }
    }
  }

  /// How many keys take up memory.
  int size() {
    return keys.size();
  }

  private void sweep() {
    long now = nanos.getAsLong();
    long due = nextSweep.get();
    if (now - due >= 0 && nextSweep.compareAndSet(due, now + SWEEP_EVERY)) {
      keys.forEach((key, calls) -> {
        synchronized (calls) {
          if (calls.isIdle(now)) {
            calls.dropped = true;
            keys.remove(key);
          }
        }
      });
    }
  }

  /// The admitted calls of one key, by rule. Guarded by its own lock.
  private static final class Calls {
    private final Map<String, SlidingLog> logs = new HashMap<>(4);

    /// No longer in the map: whoever still holds it has to look again.
    private boolean dropped;

    Optional<Exceeded> ask(List<Rule> limits, long now) {
      Optional<Exceeded> exceeded = Optional.empty();
      for (Rule rule : limits) {
        SlidingLog log = of(rule);
        if (!log.hasRoom(now, rule.perSecond) && exceeded.isEmpty()) {
          exceeded = Optional.of(new Exceeded(rule, log.observed()));
        }
      }
      if (exceeded.isEmpty()) {
        limits.forEach(rule -> of(rule).admit(now));
      }
      return exceeded;
    }

    private SlidingLog of(Rule rule) {
      return logs.computeIfAbsent(rule.name, name -> new SlidingLog());
    }

    boolean isIdle(long now) {
      return logs.values().stream().allMatch(log -> log.isIdle(now));
    }
  }
}
