package io.yunfu.gateway.merchant;

import static io.yunfu.kernel.Check.require;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.ConstraintViolated;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Secret;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.Detail;
import io.yunfu.operator.MasterKey;
import io.yunfu.operator.Operator;
import io.yunfu.operator.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// What the operator does with providers, sub-merchants and shops. Every change is audited in the
/// transaction that makes it. Whoever moves here keeps ids, prefixes and keys.
///
/// The directory is written first, then the cell; see [MerchantDirectory].
public final class ManageMerchants {
  /// A key that was made here has 32 hexadecimal digits; one that is imported 8 to 128 characters
  /// of printable ASCII. Source: `cloudpay.md` section 6.2.
  public static final String KEY_PATTERN = "[\\x21-\\x7e]{8,128}";

  /// How long the key before this one still verifies, if nothing else is said.
  public static final Duration USUAL_OVERLAP = Duration.ofDays(2);

  private static final int KEY_BYTES = 16;

  private final MerchantDirectory directory;
  private final MasterKey masterKey;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final String partition;
  private final MerchantStore store = new MerchantStore();
  private final AuditLog audit = new AuditLog();
  private final ChannelAccounts accounts;
  private final KeysApart keysApart;

  /// @param random a `SecureRandom` but in tests
  /// @param partition what new public ids begin with: up to four letters or digits
  public ManageMerchants(
      Cells cells,
      MasterKey masterKey,
      InstantSource clock,
      RandomGenerator random,
      String partition) {
    require(partition.matches("[0-9A-Za-z]{0,4}"), "no partition: %s", partition);
    this.directory = new MerchantDirectory(cells);
    this.masterKey = masterKey;
    this.clock = clock;
    this.random = random;
    this.partition = partition;
    this.accounts = new ChannelAccounts(cells, masterKey, clock);
    this.keysApart = new KeysApart(masterKey);
  }

  /// Something new, and its key, which is shown this once.
  public record Made<T>(T merchant, Secret key) {}

  /// A new provider.
  ///
  /// @param id given when it is imported; made here otherwise
  /// @param key likewise
  public record NewProvider(
      Optional<ProviderId> id,
      String name,
      Optional<Secret> key,
      Merchant.NoticeSettings notices,
      Optional<CellId> cell) {}

  /// A new sub-merchant.
  public record NewSubMerchant(
      ProviderId provider,
      Optional<SubMerchantId> id,
      String name,
      Optional<Secret> key,
      PlacedSubMerchant.Settings settings) {}

  /// A new shop.
  public record NewShop(
      SubMerchantId subMerchant,
      Optional<ShopId> id,
      String name,
      String ownNumber,
      List<String> refundStaff,
      List<String> devices,
      List<String> staff) {
    /// Without devices and staff, which most do not have checked.
    public NewShop(
        SubMerchantId subMerchant,
        Optional<ShopId> id,
        String name,
        String ownNumber,
        List<String> refundStaff) {
      this(subMerchant, id, name, ownNumber, refundStaff, List.of(), List.of());
    }
  }

  public Outcome<Made<PlacedProvider>, MerchantRefused> create(
      Operator operator, NewProvider command) {
    ProviderId id = command.id().orElseGet(() -> new ProviderId(newId()));
    List<Cell> cells = directory.cells().all();
    CellId wanted =
        command
            .cell()
            .orElseGet(() -> cells.get(Math.floorMod(id.value().hashCode(), cells.size())).id());
    if (wanted.value() >= cells.size()) {
      return Outcome.refused(new MerchantRefused.NoSuchCell(wanted.value()));
    }
    if (!directory.place(MerchantDirectory.PROVIDER, id.value(), wanted)) {
      return Outcome.refused(new MerchantRefused.IdTaken(id.value()));
    }
    Cell cell = directory.cells().get(wanted);
    Secret key = command.key().orElseGet(this::newKey);
    var provider =
        new PlacedProvider(
            id, cell.id(), command.name(), true, command.notices(), now(), cell.ids().next());
    return unlessTaken(
        id.value(),
        () -> {
          cell.database()
              .execute(tx -> {
                store.insert(tx, provider, masterKey.seal(Seals.providerKey(id), key.reveal()));
                write(tx, cell, operator, "provider.create", "provider/" + id, described(provider));
              });
          return new Made<>(provider, key);
        });
  }

