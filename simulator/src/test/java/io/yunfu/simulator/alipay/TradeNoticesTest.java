package io.yunfu.simulator.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.SandboxSettings;
import io.yunfu.simulator.channel.Payment.Action;
import io.yunfu.simulator.json.Json;
import io.yunfu.simulator.notice.Notice;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What merchants are told, when, and how it may go wrong: channels.md, sections 4.10, 7.5 and 7.7.
class TradeNoticesTest {
  private static final Instant NOON = Instant.parse("2026-01-01T04:00:00Z");
  private static final Duration SOON = Duration.ofSeconds(20);

  private static Sandbox sandbox;

  private NoticeReceiver receiver;
  private Shop shop;

  @BeforeAll
  static void start() {
    sandbox = Sandbox.start(SandboxSettings.DEFAULT.withManualClock(NOON));
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  @BeforeEach
  void begin() {
    sandbox.reset();
    receiver = new NoticeReceiver();
    shop = Shop.of(sandbox).telling(receiver.url());
  }

  @AfterEach
  void end() {
    receiver.close();
  }

  @Test
  void a_payment_is_told_with_what_the_merchant_has_to_compare() {
    String tradeNo = create("cp01", "1.01");
    pay(tradeNo);
    Map<String, String> notice = told().getFirst();
    assertThat(shop.verifies(notice)).isTrue();
    assertThat(notice)
        .containsEntry("notify_type", "trade_status_sync")
        .containsEntry("trade_status", "TRADE_SUCCESS")
        .containsEntry("app_id", Shop.APP)
        .containsEntry("auth_app_id", Shop.APP)
        .containsEntry("seller_id", Shop.SELLER_101)
        .containsEntry("seller_email", "shop101@example.test")
        .containsEntry("out_trade_no", "cp01")
        .containsEntry("trade_no", tradeNo)
        .containsEntry("total_amount", "1.01")
        .containsEntry("receipt_amount", "1.01")
        .containsEntry("buyer_pay_amount", "1.01")
        .containsEntry("gmt_create", "2026-01-01 12:00:00")
        .containsEntry("gmt_payment", "2026-01-01 12:00:00")
        .containsEntry("subject", "测试门店-豆浆 100% a+b")
        .containsEntry("passback_params", "a%3D1%26b%3D2")
        .containsEntry("version", "1.0")
        .containsEntry("charset", "utf-8")
        .containsEntry("sign_type", "RSA2")
        .containsEntry(
            "fund_bill_list", "[{\"amount\":\"1.01\",\"fundChannel\":\"ALIPAYACCOUNT\"}]")
        .doesNotContainKeys("refund_fee", "gmt_refund", "gmt_close");
    assertThat(notice.get("notify_id")).matches("2026010100222[0-9]{21}");
    assertThat(notice.get("buyer_id")).startsWith("2088");
  }

  @Test
  void nothing_is_empty_in_a_notice() {
    pay(create("cp01", "1.01"));
    assertThat(told().getFirst().values()).noneMatch(String::isEmpty);
  }

  @Test
  void a_changed_notice_does_not_verify() {
    pay(create("cp01", "1.01"));
    Map<String, String> notice = told().getFirst();
    notice.put("total_amount", "1.02");
    assertThat(shop.verifies(notice)).isFalse();
  }

  @Test
  void a_waiting_trade_is_not_told_and_neither_is_a_close() {
    create("cp01", "1.01");
    shop.call("alipay.trade.close", "{'out_trade_no':'cp01'}");
    create("cp02", "1.01");
    sandbox.clock().advance(Duration.ofHours(4));
    assertThat(told()).isEmpty();
  }

  @Test
  void a_close_is_told_where_the_contract_says_so() {
    sandbox
        .clock()
        .step(() ->
            sandbox
                .channel("alipay")
                .adjust(
                    io.yunfu.simulator.json.Fields.of(
                        Json.read("{\"notifies\":[\"TRADE_SUCCESS\",\"TRADE_CLOSED\"]}"))));
    create("cp01", "1.01");
    shop.call("alipay.trade.close", "{'out_trade_no':'cp01'}");
    Map<String, String> notice = told().getFirst();
    assertThat(notice)
        .containsEntry("trade_status", "TRADE_CLOSED")
        .containsEntry("gmt_close", "2026-01-01 12:00:00")
        .doesNotContainKeys("gmt_payment", "gmt_refund");
    assertThat(shop.verifies(notice)).isTrue();
  }

  @Test
  void a_refund_of_a_part_is_told_as_success_and_the_rest_as_closed() {
    pay(create("cp01", "10.00"));
    refund("cp01", "r1", "3.00");
    refund("cp01", "r2", "7.00");
    List<Map<String, String>> notices = told();
    assertThat(notices).hasSize(3).allMatch(shop::verifies);
    assertThat(notices.get(1))
        .containsEntry("trade_status", "TRADE_SUCCESS")
        .containsEntry("out_biz_no", "r1")
        .containsEntry("refund_fee", "3.00")
        .containsEntry("gmt_refund", "2026-01-01 12:00:00.000")
        .doesNotContainKey("gmt_close");
    assertThat(notices.get(2))
        .containsEntry("trade_status", "TRADE_CLOSED")
        .containsEntry("out_biz_no", "r2")
        .containsEntry("refund_fee", "10.00")
        .containsEntry("gmt_close", "2026-01-01 12:00:00");
    assertThat(notices.stream().map(each -> each.get("notify_id")).distinct()).hasSize(3);
  }

  @Test
  void a_coupon_is_told_in_the_spelling_of_notices() {
    String tradeNo = create("cp01", "10.00");
    var _ = sandbox.pay("alipay", tradeNo, "alice", new Action.Coupon(Money.cny(300), true));
    Map<String, String> notice = told().getFirst();
    assertThat(notice.get("fund_bill_list"))
        .isEqualTo(
            "[{\"amount\":\"7.00\",\"fundChannel\":\"ALIPAYACCOUNT\"},"
                + "{\"amount\":\"3.00\",\"fundChannel\":\"COUPON\"}]");
    assertThat(
            Json.read(notice.get("voucher_detail_list")).path(0).path("otherContribute").asString())
        .isEqualTo("3.00");
    assertThat(shop.verifies(notice)).isTrue();
  }

  @Test
  void who_gave_no_address_is_told_nothing() {
    shop = Shop.of(sandbox);
    pay(create("cp01", "1.01"));
    assertThat(told()).isEmpty();
  }

  @Test
  void users_of_an_application_with_open_ids_are_told_by_them() {
    sandbox.register(
        "alipay",
        Json.read(
            """
            {"app_id": "2021000000000005", "open_ids": true,
             "seller": {"seller_id": "2088000000000501"}}
            """));
    shop = new Shop(sandbox, "2021000000000005", null).telling(receiver.url());
    pay(create("cp01", "1.01"));
    assertThat(told().getFirst())
        .containsEntry(
            "buyer_open_id", sandbox.people().named("alice").orElseThrow().alipayOpenId())
        .doesNotContainKey("buyer_id");
    assertThat(shop.call("alipay.trade.query", "{'out_trade_no':'cp01'}").has("buyer_user_id"))
        .isFalse();
  }

  @Test
  void a_notice_that_nobody_takes_is_sent_eight_times_in_a_day_with_one_id() {
    receiver.answers(500, "");
    pay(create("cp01", "1.01"));
    assertThat(told()).hasSize(1);
    long[] gaps = {4, 10, 10, 60, 120, 360, 900}; // minutes
    for (int i = 0; i < gaps.length; i++) {
      sandbox.clock().advance(Duration.ofMinutes(gaps[i]).minusSeconds(1));
      assertThat(told()).as("a second before delivery %d", i + 2).hasSize(i + 1);
      sandbox.clock().advance(Duration.ofSeconds(1));
      assertThat(told()).as("delivery %d", i + 2).hasSize(i + 2);
    }
    sandbox.clock().advance(Duration.ofDays(2));
    assertThat(told()).hasSize(8);
    assertThat(new HashSet<>(told().stream().map(each -> each.get("notify_id")).toList()))
        .hasSize(1);
    assertThat(sandbox.notices().all().getFirst().state()).isEqualTo(Notice.State.DEAD);
  }

  @ParameterizedTest
  @CsvSource({"200,SUCCESS", "200,'success\n'", "200,ok", "204,''", "302,success", "500,success"})
  void nothing_but_the_seven_characters_acknowledges(int status, String answer) {
    receiver.answers(status, answer);
    pay(create("cp01", "1.01"));
    assertThat(told()).hasSize(1);
    sandbox.clock().advance(Duration.ofMinutes(4));
    assertThat(told()).hasSize(2);
  }

  @Test
  void an_acknowledged_notice_is_over() {
    pay(create("cp01", "1.01"));
    assertThat(told()).hasSize(1);
    sandbox.clock().advance(Duration.ofDays(2));
    assertThat(told()).hasSize(1);
    assertThat(sandbox.notices().all().getFirst().state()).isEqualTo(Notice.State.DELIVERED);
  }

  @Test
  void a_lenient_judge_forgives_what_surrounds_the_word() {
    assertThat(TradeNotices.acknowledges(200, "success\n".getBytes(UTF_8), false)).isTrue();
    assertThat(TradeNotices.acknowledges(200, "success\n".getBytes(UTF_8), true)).isFalse();
    assertThat(TradeNotices.acknowledges(200, "fail".getBytes(UTF_8), false)).isFalse();
    assertThat(TradeNotices.acknowledges(500, "success".getBytes(UTF_8), false)).isFalse();
  }

  // --- faults ---

  @ParameterizedTest
  @CsvSource({
    "total_amount,9.99",
    "app_id,2021000000000002",
    "seller_id,2088000000000102",
    "out_trade_no,nobodys",
    "trade_no,2026010122999999999999999999",
  })
  void a_field_can_be_changed_and_is_correctly_signed(String field, String value) {
    fault("{'kind':'notify_mutate','field':'%s','value':'%s'}".formatted(field, value));
    pay(create("cp01", "1.01"));
    assertThat(told().getFirst()).containsEntry(field, value);
    assertThat(shop.verifies(told().getFirst())).isTrue();
  }

  @Test
  void a_field_can_be_left_out() {
    fault("{'kind':'notify_mutate','field':'gmt_payment'}");
    pay(create("cp01", "1.01"));
    assertThat(told().getFirst()).doesNotContainKey("gmt_payment");
    assertThat(shop.verifies(told().getFirst())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bad", "missing", "stale_key", "md5_for_hmac_order"})
  void a_wrong_signature_does_not_verify(String fault) {
    fault("{'kind':'notify_sign','fault':'" + fault + "'}");
    pay(create("cp01", "1.01"));
    assertThat(told()).hasSize(1);
    assertThat(shop.verifies(told().getFirst())).isFalse();
  }

  @Test
  void a_downgraded_notice_is_signed_but_with_the_older_algorithm() {
    fault("{'kind':'notify_sign','fault':'md5_for_hmac_order'}");
    pay(create("cp01", "1.01"));
    assertThat(told().getFirst()).containsEntry("sign_type", "RSA").containsKey("sign");
  }

  @Test
  void unknown_fields_are_signed_with_the_rest() {
    fault("{'kind':'notify_extra','coupons':2}");
    pay(create("cp01", "1.01"));
    Map<String, String> notice = told().getFirst();
    assertThat(notice).containsKeys("x_new_field", "x_new_field_2");
    assertThat(Json.read(notice.get("voucher_detail_list")).size()).isEqualTo(2);
    assertThat(shop.verifies(notice)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"notify_xxe", "notify_billion_laughs", "notify_deep", "notify_big"})
  void what_no_parser_should_fall_for_is_correctly_signed(String kind) {
    fault("{'kind':'" + kind + "'}");
    pay(create("cp01", "1.01"));
    assertThat(shop.verifies(told().getFirst())).isTrue();
  }

  @Test
  void a_notice_may_be_lost_late_or_come_several_times() {
    fault("{'kind':'notify_drop','deliveries':1}");
    pay(create("cp01", "1.01"));
    assertThat(told()).isEmpty();
    sandbox.clock().advance(Duration.ofMinutes(4));
    assertThat(told()).hasSize(1);

    sandbox.faults().clear();
    fault("{'kind':'notify_dup','copies':5}");
    pay(create("cp02", "1.01"));
    assertThat(told()).hasSize(6);

    sandbox.faults().clear();
    fault("{'kind':'notify_delay','ms':60000}");
    pay(create("cp03", "1.01"));
    assertThat(told()).hasSize(6);
    sandbox.clock().advance(Duration.ofMinutes(1));
    assertThat(told()).hasSize(7);
  }

  @Test
  void the_refund_may_be_told_before_the_payment() {
    fault("{'kind':'notify_reorder','how':'refund_before_pay'}");
    pay(create("cp01", "10.00"));
    assertThat(told()).isEmpty();
    refund("cp01", "r1", "3.00");
    sandbox.clock().advance(Duration.ofSeconds(1));
    assertThat(told().stream().map(each -> each.containsKey("gmt_refund")))
        .containsExactly(true, false);
  }

  @Test
  void an_old_notice_may_come_again_after_a_newer_one() {
    fault("{'kind':'notify_reorder','how':'old_after_new'}");
    pay(create("cp01", "10.00"));
    assertThat(told()).hasSize(1);
    refund("cp01", "r1", "10.00");
    sandbox.clock().advance(Duration.ofSeconds(1));
    assertThat(told().stream().map(each -> each.get("trade_status")))
        .startsWith("TRADE_SUCCESS", "TRADE_CLOSED", "TRADE_SUCCESS");
  }

  // --- words ---

  private List<Map<String, String>> told() {
    sandbox.clock().advance(Duration.ZERO); // what is due now is delivered, and waited for
    assertThat(sandbox.notices().drain(SOON, false)).isTrue();
    return receiver.received();
  }

  private String create(String number, String amount) {
    return shop.call(
            "alipay.trade.create",
            """
            {'out_trade_no':'%s','total_amount':'%s','subject':'测试门店-豆浆 100%% a+b',
             'passback_params':'a%%3D1%%26b%%3D2','buyer_id':'%s'}
            """
                .formatted(
                    number, amount, sandbox.people().named("alice").orElseThrow().alipayUserId()))
        .path("trade_no")
        .asString();
  }

  private static void pay(String tradeNo) {
    assertThat(sandbox.pay("alipay", tradeNo, "alice", new Action.Success()).succeeded()).isTrue();
  }

  private void refund(String number, String requestNo, String amount) {
    assertThat(
            shop.call(
                    "alipay.trade.refund",
                    "{'out_trade_no':'%s','refund_amount':'%s','out_request_no':'%s'}"
                        .formatted(number, amount, requestNo))
                .path("fund_change")
                .asString())
        .isEqualTo("Y");
  }

  private static void fault(String effect) {
    sandbox.faults().add("{'channel':'alipay','effect':" + effect + "}");
  }
}
