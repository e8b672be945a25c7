package io.yunfu.billing.deal;

import io.yunfu.db.Cell;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// Makes deals payable again that stand in status 12, paying. Our own payment is one transaction
/// and never leaves one there; what was imported from elsewhere may, and a deal must not hang in
/// between for ever.
public final class RecoverDeals {
  public static final int BATCH = 200;

  /// Longer than any payment takes, so that none is recovered while it is under way.
  public static final Duration AFTER = Duration.ofMinutes(5);

  private final InstantSource clock;
  private final LifeStore store = new LifeStore();

  public RecoverDeals(InstantSource clock) {
    this.clock = clock;
  }

  /// One batch.
  ///
  /// @return how many are unpaid again; fewer than [#BATCH] when there are no more
  public int sweep(Cell cell) {
    Instant now = clock.instant();
    return cell.database().inTransaction(tx -> store.recover(tx, now.minus(AFTER), now, BATCH));
  }
}
