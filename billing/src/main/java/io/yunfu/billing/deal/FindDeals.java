package io.yunfu.billing.deal;

import io.yunfu.db.Cells;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Page;

/// An owner's deals, newest first, page by page.
public final class FindDeals {
  private final Cells cells;
  private final DealQueryStore store = new DealQueryStore();

  public FindDeals(Cells cells) {
    this.cells = cells;
  }

  /// The page and the number of all matches, of one moment.
  ///
  /// @param cell where the owner lives
  public Page<ListedDeal> find(CellId cell, DealQuery query) {
    return cells.get(cell).database().read(tx -> store.find(tx, query));
  }
}
