package io.yunfu.billing.account;

import static io.yunfu.kernel.Check.ensure;

import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Sub-users and what they may do: tables `sub_user` and `policy`.
final class SubUserStore {
  private static final String COLUMNS =
      """
      select uin, owner_uin, name, active, created_at,
             array(select p.name from policy p where p.user_uin = sub_user.uin order by p.name) as policies
        from sub_user
      """;

  private static final String FIND = COLUMNS + " where uin = ? and owner_uin = ?";
  private static final String LIST =
      COLUMNS + " where owner_uin = ? and uin > ? order by uin limit ?";
  private static final String COUNT = "select count(*) as users from sub_user where owner_uin = ?";

  private static final String INSERT =
      "insert into sub_user (uin, owner_uin, name, active, created_at) values (?, ?, ?, ?, ?)";

  private static final String UPDATE = "update sub_user set name = ?, active = ? where uin = ?";
  private static final String CLEAR = "delete from policy where user_uin = ? and name <> all (?)";

  private static final String GRANT =
      """
      insert into policy (user_uin, name, created_at)
      select ?, name, ? from unnest(?::text[]) as name
          on conflict do nothing
      """;

  Optional<SubUser> find(Transaction tx, Uin owner, Uin user) {
    return tx.queryOne(FIND, SubUserStore::user, user.value(), owner.value());
  }

  List<SubUser> list(Transaction tx, Uin owner, long above, int limit) {
    return tx.query(LIST, SubUserStore::user, owner.value(), above, limit);
  }

  long count(Transaction tx, Uin owner) {
    return tx.query(COUNT, row -> row.longAt("users"), owner.value()).getFirst();
  }

  void insert(Transaction tx, SubUser user) {
    tx.update(
        INSERT,
        user.uin().value(),
        user.owner().value(),
        user.name(),
        user.active(),
        user.createdAt());
  }

  void update(Transaction tx, SubUser user) {
    int updated = tx.update(UPDATE, user.name(), user.active(), user.uin().value());
    ensure(updated == 1, "there is no user %s", user.uin());
  }

  void setPolicies(Transaction tx, Uin user, List<String> policies, Instant at) {
    String[] names = policies.toArray(String[]::new);
    tx.update(CLEAR, user.value(), names);
    tx.update(GRANT, user.value(), at, names);
  }

  private static SubUser user(Row row) {
    return new SubUser(
        new Uin(row.longAt("uin")),
        new Uin(row.longAt("owner_uin")),
        row.text("name"),
        row.bool("active"),
        row.instant("created_at"),
        row.texts("policies"));
  }
}
