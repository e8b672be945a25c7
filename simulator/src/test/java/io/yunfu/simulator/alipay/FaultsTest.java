package io.yunfu.simulator.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.SandboxSettings;
import io.yunfu.simulator.channel.Payment.Action;
import io.yunfu.simulator.json.Json;
import java.time.Duration;
import java.time.Instant;
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
import tools.jackson.databind.JsonNode;

/// Misbehaviour on demand, as far as it concerns Alipay's calls and payments: channels.md, section
/// 7.7. Notices are in [TradeNoticesTest], bills in [BillsTest].
class FaultsTest {
  private static final Instant NOON = Instant.parse("2026-01-01T04:00:00Z");
  private static final String CREATE = "alipay.trade.create";
  private static final String QUERY = "alipay.trade.query";
  private static final String REFUND = "alipay.trade.refund";
  private static final String REFUND_QUERY = "alipay.trade.fastpay.refund.query";

  private static Sandbox sandbox;
  private static Shop shop;

  @BeforeAll
  static void start() {
    sandbox = Sandbox.start(SandboxSettings.DEFAULT.withManualClock(NOON));
    shop = Shop.of(sandbox);
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  @BeforeEach
  void begin() {
    sandbox.reset();
  }

  @AfterEach
  void the_books_agree() {
    assertThat(sandbox.proof().holds()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "20000,20000,isp.unknow-error",
    "40005,40005,isv.app-call-limited",
    "ACQ.SYSTEM_ERROR,40004,ACQ.SYSTEM_ERROR",
    "aop.unknow-error,20000,aop.unknow-error",
    "isp.unknow-error,20000,isp.unknow-error",
    "AQC.SYSTEM_ERROR,40004,AQC.SYSTEM_ERROR",
    "ACQ.SELLER_BEEN_BLOCKED,40004,ACQ.SELLER_BEEN_BLOCKED",
  })
  void an_error_is_answered_signed_and_nothing_has_happened(
      String asked, String code, String subCode) {
    fault(CREATE, "{'kind':'error','code':'" + asked + "'}");
    JsonNode node = shop.call(CREATE, order("cp01"));
    assertThat(node.path("code").asString()).isEqualTo(code);
    assertThat(node.path("sub_code").asString()).isEqualTo(subCode);
    assertThat(status("cp01")).isEqualTo("ACQ.TRADE_NOT_EXIST");
  }

  @Test
  void an_error_may_be_a_lie() {
    fault(CREATE, "{'kind':'error','code':'ACQ.SYSTEM_ERROR','commit':true}");
    assertThat(shop.call(CREATE, order("cp01")).path("code").asString()).isEqualTo("40004");
    assertThat(status("cp01")).isEqualTo("WAIT_BUYER_PAY");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bad", "missing", "other_alg", "other_key", "lower_case"})
  void a_wrongly_signed_answer_does_not_verify(String kind) {
    fault(QUERY, "{'kind':'sign','fault':'" + kind + "'}");
    create("cp01");
    Shop.Received received =
        shop.send(shop.signed(shop.parameters(QUERY, "{'out_trade_no':'cp01'}")));
    JsonNode whole = Json.read(received.text());
    assertThat(whole.path("alipay_trade_query_response").path("code").asString())
        .isEqualTo("10000");
    assertThat(whole.has("sign")).isEqualTo(!kind.equals("missing"));
    assertThatThrownBy(() -> shop.verified(QUERY, received)).isInstanceOf(AssertionError.class);
  }

  @ParameterizedTest
  @CsvSource({"out_trade_no,another", "total_amount,9.99", "trade_status,TRADE_SUCCESS"})
  void a_changed_field_is_signed_like_the_others(String field, String value) {
    create("cp01");
    fault(QUERY, "{'kind':'mutate','field':'%s','value':'%s'}".formatted(field, value));
    assertThat(shop.call(QUERY, "{'out_trade_no':'cp01'}").path(field).asString()).isEqualTo(value);
  }

  @Test
  void a_field_may_be_missing() {
    create("cp01");
    fault(QUERY, "{'kind':'mutate','field':'trade_status'}");
    assertThat(shop.call(QUERY, "{'out_trade_no':'cp01'}").has("trade_status")).isFalse();
  }

  @Test
  void a_reset_before_leaves_nothing_and_one_after_leaves_a_trade() {
    fault(CREATE, "'reset_before'");
    assertThatThrownBy(() -> create("cp01")).isInstanceOf(Shop.Unanswered.class);
    assertThat(status("cp01")).isEqualTo("ACQ.TRADE_NOT_EXIST");
    sandbox.faults().clear();
    fault(CREATE, "'reset_after'");
    assertThatThrownBy(() -> create("cp02")).isInstanceOf(Shop.Unanswered.class);
    assertThat(status("cp02")).isEqualTo("WAIT_BUYER_PAY");
  }

  @Test
  void a_refund_that_was_not_answered_is_there_and_a_repeat_moves_nothing() {
    pay(create("cp01"));
    Money paid = sandbox.ledger().balance("user/alice");
    fault(REFUND, "'reset_after'");
    String refund = "{'out_trade_no':'cp01','refund_amount':'1.01','out_request_no':'r1'}";
    assertThatThrownBy(() -> shop.call(REFUND, refund)).isInstanceOf(Shop.Unanswered.class);
    sandbox.faults().clear();
    assertThat(shop.call(REFUND, refund).path("fund_change").asString()).isEqualTo("N");
    assertThat(sandbox.ledger().balance("user/alice").minus(paid)).isEqualTo(Money.cny(101));
  }

  @Test
  void a_status_of_http_comes_with_a_page_and_with_or_without_effect() {
    fault(CREATE, "{'kind':'http','status':502}");
    Shop.Received received = shop.send(shop.signed(shop.parameters(CREATE, order("cp01"))));
    assertThat(received.status()).isEqualTo(502);
    assertThat(received.text()).contains("<html>");
    assertThat(status("cp01")).isEqualTo("ACQ.TRADE_NOT_EXIST");
    sandbox.faults().clear();
    fault(CREATE, "{'kind':'http','status':504,'commit':true}");
    assertThat(shop.send(shop.signed(shop.parameters(CREATE, order("cp02")))).status())
        .isEqualTo(504);
    assertThat(status("cp02")).isEqualTo("WAIT_BUYER_PAY");
  }

  @Test
  void a_rule_for_one_number_or_one_seller_leaves_the_others_alone() {
    sandbox
        .faults()
        .add(
            "{'channel':'alipay','match':{'number':'cp01'},'effect':{'kind':'error','code':'20000'}}");
    sandbox
        .faults()
        .add(
            "{'channel':'alipay','match':{'mch':'2088000000000102'},'effect':{'kind':'error','code':'40005'}}");
    assertThat(shop.call(CREATE, order("cp01")).path("code").asString()).isEqualTo("20000");
    assertThat(shop.call(CREATE, order("cp02")).path("code").asString()).isEqualTo("10000");
    Shop other = new Shop(sandbox, Shop.APP, Shop.TOKEN_102);
    assertThat(other.call(CREATE, order("cp02")).path("code").asString()).isEqualTo("40005");
    String tradeNo = trade("cp02").path("trade_no").asString();
    sandbox.faults().add("{'match':{'number':'cp02'},'effect':{'kind':'error','code':'20000'}}");
    assertThat(shop.call(QUERY, "{'trade_no':'" + tradeNo + "'}").path("code").asString())
        .as("also by the channel's number")
        .isEqualTo("20000");
  }

  @Test
  void a_late_payment_goes_through_although_the_trade_is_closed() {
    String tradeNo = create("cp01");
    shop.call("alipay.trade.close", "{'out_trade_no':'cp01'}");
    fault("pay", "'late_payment'");
    pay(tradeNo);
    assertThat(status("cp01")).isEqualTo("TRADE_SUCCESS");
  }

  @Test
  void a_refunded_trade_is_not_paid_late() {
    String tradeNo = create("cp01");
    pay(tradeNo);
    shop.call(REFUND, "{'out_trade_no':'cp01','refund_amount':'1.01','out_request_no':'r1'}");
    fault("pay", "'late_payment'");
    assertThat(sandbox.pay("alipay", tradeNo, "alice", new Action.Success()).succeeded()).isFalse();
  }

  @Test
  void a_double_payment_is_a_second_trade_of_the_number_by_another_buyer() {
    try (var receiver = new NoticeReceiver()) {
      Shop told = Shop.of(sandbox).telling(receiver.url());
      String tradeNo = told.call(CREATE, order("cp01")).path("trade_no").asString();
      fault("pay", "{'kind':'double_payment','user':'erin'}");
      pay(tradeNo);
      sandbox.clock().advance(Duration.ofSeconds(1));
      List<Map<String, String>> notices = receiver.received();
      assertThat(notices).hasSize(2).allMatch(told::verifies);
      assertThat(notices).extracting(each -> each.get("out_trade_no")).containsOnly("cp01");
      assertThat(notices).extracting(each -> each.get("trade_no")).doesNotHaveDuplicates();
      assertThat(notices).extracting(each -> each.get("buyer_id")).doesNotHaveDuplicates();
      assertThat(trade("cp01").path("trade_no").asString()).isEqualTo(tradeNo);
      String second =
          notices.stream()
              .map(each -> each.get("trade_no"))
              .filter(number -> !number.equals(tradeNo))
              .findFirst()
              .orElseThrow();
      JsonNode refunded =
          shop.call(
              REFUND, "{'trade_no':'" + second + "','refund_amount':'1.01','out_request_no':'r1'}");
      assertThat(refunded.path("fund_change").asString()).isEqualTo("Y");
    }
  }

  @Test
  void a_refund_may_come_to_nothing_and_can_be_tried_again() {
    pay(create("cp01"));
    String refund = "{'out_trade_no':'cp01','refund_amount':'1.01','out_request_no':'r1'}";
    sandbox.faults().add("{'channel':'alipay','op':'refund','times':1,'effect':'refund_close'}");
    JsonNode first = shop.call(REFUND, refund);
    assertThat(first.path("code").asString()).isEqualTo("10000");
    assertThat(first.path("fund_change").asString()).isEqualTo("N");
    assertThat(first.path("refund_fee").asString()).isEqualTo("0.00");
    String query = "{'out_trade_no':'cp01','out_request_no':'r1'}";
    assertThat(shop.call(REFUND_QUERY, query).has("refund_status")).isFalse();
    assertThat(status("cp01")).isEqualTo("TRADE_SUCCESS");
    assertThat(shop.call(REFUND, refund).path("fund_change").asString()).isEqualTo("Y");
    assertThat(status("cp01")).isEqualTo("TRADE_CLOSED");
  }

  @Test
  void the_payers_bank_may_send_a_refund_back() {
    pay(create("cp01"));
    Money paid = sandbox.ledger().balance("user/alice");
    fault("refund", "'refund_change'");
    shop.call(REFUND, "{'out_trade_no':'cp01','refund_amount':'1.01','out_request_no':'r1'}");
    JsonNode node =
        shop.call(
            REFUND_QUERY,
            "{'out_trade_no':'cp01','out_request_no':'r1','query_options':['deposit_back_info']}");
    assertThat(node.path("refund_status").asString()).isEqualTo("REFUND_SUCCESS");
    assertThat(node.path("deposit_back_info").path("dback_status").asString()).isEqualTo("F");
    assertThat(sandbox.ledger().balance("user/alice")).isEqualTo(paid);
    assertThat(sandbox.ledger().balance("returned/alipay/alice")).isEqualTo(Money.cny(101));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bom", "chunked"})
  void garbage_on_the_way_leaves_the_trade_in_place(String what) {
    fault(CREATE, "{'kind':'garbage','what':'" + what + "'}");
    Shop.Received received = shop.send(shop.signed(shop.parameters(CREATE, order("cp01"))));
    assertThat(received.text()).contains("alipay_trade_create_response");
    assertThat(status("cp01")).isEqualTo("WAIT_BUYER_PAY");
  }

  @Test
  void an_empty_answer_is_empty() {
    fault(CREATE, "{'kind':'garbage','what':'empty'}");
    assertThat(shop.send(shop.signed(shop.parameters(CREATE, order("cp01")))).text()).isEmpty();
    assertThat(status("cp01")).isEqualTo("WAIT_BUYER_PAY");
  }

  // --- words ---

  private static void fault(String op, String effect) {
    sandbox.faults().add("{'channel':'alipay','op':'%s','effect':%s}".formatted(op, effect));
  }

  private static String order(String number) {
    return "{'out_trade_no':'%s','total_amount':'1.01','subject':'豆浆','buyer_id':'%s'}"
        .formatted(number, sandbox.people().named("alice").orElseThrow().alipayUserId());
  }

  private static String create(String number) {
    return shop.call(CREATE, order(number)).path("trade_no").asString();
  }

  private static void pay(String tradeNo) {
    assertThat(sandbox.pay("alipay", tradeNo, "alice", new Action.Success()).succeeded()).isTrue();
  }

  private static JsonNode trade(String number) {
    return shop.call(QUERY, "{'out_trade_no':'" + number + "'}");
  }

  /// The state of a trade, or why there is none.
  private static String status(String number) {
    JsonNode node = trade(number);
    return node.path("trade_status").asString(node.path("sub_code").asString(""));
  }
}
