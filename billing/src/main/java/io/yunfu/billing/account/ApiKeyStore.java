package io.yunfu.billing.account;

import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Uin;
import io.yunfu.operator.MasterKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// API keys at rest: table `api_key`. The secret half leaves it only through [CallerStore].
final class ApiKeyStore {
  private static final String COLUMNS =
      "select secret_id, user_uin, owner_uin, remark, created_at, expires_at, disabled_at from api_key";

  private static final String FIND = COLUMNS + " where secret_id = ? and owner_uin = ?";

  private static final String LIST =
      COLUMNS
          + """
           where owner_uin = ? and (created_at, secret_id) < (?, ?)
             and (?::bigint is null or user_uin = ?)
             and (?::boolean is null or (disabled_at is null) = ?)
           order by created_at desc, secret_id desc
           limit ?
          """;

  private static final String COUNT = "select count(*) as keys from api_key where owner_uin = ?";

  private static final String INSERT =
      """
      insert into api_key (secret_id, user_uin, owner_uin, nonce, ciphertext, token_sha256, expires_at, remark,
                           created_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String SET_DISABLED =
      "update api_key set disabled_at = ? where secret_id = ?";

  Optional<ApiKey> find(Transaction tx, Uin owner, String secretId) {
    return tx.queryOne(FIND, ApiKeyStore::key, secretId, owner.value());
  }

  List<ApiKey> list(
      Transaction tx, Uin owner, ApiKeys.Filter filter, ApiKeys.Position before, int limit) {
    Long user = filter.user().map(Uin::value).orElse(null);
    Boolean enabled = filter.enabled().orElse(null);
    return tx.query(
        LIST,
        ApiKeyStore::key,
        owner.value(),
        before.createdAt(),
        before.secretId(),
        user,
        user,
        enabled,
        enabled,
        limit);
  }

  long count(Transaction tx, Uin owner) {
    return tx.query(COUNT, row -> row.longAt("keys"), owner.value()).getFirst();
  }

  void insert(Transaction tx, ApiKey key, MasterKey.Sealed secret, byte @Nullable [] tokenSha256) {
    tx.update(
        INSERT,
        key.secretId(),
        key.user().value(),
        key.owner().value(),
        secret.nonce(),
        secret.ciphertext(),
        tokenSha256,
        key.expiresAt().orElse(null),
        key.remark(),
        key.createdAt());
  }

  void setDisabled(Transaction tx, String secretId, Optional<Instant> at) {
    tx.update(SET_DISABLED, at.orElse(null), secretId);
  }

  private static ApiKey key(Row row) {
    return new ApiKey(
        row.text("secret_id"),
        new Uin(row.longAt("user_uin")),
        new Uin(row.longAt("owner_uin")),
        row.text("remark"),
        row.instant("created_at"),
        Optional.ofNullable(row.instantOrNull("expires_at")),
        Optional.ofNullable(row.instantOrNull("disabled_at")));
  }
}
