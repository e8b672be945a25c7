package io.yunfu.gateway.merchant;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.kernel.CellId;
import java.util.Optional;

/// Tells in which cell a merchant lives. Order of writing, everywhere: first here, then the cell,
/// so that a crash between the two leaves an id that is taken and not used; repeating the command
/// finishes what was begun.
final class MerchantDirectory {
  static final String PROVIDER = "provider";
  static final String SUB_MERCHANT = "sub_merchant";
  static final String SHOP = "shop";

  private final Cells cells;
  private final MerchantDirectoryStore store = new MerchantDirectoryStore();

  MerchantDirectory(Cells cells) {
    this.cells = cells;
  }

  Optional<Cell> cellOf(String kind, String id) {
    return cells.directory().read(tx -> store.find(tx, kind, id)).map(cells::get);
  }

  /// Takes an id for a cell, or finds that it was taken for it before.
  ///
  /// @return false when another cell has it
  boolean place(String kind, String id, CellId cell) {
    return cells
        .directory()
        .inTransaction(tx -> {
          store.place(tx, kind, id, cell);
          return store.find(tx, kind, id).equals(Optional.of(cell));
        });
  }

  Cells cells() {
    return cells;
  }
}
