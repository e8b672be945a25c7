package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.db.LoopbackPorts;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/// A server that logs all it can, whose channels and callers misbehave: neither its log nor its
/// errors nor what it shows the operator holds a key, a credential of a channel or who a payer is.
/// Source: `channels.md` section 9, S17.
class ChannelSecretsAcceptanceIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int TOTAL = 1200;
  private static final int BACK = 200;

  /// Where a call goes wrong: by the operation, as [PayChannel] names it.
  private record Trouble(String call, String effect) {}

  private static final List<Trouble> TROUBLES =
      List.of(
          new Trouble("create", "{\"kind\":\"error\",\"code\":\"SYSTEMERROR\"}"),
          new Trouble("create", "{\"kind\":\"error\",\"code\":\"FAIL\",\"text\":\"no\"}"),
          new Trouble("create", "{\"kind\":\"sign\",\"fault\":\"bad\"}"),
          new Trouble("create", "{\"kind\":\"garbage\",\"what\":\"truncated\"}"),
          new Trouble("create", "{\"kind\":\"clock_skew\",\"seconds\":86400}"),
          new Trouble("create", "\"reset_after\""),
          new Trouble("query", "{\"kind\":\"http\",\"status\":500}"),
          new Trouble("query", "{\"kind\":\"sign\",\"fault\":\"missing\"}"),
          new Trouble("query", "{\"kind\":\"garbage\",\"what\":\"gbk\"}"),
          new Trouble("close", "{\"kind\":\"error\",\"code\":\"SYSTEMERROR\"}"),
          new Trouble("refund", "{\"kind\":\"sign\",\"fault\":\"other_key\"}"),
          new Trouble("refund", "{\"kind\":\"error\",\"code\":\"NOTENOUGH\"}"),
          new Trouble("pay", "{\"kind\":\"notify_sign\",\"fault\":\"bad\"}"),
          new Trouble("pay", "{\"kind\":\"notify_sign\",\"fault\":\"missing\"}"),
          new Trouble(
              "pay", "{\"kind\":\"notify_mutate\",\"field\":\"total_fee\",\"value\":\"1\"}"),
          new Trouble(
              "pay", "{\"kind\":\"notify_mutate\",\"field\":\"total_amount\",\"value\":\"0.01\"}"),
          new Trouble("pay", "{\"kind\":\"notify_extra\",\"coupons\":3}"),
          new Trouble("pay", "\"notify_xxe\""),
          new Trouble("pay", "\"notify_deep\""),
          new Trouble("pay", "\"double_payment\""));

  private final Path directory = Scratch.directory();

  /// With the channels; what they say may hold anything.
  private final Http aside = new Http();

  /// With the server.
  private final Http http = new Http();

  private final MerchantsDoor door = new MerchantsDoor();
  private final int port = LoopbackPorts.free();

  @AfterEach
  void close() {
    door.close();
    aside.close();
    http.close();
  }

  @Test
  void whatever_goes_wrong_nothing_that_is_logged_answered_or_shown_holds_a_secret()
      throws Exception {
    try (var channels = new SimulatedChannels(directory, aside)) {
      channels.ask("POST", "/_sim/settings", "{\"wechat\":{\"refund_after_ms\":0}}");
      var settings = new HashMap<>(channels.settings(port));
      settings.put("YUNFU_LOG_LEVEL", "trace");
      Installation.Node node = new Installation(settings).start(port);
      var merchant = new GatewayMerchant(http, port, channels);
      merchant.open(door.url());
      int opened = http.replies().size(); // a key is in the answer that takes it

      int count = 0;
      for (Trouble trouble : TROUBLES) {
        for (PayChannel channel : PayChannel.values()) {
          String number = "%s%s%04d".formatted(GatewayMerchant.PREFIX, channel.code(), count++);
          sell(channels, merchant, channel, number, trouble);
        }
      }
      List<String> given = misuse(merchant);
      // Alipay answers to a wrong signature with the whole text that it should have signed.
      String wrongKey = otherKey();
      merchant.operate(
          "PUT",
          "/merchants/" + GatewayMerchant.PROVIDER + "/channels/alipay",
          JSON.createObjectNode()
              .put("appId", SimulatedChannels.ALIPAY_APP)
              .put("privateKey", wrongKey)
              .put("alipayPublicKey", channels.text(SimulatedChannels.alipayPublicKeyFile()))
              .toString());
      awaitRefusal(merchant);
      knockWithNonsense(channels);
      lookAround(merchant, node);
      node.stop();

      var secrets = new TreeSet<>(Secrets.all());
      secrets.addAll(Secrets.ofChannels());
      secrets.addAll(given);
      wrongKey.lines().forEach(secrets::add);
      String log = node.program().out() + node.program().err();
      assertThat(log).contains(GatewayMerchant.SUB_MERCHANT, "is refused");
      requireNone(secrets, "the log", log);
      List<Http.Reply> replies = http.replies().subList(opened, http.replies().size());
      assertThat(replies).as("masked evidence").anyMatch(reply -> reply.text().contains("***"));
      for (Http.Reply reply : replies) {
        requireNone(secrets, reply.toString(), withoutCaller(reply));
      }
    }
  }

  /// An order in trouble, and what a merchant's program would try with it, well or not.
  private void sell(
      SimulatedChannels channels,
      GatewayMerchant merchant,
      PayChannel channel,
      String number,
      Trouble trouble)
      throws Exception {
    String operation =
        switch (trouble.call()) {
          case "create" -> channel.create;
          case "query" -> channel.query;
          case "close" -> channel.close;
          case "refund" -> channel.refund;
          default -> trouble.call();
        };
    channels.ask(
        "POST",
        "/_sim/faults",
        """
        {"channel":"%s","op":"%s","match":{"number":"%s"},"times":0,"effect":%s}
        """
            .formatted(channel.code(), operation, number, trouble.effect()));
    CloudPay program = merchant.program();
    JsonNode page =
        program
            .call("official_account_pay", merchant.payText(channel, number, TOTAL))
            .at("/official_account_pay/jsapi_args");
    program.call("query_order", merchant.orderText(number));
    if (!page.isMissingNode() && !trouble.call().equals("close")) {
      channels.pay(SimulatedChannels.reference(page), false);
      channels.ask("POST", "/_sim/notify/drain?timeout=60", "");
      program.call("query_order", merchant.orderText(number));
      program.call("refund", merchant.refundText(number, number + "R", TOTAL, BACK));
      program.call("query_refund_order", merchant.orderText(number));
    }
    program.call("close_order", merchant.orderText(number));
    channels.ask("DELETE", "/_sim/faults", "");
  }

  /// Secrets that are refused, at the wrong place or of the wrong form.
  ///
  /// @return the secrets
  private static List<String> misuse(GatewayMerchant merchant) throws Exception {
    var given = new ArrayList<String>();
    String provider = "/merchants/" + GatewayMerchant.PROVIDER;
    String sub = "/sub-merchants/" + GatewayMerchant.SUB_MERCHANT;
    String wechat = "\"merchantNumber\":\"1900000001\",\"appIds\":[\"wx00000000000000aa\"]";
    var tries =
        List.of(
            List.of("PUT", provider + "/channels/wechat", "{%s,\"apiKey\":\"%s\"}", wechat),
            List.of("PUT", provider + "/channels/wechat", "{%s,\"apikey\":\"%s\"}", wechat),
            List.of("PUT", provider + "/channels/wechat", "{%s,\"apiKey\":{\"%s\":1}}", wechat),
            List.of("PUT", provider + "/channels/wechat", "{%s,\"apiKey\":\"%s", wechat),
            List.of("PUT", provider + "/channels/wechat", "{%s,\"certificate\":\"%s\"}", wechat),
            List.of(
                "PUT",
                provider + "/channels/wechat",
                "{%s,\"certificatePassword\":\"%s\",\"certificate\":\"bm90aGluZw==\"}",
                wechat),
            List.of(
                "PUT", provider + "/channels/wechat", "{%s,\"certificateKeyPem\":\"%s\"}", wechat),
            List.of(
                "PUT",
                provider + "/channels/alipay",
                "{%s,\"privateKey\":\"%s\"}",
                "\"appId\":\"2021000000000001\""),
            List.of(
                "PUT",
                sub + "/channels/alipay",
                "{%s,\"appAuthToken\":[\"%s\"]}",
                "\"sellerId\":\"2088\""),
            List.of("POST", "/merchants", "{%s,\"key\":\"%s\\u4e91\"}", "\"id\":\"gzOther\""),
            List.of("POST", "/merchants", "{%s,\"kez\":\"%s\"}", "\"id\":\"gzOther\""));
    for (List<String> each : tries) {
      String secret = "refusedSecret%04d".formatted(given.size());
      given.add(secret);
      var reply =
          merchant.tryTo(each.get(0), each.get(1), each.get(2).formatted(each.get(3), secret));
      assertThat(reply.status()).as("%s: %s", each, reply).isBetween(400, 499);
    }
    return given;
  }

  /// A change is seen by all nodes within a second.
  private static void awaitRefusal(GatewayMerchant merchant) throws Exception {
    long end = System.nanoTime() + Program.PATIENCE.toNanos();
    JsonNode answer;
    int count = 0;
    do {
      assertThat(System.nanoTime()).as("signed with the old key").isLessThan(end);
      String number = "%sunsigned%04d".formatted(GatewayMerchant.PREFIX, count++);
      answer =
          merchant
              .program()
              .call("official_account_pay", merchant.payText(PayChannel.ALIPAY, number, TOTAL));
    } while (answer.get("status").asInt() == 0);
  }

  private static String otherKey() throws GeneralSecurityException {
    var generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    return Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII))
        .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
  }

  /// Calls and notices of somebody who knows secrets and gets everything else wrong.
  private void knockWithNonsense(SimulatedChannels channels) throws Exception {
    String server = "http://127.0.0.1:" + port;
    String all = String.join("&", Secrets.ofChannels());
    for (String path :
        List.of("/cpay/refund", "/cpay/official_account_pay", "/cpay/nothing", "/channel/x/1")) {
      http.send("POST", server + path, all);
      http.send("POST", server + path, "{\"request_content\":\"" + all + "\"}");
    }
    JsonNode notices = channels.ask("GET", "/_sim/notify", "").get("notices");
    String target = notices.get(0).get("target").asString();
    http.send("POST", target, "<xml><openid>" + channels.wechatPayer() + "</openid>");
    http.send("POST", target, all);
  }

  /// All that an operator can see of merchants and their payments.
  private void lookAround(GatewayMerchant merchant, Installation.Node node) throws Exception {
    var paths = new ArrayList<>(List.of("/merchants", "/sub-merchants", "/shops", "/audit"));
    paths.add("/merchants/" + GatewayMerchant.PROVIDER);
    paths.add("/merchants/" + GatewayMerchant.PROVIDER + "/channels");
    paths.add("/sub-merchants/" + GatewayMerchant.SUB_MERCHANT);
    paths.add("/sub-merchants/" + GatewayMerchant.SUB_MERCHANT + "/channels");
    paths.add("/cases");
    for (JsonNode payment : all(merchant, "/payments")) {
      paths.add("/payments/" + payment.get("id").asString());
      paths.add("/payments/" + payment.get("id").asString() + "/attempts");
    }
    for (JsonNode refund : all(merchant, "/payment-refunds")) {
      paths.add("/payment-refunds/" + refund.get("id").asString());
    }
    for (JsonNode notice : all(merchant, "/notices")) {
      paths.add("/notices/" + notice.get("id").asString());
      paths.add("/notices/" + notice.get("id").asString() + "/attempts");
    }
    for (String path : paths) {
      merchant.operate("GET", path, "");
    }
    for (String page : List.of("/metrics", "/health", "/ready", "/console/", "/nothing")) {
      http.send("GET", "http://127.0.0.1:" + node.port() + page, "");
    }
  }

  private static JsonNode all(GatewayMerchant merchant, String path) throws Exception {
    JsonNode items = merchant.operate("GET", path + "?limit=100", "").get("items");
    assertThat(items.size()).as(path).isPositive();
    return items;
  }

  /// What is answered but for `pay_mch_key`: there a caller reads who pays, as it has said itself.
  private static String withoutCaller(Http.Reply reply) {
    if (!reply.text().contains("response_content")) {
      return reply.text();
    }
    JsonNode content = JSON.readTree(reply.json().get("response_content").asString());
    for (JsonNode payload : content) {
      if (payload instanceof ObjectNode members) {
        members.remove("pay_mch_key");
      }
    }
    return content.toString();
  }

  private static void requireNone(Set<String> secrets, String where, String text) {
    String bare = text.replace("\\/", "/");
    assertThat(secrets.stream().filter(bare::contains)).as(where).isEmpty();
  }
}
