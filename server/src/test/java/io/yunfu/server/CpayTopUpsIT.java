package io.yunfu.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.audit.GatewayAuditStore;
import io.yunfu.ledger.LedgerAuditStore;
import io.yunfu.server.CpayWorld.Over;
import io.yunfu.simulator.channel.Payment.Action;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A balance that is topped up over a channel: ordered at the admin API, paid in the channel's app,
/// and credited when the channel says so.
class CpayTopUpsIT extends CpayWorldTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String ADMIN = "/admin/v1";

  @ParameterizedTest
  @EnumSource(Over.class)
  void a_top_up_is_paid_over_a_channel_and_credited_once_however_often_it_is_told(Over over) {
    int cell =
        world
            .server
            .running()
            .gateway()
            .orElseThrow()
            .merchants()
            .find(CpayWorld.SUB)
            .orElseThrow()
            .cell()
            .value();
    String account =
        post("/accounts", "{\"edition\":\"china\",\"cell\":%d}".formatted(cell))
            .get("uin")
            .asString();
    JsonNode made =
        post(
            "/accounts/" + account + "/top-up-orders",
            """
            {"amount":10000,"currency":"CNY","subMerchant":"%s","shop":"%s","channel":"%s",%s}
            """
                .formatted(CpayWorld.SUB, CpayWorld.SHOP, over.channel(), payer(over)));
    assertThat(made.get("state").asString()).isEqualTo("waiting");
    String number = made.get("number").asString();
    assertThat(cash(account)).isZero();

    world
        .sandbox
        .faults()
        .add(
            "{'channel':'%s','match':{'number':'%s'},'effect':{'kind':'notify_dup','copies':5}}"
                .formatted(over.channel(), number));
    String reference = reference(over, made.get("jsapiArgs"));
    assertThat(
            world.sandbox.pay(over.channel(), reference, "alice", new Action.Success()).succeeded())
        .isTrue();
    world.sandbox.notices().drain(Duration.ofMinutes(1), false);
    String order = "/accounts/" + account + "/top-up-orders/" + made.get("id").asString();
    assertThat(get(order).get("state").asString()).isEqualTo("paid");
    assertThat(cash(account)).isEqualTo(10_000);
    post("/payments/" + made.get("id").asString() + "/look", "");
    assertThat(cash(account)).isEqualTo(10_000);
    JsonNode postings = get("/accounts/" + account + "/postings").get("items");
    assertThat(postings.size()).isEqualTo(1);
    assertThat(postings.get(0).get("kind").asString()).isEqualTo("recharge");
    assertThat(postings.get(0).get("memo").asString()).isEqualTo(number);
    assertThat(postings.get(0).get("actor").asString()).isEqualTo("channel:" + over.channel());
    // What is topped up is spent from the balance: the merchant's call cannot take it back.
    assertThat(
            world
                .call(
                    "refund",
                    CpayWorld.refund(number, "R1", 590)
                        .replace("\"total_fee\":2590", "\"total_fee\":10000")
                        .replace(number + "R1", CpayWorld.PREFIX + over + "R1"))
                .numbers())
        .isEqualTo("104/90025");
    for (var each : world.server.running().cells().all()) {
      assertThat(each.database().snapshot(new LedgerAuditStore()::findings)).isEmpty();
      assertThat(each.database().snapshot(new GatewayAuditStore()::findings)).isEmpty();
    }
  }

  private static String payer(Over over) {
    var alice = world.sandbox.people().named("alice").orElseThrow();
    return over == Over.WECHAT
        ? "\"subOpenId\":\"%s\""
            .formatted(world.sandbox.people().openid(alice, "wx00000000000000bb"))
        : "\"buyerId\":\"%s\"".formatted(alice.alipayUserId());
  }

  private static String reference(Over over, JsonNode page) {
    return over == Over.WECHAT
        ? page.at("/wxpay/get_brand_wcpay/package").asString().substring("prepay_id=".length())
        : page.at("/alipay/trade_pay/trade_no").asString();
  }

  private static long cash(String account) {
    return get("/accounts/" + account + "/balance").get("cash").asLong();
  }

  private static JsonNode get(String path) {
    return answer(path, "GET", "");
  }

  private static JsonNode post(String path, String body) {
    return answer(path, "POST", body);
  }

  private static JsonNode answer(String path, String method, String body) {
    String token = world.server.running().firstToken().orElseThrow();
    var answer =
        world.server.send(
            ADMIN + path,
            (HttpRequest.Builder request) ->
                request
                    .method(method, BodyPublishers.ofByteArray(body.getBytes(UTF_8)))
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json"));
    assertThat(answer.statusCode()).as(answer.body()).isLessThan(300);
    return JSON.readTree(answer.body());
  }
}
