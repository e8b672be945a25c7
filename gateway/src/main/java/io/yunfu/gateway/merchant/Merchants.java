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
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Looks up who sells. What was found is remembered for [#FRESH], so that a busy merchant costs one
/// lookup a second, of two round trips, and a change by the operator is seen within a second. While
/// the database is away nothing is answered from memory for longer than that. Only in which cell
/// somebody lives is never asked twice: nobody moves.
public final class Merchants {
  /// How long an answer may be used again.
  static final Duration FRESH = Duration.ofMillis(900);

  /// Sub-merchants that are remembered, and unknown ids, which anybody can invent. When there are
  /// more, all are forgotten: they come back at one query each.
  static final int MOST = 20_000;

  private final MerchantDirectory directory;
  private final MasterKey masterKey;
  private final LongSupplier nanos;
  private final MerchantStore store = new MerchantStore();
  private final Map<Object, Remembered> remembered = new ConcurrentHashMap<>();

  private record Remembered(Optional<Merchant> merchant, long at) {}

  private record Numbered(CellId cell, long number) {}

  /// @param nanos a clock that never goes back
  public Merchants(Cells cells, MasterKey masterKey, LongSupplier nanos) {
    this.directory = new MerchantDirectory(cells);
    this.masterKey = masterKey;
    this.nanos = nanos;
  }

  /// A sub-merchant by its public id, disabled ones included.
  public Optional<Merchant> find(SubMerchantId id) {
    return remember(
        id,
        before ->
            cellOf(before, MerchantDirectory.SUB_MERCHANT, id.value())
                .flatMap(cell ->
                    cell.database()
                        .read(tx ->
                            store.sub(tx, cell.id(), id).map(sub -> merchant(tx, cell, sub)))));
  }

  /// The sub-merchant that a shop belongs to.
  public Optional<Merchant> findByShop(ShopId id) {
    return remember(
        id,
        before ->
            cellOf(before, MerchantDirectory.SHOP, id.value())
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
        _ -> {
          Cell cell = directory.cells().get(cellId);
          return cell.database()
              .read(
                  tx -> store.subByNumber(tx, cellId, number).map(sub -> merchant(tx, cell, sub)));
        });
  }

  /// @param before what was known of it
  private Optional<Cell> cellOf(Optional<Merchant> before, String kind, String id) {
    return before
        .map(merchant -> directory.cells().get(merchant.cell()))
        .or(() -> directory.cellOf(kind, id));
  }

  /// @param look gets what was known before, however old
  private Optional<Merchant> remember(Object key, UnaryOperator<Optional<Merchant>> look) {
    Remembered known = remembered.get(key);
    long now = nanos.getAsLong();
    if (known != null && now - known.at < FRESH.toNanos()) {
      return known.merchant;
    }
    Optional<Merchant> found = look.apply(known == null ? Optional.empty() : known.merchant);
    if (remembered.size() >= MOST) {
      remembered.clear();
    }
    remembered.put(key, new Remembered(found, now));
    return found;
  }

  private Merchant merchant(Transaction tx, Cell cell, MerchantStore.StoredSub stored) {
    var sub = stored.sub();
    var around = store.around(tx, cell.id(), stored);
    var provider = around.provider();
    Map<ShopId, Merchant.Shop> shops = new HashMap<>();
    around.shops().forEach(placed -> shops.put(placed.shop().id(), placed.shop()));
    var credentials =
        around.accounts().stream().map(account -> Seals.open(masterKey, account)).toList();
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

  private List<Merchant.Key> keys(MerchantStore.StoredSub stored) {
    String owner = Seals.subMerchantKey(stored.sub().id());
    var keys = new ArrayList<Merchant.Key>();
    keys.add(new Merchant.Key(Secret.of(masterKey.open(owner, stored.key())), Optional.empty()));
    var until = stored.sub().oldKeyUntil();
    if (stored.oldKey() != null && until.isPresent()) {
      keys.add(new Merchant.Key(Secret.of(masterKey.open(owner, stored.oldKey())), until));
    }
    return keys;
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
