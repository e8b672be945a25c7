package io.yunfu.billing.product;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.Transaction;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.Detail;
import io.yunfu.operator.MasterKey;
import io.yunfu.operator.Operator;
import io.yunfu.operator.Outcome;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// Providers: created, changed, given a new secret. Never deleted, only switched off, since
/// products and deliveries name them. The secret that our requests to it are signed with is
/// encrypted with the master key and shown once.
public final class Providers {
  private static final int SECRET_BYTES = 32;
  private static final int BATCH = 500;

  private final Copies copies;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final MasterKey masterKey;
  private final ProviderStore store = new ProviderStore();
  private final AuditLog audit = new AuditLog();

  /// @param random a `SecureRandom` but in tests
  public Providers(Cells cells, InstantSource clock, RandomGenerator random, MasterKey masterKey) {
    this.copies = new Copies(cells);
    this.clock = clock;
    this.random = random;
    this.masterKey = masterKey;
  }

  /// A new provider.
  ///
  /// @param secret given when the provider has one already; made here otherwise
  public record Create(
      String name, URI url, Duration timeout, int maxAttempts, Optional<String> secret) {
    @Override
    public String toString() {
      return "Create[" + name + ", " + url + "]";
    }
  }

  /// What is absent stays as it is.
  public record Change(
      String name,
      Optional<URI> url,
      Optional<Duration> timeout,
      Optional<Integer> maxAttempts,
      Optional<Boolean> active) {}

  /// A provider with its secret. The operator gets it once, when it was just set.
  public record Made(Provider provider, String secret) {
    @Override
    public String toString() {
      return "Made[" + provider + ", secret hidden]";
    }
  }

  public Outcome<Made, ProductRefused> create(Operator operator, Create command) {
    String name = command.name();
    String secret = command.secret().orElseGet(this::newSecret);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
    var provider =
        new Provider(name, command.url(), command.timeout(), command.maxAttempts(), true, now);
    Outcome<Made, ProductRefused> outcome =
        copies
            .original()
            .database()
            .inTransaction(tx -> {
              if (store.lock(tx, name).isPresent()) {
                return Outcome.refused(new ProductRefused.ProviderExists(name));
              }
              put(tx, provider, masterKey.seal(Provider.sealedFor(name), secret));
              write(tx, operator, "provider.create", provider);
              return Outcome.done(new Made(provider, secret));
            });
    copy(name);
    return outcome;
  }

  public Outcome<Provider, ProductRefused> change(Operator operator, Change command) {
    return changing(
        command.name(),
        stored ->
            tx -> {
              Provider before = stored.provider();
              var after =
                  new Provider(
                      before.name(),
                      command.url().orElse(before.url()),
                      command.timeout().orElse(before.timeout()),
                      command.maxAttempts().orElse(before.maxAttempts()),
                      command.active().orElse(before.active()),
                      before.createdAt());
              put(tx, after, stored.secret());
              write(tx, operator, "provider.change", after);
              return after;
            });
  }

  /// Gives it a new secret; from now on our requests are signed with that one.
  public Outcome<Made, ProductRefused> rotate(Operator operator, String name) {
    String secret = newSecret();
    return changing(
        name,
        stored ->
            tx -> {
              put(tx, stored.provider(), masterKey.seal(Provider.sealedFor(name), secret));
              write(tx, operator, "provider.rotate-secret", stored.provider());
              return new Made(stored.provider(), secret);
            });
  }

  public Optional<Provider> find(String name) {
    return copies
        .original()
        .database()
        .read(tx -> store.find(tx, name))
        .map(ProviderStore.Stored::provider);
  }

  /// A provider with its secret, as it stands in this cell: for whoever calls it. Not logged, and
  /// not shown.
  public Optional<Made> open(Cell cell, String name) {
    return cell.database()
        .read(tx -> store.find(tx, name))
        .map(stored ->
            new Made(stored.provider(), masterKey.open(Provider.sealedFor(name), stored.secret())));
  }

  /// By name.
  public List<Provider> list(Optional<String> after, int limit) {
    return copies.original().database().read(tx -> store.list(tx, after.orElse(""), limit)).stream()
        .map(ProviderStore.Stored::provider)
        .toList();
  }

  /// Copies all providers to all cells; for the start of a node.
  public void spread() {
    if (!copies.areNeeded()) {
      return;
    }
    List<Provider> batch = List.of();
    do {
      batch = list(batch.isEmpty() ? Optional.empty() : Optional.of(batch.getLast().name()), BATCH);
      batch.forEach(provider -> copy(provider.name()));
    } while (batch.size() == BATCH);
  }

  private <T> Outcome<T, ProductRefused> changing(
      String name, Function<ProviderStore.Stored, Function<Transaction, T>> change) {
    Outcome<T, ProductRefused> outcome =
        copies
            .original()
            .database()
            .inTransaction(tx -> {
              var found = store.lock(tx, name);
              return found.isEmpty()
                  ? Outcome.refused(new ProductRefused.NoSuchProvider(name))
                  : Outcome.done(change.apply(found.get()).apply(tx));
            });
    copy(name);
    return outcome;
  }

  private void put(Transaction tx, Provider provider, MasterKey.Sealed secret) {
    store.put(tx, new ProviderStore.Stored(provider, secret));
  }

  private void write(Transaction tx, Operator operator, String action, Provider provider) {
    var detail =
        Detail.of("url", provider.url())
            .and("timeoutMs", provider.timeout().toMillis())
            .and("maxAttempts", provider.maxAttempts())
            .and("active", provider.active());
    audit.write(
        tx,
        copies.original().ids(),
        clock.instant(),
        operator,
        action,
        "provider/" + provider.name(),
        detail);
  }

  private void copy(String name) {
    copies.copy(tx -> store.lock(tx, name), store::put);
  }

  private String newSecret() {
    byte[] bytes = new byte[SECRET_BYTES];
    random.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
