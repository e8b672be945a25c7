package io.yunfu.gateway.merchant;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.Transaction;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Secret;
import io.yunfu.operator.MasterKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Looks up who sells. What was found is remembered for [#FRESH], so that a busy merchant costs one
/// query a second and a change by the operator is seen within a second. While the database is away
/// nothing is answered from memory for longer than that.
public final class Merchants {
  /// How long an answer may be used again.
  static final Duration FRESH = Duration.ofMillis(900);

  /// Sub-merchants that are remembered, and unknown ids, which anybody can invent. When there are
  /// more, all are forgotten: they come back at one query each.
  static final int MOST = 20_000;

  private final MerchantDirectory directory;
  private final MasterKey masterKey;
  private final InstantSource clock;
  private final LongSupplier nanos;
  private final MerchantStore store = new MerchantStore();
  private final Map<Object, Remembered> remembered = new ConcurrentHashMap<>();

  private record Remembered(Optional<Merchant> merchant, long at) {}

  private record Numbered(CellId cell, long number) {}

  /// @param nanos a clock that never goes back
  public Merchants(Cells cells, MasterKey masterKey, InstantSource clock, LongSupplier nanos) {
    this.directory = new MerchantDirectory(cells);
    this.masterKey = masterKey;
    this.clock = clock;
    this.nanos = nanos;
  }

  /// A sub-merchant by its public id, disabled ones included.
  public Optional<Merchant> find(SubMerchantId id) {
    return remember(
        id,
        () ->
            directory
                .cellOf(MerchantDirectory.SUB_MERCHANT, id.value())
                .flatMap(cell ->
                    cell.database()
                        .read(tx ->
                            store.sub(tx, cell.id(), id).map(sub -> merchant(tx, cell, sub)))));
  }

  /// The sub-merchant that a shop belongs to.
  public Optional<Merchant> findByShop(ShopId id) {
    return remember(
        id,
        () ->
            directory
                .cellOf(MerchantDirectory.SHOP, id.value())
                .flatMap(cell ->
                    cell.database()
                        .read(tx ->
                            store
                                .subByShop(tx, cell.id(), id)
                                .map(sub -> merchant(tx, cell, sub)))));
  }

  /// A sub-merchant by the number that its orders carry.
  public Optional<Merchant> byNumber(CellId cellId, long number) {
    return remember(
        new Numbered(cellId, number),
        () -> {
          Cell cell = directory.cells().get(cellId);
          return cell.database()
              .read(
                  tx -> store.subByNumber(tx, cellId, number).map(sub -> merchant(tx, cell, sub)));
        });
  }

  private Optional<Merchant> remember(Object key, Supplier<Optional<Merchant>> look) {
    Remembered known = remembered.get(key);
    long now = nanos.getAsLong();
    if (known != null && now - known.at < FRESH.toNanos()) {
      return known.merchant;
    }
    Optional<Merchant> found = look.get();
    if (remembered.size() >= MOST) {
      remembered.clear();
    }
    remembered.put(key, new Remembered(found, now));
    return found;
  }

  private Merchant merchant(Transaction tx, Cell cell, MerchantStore.StoredSub stored) {
    var sub = stored.sub();
    var provider = store.provider(tx, cell.id(), sub.provider()).orElseThrow();
    Map<ShopId, Merchant.Shop> shops = new HashMap<>();
    store.shopsOf(tx, sub.number()).forEach(placed -> shops.put(placed.shop().id(), placed.shop()));
    var credentials = credentials(tx, stored);
    Map<PayPlatform, ChannelAccount> accounts = new EnumMap<>(PayPlatform.class);
    for (PayPlatform platform : PayPlatform.values()) {
      accountOf(credentials, platform).ifPresent(account -> accounts.put(platform, account));
    }
    var settings = sub.settings();
    return new Merchant(
        cell.id(),
        sub.number(),
        sub.provider(),
        sub.id(),
        sub.name(),
        sub.active() && provider.provider().active(),
        keys(stored),
        Secret.of(masterKey.open(Seals.providerKey(sub.provider()), provider.key())),
        settings.rsaPublicKey(),
        settings.rsaRequired(),
        settings.prefixes(),
        settings.prefixesChecked(),
        settings.defaultBody(),
        settings.defaultExpiry(),
        settings.refundNeedsRight(),
        settings.feePpm(),
        settings.latePayment(),
        provider.provider().notices(),
        shops,
        accounts,
        appIds(credentials, ChannelCredentials.WechatProvider.class),
        appIds(credentials, ChannelCredentials.WechatSubMerchant.class));
  }

  private List<Secret> keys(MerchantStore.StoredSub stored) {
    String owner = Seals.subMerchantKey(stored.sub().id());
    var keys = new ArrayList<Secret>();
    keys.add(Secret.of(masterKey.open(owner, stored.key())));
    Instant now = clock.instant();
    if (stored.oldKey() != null && stored.sub().oldKeyUntil().filter(now::isBefore).isPresent()) {
      keys.add(Secret.of(masterKey.open(owner, stored.oldKey())));
    }
    return keys;
  }

  private List<ChannelCredentials> credentials(Transaction tx, MerchantStore.StoredSub stored) {
    return store.accounts(tx, stored.providerNumber(), stored.sub().number()).stream()
        .map(account -> Seals.open(masterKey, account))
        .toList();
  }

  private static Optional<ChannelAccount> accountOf(
      List<ChannelCredentials> credentials, PayPlatform platform) {
    return credentials.stream()
        .filter(one -> one.platform() == platform)
        .flatMap(one ->
            credentials.stream().flatMap(other -> ChannelCredentials.together(one, other).stream()))
        .findFirst();
  }

  private static List<String> appIds(
      List<ChannelCredentials> credentials, Class<? extends ChannelCredentials> part) {
    return credentials.stream()
        .filter(part::isInstance)
        .flatMap(one ->
            switch (one) {
              case ChannelCredentials.WechatProvider wechat -> wechat.appIds().stream();
              case ChannelCredentials.WechatSubMerchant wechat -> wechat.appIds().stream();
              case ChannelCredentials.AlipayProvider alipay -> Stream.<String>empty();
              case ChannelCredentials.AlipaySubMerchant alipay -> Stream.<String>empty();
            })
        .toList();
  }
}
