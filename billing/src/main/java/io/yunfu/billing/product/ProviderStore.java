package io.yunfu.billing.product;

import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.operator.MasterKey;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// Providers at rest: table `provider`.
final class ProviderStore {
  private static final String COLUMNS =
      "select name, url, timeout_ms, max_attempts, active, created_at, nonce, ciphertext from provider";

  private static final String FIND = COLUMNS + " where name = ?";
  private static final String LOCK = FIND + " for update";
  private static final String LIST = COLUMNS + " where name > ? order by name limit ?";

  private static final String PUT =
      """
      insert into provider (name, url, nonce, ciphertext, timeout_ms, max_attempts, active, created_at)
      values (?, ?, ?, ?, ?, ?, ?, ?)
      on conflict (name) do update
         set url = excluded.url, nonce = excluded.nonce, ciphertext = excluded.ciphertext,
             timeout_ms = excluded.timeout_ms, max_attempts = excluded.max_attempts, active = excluded.active
      """;

  /// A provider with its secret, still encrypted.
  record Stored(Provider provider, MasterKey.Sealed secret) {}

  Optional<Stored> find(Transaction tx, String name) {
    return tx.queryOne(FIND, ProviderStore::stored, name);
  }

  Optional<Stored> lock(Transaction tx, String name) {
    return tx.queryOne(LOCK, ProviderStore::stored, name);
  }

  List<Stored> list(Transaction tx, String after, int limit) {
    return tx.query(LIST, ProviderStore::stored, after, limit);
  }

  /// Writes it whether it is there or not.
  void put(Transaction tx, Stored stored) {
    Provider provider = stored.provider();
    tx.update(
        PUT,
        provider.name(),
        provider.url().toString(),
        stored.secret().nonce(),
        stored.secret().ciphertext(),
        (int) provider.timeout().toMillis(),
        provider.maxAttempts(),
        provider.active(),
        provider.createdAt());
  }

  private static Stored stored(Row row) {
    var provider =
        new Provider(
            row.text("name"),
            URI.create(row.text("url")),
            Duration.ofMillis(row.longAt("timeout_ms")),
            row.intAt("max_attempts"),
            row.bool("active"),
            row.instant("created_at"));
    return new Stored(provider, new MasterKey.Sealed(row.bytes("nonce"), row.bytes("ciphertext")));
  }
}
