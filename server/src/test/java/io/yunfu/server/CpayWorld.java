package io.yunfu.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.yunfu.db.LoopbackPorts;
import io.yunfu.db.TestDatabase;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.merchant.ChannelCredentials;
import io.yunfu.gateway.merchant.ManageMerchants;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.PlacedSubMerchant;
import io.yunfu.gateway.merchant.ProviderId;
import io.yunfu.gateway.merchant.ShopId;
import io.yunfu.gateway.merchant.SubMerchantId;
import io.yunfu.gateway.payment.TestGateway;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Secret;
import io.yunfu.operator.Operator;
import io.yunfu.server.api.cpay.SignedText;
import io.yunfu.server.api.cpay.SignedText.Answer;
import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.SandboxSettings;
import io.yunfu.simulator.channel.Payment.Action;
import io.yunfu.simulator.clock.Timeline;
import io.yunfu.simulator.http.Port;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A server as `serve` wires it, on the real database and over real sockets, between a merchant's
/// program and the simulator's channels, with the merchants of the published example and of the
/// contract's worked one.
final class CpayWorld implements AutoCloseable {
  static final String KEY = "4f6b2c9e8d1a7350bb64e0f1c2d3a495";
  static final String PROVIDER_KEY = "91d2e3f4a5b6c7d8091a2b3c4d5e6f70";
  static final String PREFIX = "sz01743939";
  static final String APP = "2021000000000001";
  static final String MERCHANT_NUMBER = "1900000001";
  static final String WECHAT_KEY = "TESTKEY0000000000000000000000001";
  static final Operator ANN = new Operator("ann", "request-1");
  static final JsonMapper JSON = new JsonMapper();

  /// The ids of the published example.
  static final ProviderId PROVIDER = new ProviderId("sz01CRXVcdYDyJik8873");

  static final SubMerchantId SUB = new SubMerchantId("sz01KuceBtrckIKw339L");
  static final ShopId SHOP = new ShopId("sz01NmziKgZQmAI98Kij");

  /// The shop of the contract's worked example, whose sub-merchant has a key for RSA too, lives in
  /// the other cell, and signs with HMAC-SHA256 at WeChat Pay.
  static final ShopId OTHER_SHOP = new ShopId("gz02Wd5Rf1kPv0NqC8xB");

  static final String OTHER_PREFIX = "gz0200abcd";
  private static final ProviderId OTHER_PROVIDER = new ProviderId("gz02Kp7Qv3nXw8ZrT1mA");
  private static final SubMerchantId OTHER_SUB = new SubMerchantId("gz02Hs4Lt9bYc6FuE2jD");

  /// What the simulator's channels keep of their merchants' payments.
  static final int FEE_PPM = 6000;

  static final String SELLER = seller(PROVIDER, SUB, SHOP);
  private static final String OTHER_SELLER = seller(OTHER_PROVIDER, OTHER_SUB, OTHER_SHOP);

  private static String seller(ProviderId provider, SubMerchantId sub, ShopId shop) {
    return """
    "out_mch_id":"%s","out_sub_mch_id":"%s","out_shop_id":"%s"\
    """
        .formatted(provider, sub, shop);
  }

  /// Whose order that is.
  private static String seller(String number) {
    return number.startsWith(OTHER_PREFIX) ? OTHER_SELLER : SELLER;
  }

  final KeyPair rsa;
  final Sandbox sandbox;
  final TestServer server;
  private final HttpServer merchant;

  /// What arrived at the merchant, and how many of the next notices it will not take.
  final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

  final AtomicInteger refusals = new AtomicInteger();
  private final AtomicInteger numbers = new AtomicInteger();

  /// What is different over the two channels.
  enum Over {
    WECHAT(3, 7, 2),
    ALIPAY(2, 5, 2);

    final int paid;
    final int closed;
    final int refunded;

    Over(int paid, int closed, int refunded) {
      this.paid = paid;
      this.closed = closed;
      this.refunded = refunded;
    }

    String channel() {
      return this == WECHAT ? "wechat" : "alipay";
    }

    String payer(Sandbox sandbox) {
      var alice = sandbox.people().named("alice").orElseThrow();
      return this == WECHAT
          ? "\"pay_platform\":1,\"wxpay_pay_mch_key_ext\":{\"sub_open_id\":\"%s\"}"
              .formatted(sandbox.people().openid(alice, "wx00000000000000bb"))
          : "\"pay_platform\":2,\"alipay_pay_mch_key_ext\":{\"user_id\":\"%s\"}"
              .formatted(alice.alipayUserId());
    }

    /// What the cashier is opened with.
    String reference(JsonNode payload) {
      JsonNode page = payload.get("jsapi_args");
      return this == WECHAT
          ? page.get("wxpay")
              .get("get_brand_wcpay")
              .get("package")
              .stringValue()
              .substring("prepay_id=".length())
          : page.get("alipay").get("trade_pay").get("trade_no").stringValue();
    }

    int state(JsonNode order) {
      return order
          .get(this == WECHAT ? "wxpay_order_content_ext" : "alipay_order_content_ext")
          .get("current_trade_state")
          .intValue();
    }

