package io.yunfu.operator;

import io.yunfu.db.Cell;
import java.time.Duration;
import java.time.InstantSource;

/// Forgets idempotency keys that nobody will repeat any more, cell by cell, a bounded number at a
/// time.
public final class ForgetKeys {
  public static final int BATCH = 1000;

  /// How long a command can be repeated with its key.
  public static final Duration KEEP = Duration.ofDays(30);

  private final InstantSource clock;
  private final IdempotencyStore store = new IdempotencyStore();

  public ForgetKeys(InstantSource clock) {
    this.clock = clock;
  }

  /// One batch.
  ///
  /// @return how many were forgotten; fewer than [#BATCH] when there are no more
  public int sweep(Cell cell) {
    var before = clock.instant().minus(KEEP);
    return cell.database().inTransaction(tx -> store.forget(tx, before, BATCH));
  }
}
