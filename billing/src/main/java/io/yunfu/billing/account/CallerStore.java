package io.yunfu.billing.account;

import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Uin;
import io.yunfu.operator.MasterKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Everything that a request is verified with, in one statement and so from one state of the
/// tables; and what has changed since.
final class CallerStore {
  private static final String FIND =
      """
      select k.secret_id, k.user_uin, k.owner_uin, k.nonce, k.ciphertext, k.token_sha256, k.expires_at, o.edition, o.change,
             k.disabled_at is null and (k.user_uin = k.owner_uin or coalesce(u.active, false)) as enabled,
             array(select p.name from policy p where p.user_uin = k.user_uin) as policies
        from api_key k
        join owner o on o.uin = k.owner_uin
        left join sub_user u on u.uin = k.user_uin
       where k.secret_id = ?
      """;

  private static final String COUNTER = "select value from change_counter";

  private static final String CHANGED =
      "select uin, change from owner where change > ? order by change limit ?";

  /// @param sealed the secret key, still encrypted
  /// @param change the number of the owner's last change
  record Found(
      MasterKey.Sealed sealed,
      Caller caller,
      boolean enabled,
      Optional<Credential.Temporary> temporary,
      long change) {}

  record Changed(Uin owner, long change) {}

  Optional<Found> find(Transaction tx, String secretId, CellId cell) {
    return tx.queryOne(FIND, row -> found(row, cell), secretId);
  }

  long counter(Transaction tx) {
    return tx.query(COUNTER, row -> row.longAt("value")).getFirst();
  }

  List<Changed> changedSince(Transaction tx, long seen, int limit) {
    return tx.query(
        CHANGED, row -> new Changed(new Uin(row.longAt("uin")), row.longAt("change")), seen, limit);
  }

  private static Found found(Row row, CellId cell) {
    byte @Nullable [] token = row.bytesOrNull("token_sha256");
    return new Found(
        new MasterKey.Sealed(row.bytes("nonce"), row.bytes("ciphertext")),
        new Caller(
            new Uin(row.longAt("user_uin")),
            new Uin(row.longAt("owner_uin")),
            cell,
            Edition.parse(row.text("edition")),
            Set.copyOf(row.texts("policies"))),
        row.bool("enabled"),
        token == null
            ? Optional.empty()
            : Optional.of(new Credential.Temporary(token, row.instant("expires_at"))),
        row.longAt("change"));
  }
}