    int refundState(JsonNode refund) {
      return this == WECHAT
          ? refund.get("wxpay_refund_order_content_ext").get("state").intValue()
          : refund.get("alipay_refund_order_content_ext").get("refund_status").intValue();
    }
  }

  /// In real time: refunds arrive at once, and a merchant that refused is told again soon.
  CpayWorld() throws IOException, NoSuchAlgorithmException {
    this(
        SandboxSettings.DEFAULT.withConfiguration(
            JSON.readTree("{\"wechat\":{\"refund_after_ms\":0}}")),
        _ -> Clock.systemUTC(),
        Map.of("gateway.notices.standard-schedule", "50ms, 50ms, 50ms"));
  }

  /// @param clock the server's, which may read the simulator's
  /// @param more settings of the server besides those that join the three
  CpayWorld(SandboxSettings simulator, Function<Timeline, Clock> clock, Map<String, String> more)
      throws IOException, NoSuchAlgorithmException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    rsa = generator.generateKeyPair();
    sandbox = Sandbox.start(simulator);
    Path authority = TestDatabase.directory().resolve("ca.pem");
    Files.write(authority, sandbox.credentials().file("ca.pem").orElseThrow());
    merchant = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    merchant.createContext(
        "/",
        exchange -> {
          heard.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          boolean refuses = refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
          exchange.sendResponseHeaders(refuses ? 500 : 200, -1);
          exchange.close();
        });
    merchant.start();
    int port = LoopbackPorts.free();
    var settings = new HashMap<>(more);
    settings.put("http.port", Integer.toString(port));
    settings.put("cells.count", "2");
    settings.put("gateway.enabled", "true");
    settings.put("gateway.public-url", "http://127.0.0.1:" + port);
    settings.put("gateway.allow-other-hosts", "true");
    settings.put("gateway.wechat.url", sandbox.base(Port.WX_HTTPS).toString());
    settings.put("gateway.alipay.url", sandbox.base(Port.ALI_HTTPS) + "/gateway.do");
    settings.put("gateway.root-certificates", authority.toString());
    settings.put("gateway.notices.allow-private-targets", "true");
    settings.putIfAbsent("gateway.bills.enabled", "false"); // not in the middle of another test
    server = TestServer.on(TestDatabase.settings(2), settings, clock.apply(sandbox.clock()));
    open(PROVIDER, SUB, SHOP, settings(PREFIX, Optional.empty()), SignType.MD5, 0);
    String key = Base64.getEncoder().encodeToString(rsa.getPublic().getEncoded());
    open(
        OTHER_PROVIDER,
        OTHER_SUB,
        OTHER_SHOP,
        settings(OTHER_PREFIX, Optional.of(key)),
        SignType.HMAC_SHA256,
        1);
  }

  private static PlacedSubMerchant.Settings settings(String prefix, Optional<String> rsa) {
    var usual = PlacedSubMerchant.Settings.of(prefix);
    return new PlacedSubMerchant.Settings(
        usual.prefixes(),
        usual.prefixesChecked(),
        usual.defaultBody(),
        usual.defaultExpiry(),
        rsa,
        usual.rsaRequired(),
        usual.refundNeedsRight(),
        FEE_PPM,
        usual.latePayment());
  }

  @Override
  public void close() {
    server.close();
    merchant.stop(0);
    sandbox.close();
  }

  /// Opens a merchant with both channels.
  private void open(
      ProviderId provider,
      SubMerchantId sub,
      ShopId shop,
      PlacedSubMerchant.Settings settings,
      SignType signType,
      int cell) {
    var running = server.running();
    var manage =
        new ManageMerchants(
            running.cells(), running.masterKey(), Clock.systemUTC(), new SecureRandom(), "sz01");
    var notices =
        new Merchant.NoticeSettings(
            Optional.of(
                URI.create("http://127.0.0.1:" + merchant.getAddress().getPort() + "/paid")),
            Merchant.NoticeKey.PROVIDER,
            Merchant.Acknowledgement.HTTP_200,
            true,
            Merchant.Schedule.STANDARD);
    manage
        .create(
            ANN,
            new ManageMerchants.NewProvider(
                Optional.of(provider),
                "Provider",
                Optional.of(Secret.of(PROVIDER_KEY)),
                notices,
                Optional.of(new CellId(cell))))
        .orThrow();
    manage
        .create(
            ANN,
            new ManageMerchants.NewSubMerchant(
                provider, Optional.of(sub), "Sub", Optional.of(Secret.of(KEY)), settings))
        .orThrow();
    manage
        .create(ANN, new ManageMerchants.NewShop(sub, Optional.of(shop), "Shop", "", List.of()))
        .orThrow();
    manage.setAccount(ANN, provider, wechat(signType)).orThrow();
    manage
        .setAccount(
            ANN,
            sub,
            new ChannelCredentials.WechatSubMerchant("1900000101", List.of("wx00000000000000bb")))
        .orThrow();
    manage.setAccount(ANN, provider, alipay()).orThrow();
    manage
        .setAccount(
            ANN,
            sub,
            new ChannelCredentials.AlipaySubMerchant(
                Optional.of(Secret.of("202601BBtoken0000000000000000000000A101")),
                Optional.of("2088000000000101")))
        .orThrow();
  }

  ChannelCredentials.WechatProvider wechat(SignType signType) {
    byte[] certificate = sandbox.credentials().client(MERCHANT_NUMBER).pkcs12(MERCHANT_NUMBER);
    return new ChannelCredentials.WechatProvider(
        MERCHANT_NUMBER,
        List.of("wx00000000000000aa"),
        Secret.of(WECHAT_KEY),
        signType,
        Optional.of(
            new ChannelAccount.ClientCertificate(
                Secret.of(Base64.getEncoder().encodeToString(certificate)),
                Secret.of(MERCHANT_NUMBER))));
  }

  ChannelCredentials.AlipayProvider alipay() {
    return new ChannelCredentials.AlipayProvider(
        APP,
        Secret.of(credential("app_private_key.pem")),
        new ChannelAccount.AlipayTrust.PublicKey(credential("alipay_public_key.pem")),
        Optional.empty());
  }

  private String credential(String name) {
    return new String(
        sandbox.credentials().file("alipay_" + APP + "_" + name).orElseThrow(), UTF_8);
  }

  String pay(Over over, String number, int fen) {
    return """
    {"pay_mch_key":{%s,%s},"pay_content":{"out_trade_no":"%s","total_fee":%d,"fee_type":"CNY",\
    "body":"测试订单"},"order_client":{"spbill_create_ip":"198.51.100.7"},"nonce_str":"n1"}\
    """
        .formatted(seller(number), over.payer(sandbox), number, fen);
  }

  static String query(String number) {
    return """
    {"pay_mch_key":{%s},"out_trade_no":"%s","nonce_str":"n2"}\
    """
        .formatted(seller(number), number);
  }

  static String refund(String number, String suffix, int fen) {
    return """
    {"pay_mch_key":{%s},"refund_content":{"out_trade_no":"%s","out_refund_no":"%s%s",\
    "total_fee":2590,"refund_fee":%d},"nonce_str":"n3"}\
    """
        .formatted(seller(number), number, number, suffix, fen);
  }

  String number() {
    return number(PREFIX);
  }

  /// Of the merchant with that prefix.
  String number(String prefix) {
    return prefix + "T%08d".formatted(numbers.incrementAndGet());
  }

  Answer call(String name, String text) {
    return Answer.of(post("/cpay/" + name, SignedText.body(text, KEY)).body().getBytes(UTF_8));
  }

  /// The user named alice pays.
  void paid(Over over, Answer made) {
    paid(over, made, new Action.Success());
  }

  /// The same in some way.
  void paid(Over over, Answer made, Action how) {
    String reference = over.reference(made.content().get("official_account_pay"));
    assertThat(sandbox.pay(over.channel(), reference, "alice", how).succeeded()).isTrue();
  }

  /// What a channel holds for our merchants by our books: clearing. Unit: fen.
  long ours(Over over) {
    return server.running().cells().all().stream()
        .mapToLong(cell ->
            cell.database()
                .read(tx ->
                    tx.queryOne(
                        "select coalesce(sum(amount), 0) as n from entry where uin = 0 and pocket = ?",
                        row -> row.longAt("n"),
                        over.channel()))
                .orElseThrow())
        .sum();
  }

  /// The same by the channel's own: what it has given to its merchants. Unit: fen.
  long theirs(Over over) {
    return sandbox.proof().merchants().stream()
        .filter(line -> line.channel().equals(over.channel()))
        .mapToLong(line -> line.change().cents())
        .sum();
  }

  /// Where the channel of an order reports that it is paid.
  String noticePath(String number) {
    return noticePath(number, ChannelNotice.Kind.PAYMENT);
  }

  String noticePath(String number, ChannelNotice.Kind kind) {
    var running = server.running();
    var order = running.gateway().orElseThrow().payments().find(number).getFirst();
    return TestGateway.noticePath(running.masterKey(), order, kind);
  }

  HttpResponse<String> post(String path, byte[] body) {
    return server.send(path, request -> request.POST(HttpRequest.BodyPublishers.ofByteArray(body)));
  }

  /// The next notice of a payment of this order; what is told of others meanwhile is left out.
  JsonNode heardPaid(String number) throws InterruptedException {
    while (true) {
      JsonNode told = heard();
      if (told.has("order_content")
          && told.get("order_content").get("out_trade_no").stringValue().equals(number)) {
        return told;
      }
    }
  }

  /// The next notice that the merchant gets, verified as its program would do it.
  JsonNode heard() throws InterruptedException {
    String body = heard.poll(30, TimeUnit.SECONDS);
    assertThat(body).as("a notice within 30 s").isNotNull();
    JsonNode outer = JSON.readTree(body);
    String text = outer.get("request_content").stringValue();
    assertThat(outer.get("authen_info").get("a").get("authen_code").stringValue())
        .isEqualTo(SignedText.code(text, PROVIDER_KEY));
    return JSON.readTree(text);
  }
}
