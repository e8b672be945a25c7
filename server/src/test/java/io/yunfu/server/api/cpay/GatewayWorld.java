package io.yunfu.server.api.cpay;

import io.yunfu.db.CellLanes;
import io.yunfu.db.Cells;
import io.yunfu.db.TestDatabase;
import io.yunfu.gateway.FakeAlipay;
import io.yunfu.gateway.FakeConnector;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.merchant.ChannelCredentials;
import io.yunfu.gateway.merchant.ManageMerchants;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.merchant.PlacedProvider;
import io.yunfu.gateway.merchant.PlacedSubMerchant;
import io.yunfu.gateway.merchant.ProviderId;
import io.yunfu.gateway.merchant.ShopId;
import io.yunfu.gateway.merchant.SubMerchantId;
import io.yunfu.gateway.payment.GatewaySettings;
import io.yunfu.gateway.payment.Payments;
import io.yunfu.kernel.Secret;
import io.yunfu.operator.MasterKey;
import io.yunfu.operator.Operator;
import io.yunfu.server.api.cpay.SignedText.Answer;
import io.yunfu.server.http.Headers;
import io.yunfu.server.http.Request;
import io.yunfu.server.observe.Answered;
import io.yunfu.testkit.ManualClock;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGeneratorFactory;

/// The API on the real database, with a channel in memory and the merchant of the worked example
/// (`cloudpay.md` section 1.10).
final class GatewayWorld implements AutoCloseable {
  static final Instant NOW = Instant.ofEpochSecond(1772323200);
  static final String KEY = "4f6b2c9e8d1a7350bb64e0f1c2d3a495";
  static final String PROVIDER_KEY = "91d2e3f4a5b6c7d8091a2b3c4d5e6f70";
  static final Operator ANN = new Operator("ann", "request-1");
  static final ProviderId PROVIDER = new ProviderId("gz02Kp7Qv3nXw8ZrT1mA");
  static final SubMerchantId SUB = new SubMerchantId("gz02Hs4Lt9bYc6FuE2jD");
  static final ShopId SHOP = new ShopId("gz02Wd5Rf1kPv0NqC8xB");
  static final URI CALLBACK = URI.create("https://merchant.example.test/paid");

  final Cells cells = TestDatabase.cells();
  final ManualClock clock = new ManualClock(NOW);
  final FakeConnector channel = new FakeConnector();
  final FakeAlipay alipay = new FakeAlipay();
  final List<Answered> log = new ArrayList<>();
  private final MasterKey masterKey = MasterKey.of(new byte[MasterKey.BYTES]);

  /// So that every lookup is fresh.
  private long ticks;

  final Merchants merchants =
      new Merchants(cells, masterKey, () -> ticks += Duration.ofSeconds(5).toNanos());

  final Payments payments =
      new Payments(
          cells,
          masterKey,
          merchants,
          Map.of(PayPlatform.WECHAT, channel, PayPlatform.ALIPAY, alipay),
          GatewaySettings.at(URI.create("https://gw.example.test")),
          CellLanes.Listeners.NONE,
          clock);

  final ManageMerchants manage =
      new ManageMerchants(
          cells, masterKey, clock, RandomGeneratorFactory.of("L64X128MixRandom").create(7), "gz02");

  private final CpayApi<?> api = api(CpayCalls.Settings.DEFAULT);

  GatewayWorld() {
    var notices =
        new Merchant.NoticeSettings(
            Optional.of(CALLBACK),
            Merchant.NoticeKey.PROVIDER,
            Merchant.Acknowledgement.HTTP_200,
            true,
            Merchant.Schedule.STANDARD);
    manage
        .create(
            ANN,
            new ManageMerchants.NewProvider(
                Optional.of(PROVIDER),
                "Provider",
                Optional.of(Secret.of(PROVIDER_KEY)),
                notices,
                Optional.empty()))
        .orThrow();
    manage
        .create(
            ANN,
            new ManageMerchants.NewSubMerchant(
                PROVIDER,
                Optional.of(SUB),
                "Sub",
                Optional.of(Secret.of(KEY)),
                PlacedSubMerchant.Settings.of("gz0200abcd")))
        .orThrow();
    manage
        .create(
            ANN, new ManageMerchants.NewShop(SUB, Optional.of(SHOP), "Shop", "432", List.of("s17")))
        .orThrow();
    manage
        .setAccount(
            ANN,
            PROVIDER,
            new ChannelCredentials.WechatProvider(
                "1900000001",
                List.of("wx00000000000000aa"),
                Secret.of("0123456789abcdefghijklmnopqrstuv"),
                ChannelAccount.SignType.MD5,
                Optional.empty()))
        .orThrow();
    manage
        .setAccount(
            ANN,
            SUB,
            new ChannelCredentials.WechatSubMerchant("1000000001", List.of("wx00000000000000bb")))
        .orThrow();
  }