  public Outcome<Made<PlacedSubMerchant>, MerchantRefused> create(
      Operator operator, NewSubMerchant command) {
    var found = directory.cellOf(MerchantDirectory.PROVIDER, command.provider().value());
    if (found.isEmpty()) {
      return Outcome.refused(new MerchantRefused.NoSuchProvider(command.provider()));
    }
    Cell cell = found.get();
    SubMerchantId id = command.id().orElseGet(() -> new SubMerchantId(newId()));
    if (lacksRsaKey(command.settings())) {
      return Outcome.refused(new MerchantRefused.NoRsaKey(id));
    }
    boolean isOfChannel =
        command.key().isPresent()
            && cell.database()
                .inTransaction(tx ->
                    isOfChannel(tx, command.key(), lockedProvider(tx, cell, command.provider())));
    if (isOfChannel) {
      return Outcome.refused(new MerchantRefused.KeyIsOfChannel());
    }
    if (!directory.place(MerchantDirectory.SUB_MERCHANT, id.value(), cell.id())) {
      return Outcome.refused(new MerchantRefused.IdTaken(id.value()));
    }
    Secret key = command.key().orElseGet(this::newKey);
    var sub =
        new PlacedSubMerchant(
            id,
            command.provider(),
            cell.id(),
            command.name(),
            true,
            command.settings(),
            Optional.empty(),
            now(),
            cell.ids().next());
    return unlessTaken(
        id.value(),
        () -> {
          cell.database()
              .execute(tx -> {
                long provider = lockedProvider(tx, cell, command.provider());
                var sealed = masterKey.seal(Seals.subMerchantKey(id), key.reveal());
                store.insert(tx, sub, provider, sealed);
                var subject = "sub-merchant/" + id;
                write(tx, cell, operator, "sub-merchant.create", subject, described(sub));
              });
          return new Made<>(sub, key);
        });
  }

  public Outcome<PlacedShop, MerchantRefused> create(Operator operator, NewShop command) {
    var found = directory.cellOf(MerchantDirectory.SUB_MERCHANT, command.subMerchant().value());
    if (found.isEmpty()) {
      return Outcome.refused(new MerchantRefused.NoSuchSubMerchant(command.subMerchant()));
    }
    Cell cell = found.get();
    ShopId id = command.id().orElseGet(() -> new ShopId(newId()));
    if (!directory.place(MerchantDirectory.SHOP, id.value(), cell.id())) {
      return Outcome.refused(new MerchantRefused.IdTaken(id.value()));
    }
    var shop =
        new Merchant.Shop(
            id,
            command.ownNumber(),
            command.name(),
            true,
            command.refundStaff(),
            command.devices(),
            command.staff());
    var placed = new PlacedShop(shop, command.subMerchant(), now());
    return unlessTaken(
        id.value(),
        () -> {
          cell.database()
              .execute(tx -> {
                var sub = store.sub(tx, cell.id(), command.subMerchant()).orElseThrow().sub();
                store.insert(tx, cell.ids().next(), placed, sub.number());
                write(tx, cell, operator, "shop.create", "shop/" + id, described(placed));
              });
          return placed;
        });
  }

