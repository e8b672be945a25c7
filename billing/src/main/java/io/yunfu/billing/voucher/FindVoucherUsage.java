package io.yunfu.billing.voucher;

import io.yunfu.billing.account.Caller;
import io.yunfu.db.Cells;
import io.yunfu.kernel.Page;
import java.util.Optional;

/// What an owner's vouchers have paid, newest first, page by page.
public final class FindVoucherUsage {
  private final Cells cells;
  private final VoucherUsageStore store = new VoucherUsageStore();

  public FindVoucherUsage(Cells cells) {
    this.cells = cells;
  }

  /// Page and sums of one moment.
  ///
  /// @param voucher of this one alone; somebody else's has no records
  public VoucherUsage.Found find(Caller caller, Optional<VoucherId> voucher, Page.Request page) {
    return cells
        .get(caller.cell())
        .database()
        .snapshot(tx -> store.find(tx, caller.owner(), voucher, page));
  }
}
