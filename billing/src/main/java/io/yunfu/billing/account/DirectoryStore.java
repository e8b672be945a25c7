package io.yunfu.billing.account;

import io.yunfu.db.Transaction;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Uin;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// The directory at rest: tables `owner`, `sub_user`, `credential`, `foreign_id`.
final class DirectoryStore {
  /// Owners and sub-users share their numbers, but not a table, and imported ids come in lists:
  /// whoever gives one out holds this lock. It does not hinder foreign keys to the same row.
  private static final String LOCK_NUMBERS =
      "select cell_id from cell order by cell_id limit 1 for no key update";

  private static final String CELL_OF_OWNER = "select cell_id from owner where uin = ?";
  private static final String CELL_OF_KEY = "select cell_id from credential where secret_id = ?";
  private static final String CELL_OF_FOREIGN =
      "select cell_id from foreign_id where kind = ? and id = ?";

  private static final String PLACE_OWNER =
      "insert into owner (uin, cell_id) values (?, ?) on conflict do nothing";

  private static final String IS_SUB_USER =
      "select exists (select 1 from sub_user where uin = ?) as there";

  private static final String OWNER_OF_SUB_USER = "select owner_uin from sub_user where uin = ?";

  private static final String PLACE_SUB_USER =
      "insert into sub_user (uin, owner_uin) values (?, ?) on conflict do nothing";

  private static final String PLACE_KEY =
      "insert into credential (secret_id, cell_id) values (?, ?) on conflict do nothing";

  private static final String TAKEN_ELSEWHERE =
      """
      select f.id
        from foreign_id f
        join unnest(?::text[], ?::text[]) as wanted (kind, id) using (kind, id)
       where f.cell_id <> ?
      """;

  private static final String KNOWS_ANY =
      """
      select exists (
             select 1 from foreign_id where kind in ('deal', 'big_deal', 'voucher') and id = any (?)) as there
      """;

  private static final String TAKE_FOREIGN =
      """
      insert into foreign_id (kind, id, cell_id)
      select kind, id, ? from unnest(?::text[], ?::text[]) as wanted (kind, id)
          on conflict do nothing
      """;

  void lockNumbers(Transaction tx) {
    tx.query(LOCK_NUMBERS, row -> row.intAt("cell_id"));
  }

  Optional<CellId> cellOfOwner(Transaction tx, Uin owner) {
    return tx.queryOne(CELL_OF_OWNER, row -> new CellId(row.intAt("cell_id")), owner.value());
  }

  Optional<CellId> cellOfKey(Transaction tx, String secretId) {
    return tx.queryOne(CELL_OF_KEY, row -> new CellId(row.intAt("cell_id")), secretId);
  }

  Optional<CellId> cellOfForeign(Transaction tx, String kind, String id) {
    return tx.queryOne(CELL_OF_FOREIGN, row -> new CellId(row.intAt("cell_id")), kind, id);
  }

  void placeOwner(Transaction tx, Uin owner, CellId cell) {
    tx.update(PLACE_OWNER, owner.value(), cell.value());
  }

  boolean isSubUser(Transaction tx, Uin uin) {
    return tx.query(IS_SUB_USER, row -> row.bool("there"), uin.value()).getFirst();
  }

  Optional<Uin> ownerOfSubUser(Transaction tx, Uin user) {
    return tx.queryOne(OWNER_OF_SUB_USER, row -> new Uin(row.longAt("owner_uin")), user.value());
  }

  void placeSubUser(Transaction tx, Uin user, Uin owner) {
    tx.update(PLACE_SUB_USER, user.value(), owner.value());
  }

  void placeKey(Transaction tx, String secretId, CellId cell) {
    tx.update(PLACE_KEY, secretId, cell.value());
  }

  List<String> takenElsewhere(Transaction tx, String[] kinds, String[] ids, CellId cell) {
    return tx.query(TAKEN_ELSEWHERE, row -> row.text("id"), kinds, ids, cell.value());
  }

  boolean knowsAny(Transaction tx, Collection<String> ids) {
    return tx.query(KNOWS_ANY, row -> row.bool("there"), (Object) ids.toArray(String[]::new))
        .getFirst();
  }

  void takeForeign(Transaction tx, String[] kinds, String[] ids, CellId cell) {
    tx.update(TAKE_FOREIGN, cell.value(), kinds, ids);
  }
}