  /// Changes what a provider is set to.
  ///
  /// @param change keeps id, cell, number and time
  public Outcome<PlacedProvider, MerchantRefused> change(
      Operator operator, ProviderId id, UnaryOperator<PlacedProvider> change) {
    var cell = directory.cellOf(MerchantDirectory.PROVIDER, id.value());
    if (cell.isEmpty()) {
      return Outcome.refused(new MerchantRefused.NoSuchProvider(id));
    }
    return cell.get()
        .database()
        .inTransaction(tx -> {
          var before = store.lockProvider(tx, cell.get().id(), id);
          if (before.isEmpty()) {
            return Outcome.refused(new MerchantRefused.NoSuchProvider(id));
          }
          var after = change.apply(before.get().provider());
          store.change(tx, after);
          write(tx, cell.get(), operator, "provider.change", "provider/" + id, described(after));
          return Outcome.done(after);
        });
  }

  /// Changes what a sub-merchant is set to.
  public Outcome<PlacedSubMerchant, MerchantRefused> change(
      Operator operator, SubMerchantId id, UnaryOperator<PlacedSubMerchant> change) {
    var cell = directory.cellOf(MerchantDirectory.SUB_MERCHANT, id.value());
    if (cell.isEmpty()) {
      return Outcome.refused(new MerchantRefused.NoSuchSubMerchant(id));
    }
    return cell.get()
        .database()
        .inTransaction(tx -> {
          var before = store.lockSub(tx, cell.get().id(), id);
          if (before.isEmpty()) {
            return Outcome.refused(new MerchantRefused.NoSuchSubMerchant(id));
          }
          var after = change.apply(before.get().sub());
          if (lacksRsaKey(after.settings())) {
            return Outcome.refused(new MerchantRefused.NoRsaKey(id));
          }
          store.change(tx, after);
          var subject = "sub-merchant/" + id;
          write(tx, cell.get(), operator, "sub-merchant.change", subject, described(after));
          return Outcome.done(after);
        });
  }

  /// Changes what a shop is set to.
  public Outcome<PlacedShop, MerchantRefused> change(
      Operator operator, ShopId id, UnaryOperator<Merchant.Shop> change) {
    var cell = directory.cellOf(MerchantDirectory.SHOP, id.value());
    if (cell.isEmpty()) {
      return Outcome.refused(new MerchantRefused.NoSuchShop(id));
    }
    return cell.get()
        .database()
        .inTransaction(tx -> {
          var before = store.lockShop(tx, id);
          if (before.isEmpty()) {
            return Outcome.refused(new MerchantRefused.NoSuchShop(id));
          }
          var after = change.apply(before.get().shop());
          store.change(tx, after);
          var placed = new PlacedShop(after, before.get().subMerchant(), before.get().createdAt());
          write(tx, cell.get(), operator, "shop.change", "shop/" + id, described(placed));
          return Outcome.done(placed);
        });
  }

  /// A new key for a provider's notices. It takes effect with the next attempt.
  public Outcome<Secret, MerchantRefused> replaceKey(
      Operator operator, ProviderId id, Optional<Secret> imported) {
    Secret key = imported.orElseGet(this::newKey);
    var cell = directory.cellOf(MerchantDirectory.PROVIDER, id.value());
    if (cell.isEmpty()) {
      return Outcome.refused(new MerchantRefused.NoSuchProvider(id));
    }
    return cell.get()
        .database()
        .inTransaction(tx -> {
          var provider = store.lockProvider(tx, cell.get().id(), id);
          if (provider.isEmpty()) {
            return Outcome.refused(new MerchantRefused.NoSuchProvider(id));
          }
          if (isOfChannel(tx, imported, provider.get().provider().number())) {
            return Outcome.refused(new MerchantRefused.KeyIsOfChannel());
          }
          var sealed = masterKey.seal(Seals.providerKey(id), key.reveal());
          store.replaceProviderKey(tx, provider.get().provider().number(), sealed);
          write(tx, cell.get(), operator, "provider.replace-key", "provider/" + id, Detail.none());
          return Outcome.done(key);
        });
  }