  /// From now on the merchant can be paid over Alipay too.
  void openAlipay() {
    manage
        .setAccount(
            ANN,
            PROVIDER,
            new ChannelCredentials.AlipayProvider(
                "2021000000000001",
                Secret.of(base64(keys().getPrivate().getEncoded())),
                new ChannelAccount.AlipayTrust.PublicKey(base64(keys().getPublic().getEncoded())),
                Optional.empty()))
        .orThrow();
    manage
        .setAccount(
            ANN,
            SUB,
            new ChannelCredentials.AlipaySubMerchant(
                Optional.of(Secret.of("202601BBtoken")), Optional.of("2088000000000101")))
        .orThrow();
  }

  private static KeyPair keys() {
    try {
      return KeyPairGenerator.getInstance("RSA").generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /// A second sub-merchant of the provider, with the same key and prefix.
  ///
  /// @return its ids, as members of `pay_mch_key`
  String anotherSeller() {
    var sub =
        manage
            .create(
                ANN,
                new ManageMerchants.NewSubMerchant(
                    PROVIDER,
                    Optional.empty(),
                    "Other",
                    Optional.of(Secret.of(KEY)),
                    PlacedSubMerchant.Settings.of("gz0200abcd")))
            .orThrow()
            .merchant();
    var shop =
        manage
            .create(
                ANN,
                new ManageMerchants.NewShop(sub.id(), Optional.empty(), "Other", "", List.of()))
            .orThrow();
    manage
        .setAccount(
            ANN,
            sub.id(),
            new ChannelCredentials.WechatSubMerchant("1000000002", List.of("wx00000000000000bb")))
        .orThrow();
    return """
    "pay_platform":1,"out_mch_id":"%s","out_sub_mch_id":"%s","out_shop_id":"%s"\
    """
        .formatted(PROVIDER, sub.id(), shop.shop().id());
  }

  /// Changes where and how its provider is told.
  void tell(
      Optional<URI> callback, Merchant.NoticeKey key, Merchant.Acknowledgement acknowledgement) {
    manage
        .change(
            ANN,
            PROVIDER,
            provider ->
                new PlacedProvider(
                    provider.id(),
                    provider.cell(),
                    provider.name(),
                    provider.active(),
                    new Merchant.NoticeSettings(
                        callback, key, acknowledgement, true, Merchant.Schedule.STANDARD),
                    provider.createdAt(),
                    provider.number()))
        .orThrow();
  }

  /// From now on calls may only name what its shop has: the device d1, s9, and who may refund.
  void checkTerminals() {
    manage
        .change(
            ANN,
            SUB,
            sub -> {
              var usual = sub.settings();
              return new PlacedSubMerchant(
                  sub.id(),
                  sub.provider(),
                  sub.cell(),
                  sub.name(),
                  sub.active(),
                  new PlacedSubMerchant.Settings(
                      usual.prefixes(),
                      usual.prefixesChecked(),
                      usual.defaultBody(),
                      usual.defaultExpiry(),
                      usual.rsaPublicKey(),
                      usual.rsaRequired(),
                      usual.refundNeedsRight(),
                      usual.feePpm(),
                      usual.latePayment(),
                      true),
                  sub.oldKeyUntil(),
                  sub.createdAt(),
                  sub.number());
            })
        .orThrow();
    manage
        .change(
            ANN,
            SHOP,
            shop ->
                new Merchant.Shop(
                    shop.id(),
                    shop.ownNumber(),
                    shop.name(),
                    shop.active(),
                    shop.refundStaff(),
                    List.of("d1"),
                    List.of("s9")))
        .orThrow();
  }

  void closeShop() {
    manage.change(ANN, SHOP, shop -> shop.active(false)).orThrow();
  }

  Answer post(String call, String text) {
    return post(api, call, text);
  }

  /// The same API on the same database, set otherwise.
  CpayApi<?> api(CpayCalls.Settings settings) {
    return CpayCalls.api(
        merchants, payments, settings, new SecureRandom(), clock, System::nanoTime, log::add);
  }

  static Answer post(CpayApi<?> api, String call, String text) {
    var request = Request.of("POST", "/cpay/" + call, Headers.NONE, SignedText.body(text, KEY));
    return Answer.of(api.handle(request).body());
  }

  @Override
  public void close() {
    payments.close();
    cells.close();
  }
}
