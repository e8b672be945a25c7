package io.yunfu.simulator.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.SandboxSettings;
import io.yunfu.simulator.channel.Bridged;
import io.yunfu.simulator.channel.Channel;
import io.yunfu.simulator.channel.Payable;
import io.yunfu.simulator.json.Json;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What a page inside the app and the cashier see: channels.md, section 7.4.
class PageTest {
  private static Sandbox sandbox;
  private static Channel channel;

  @BeforeAll
  static void start() {
    sandbox =
        Sandbox.start(
            SandboxSettings.DEFAULT.withManualClock(Instant.parse("2026-01-01T04:00:00Z")));
    channel = sandbox.channel("alipay");
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  @BeforeEach
  void begin() {
    sandbox.reset();
  }

  @Test
  void a_trade_number_opens_the_cashier() {
    String tradeNo = create("cp01");
    assertThat(channel.bridge(Json.read("{\"tradeNO\":\"" + tradeNo + "\"}")))
        .isEqualTo(new Bridged.Opened(tradeNo));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"tradeNO\":\"\"}",
        "{\"tradeNO\":\"2026010122000000000000000000\"}",
        "{\"tradeNO\":2026}",
        "{\"tradeNo\":\"2026010122000000000000000000\"}"
      })
  void anything_else_fails_on_the_page(String parameters) {
    assertThat(channel.bridge(Json.read(parameters)))
        .isInstanceOfSatisfying(
            Bridged.Refused.class,
            refused ->
                assertThat(refused.pageResult().path("resultCode").asString()).isEqualTo("4000"));
  }

  @Test
  void the_cashier_lists_what_can_be_paid_newest_first() {
    String tradeNo = create("cp01");
    Shop.of(sandbox)
        .call(
            "alipay.trade.precreate",
            "{'out_trade_no':'cp02','total_amount':'2.02','subject':'码'}");
    create("cp03");
    Shop.of(sandbox).call("alipay.trade.close", "{'out_trade_no':'cp03'}");
    List<Payable> payables = channel.payables();
    assertThat(payables).extracting(Payable::number).containsExactlyInAnyOrder("cp01", "cp02");
    assertThat(payables).allMatch(Payable::open);
    Payable trade = channel.payable(tradeNo).orElseThrow();
    assertThat(trade.payer()).contains("alice");
    assertThat(trade.merchant()).isEqualTo("测试门店");
    assertThat(channel.payable("nothing")).isEmpty();
  }

  @Test
  void the_orders_are_listed_newest_first_and_found_by_either_number() {
    String tradeNo = create("cp01");
    create("cp02");
    assertThat(channel.orders(10))
        .extracting(node -> node.path("number").asString())
        .containsExactly("cp02", "cp01");
    assertThat(channel.orders(1)).hasSize(1);
    assertThat(channel.history(tradeNo).orElseThrow().path("number").asString()).isEqualTo("cp01");
    assertThat(channel.history("nothing")).isEmpty();
  }

  private static String create(String number) {
    return Shop.of(sandbox)
        .call(
            "alipay.trade.create",
            "{'out_trade_no':'%s','total_amount':'1.01','subject':'豆浆','buyer_id':'%s'}"
                .formatted(number, sandbox.people().named("alice").orElseThrow().alipayUserId()))
        .path("trade_no")
        .asString();
  }
}