  /// A new key for a sub-merchant's calls.
  ///
  /// @param overlap how long the old one still verifies; zero: it ends at once
  public Outcome<Secret, MerchantRefused> replaceKey(
      Operator operator, SubMerchantId id, Optional<Secret> imported, Duration overlap) {
    require(!overlap.isNegative(), "an overlap is not negative: %s", overlap);
    Secret key = imported.orElseGet(this::newKey);
    var cell = directory.cellOf(MerchantDirectory.SUB_MERCHANT, id.value());
    if (cell.isEmpty()) {
      return Outcome.refused(new MerchantRefused.NoSuchSubMerchant(id));
    }
    return cell.get()
        .database()
        .inTransaction(tx -> {
          var sub = store.lockSub(tx, cell.get().id(), id);
          if (sub.isEmpty()) {
            return Outcome.refused(new MerchantRefused.NoSuchSubMerchant(id));
          }
          long provider = lockedProvider(tx, cell.get(), sub.get().sub().provider());
          if (isOfChannel(tx, imported, provider, sub.get().sub().number())) {
            return Outcome.refused(new MerchantRefused.KeyIsOfChannel());
          }
          var sealed = masterKey.seal(Seals.subMerchantKey(id), key.reveal());
          Instant until = overlap.isZero() ? null : now().plus(overlap);
          store.replaceSubKey(tx, sub.get().sub().number(), sealed, until);
          var detail = Detail.of("overlap", overlap);
          var subject = "sub-merchant/" + id;
          write(tx, cell.get(), operator, "sub-merchant.replace-key", subject, detail);
          return Outcome.done(key);
        });
  }

  /// Ends the key before the present one, which still verified for a while. Repeated, or where
  /// there is none, it changes nothing.
  public Outcome<PlacedSubMerchant, MerchantRefused> retireOldKey(
      Operator operator, SubMerchantId id) {
    var cell = directory.cellOf(MerchantDirectory.SUB_MERCHANT, id.value());
    if (cell.isEmpty()) {
      return Outcome.refused(new MerchantRefused.NoSuchSubMerchant(id));
    }
    return cell.get()
        .database()
        .inTransaction(tx -> {
          var sub = store.lockSub(tx, cell.get().id(), id);
          if (sub.isEmpty()) {
            return Outcome.refused(new MerchantRefused.NoSuchSubMerchant(id));
          }
          if (sub.get().sub().oldKeyUntil().isEmpty()) {
            return Outcome.done(sub.get().sub());
          }
          store.endOldKey(tx, sub.get().sub().number());
          var subject = "sub-merchant/" + id;
          write(tx, cell.get(), operator, "sub-merchant.retire-key", subject, Detail.none());
          return Outcome.done(store.sub(tx, cell.get().id(), id).orElseThrow().sub());
        });
  }

  /// What a channel knows a provider by.
  public Outcome<ProviderId, MerchantRefused> setAccount(
      Operator operator, ProviderId id, ChannelCredentials credentials) {
    return set(accounts.set(operator, id, credentials.platform(), _ -> credentials), id);
  }

  /// What a channel knows a sub-merchant by.
  public Outcome<SubMerchantId, MerchantRefused> setAccount(
      Operator operator, SubMerchantId id, ChannelCredentials credentials) {
    return set(accounts.set(operator, id, credentials.platform(), _ -> credentials), id);
  }

  private static <T> Outcome<T, MerchantRefused> set(
      Outcome<KnownAccount, MerchantRefused> outcome, T id) {
    return switch (outcome) {
      case Outcome.Done<KnownAccount, MerchantRefused> _ -> Outcome.done(id);
      case Outcome.Refused<KnownAccount, MerchantRefused>(var why) -> Outcome.refused(why);
    };
  }

  /// Providers by number, page by page over all cells.
  ///
  /// @param after the number of the last one of the page before
  public List<PlacedProvider> providers(String name, long after, int limit) {
    return merged(
            cell -> cell.database().read(tx -> store.providers(tx, cell.id(), name, after, limit)))
        .sorted((one, other) -> Long.compare(one.number(), other.number()))
        .limit(limit)
        .toList();
  }

