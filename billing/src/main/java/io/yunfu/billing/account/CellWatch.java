package io.yunfu.billing.account;

import io.yunfu.db.Cell;
import io.yunfu.db.DatabaseException;
import io.yunfu.kernel.Uin;
import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Learns which owners of one cell have changed, by asking for all changes after the last it saw.
///
/// What was read from the cell carries the number of its owner's last change. It is current as long
/// as this watch has seen no later change of that owner, and has looked lately.
final class CellWatch {
  /// So long after the last look, what is remembered may still be used. Then every lookup asks the
  /// database, and fails if that is away: a key that was disabled must not live on in a node that
  /// is cut off.
  static final Duration LONGEST_BLIND = Duration.ofSeconds(3);

  /// Changes fetched in one go; a look repeats until there are fewer.
  private static final int BATCH = 1000;

  /// Before a change is forgotten here, whoever was about to remember an older state has finished.
  static final Duration KEEP = Duration.ofMinutes(1);

  private static final Logger log = LoggerFactory.getLogger(CellWatch.class);

  private final Cell cell;
  private final LongSupplier nanos;
  private final CallerStore store = new CallerStore();
  private final ConcurrentHashMap<Uin, Seen> changes = new ConcurrentHashMap<>();
  private volatile long lookedAt;
  private volatile boolean looked;

  // Only the looking thread uses these.
  private long last;
  private boolean away;

  private record Seen(long change, long at) {}

  CellWatch(Cell cell, LongSupplier nanos) {
    this.cell = cell;
    this.nanos = nanos;
  }

  Cell cell() {
    return cell;
  }

  /// Whether a state of an owner, read when its last change had this number, may still be used.
  boolean isCurrent(Uin owner, long change) {
    if (!looked || nanos.getAsLong() - lookedAt > LONGEST_BLIND.toNanos()) {
      return false;
    }
    Seen seen = changes.isEmpty() ? null : changes.get(owner);
    return seen == null || seen.change <= change;
  }

  /// Whether it has begun to see changes. What was read before that may be outdated without this
  /// watch ever knowing, so it must not be remembered.
  boolean hasLooked() {
    return looked;
  }

  /// Looks once.
  ///
  /// @return whether the database answered
  boolean look() {
    try {
      long startedAt = nanos.getAsLong();
      if (!looked) {
        last = cell.database().read(store::counter);
      }
      fetch(startedAt);
      lookedAt = startedAt;
      looked = true;
      if (away) {
        log.info("Changes of {} are seen again", cell.id());
      }
      away = false;
    } catch (DatabaseException e) {
      if (!away) {
        log.warn("Changes of {} cannot be seen: {}", cell.id(), e.getMessage());
      }
      away = true;
    }
    return !away;
  }

  private void fetch(long startedAt) {
    int fetched;
    do {
      var found = cell.database().read(tx -> store.changedSince(tx, last, BATCH));
      found.forEach(changed -> changes.put(changed.owner(), new Seen(changed.change(), startedAt)));
      if (!found.isEmpty()) {
        last = found.getLast().change();
      }
      fetched = found.size();
    } while (fetched == BATCH);
  }

  boolean hasOldChanges() {
    long now = nanos.getAsLong();
    return changes.values().stream().anyMatch(seen -> now - seen.at > KEEP.toNanos());
  }

  /// Forgets changes that are no news to anybody: what was older has been swept from the cache.
  void forgetOldChanges() {
    long now = nanos.getAsLong();
    changes.values().removeIf(seen -> now - seen.at > KEEP.toNanos());
  }
}
