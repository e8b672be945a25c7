package io.yunfu.gateway.merchant;

import io.yunfu.db.Transaction;
import io.yunfu.kernel.CellId;
import java.util.Optional;

/// The directory's part on merchants at rest: table `merchant_id`.
final class MerchantDirectoryStore {
  private static final String FIND = "select cell_id from merchant_id where kind = ? and id = ?";
  private static final String PLACE =
      "insert into merchant_id (kind, id, cell_id) values (?, ?, ?) on conflict do nothing";

  Optional<CellId> find(Transaction tx, String kind, String id) {
    return tx.queryOne(FIND, row -> new CellId(row.intAt("cell_id")), kind, id);
  }

  void place(Transaction tx, String kind, String id, CellId cell) {
    tx.update(PLACE, kind, id, cell.value());
  }
}
