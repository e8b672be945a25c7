package io.yunfu.billing.voucher;

import io.yunfu.db.Cell;
import java.time.InstantSource;
import java.time.LocalDate;

/// Marks vouchers that are past their last day, cell by cell, a bounded number at a time. PayDeals
/// looks at the day itself, so a sweep that is late spends nothing.
public final class ExpireVouchers {
  /// Small, so that a sweep never holds many rows that a payment wants.
  public static final int BATCH = 200;

  private final InstantSource clock;
  private final VoucherStore store = new VoucherStore();

  public ExpireVouchers(InstantSource clock) {
    this.clock = clock;
  }

  /// One batch. Rows that a payment holds are left for the next time.
  ///
  /// @return how many were marked; fewer than [#BATCH] when there are no more
  public int sweep(Cell cell) {
    LocalDate today = LocalDate.ofInstant(clock.instant(), IssueVouchers.ZONE);
    return cell.database().inTransaction(tx -> store.expire(tx, today, BATCH));
  }
}
