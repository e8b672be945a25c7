package io.yunfu.billing.agentpay;

import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Who pays for whom, at rest: tables `group_member` and `reseller_client`.
final class BindingStore {
  /// In ascending order, so that two who bind the same two wait instead of deadlocking.
  private static final String LOCK_OWNERS =
      "select uin from owner where uin = any (?) order by uin for no key update";

  private static final String ROLES =
      """
      select exists (select 1 from group_member where member_uin = ?) as member,
             exists (select 1 from group_member where payer_uin = ?) as payer,
             exists (select 1 from reseller_client where client_uin = ?) as client,
             exists (select 1 from reseller_client where reseller_uin = ?) as reseller
      """;

  private static final String GROUP_OF =
      """
      select member_uin as uin, payer_uin as payer, created_at from group_member where member_uin = ?
      """;

  private static final String RESELLER_OF =
      """
      select client_uin as uin, reseller_uin as payer, created_at from reseller_client where client_uin = ?
      """;

  private static final String MEMBERS =
      """
      select member_uin as uin, payer_uin as payer, created_at
        from group_member
       where payer_uin = ? and member_uin > ?
       order by member_uin
       limit ?
      """;

  private static final String CLIENTS =
      """
      select client_uin as uin, reseller_uin as payer, created_at
        from reseller_client
       where reseller_uin = ? and client_uin > ?
       order by client_uin
       limit ?
      """;

  private static final String INSERT_MEMBER =
      "insert into group_member (member_uin, payer_uin, created_at) values (?, ?, ?)";

  private static final String INSERT_CLIENT =
      "insert into reseller_client (client_uin, reseller_uin, created_at) values (?, ?, ?)";

  private static final String DELETE_MEMBER = "delete from group_member where member_uin = ?";
  private static final String DELETE_CLIENT = "delete from reseller_client where client_uin = ?";

  /// What an account is for others already.
  record Roles(boolean member, boolean payer, boolean client, boolean reseller) {}

  void lockOwners(Transaction tx, Collection<Uin> uins) {
    tx.query(
        LOCK_OWNERS,
        row -> row.longAt("uin"),
        (Object) uins.stream().mapToLong(Uin::value).toArray());
  }

  Roles roles(Transaction tx, Uin uin) {
    long value = uin.value();
    return tx.query(
            ROLES,
            row ->
                new Roles(
                    row.bool("member"),
                    row.bool("payer"),
                    row.bool("client"),
                    row.bool("reseller")),
            value,
            value,
            value,
            value)
        .getFirst();
  }

  Optional<Binding> of(Transaction tx, Bindings.Kind kind, Uin uin) {
    String sql =
        switch (kind) {
          case GROUP -> GROUP_OF;
          case RESELLER -> RESELLER_OF;
        };
    return tx.queryOne(sql, BindingStore::binding, uin.value());
  }

  List<Binding> boundTo(Transaction tx, Bindings.Kind kind, Uin payer, long above, int limit) {
    String sql =
        switch (kind) {
          case GROUP -> MEMBERS;
          case RESELLER -> CLIENTS;
        };
    return tx.query(sql, BindingStore::binding, payer.value(), above, limit);
  }

  void insert(Transaction tx, Bindings.Kind kind, Binding binding) {
    String sql =
        switch (kind) {
          case GROUP -> INSERT_MEMBER;
          case RESELLER -> INSERT_CLIENT;
        };
    Instant at = binding.createdAt();
    tx.update(sql, binding.uin().value(), binding.payer().value(), at);
  }

  void delete(Transaction tx, Bindings.Kind kind, Uin uin) {
    String sql =
        switch (kind) {
          case GROUP -> DELETE_MEMBER;
          case RESELLER -> DELETE_CLIENT;
        };
    tx.update(sql, uin.value());
  }

  private static Binding binding(Row row) {
    return new Binding(
        new Uin(row.longAt("uin")), new Uin(row.longAt("payer")), row.instant("created_at"));
  }
}
