package io.yunfu.billing.voucher;

import io.yunfu.db.Cells;
import io.yunfu.kernel.CellId;

/// An owner's vouchers, page by page, with what is left on all of them.
public final class FindVouchers {
  private final Cells cells;
  private final VoucherQueryStore store = new VoucherQueryStore();

  public FindVouchers(Cells cells) {
    this.cells = cells;
  }

  /// Page and sums of one moment.
  ///
  /// @param cell where the owner lives
  public ListedVoucher.Found find(CellId cell, VoucherQuery query) {
    return cells.get(cell).database().snapshot(tx -> store.find(tx, query));
  }
}
