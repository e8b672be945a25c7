package io.yunfu.operator;

import io.yunfu.db.Transaction;
import java.time.Instant;
import java.util.Optional;

/// Keys of repeatable commands with their first answers: table `idempotency`.
final class IdempotencyStore {
  private static final String FIND =
      "select request_sha256, response from idempotency where scope = ? and key = ?";

  private static final String INSERT =
      """
      insert into idempotency (scope, key, request_sha256, response, created_at)
      values (?, ?, ?, ?::jsonb, ?)
      """;

  private static final String FORGET =
      """
      delete from idempotency
       where (scope, key) in (
             select scope, key from idempotency where created_at < ? order by created_at limit ? for update skip locked)
      """;

  @SuppressWarnings("ArrayRecordComponent") // read and compared once, in constant time
  record Seen(byte[] sha256, String response) {}

  Optional<Seen> find(Transaction tx, String scope, String key) {
    return tx.queryOne(
        FIND, row -> new Seen(row.bytes("request_sha256"), row.text("response")), scope, key);
  }

  void insert(
      Transaction tx, String scope, String key, byte[] sha256, String response, Instant at) {
    tx.update(INSERT, scope, key, sha256, response, at);
  }

  int forget(Transaction tx, Instant before, int limit) {
    return tx.update(FORGET, before, limit);
  }
}
