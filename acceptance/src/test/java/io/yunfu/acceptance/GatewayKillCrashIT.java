package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.yunfu.db.LoopbackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/// `kill -9` of the server between any two steps of a payment, of its notice and of its refund,
/// over both channels at once. Wherever it is killed: after the next start everything ends as if
/// nothing had happened, and the channel's books, ours and the merchant's agree to the fen. It
/// waits minutes for leases to end, so it begins first, and has two cells in either run of the
/// suite.
@Order(1)
@Timeout(1500)
class GatewayKillCrashIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROVIDER_KEY = "91d2e3f4a5b6c7d8091a2b3c4d5e6f70";
  private static final String KEY = "4f6b2c9e8d1a7350bb64e0f1c2d3a495";
  private static final String WECHAT_NUMBER = "1900000001";
  private static final String ALIPAY_APP = "2021000000000001";
  private static final String SELLER =
      "\"out_mch_id\":\"gzProvider\",\"out_sub_mch_id\":\"gzSub\",\"out_shop_id\":\"gzShop\"";

  private static final int TOTAL = 2590;
  private static final int BACK = 591;

  /// Where the server is killed, in the order of an order's life.
  private enum Moment {
    /// The channel has been asked for an order and has not made it.
    ORDER_ASKED,
    /// It has made it, and its answer has not come.
    ORDER_MADE,
    /// The merchant's program has the answer.
    ORDER_ANSWERED,
    /// Somebody has paid, and the channel's notice is lost.
    PAID,
    /// The merchant reads of the payment, and has not answered.
    PAYMENT_TOLD,
    /// The channel has been asked for a refund and has not made it.
    REFUND_ASKED,
    /// It has made it, and its answer has not come.
    REFUND_MADE,
    /// The merchant's program has the answer.
    REFUND_ANSWERED,
    /// The merchant reads of the refund, and has not answered.
    REFUND_TOLD
  }

  private enum Channel {
    WECHAT("unifiedorder", "refund"),
    ALIPAY("alipay.trade.create", "alipay.trade.refund");

    final String create;
    final String refund;

    Channel(String create, String refund) {
      this.create = create;
      this.refund = refund;
    }

    String code() {
      return this == WECHAT ? "wechat" : "alipay";
    }
  }

  private record Sale(Channel channel, String number) {
    String refundNumber() {
      return number + "R";
    }
  }

  private final Path directory = Scratch.directory();
  private final HttpClient client =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final MerchantsDoor merchant = new MerchantsDoor();
  private final int port = LoopbackPorts.free();
  private final Map<Channel, String> payers = new EnumMap<>(Channel.class);
  private Program simulator;
  private String simulatorAdmin;

  @AfterEach
  void close() {
    threads.shutdownNow();
    merchant.close();
    simulator.close();
    client.close();
  }

  @Test
  void wherever_the_server_is_killed_everything_ends_as_if_it_had_not_been() throws Exception {
    JsonNode description = startSimulator();
    var installation = new Installation(settings(description));
    Installation.Node node = installation.start(port);
    openMerchant(description);
    var sales = new ArrayList<Sale>();
    for (Moment moment : Moment.values()) {
      var these = new ArrayList<Sale>();
      for (Channel channel : Channel.values()) {
        var sale = new Sale(channel, "gz0200abcd" + channel.code() + sales.size());
        these.add(sale);
        bringTo(moment, sale, node.program());
      }
      node.program().kill();
      simulate("DELETE", "/_sim/faults", "");
      merchant.goOn();
      node = installation.start(port);
      for (Sale sale : these) {
        finish(moment, sale, node.program());
      }
      sales.addAll(these);
    }
    for (Sale sale : sales) {
      requireEnd(sale);
    }
    requireChannelsBooks(sales.size() / Channel.values().length);
    node.stop();
    installation.requireSoundBooks();
  }

  /// Leads an order to the moment, and returns when it is there.
  private void bringTo(Moment moment, Sale sale, Program server) throws Exception {
    String number = sale.number();
    switch (moment) {
      case ORDER_ASKED ->
          meanwhile(sale, sale.channel().create, "timeout_before", "official_account_pay", server);
      case ORDER_MADE ->
          meanwhile(sale, sale.channel().create, "timeout_after", "official_account_pay", server);
      case ORDER_ANSWERED -> create(sale);
      case PAID -> {
        fault(sale, "pay", "{\"kind\":\"notify_drop\",\"deliveries\":0}");
        pay(sale);
      }
      case PAYMENT_TOLD -> {
        merchant.hold(number);
        pay(sale);
        server.await("the merchant reads of " + number, () -> merchant.holds(number));
      }
      case REFUND_ASKED -> {
        payAndHear(sale, server);
        meanwhile(sale, sale.channel().refund, "timeout_before", "refund", server);
      }
      case REFUND_MADE -> {
        payAndHear(sale, server);
        meanwhile(sale, sale.channel().refund, "timeout_after", "refund", server);
      }
      case REFUND_ANSWERED -> {
        payAndHear(sale, server);
        refund(sale);
      }
      case REFUND_TOLD -> {
        payAndHear(sale, server);
        merchant.hold(sale.refundNumber());
        refund(sale);
        server.await(
            "the merchant reads of " + sale.refundNumber(),
            () -> merchant.holds(sale.refundNumber()));
      }
    }
  }

  /// What the merchant's program does after the crash: it repeats the call that it has no answer
  /// to, and goes on with the next. Of all the rest it hears without asking.
  private void finish(Moment moment, Sale sale, Program server) throws Exception {
    if (moment.compareTo(Moment.ORDER_ANSWERED) <= 0) {
      pay(sale);
    }
    server.await("the payment of " + sale + " is told", () -> merchant.heard(sale.number()));
    if (moment.compareTo(Moment.PAYMENT_TOLD) <= 0) {
      refund(sale);
    }
    // Nobody repeats a refund that was cut off: its intent was written down before the channel was
    // asked.
    server.await("the refund of " + sale + " is told", () -> merchant.heard(sale.refundNumber()));
  }

  private void payAndHear(Sale sale, Program server) throws Exception {
    pay(sale);
    server.await("the payment of " + sale + " is told", () -> merchant.heard(sale.number()));
  }

  private void requireEnd(Sale sale) throws Exception {
    JsonNode order = call("query_order", query(sale)).at("/query_order/order_content");
    assertThat(order.get("trade_state").asInt()).as("%s: %s", sale, order).isEqualTo(4);
    assertThat(order.get("cash_fee").asInt()).as(sale.toString()).isEqualTo(TOTAL);
    JsonNode refunds =
        call("query_refund_order", query(sale)).at("/query_refund_order/refund_order_content");
    assertThat(refunds.size()).as("%s: %s", sale, refunds).isEqualTo(1);
    assertThat(refunds.get(0).get("trade_state").asInt()).as(sale.toString()).isEqualTo(4);
    assertThat(refunds.get(0).get("refund_fee").asInt()).as(sale.toString()).isEqualTo(BACK);
  }

  /// What the channels' books say: each order was paid once and given back in part once.
  private void requireChannelsBooks(int sales) throws Exception {
    JsonNode ledger = simulate("GET", "/_sim/ledger", "");
    assertThat(ledger.get("holds").asBoolean()).as(ledger.toString()).isTrue();
    for (Channel channel : Channel.values()) {
      long paid = 0;
      long back = 0;
      for (JsonNode line : ledger.get("merchants")) {
        if (line.get("channel").asString().equals(channel.code())) {
          paid += fen(line.get("paid"));
          back += fen(line.get("refunded"));
        }
      }
      assertThat(paid).as(channel.code()).isEqualTo((long) sales * TOTAL);
      assertThat(back).as(channel.code()).isEqualTo((long) sales * BACK);
    }
  }

  private static long fen(JsonNode money) {
    return money.get("cents").asLong();
  }

  /// Makes a call whose answer never comes, and returns once the channel keeps silent.
  private void meanwhile(Sale sale, String operation, String effect, String call, Program server)
      throws Exception {
    fault(sale, operation, "\"" + effect + "\"");
    String text = call.equals("refund") ? refundText(sale) : payText(sale);
    var _ = threads.submit(() -> call(call, text));
    server.await(operation + " of " + sale + " is under way", () -> isSilentAbout(sale));
  }

  private boolean isSilentAbout(Sale sale) {
    try {
      for (JsonNode applied : simulate("GET", "/_sim/faults", "").get("log")) {
        if (applied.toString().contains(sale.number())) {
          return true;
        }
      }
      return false;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private void fault(Sale sale, String operation, String effect) throws Exception {
    String rule =
        """
        {"channel":"%s","op":"%s","match":{"number":"%s"},"times":%d,"effect":%s}
        """
            .formatted(
                sale.channel().code(),
                operation,
                sale.number(),
                operation.equals("pay") ? 0 : 1,
                effect);
    simulate("POST", "/_sim/faults", rule);
  }

  /// Has the order, however often it has to ask.
  private JsonNode create(Sale sale) throws Exception {
    return until("official_account_pay", payText(sale)).get("official_account_pay");
  }

  private void pay(Sale sale) throws Exception {
    JsonNode page = create(sale).get("jsapi_args");
    String reference =
        sale.channel() == Channel.WECHAT
            ? page.at("/wxpay/get_brand_wcpay/package").asString().substring("prepay_id=".length())
            : page.at("/alipay/trade_pay/trade_no").asString();
    simulate(
        "POST",
        "/_sim/pay",
        "{\"ref\":\"%s\",\"user\":\"alice\",\"action\":\"success\"}".formatted(reference));
  }

  private void refund(Sale sale) throws Exception {
    until("refund", refundText(sale));
  }

  /// Repeats a call as the contract tells to, while its result is unknown.
  private JsonNode until(String name, String text) throws Exception {
    long end = System.nanoTime() + Program.PATIENCE.toNanos();
    while (true) {
      JsonNode content = call(name, text);
      int status = content.get("status").asInt();
      if (status == 0) {
        return content;
      }
      assertThat(status).as(content.toString()).isEqualTo(103);
      assertThat(System.nanoTime()).as(content.toString()).isLessThan(end);
      Program.pause();
    }
  }

  private String payText(Sale sale) {
    return """
    {"pay_mch_key":{%s,%s},"pay_content":{"out_trade_no":"%s","total_fee":%d,"fee_type":"CNY",\
    "body":"coffee"},"order_client":{"spbill_create_ip":"198.51.100.7"},"nonce_str":"n1"}\
    """
        .formatted(SELLER, payers.get(sale.channel()), sale.number(), TOTAL);
  }

  private static String query(Sale sale) {
    return """
    {"pay_mch_key":{%s},"out_trade_no":"%s","nonce_str":"n2"}\
    """
        .formatted(SELLER, sale.number());
  }

  private static String refundText(Sale sale) {
    return """
    {"pay_mch_key":{%s},"refund_content":{"out_trade_no":"%s","out_refund_no":"%s",\
    "total_fee":%d,"refund_fee":%d},"nonce_str":"n3"}\
    """
        .formatted(SELLER, sale.number(), sale.refundNumber(), TOTAL, BACK);
  }

  private JsonNode call(String name, String text) throws Exception {
    ObjectNode outer = JSON.createObjectNode().put("request_content", text);
    outer.withObject("/authen_info/a").put("authen_type", 1).put("authen_code", code(text));
    HttpResponse<byte[]> answer =
        send("POST", "http://127.0.0.1:" + port + "/cpay/" + name, outer.toString(), "");
    return JSON.readTree(JSON.readTree(answer.body()).get("response_content").asString());
  }

  private static String code(String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(KEY.getBytes(UTF_8), "HmacSHA256"));
    return HexFormat.of().withUpperCase().formatHex(mac.doFinal(text.getBytes(UTF_8)));
  }

  private JsonNode startSimulator() throws Exception {
    simulator =
        Program.start(
            directory, Map.of(), "simulator", "--credentials", directory.resolve("sim").toString());
    simulator.await("it is ready", () -> simulator.out().endsWith("\n"));
    JsonNode description = JSON.readTree(simulator.out());
    simulatorAdmin = description.at("/listeners/admin").asString();
    simulate("POST", "/_sim/settings", "{\"wechat\":{\"refund_after_ms\":0}}");
    for (JsonNode user : simulate("GET", "/_sim/users", "").get("users")) {
      if (user.get("name").asString().equals("alice")) {
        payers.put(
            Channel.WECHAT,
            "\"pay_platform\":1,\"wxpay_pay_mch_key_ext\":{\"sub_open_id\":\"%s\"}"
                .formatted(user.at("/openids/wx00000000000000bb").asString()));
        payers.put(
            Channel.ALIPAY,
            "\"pay_platform\":2,\"alipay_pay_mch_key_ext\":{\"user_id\":\"%s\"}"
                .formatted(user.get("alipay_user_id").asString()));
      }
    }
    return description;
  }

  private Map<String, String> settings(JsonNode description) {
    return Map.of(
        "YUNFU_CELLS_COUNT",
        "2",
        "YUNFU_GATEWAY_ENABLED",
        "true",
        "YUNFU_GATEWAY_PUBLIC_URL",
        "http://127.0.0.1:" + port,
        "YUNFU_GATEWAY_ALLOW_OTHER_HOSTS",
        "true",
        "YUNFU_GATEWAY_WECHAT_URL",
        description.at("/listeners/wx-https").asString(),
        "YUNFU_GATEWAY_ALIPAY_URL",
        description.at("/listeners/ali-https").asString() + "/gateway.do",
        "YUNFU_GATEWAY_ROOT_CERTIFICATES",
        directory.resolve("sim").resolve("ca.pem").toString(),
        "YUNFU_GATEWAY_NOTICES_ALLOW_PRIVATE_TARGETS",
        "true");
  }

  /// Imports a merchant over the admin API, ids and keys and all.
  private void openMerchant(JsonNode description) throws Exception {
    assertThat(description.get("credentials").isObject()).isTrue();
    ObjectNode provider =
        JSON.createObjectNode()
            .put("id", "gzProvider")
            .put("key", PROVIDER_KEY)
            .put("callbackUrl", merchant.url())
            .put("refundNotices", true);
    admin("POST", "/merchants", provider);
    ObjectNode sub = JSON.createObjectNode().put("id", "gzSub").put("key", KEY).put("feePpm", 6000);
    sub.putArray("prefixes").add("gz0200abcd");
    admin("POST", "/merchants/gzProvider/sub-merchants", sub);
    admin("POST", "/sub-merchants/gzSub/shops", JSON.createObjectNode().put("id", "gzShop"));
    ObjectNode wechat =
        JSON.createObjectNode()
            .put("merchantNumber", WECHAT_NUMBER)
            .put("apiKey", "TESTKEY0000000000000000000000001")
            .put("certificatePem", credential(WECHAT_NUMBER + "_cert.pem"))
            .put("certificateKeyPem", credential(WECHAT_NUMBER + "_key.pem"));
    wechat.putArray("appIds").add("wx00000000000000aa");
    admin("PUT", "/merchants/gzProvider/channels/wechat", wechat);
    ObjectNode subWechat = JSON.createObjectNode().put("merchantNumber", "1900000101");
    subWechat.putArray("appIds").add("wx00000000000000bb");
    admin("PUT", "/sub-merchants/gzSub/channels/wechat", subWechat);
    admin(
        "PUT",
        "/merchants/gzProvider/channels/alipay",
        JSON.createObjectNode()
            .put("appId", ALIPAY_APP)
            .put("privateKey", credential("alipay_" + ALIPAY_APP + "_app_private_key.pem"))
            .put("alipayPublicKey", credential("alipay_" + ALIPAY_APP + "_alipay_public_key.pem")));
    admin(
        "PUT",
        "/sub-merchants/gzSub/channels/alipay",
        JSON.createObjectNode()
            .put("appAuthToken", "202601BBtoken0000000000000000000000A101")
            .put("sellerId", "2088000000000101"));
  }

  private String credential(String name) throws IOException {
    return Files.readString(directory.resolve("sim").resolve(name), UTF_8);
  }

  private void admin(String method, String path, ObjectNode body) throws Exception {
    var answer =
        send(
            method,
            "http://127.0.0.1:" + port + "/admin/v1" + path,
            body.toString(),
            "Bearer " + Installation.ADMIN_TOKEN);
    assertThat(answer.statusCode())
        .as("%s: %s", path, new String(answer.body(), UTF_8))
        .isBetween(200, 299);
  }

  private JsonNode simulate(String method, String path, String body) throws Exception {
    var answer = send(method, simulatorAdmin + path, body, "");
    String text = new String(answer.body(), UTF_8);
    assertThat(answer.statusCode()).as("%s: %s", path, text).isBetween(200, 299);
    return text.isEmpty() ? JSON.createObjectNode() : JSON.readTree(text);
  }

  private HttpResponse<byte[]> send(String method, String url, String body, String authorization)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(url))
            .timeout(Program.PATIENCE)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (!authorization.isEmpty()) {
      request.header("Authorization", authorization);
    }
    return client.send(request.build(), BodyHandlers.ofByteArray());
  }

  /// The merchant's callback. It has heard of what it has answered well; what it holds it has read
  /// and does not answer.
  private static final class MerchantsDoor implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, Boolean> heard = new ConcurrentHashMap<>();
    private final Map<String, Boolean> held = new ConcurrentHashMap<>();
    private final List<String> toHold = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch gate = new CountDownLatch(1);

    MerchantsDoor() {
      try {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      server.setExecutor(threads);
      server.createContext("/", this::take);
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort() + "/paid";
    }

    void hold(String number) {
      toHold.add(number);
    }

    boolean holds(String number) {
      return held.containsKey(number);
    }

    boolean heard(String number) {
      return heard.containsKey(number);
    }

    /// Whoever is held gets no answer any more; new ones do.
    void goOn() {
      toHold.clear();
      gate.countDown();
      gate = new CountDownLatch(1);
    }

    private void take(HttpExchange exchange) throws IOException {
      String body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      JsonNode told = JSON.readTree(JSON.readTree(body).get("request_content").asString());
      String number =
          told.has("order_content")
              ? told.at("/order_content/out_trade_no").asString()
              : told.at("/refund_order_content/0/out_refund_no").asString();
      CountDownLatch closed = gate;
      if (toHold.contains(number)) {
        held.put(number, true);
        try {
          closed.await(Program.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        exchange.close();
        return;
      }
      exchange.sendResponseHeaders(200, -1);
      exchange.close();
      heard.put(number, true);
    }

    @Override
    public void close() {
      gate.countDown();
      server.stop(0);
      threads.shutdownNow();
    }
  }
}
