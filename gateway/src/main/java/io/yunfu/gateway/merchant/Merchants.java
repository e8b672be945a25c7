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
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// Looks up who sells. What was found is remembered until a merchant, shop or channel account of
/// its cell changes; whether one has is asked of each cell once in [#FRESH], so a busy merchant
/// costs nothing, and a change by the operator is seen within a second. While the database is away
/// nothing is answered from memory for longer than that. Only in which cell somebody lives is never
/// asked twice: nobody moves.
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
  private final Map<CellId, Changes> changes = new ConcurrentHashMap<>();

  /// @param changes of its cell, when it was read or before
  private record Found(Merchant merchant, long changes) {}

  private record Remembered(Optional<Found> found, long at) {}

  /// What a cell has counted, and when it was asked.
  private record Changes(long count, long at) {}

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
                .flatMap(cell -> read(cell, tx -> store.sub(tx, cell.id(), id))));
  }

  /// The sub-merchant that a shop belongs to.
  public Optional<Merchant> findByShop(ShopId id) {
    return remember(
        id,
        before ->
            cellOf(before, MerchantDirectory.SHOP, id.value())
                .flatMap(cell -> read(cell, tx -> store.subByShop(tx, cell.id(), id))));
  }

  /// A sub-merchant by the number that its orders carry.
  public Optional<Merchant> byNumber(CellId cellId, long number) {
    return remember(
        new Numbered(cellId, number),
        _ -> read(directory.cells().get(cellId), tx -> store.subByNumber(tx, cellId, number)));
  }

  /// Those of a cell that can be paid over a channel, disabled ones included.
  public List<Merchant> paidOver(CellId cellId, PayPlatform platform) {
    return directory
        .cells()
        .get(cellId)
        .database()
        .read(tx -> store.paidOver(tx, platform.number()))
        .stream()
        .flatMap(number -> byNumber(cellId, number).stream())
        .toList();
  }

  /// @param before what was known of it
  private Optional<Cell> cellOf(Optional<Found> before, String kind, String id) {
    return before
        .map(found -> directory.cells().get(found.merchant().cell()))
        .or(() -> directory.cellOf(kind, id));
  }

  /// The count comes first: what is read after it is at least as new.
  private Optional<Found> read(
      Cell cell, Function<Transaction, Optional<MerchantStore.StoredSub>> look) {
    return cell.database()
        .read(tx -> {
          long count = store.changes(tx);
          return look.apply(tx).map(sub -> new Found(merchant(tx, cell, sub), count));
        });
  }

  /// @param look gets what was known before, however old
  private Optional<Merchant> remember(Object key, UnaryOperator<Optional<Found>> look) {
    Remembered known = remembered.get(key);
    long now = nanos.getAsLong();
    if (known != null && (isFresh(known.at, now) || isUnchanged(known, now))) {
      return known.found.map(Found::merchant);
    }
    Optional<Found> found = look.apply(known == null ? Optional.empty() : known.found);
    if (remembered.size() >= MOST) {
      remembered.clear();
    }
    remembered.put(key, new Remembered(found, now));
    return found.map(Found::merchant);
  }

  private static boolean isFresh(long at, long now) {
    return now - at < FRESH.toNanos();
  }

  private boolean isUnchanged(Remembered known, long now) {
    return known
        .found
        .filter(found -> found.changes == changes(found.merchant().cell(), now))
        .isPresent();
  }

  /// Several threads may ask at once: that is cheaper than to wait for one that hangs.
  private long changes(CellId cellId, long now) {
    Changes known = changes.get(cellId);
    if (known != null && isFresh(known.at, now)) {
      return known.count;
    }
    long count = directory.cells().get(cellId).database().read(store::changes);
    changes.put(cellId, new Changes(count, now));
    return count;
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
        settings.terminalsChecked(),
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