  /// Sub-merchants by number, page by page over all cells.
  ///
  /// @param provider only its own, or empty
  public List<PlacedSubMerchant> subMerchants(String provider, String name, long after, int limit) {
    return merged(cell ->
            cell.database().read(tx -> store.subs(tx, cell.id(), provider, name, after, limit)))
        .sorted((one, other) -> Long.compare(one.number(), other.number()))
        .limit(limit)
        .toList();
  }

  /// A shop with its number, which a page goes on after.
  public record ListedShop(long number, PlacedShop shop) {}

  /// Shops by number, page by page over all cells.
  public List<ListedShop> shops(String subMerchant, long after, int limit) {
    return merged(cell -> cell.database().read(tx -> store.shops(tx, subMerchant, after, limit)))
        .sorted((one, other) -> Long.compare(one.number(), other.number()))
        .limit(limit)
        .map(numbered -> new ListedShop(numbered.number(), numbered.shop()))
        .toList();
  }

  public Optional<PlacedProvider> provider(ProviderId id) {
    return directory
        .cellOf(MerchantDirectory.PROVIDER, id.value())
        .flatMap(cell -> cell.database().read(tx -> store.provider(tx, cell.id(), id)))
        .map(MerchantStore.StoredProvider::provider);
  }

  public Optional<PlacedSubMerchant> subMerchant(SubMerchantId id) {
    return directory
        .cellOf(MerchantDirectory.SUB_MERCHANT, id.value())
        .flatMap(cell -> cell.database().read(tx -> store.sub(tx, cell.id(), id)))
        .map(MerchantStore.StoredSub::sub);
  }

  public Optional<PlacedShop> shop(ShopId id) {
    return directory
        .cellOf(MerchantDirectory.SHOP, id.value())
        .flatMap(cell -> cell.database().read(tx -> store.shop(tx, id)));
  }

  private <T> Stream<T> merged(Function<Cell, List<T>> list) {
    return directory.cells().all().stream().flatMap(cell -> list.apply(cell).stream());
  }

  private boolean isOfChannel(Transaction tx, Optional<Secret> imported, long... holders) {
    return imported.filter(key -> keysApart.isOfChannel(tx, key, holders)).isPresent();
  }

  /// So that nobody sets what its channels are asked with at the same time.
  private long lockedProvider(Transaction tx, Cell cell, ProviderId id) {
    return store.lockProvider(tx, cell.id(), id).orElseThrow().provider().number();
  }

  private void write(
      Transaction tx, Cell cell, Operator operator, String action, String subject, Detail detail) {
    audit.write(tx, cell.ids(), now(), operator, action, subject, detail);
  }

  private static <T> Outcome<T, MerchantRefused> unlessTaken(String id, Supplier<T> work) {
    try {
      return Outcome.done(work.get());
    } catch (ConstraintViolated e) {
      if (e.isDuplicate()) {
        return Outcome.refused(new MerchantRefused.IdTaken(id));
      }
      throw e;
    }
  }

  private static boolean lacksRsaKey(PlacedSubMerchant.Settings settings) {
    return settings.rsaRequired() && settings.rsaPublicKey().isEmpty();
  }

  private static Detail described(PlacedProvider provider) {
    return Detail.of("name", provider.name())
        .and("active", provider.active())
        .and("callback", provider.notices().callback());
  }

  private static Detail described(PlacedSubMerchant sub) {
    return Detail.of("name", sub.name())
        .and("active", sub.active())
        .and("prefixes", sub.settings().prefixes())
        .and("feePpm", sub.settings().feePpm())
        .and("latePayment", sub.settings().latePayment());
  }

  private static Detail described(PlacedShop shop) {
    return Detail.of("name", shop.shop().name())
        .and("active", shop.shop().active())
        .and("subMerchant", shop.subMerchant());
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private String newId() {
    return PublicIds.make(partition, random);
  }

  private Secret newKey() {
    byte[] bytes = new byte[KEY_BYTES];
    random.nextBytes(bytes);
    return Secret.of(HexFormat.of().withUpperCase().formatHex(bytes));
  }
}
