package io.yunfu.gateway.merchant;

import io.yunfu.db.Row;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.CellId;
import io.yunfu.operator.MasterKey;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Merchants at rest: tables `provider_merchant`, `sub_merchant`, `shop`, `channel_account`.
/// Secrets go in and come out sealed.
final class MerchantStore {
  private static final String PROVIDER_COLUMNS =
      """
      select provider_id, out_mch_id, name, active, callback_url, notice_key, acknowledgement, refund_notices,
             notice_schedule, created_at, key_nonce, key_ciphertext
        from provider_merchant
      """;
  private static final String PROVIDER = PROVIDER_COLUMNS + " where out_mch_id = ?";
  private static final String LOCK_PROVIDER = PROVIDER + " for update";
  private static final String PROVIDERS =
      PROVIDER_COLUMNS
          + " where provider_id > ? and name ilike '%' || ? || '%' order by provider_id limit ?";
  private static final String INSERT_PROVIDER =
      """
      insert into provider_merchant (provider_id, out_mch_id, name, key_nonce, key_ciphertext, callback_url, notice_key,
                                     acknowledgement, refund_notices, notice_schedule, created_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;
  private static final String CHANGE_PROVIDER =
      """
      update provider_merchant
         set name = ?, active = ?, callback_url = ?, notice_key = ?, acknowledgement = ?, refund_notices = ?,
             notice_schedule = ?
       where provider_id = ?
      """;
  private static final String PROVIDER_KEY =
      "update provider_merchant set key_nonce = ?, key_ciphertext = ? where provider_id = ?";

  private static final String SUB_COLUMNS =
      """
      select s.sub_merchant_id, s.out_sub_mch_id, s.name, s.active, s.rsa_public_key, s.rsa_required, s.prefixes,
             s.prefix_check, s.default_body, s.expiry_seconds, s.refund_right, s.fee_ppm, s.late_payment, s.terminal_check, s.created_at,
             s.key_nonce, s.key_ciphertext, s.old_nonce, s.old_ciphertext, s.old_until, s.provider_id,
             p.out_mch_id
        from sub_merchant s
        join provider_merchant p using (provider_id)
      """;
  private static final String SUB = SUB_COLUMNS + " where s.out_sub_mch_id = ?";
  private static final String LOCK_SUB = SUB + " for update of s";
  private static final String SUB_BY_NUMBER = SUB_COLUMNS + " where s.sub_merchant_id = ?";
  private static final String SUB_BY_SHOP =
      SUB_COLUMNS
          + " where s.sub_merchant_id = (select sub_merchant_id from shop where out_shop_id = ?)";
  private static final String SUBS =
      SUB_COLUMNS
          + """
           where s.sub_merchant_id > ? and (? = '' or p.out_mch_id = ?) and s.name ilike '%' || ? || '%'
           order by s.sub_merchant_id limit ?
          """;
  private static final String INSERT_SUB =
      """
      insert into sub_merchant (sub_merchant_id, out_sub_mch_id, provider_id, name, key_nonce, key_ciphertext,
                                rsa_public_key, rsa_required, prefixes, prefix_check, default_body, expiry_seconds,
                                refund_right, fee_ppm, late_payment, terminal_check, created_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;
  private static final String CHANGE_SUB =
      """
      update sub_merchant
         set name = ?, active = ?, rsa_public_key = ?, rsa_required = ?, prefixes = ?, prefix_check = ?,
             default_body = ?, expiry_seconds = ?, refund_right = ?, fee_ppm = ?, late_payment = ?, terminal_check = ?
       where sub_merchant_id = ?
      """;
  private static final String SUB_KEY =
      """
      update sub_merchant
         set old_nonce = case when ?::timestamptz is null then null else key_nonce end,
             old_ciphertext = case when ?::timestamptz is null then null else key_ciphertext end,
             old_until = ?::timestamptz, key_nonce = ?, key_ciphertext = ?
       where sub_merchant_id = ?
      """;
  private static final String END_OLD_KEY =
      """
      update sub_merchant set old_nonce = null, old_ciphertext = null, old_until = null
       where sub_merchant_id = ?
      """;

  private static final String SHOP_COLUMNS =
      """
      select h.shop_id, h.out_shop_id, h.shop_number, h.name, h.active, h.refund_staff, h.devices, h.staff, h.created_at, s.out_sub_mch_id
        from shop h
        join sub_merchant s using (sub_merchant_id)
      """;
  private static final String SHOPS_OF = SHOP_COLUMNS + " where h.sub_merchant_id = ?";
  private static final String SHOP = SHOP_COLUMNS + " where h.out_shop_id = ?";
  private static final String LOCK_SHOP = SHOP + " for update of h";
  private static final String SHOPS =
      SHOP_COLUMNS
          + """
           where h.shop_id > ? and (? = '' or s.out_sub_mch_id = ?)
           order by h.shop_id limit ?
          """;
  private static final String INSERT_SHOP =
      """
      insert into shop (shop_id, out_shop_id, sub_merchant_id, shop_number, name, refund_staff, devices, staff,
                        created_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;
  private static final String CHANGE_SHOP =
      """
      update shop
         set shop_number = ?, name = ?, active = ?, refund_staff = ?, devices = ?, staff = ?
       where out_shop_id = ?
      """;

  private static final String PAID_OVER =
      """
      select s.sub_merchant_id
        from sub_merchant s
        join channel_account own on own.merchant_id = s.sub_merchant_id and own.platform = ?
        join channel_account above on above.merchant_id = s.provider_id and above.platform = own.platform
       order by s.sub_merchant_id
      """;

  private static final String AUTHEN_KEYS =
      """
      select 'provider' as kind, out_mch_id as id, key_nonce, key_ciphertext
        from provider_merchant
       where provider_id = ?
      union all
      select 'sub_merchant', out_sub_mch_id, key_nonce, key_ciphertext
        from sub_merchant
       where provider_id = ? and (?::bigint is null or sub_merchant_id = ?)
      union all
      select 'sub_merchant', out_sub_mch_id, old_nonce, old_ciphertext
        from sub_merchant
       where provider_id = ? and (?::bigint is null or sub_merchant_id = ?) and old_nonce is not null
      """;

  private static final String ACCOUNTS =
      """
      select merchant_id, platform, settings::text as settings, nonce, ciphertext, changed_at
        from channel_account
       where merchant_id = any (?)
       order by merchant_id, platform
      """;
  private static final String PUT_ACCOUNT =
      """
      insert into channel_account (merchant_id, platform, settings, nonce, ciphertext, changed_at)
      values (?, ?, ?::jsonb, ?, ?, ?)
      on conflict (merchant_id, platform) do update
         set settings = excluded.settings, nonce = excluded.nonce, ciphertext = excluded.ciphertext,
             changed_at = excluded.changed_at
      """;

  private static final String CHANGES = "select value from merchant_change";

  /// A provider with its sealed key.
  record StoredProvider(PlacedProvider provider, MasterKey.Sealed key) {}

  /// A sub-merchant with its sealed keys.
  record StoredSub(
      PlacedSubMerchant sub,
      long providerNumber,
      MasterKey.Sealed key,
      MasterKey.@Nullable Sealed oldKey) {}

  /// A key of calls or notices.
  ///
  /// @param owner as [Seals] has it
  record SealedKey(String owner, MasterKey.Sealed sealed) {}

  /// One part of the credentials, sealed.
  record StoredAccount(long merchant, int platform, String settings, MasterKey.Sealed secrets) {}

  /// How many changes of merchants, shops and credentials the cell has counted.
  long changes(Transaction tx) {
    return tx.query(CHANGES, row -> row.longAt("value")).getFirst();
  }

  Optional<StoredProvider> provider(Transaction tx, CellId cell, ProviderId id) {
    return tx.queryOne(PROVIDER, row -> provider(row, cell), id.value());
  }

  Optional<StoredProvider> lockProvider(Transaction tx, CellId cell, ProviderId id) {
    return tx.queryOne(LOCK_PROVIDER, row -> provider(row, cell), id.value());
  }

  List<PlacedProvider> providers(Transaction tx, CellId cell, String name, long after, int limit) {
    return tx.query(PROVIDERS, row -> provider(row, cell).provider(), after, escaped(name), limit);
  }

  void insert(Transaction tx, PlacedProvider provider, MasterKey.Sealed key) {
    var notices = provider.notices();
    tx.update(
        INSERT_PROVIDER,
        provider.number(),
        provider.id().value(),
        provider.name(),
        key.nonce(),
        key.ciphertext(),
        notices.callback().map(URI::toString).orElse(null),
        code(notices.key()),
        code(notices.acknowledgement()),
        notices.refunds(),
        code(notices.schedule()),
        provider.createdAt());
  }

  void change(Transaction tx, PlacedProvider provider) {
    var notices = provider.notices();
    tx.update(
        CHANGE_PROVIDER,
        provider.name(),
        provider.active(),
        notices.callback().map(URI::toString).orElse(null),
        code(notices.key()),
        code(notices.acknowledgement()),
        notices.refunds(),
        code(notices.schedule()),
        provider.number());
  }

  void replaceProviderKey(Transaction tx, long number, MasterKey.Sealed key) {
    tx.update(PROVIDER_KEY, key.nonce(), key.ciphertext(), number);
  }

  Optional<StoredSub> sub(Transaction tx, CellId cell, SubMerchantId id) {
    return tx.queryOne(SUB, row -> sub(row, cell), id.value());
  }

  Optional<StoredSub> lockSub(Transaction tx, CellId cell, SubMerchantId id) {
    return tx.queryOne(LOCK_SUB, row -> sub(row, cell), id.value());
  }

  Optional<StoredSub> subByNumber(Transaction tx, CellId cell, long number) {
    return tx.queryOne(SUB_BY_NUMBER, row -> sub(row, cell), number);
  }

  Optional<StoredSub> subByShop(Transaction tx, CellId cell, ShopId shop) {
    return tx.queryOne(SUB_BY_SHOP, row -> sub(row, cell), shop.value());
  }

  List<PlacedSubMerchant> subs(
      Transaction tx, CellId cell, String provider, String name, long after, int limit) {
    return tx.query(
        SUBS, row -> sub(row, cell).sub(), after, provider, provider, escaped(name), limit);
  }

  void insert(Transaction tx, PlacedSubMerchant sub, long provider, MasterKey.Sealed key) {
    var settings = sub.settings();
    tx.update(
        INSERT_SUB,
        sub.number(),
        sub.id().value(),
        provider,
        sub.name(),
        key.nonce(),
        key.ciphertext(),
        settings.rsaPublicKey().orElse(null),
        settings.rsaRequired(),
        settings.prefixes().toArray(String[]::new),
        settings.prefixesChecked(),
        settings.defaultBody().orElse(null),
        Math.toIntExact(settings.defaultExpiry().toSeconds()),
        settings.refundNeedsRight(),
        settings.feePpm(),
        code(settings.latePayment()),
        settings.terminalsChecked(),
        sub.createdAt());
  }

  void change(Transaction tx, PlacedSubMerchant sub) {
    var settings = sub.settings();
    tx.update(
        CHANGE_SUB,
        sub.name(),
        sub.active(),
        settings.rsaPublicKey().orElse(null),
        settings.rsaRequired(),
        settings.prefixes().toArray(String[]::new),
        settings.prefixesChecked(),
        settings.defaultBody().orElse(null),
        Math.toIntExact(settings.defaultExpiry().toSeconds()),
        settings.refundNeedsRight(),
        settings.feePpm(),
        code(settings.latePayment()),
        settings.terminalsChecked(),
        sub.number());
  }

  /// @param oldUntil how long the key before it still verifies; null: not at all
  void replaceSubKey(
      Transaction tx, long number, MasterKey.Sealed key, @Nullable Instant oldUntil) {
    tx.update(SUB_KEY, oldUntil, oldUntil, oldUntil, key.nonce(), key.ciphertext(), number);
  }

  void endOldKey(Transaction tx, long number) {
    tx.update(END_OLD_KEY, number);
  }

  /// Credentials, and when they were last set.
  record DatedAccount(StoredAccount account, Instant changedAt) {}

  /// The numbers of the sub-merchants that can be paid over a channel.
  List<Long> paidOver(Transaction tx, int platform) {
    return tx.query(PAID_OVER, row -> row.longAt("sub_merchant_id"), platform);
  }

  List<DatedAccount> datedAccounts(Transaction tx, long merchant) {
    return tx.query(
        ACCOUNTS,
        row -> new DatedAccount(account(row), row.instant("changed_at")),
        (Object) new long[] {merchant});
  }

  Optional<PlacedShop> shop(Transaction tx, ShopId id) {
    return tx.queryOne(SHOP, MerchantStore::shop, id.value());
  }

  Optional<PlacedShop> lockShop(Transaction tx, ShopId id) {
    return tx.queryOne(LOCK_SHOP, MerchantStore::shop, id.value());
  }

  /// A shop with its number, for paging.
  record Numbered(long number, PlacedShop shop) {}

  List<Numbered> shops(Transaction tx, String sub, long after, int limit) {
    return tx.query(
        SHOPS, row -> new Numbered(row.longAt("shop_id"), shop(row)), after, sub, sub, limit);
  }

  void insert(Transaction tx, long number, PlacedShop placed, long sub) {
    var shop = placed.shop();
    tx.update(
        INSERT_SHOP,
        number,
        shop.id().value(),
        sub,
        shop.ownNumber(),
        shop.name(),
        shop.refundStaff().toArray(String[]::new),
        shop.devices().toArray(String[]::new),
        shop.staff().toArray(String[]::new),
        placed.createdAt());
  }

  void change(Transaction tx, Merchant.Shop shop) {
    tx.update(
        CHANGE_SHOP,
        shop.ownNumber(),
        shop.name(),
        shop.active(),
        shop.refundStaff().toArray(String[]::new),
        shop.devices().toArray(String[]::new),
        shop.staff().toArray(String[]::new),
        shop.id().value());
  }

  /// All that belongs to a sub-merchant.
  ///
  /// @param accounts of both
  record Around(StoredProvider provider, List<PlacedShop> shops, List<StoredAccount> accounts) {}

  /// In one round trip.
  Around around(Transaction tx, CellId cell, StoredSub stored) {
    var sub = stored.sub();
    long[] merchants = {stored.providerNumber(), sub.number()};
    var pipeline = tx.pipeline();
    var provider = pipeline.query(PROVIDER, row -> provider(row, cell), sub.provider().value());
    var shops = pipeline.query(SHOPS_OF, MerchantStore::shop, sub.number());
    var accounts = pipeline.query(ACCOUNTS, MerchantStore::account, (Object) merchants);
    pipeline.run();
    return new Around(provider.rows().getFirst(), shops.rows(), accounts.rows());
  }

  /// The keys of a provider and of its sub-merchants, those included that still verify.
  ///
  /// @param sub of the sub-merchants only this one; empty: all
  List<SealedKey> authenKeys(Transaction tx, long provider, Optional<Long> sub) {
    Long only = sub.orElse(null);
    return tx.query(
        AUTHEN_KEYS,
        MerchantStore::sealedKey,
        provider,
        provider,
        only,
        only,
        provider,
        only,
        only);
  }

  private static SealedKey sealedKey(Row row) {
    String id = row.text("id");
    return new SealedKey(
        row.text("kind").equals("provider")
            ? Seals.providerKey(new ProviderId(id))
            : Seals.subMerchantKey(new SubMerchantId(id)),
        new MasterKey.Sealed(row.bytes("key_nonce"), row.bytes("key_ciphertext")));
  }

  List<StoredAccount> accounts(Transaction tx, long... merchants) {
    return tx.query(ACCOUNTS, MerchantStore::account, (Object) merchants);
  }

  void put(Transaction tx, StoredAccount account, Instant at) {
    tx.update(
        PUT_ACCOUNT,
        account.merchant(),
        account.platform(),
        account.settings(),
        account.secrets().nonce(),
        account.secrets().ciphertext(),
        at);
  }

  private static StoredProvider provider(Row row, CellId cell) {
    return new StoredProvider(
        new PlacedProvider(
            new ProviderId(row.text("out_mch_id")),
            cell,
            row.text("name"),
            row.bool("active"),
            new Merchant.NoticeSettings(
                Optional.ofNullable(row.textOrNull("callback_url")).map(URI::create),
                Merchant.NoticeKey.valueOf(upper(row.text("notice_key"))),
                Merchant.Acknowledgement.valueOf(upper(row.text("acknowledgement"))),
                row.bool("refund_notices"),
                Merchant.Schedule.valueOf(upper(row.text("notice_schedule")))),
            row.instant("created_at"),
            row.longAt("provider_id")),
        new MasterKey.Sealed(row.bytes("key_nonce"), row.bytes("key_ciphertext")));
  }

  private static StoredSub sub(Row row, CellId cell) {
    byte[] oldNonce = row.bytesOrNull("old_nonce");
    return new StoredSub(
        new PlacedSubMerchant(
            new SubMerchantId(row.text("out_sub_mch_id")),
            new ProviderId(row.text("out_mch_id")),
            cell,
            row.text("name"),
            row.bool("active"),
            new PlacedSubMerchant.Settings(
                row.texts("prefixes"),
                row.bool("prefix_check"),
                Optional.ofNullable(row.textOrNull("default_body")),
                Duration.ofSeconds(row.intAt("expiry_seconds")),
                Optional.ofNullable(row.textOrNull("rsa_public_key")),
                row.bool("rsa_required"),
                row.bool("refund_right"),
                row.intAt("fee_ppm"),
                Merchant.LatePayment.valueOf(upper(row.text("late_payment"))),
                row.bool("terminal_check")),
            Optional.ofNullable(row.instantOrNull("old_until")),
            row.instant("created_at"),
            row.longAt("sub_merchant_id")),
        row.longAt("provider_id"),
        new MasterKey.Sealed(row.bytes("key_nonce"), row.bytes("key_ciphertext")),
        oldNonce == null ? null : new MasterKey.Sealed(oldNonce, row.bytes("old_ciphertext")));
  }

  private static StoredAccount account(Row row) {
    return new StoredAccount(
        row.longAt("merchant_id"),
        row.intAt("platform"),
        row.text("settings"),
        new MasterKey.Sealed(row.bytes("nonce"), row.bytes("ciphertext")));
  }

  private static PlacedShop shop(Row row) {
    return new PlacedShop(
        new Merchant.Shop(
            new ShopId(row.text("out_shop_id")),
            row.text("shop_number"),
            row.text("name"),
            row.bool("active"),
            row.texts("refund_staff"),
            row.texts("devices"),
            row.texts("staff")),
        new SubMerchantId(row.text("out_sub_mch_id")),
        row.instant("created_at"));
  }

  private static String code(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String upper(String code) {
    return code.toUpperCase(Locale.ROOT);
  }

  /// So that a name is looked for as it is written.
  private static String escaped(String part) {
    return part.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_");
  }
}
