package io.yunfu.operator;

import io.yunfu.db.Transaction;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Admin tokens at rest, as their SHA-256: table `admin_token` of the directory.
final class AdminTokenStore {
  private static final String ANY = "select exists (select 1 from admin_token) as there";

  /// Two nodes that start together: one of them wins.
  private static final String INSERT =
      """
      insert into admin_token (token_sha256, name, created_at) values (?, ?, ?)
      on conflict (name) where revoked_at is null do nothing
      """;

  private static final String FIND =
      "select token_sha256, name from admin_token where token_sha256 = ? and revoked_at is null";

  private static final String REVOKE =
      "update admin_token set revoked_at = ? where name = ? and revoked_at is null";

  private static final String LOCK_ACTIVE =
      "select name from admin_token where revoked_at is null order by name for update";

  private static final String LIST =
      """
      select name, created_at, revoked_at
        from admin_token
       where (created_at, name) < (?, ?)
         and (?::boolean is null or (revoked_at is null) = ?)
       order by created_at desc, name desc
       limit ?
      """;

  @SuppressWarnings("ArrayRecordComponent") // compared in constant time
  record Stored(byte[] sha256, String name) {}

  boolean isEmpty(Transaction tx) {
    return !tx.query(ANY, row -> row.bool("there")).getFirst();
  }

  boolean insert(Transaction tx, byte[] sha256, String name, Instant at) {
    return tx.update(INSERT, sha256, name, at) == 1;
  }

  Optional<Stored> find(Transaction tx, byte[] sha256) {
    return tx.queryOne(
        FIND, row -> new Stored(row.bytes("token_sha256"), row.text("name")), sha256);
  }

  List<String> lockActive(Transaction tx) {
    return tx.query(LOCK_ACTIVE, row -> row.text("name"));
  }

  void revoke(Transaction tx, String name, Instant at) {
    tx.update(REVOKE, at, name);
  }

  List<AdminTokens.Token> list(
      Transaction tx, Optional<Boolean> active, AdminTokens.Position before, int limit) {
    Boolean wanted = active.orElse(null);
    return tx.query(
        LIST,
        row ->
            new AdminTokens.Token(
                row.text("name"),
                row.instant("created_at"),
                Optional.ofNullable(row.instantOrNull("revoked_at"))),
        before.createdAt(),
        before.name(),
        wanted,
        wanted,
        limit);
  }
}
