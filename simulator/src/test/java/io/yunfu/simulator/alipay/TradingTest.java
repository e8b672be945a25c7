package io.yunfu.simulator.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.SandboxSettings;
import io.yunfu.simulator.channel.Paid;
import io.yunfu.simulator.channel.Payment.Action;
import io.yunfu.simulator.json.Json;
import io.yunfu.simulator.people.PaymentCode;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Trades from their beginning to their end: channels.md, sections 4.3 to 4.8, and rules 9 and 10
/// of section 7.3. After each test the books of the channel and the ledger agree (rule 11).
class TradingTest {
  private static final Instant NOON = Instant.parse("2026-01-01T04:00:00Z");
  private static final String CREATE = "alipay.trade.create";
  private static final String PRECREATE = "alipay.trade.precreate";
  private static final String PAY = "alipay.trade.pay";
  private static final String QUERY = "alipay.trade.query";
  private static final String CLOSE = "alipay.trade.close";
  private static final String CANCEL = "alipay.trade.cancel";
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

  // --- create ---

  @Test
  void a_created_trade_waits_for_its_buyer_at_once() {
    create("cp01", "1.01");
    JsonNode node = query("cp01");
    assertThat(node.path("trade_status").asString()).isEqualTo("WAIT_BUYER_PAY");
    assertThat(node.path("total_amount").asString()).isEqualTo("1.01");
    assertThat(node.path("receipt_amount").asString()).isEqualTo("0.00");
    assertThat(node.path("buyer_user_id").asString()).isEqualTo(userId("alice"));
    assertThat(node.has("send_pay_date")).isFalse();
  }

  @Test
  void the_same_again_is_the_same_trade() {
    String first = create("cp01", "1.01");
    assertThat(create("cp01", "1.01")).isEqualTo(first);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "'total_amount':'1.02'",
        "'subject':'other'",
        "'body':'other'",
        "'timeout_express':'9m'",
        "'store_id':'other'",
        "'goods_detail':[{'goods_id':'1','goods_name':'n','quantity':'1','price':'1.00'}]"
      })
  void the_same_number_for_something_else_is_inconsistent(String change) {
    create("cp01", "1.01");
    String other = with(order("cp01", "1.01", "alice"), change);
    assertThat(refused(CREATE, other)).isEqualTo("ACQ.CONTEXT_INCONSISTENT");
    assertThat(query("cp01").path("total_amount").asString()).isEqualTo("1.01");
  }

  @Test
  void the_same_number_for_another_buyer_does_not_match() {
    create("cp01", "1.01");
    assertThat(refused(CREATE, order("cp01", "1.01", "bob")))
        .isEqualTo("ACQ.TRADE_BUYER_NOT_MATCH");
  }

  @Test
  void a_paid_number_and_a_closed_one_cannot_be_created_again() {
    pay(create("cp01", "1.01"));
    assertThat(refused(CREATE, order("cp01", "1.01", "alice"))).isEqualTo("ACQ.TRADE_HAS_SUCCESS");
    create("cp02", "1.01");
    shop.call(CLOSE, "{'out_trade_no':'cp02'}");
    assertThat(refused(CREATE, order("cp02", "1.01", "alice"))).isEqualTo("ACQ.TRADE_HAS_CLOSE");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '"',
      value = {
        "'out_trade_no':'cp-01'; out_trade_no",
        "'out_trade_no':''; out_trade_no",
        "'total_amount':'0.00'; total_amount",
        "'total_amount':'-1.00'; total_amount",
        "'total_amount':'1.001'; total_amount",
        "'total_amount':'1,00'; total_amount",
        "'subject':'a/b'; subject",
        "'subject':'a=b'; subject",
        "'subject':'a&b'; subject",
        "'buyer_id':'1234'; buyer_id",
        "'buyer_open_id':'x'; buyer_id",
        "'timeout_express':'16d'; timeout_express",
        "'time_expire':'tomorrow'; time_expire",
        "'discountable_amount':'0.50','undiscountable_amount':'0.50'; discountable_amount",
        "'enable_pay_channels':'balance','disable_pay_channels':'creditCard'; enable_pay_channels",
        "'goods_detail':[{'goods_id':'1'}]; goods_name",
        "'goods_detail':{}; goods_detail",
        "'operator_id':{}; operator_id",
      })
  void a_field_that_cannot_be_used_is_named(String change, String field) {
    String order = with(order("cp01", "1.01", "alice"), change);
    JsonNode node = shop.call(CREATE, order);
    assertThat(node.path("sub_code").asString()).isEqualTo("ACQ.INVALID_PARAMETER");
    assertThat(node.path("sub_msg").asString()).contains(field);
    assertThat(refused(QUERY, "{'out_trade_no':'cp01'}")).isEqualTo("ACQ.TRADE_NOT_EXIST");
  }

  @Test
  void fields_as_long_as_they_may_be_are_taken_and_longer_ones_not() {
    String longest = "x".repeat(64);
    assertThat(shop.call(CREATE, order(longest, "1.01", "alice")).path("code").asString())
        .isEqualTo("10000");
    assertThat(refused(CREATE, order(longest + "x", "1.01", "alice")))
        .isEqualTo("ACQ.INVALID_PARAMETER");
    String subject = "豆".repeat(256);
    assertThat(
            shop.call(CREATE, order("cp02", "1.01", "alice").replace("豆浆", subject))
                .path("code")
                .asString())
        .isEqualTo("10000");
    assertThat(refused(CREATE, order("cp03", "1.01", "alice").replace("豆浆", subject + "浆")))
        .isEqualTo("ACQ.INVALID_PARAMETER");
  }

  @Test
  void the_largest_amount_is_a_hundred_million_yuan() {
    assertThat(shop.call(CREATE, order("cp01", "100000000.00", "alice")).path("code").asString())
        .isEqualTo("10000");
    assertThat(refused(CREATE, order("cp02", "100000000.01", "alice")))
        .isEqualTo("ACQ.TOTAL_FEE_EXCEED");
  }

  @Test
  void an_amount_may_come_as_a_number_of_json() {
    String order = order("cp01", "1.01", "alice").replace("'1.01'", "1.01");
    assertThat(shop.call(CREATE, order).path("code").asString()).isEqualTo("10000");
    assertThat(query("cp01").path("total_amount").asString()).isEqualTo("1.01");
  }

  @Test
  void a_buyer_may_be_named_by_an_open_id() {
    String openId = sandbox.people().named("alice").orElseThrow().alipayOpenId();
    String order =
        "{'out_trade_no':'cp01','total_amount':'1.01','subject':'豆浆','buyer_open_id':'%s'}"
            .formatted(openId);
    String tradeNo = shop.call(CREATE, order).path("trade_no").asString();
    assertThat(sandbox.channel("alipay").payable(tradeNo).orElseThrow().payer()).contains("alice");
  }

  @Test
  void nobody_can_buy_from_himself() {
    String order = order("cp01", "1.01", "alice").replace(userId("alice"), Shop.SELLER_101);
    assertThat(refused(CREATE, order)).isEqualTo("ACQ.BUYER_SELLER_EQUAL");
  }

  @Test
  void another_seller_than_that_of_the_token_is_forbidden() {
    String order = with(order("cp01", "1.01", "alice"), "'seller_id':'2088000000000102'");
    assertThat(refused(CREATE, order)).isEqualTo("ACQ.ACCESS_FORBIDDEN");
    String own = order.replace("2088000000000102", Shop.SELLER_101);
    assertThat(shop.call(CREATE, own).path("code").asString()).isEqualTo("10000");
  }

  @Test
  void a_deadline_that_has_passed_is_refused() {
    String order = with(order("cp01", "1.01", "alice"), "'time_expire':'2026-01-01 12:00:00'");
    assertThat(refused(CREATE, order)).isEqualTo("ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR");
  }

  @Test
  void an_unpaid_trade_closes_at_its_deadline_and_not_before() {
    String order =
        with(
            order("cp01", "1.01", "alice"),
            "'time_expire':'2026-01-01 12:02:00','timeout_express':'1d'");
    String tradeNo = shop.call(CREATE, order).path("trade_no").asString();
    sandbox.clock().advance(Duration.ofSeconds(119));
    assertThat(status("cp01")).isEqualTo("WAIT_BUYER_PAY");
    sandbox.clock().advance(Duration.ofSeconds(1));
    assertThat(status("cp01")).isEqualTo("TRADE_CLOSED");
    Paid paid = sandbox.pay("alipay", tradeNo, "alice", new Action.Success());
    assertThat(paid.succeeded()).isFalse();
    assertThat(paid.pageResult().path("resultCode").asString()).isEqualTo("4000");
    assertThat(status("cp01")).isEqualTo("TRADE_CLOSED");
  }

  @Test
  void without_a_deadline_a_trade_waits_three_hours() {
    create("cp01", "1.01");
    sandbox.clock().advance(Duration.ofMinutes(179));
    assertThat(status("cp01")).isEqualTo("WAIT_BUYER_PAY");
    sandbox.clock().advance(Duration.ofMinutes(1));
    assertThat(status("cp01")).isEqualTo("TRADE_CLOSED");
  }

  // --- paying ---

  @Test
  void a_payment_moves_the_money_and_the_fee() {
    Money before = balance("user/alice");
    Money merchant = balance("merchant/alipay/" + Shop.SELLER_101);
    Paid paid = pay(create("cp01", "10.00"));
    assertThat(paid.succeeded()).isTrue();
    assertThat(paid.pageResult().path("resultCode").asString()).isEqualTo("9000");
    assertThat(before.minus(balance("user/alice"))).isEqualTo(Money.cny(1000));
    assertThat(balance("merchant/alipay/" + Shop.SELLER_101).minus(merchant))
        .isEqualTo(Money.cny(994));
    assertThat(balance("fees/alipay/" + Shop.SELLER_101)).isEqualTo(Money.cny(6));
    JsonNode node = query("cp01");
    assertThat(node.path("trade_status").asString()).isEqualTo("TRADE_SUCCESS");
    assertThat(node.path("receipt_amount").asString()).isEqualTo("10.00");
    assertThat(node.path("buyer_pay_amount").asString()).isEqualTo("10.00");
    assertThat(node.path("send_pay_date").asString()).isEqualTo("2026-01-01 12:00:00");
    assertThat(node.path("buyer_logon_id").asString()).isEqualTo("ali***@example.test");
  }

  @Test
  void only_who_was_named_can_pay_and_only_once() {
    String tradeNo = create("cp01", "1.01");
    Paid other = sandbox.pay("alipay", tradeNo, "erin", new Action.Success());
    assertThat(other.pageResult().path("resultCode").asString()).isEqualTo("4000");
    assertThat(status("cp01")).isEqualTo("WAIT_BUYER_PAY");
    assertThat(pay(tradeNo).succeeded()).isTrue();
    assertThat(pay(tradeNo).succeeded()).isFalse();
    assertThat(balance("fees/alipay/" + Shop.SELLER_101)).isEqualTo(Money.cny(1));
  }

  @Test
  void who_cancels_or_has_too_little_leaves_the_trade_waiting() {
    String tradeNo = create("cp01", "1.01");
    assertThat(result(tradeNo, new Action.Cancel())).isEqualTo("6001");
    assertThat(result(tradeNo, new Action.Insufficient())).isEqualTo("4000");
    assertThat(result(tradeNo, new Action.PasswordWrong())).isEqualTo("4000");
    assertThat(result(tradeNo, new Action.BankError())).isEqualTo("4000");
    assertThat(status("cp01")).isEqualTo("WAIT_BUYER_PAY");
    String poor = shop.call(CREATE, order("cp02", "1.01", "bob")).path("trade_no").asString();
    assertThat(
            sandbox
                .pay("alipay", poor, "bob", new Action.Success())
                .pageResult()
                .path("resultCode")
                .asString())
        .isEqualTo("4000");
    assertThat(status("cp02")).isEqualTo("WAIT_BUYER_PAY");
  }

  @Test
  void a_pending_payment_waits_and_then_goes_as_it_was_told() {
    String tradeNo = create("cp01", "1.01");
    assertThat(result(tradeNo, new Action.Pending(Duration.ofSeconds(30), true))).isEqualTo("8000");
    assertThat(status("cp01")).isEqualTo("WAIT_BUYER_PAY");
    sandbox.clock().advance(Duration.ofSeconds(30));
    assertThat(status("cp01")).isEqualTo("TRADE_SUCCESS");

    String failing = create("cp02", "1.01");
    var _ = result(failing, new Action.Pending(Duration.ofSeconds(30), false));
    sandbox.clock().advance(Duration.ofSeconds(31));
    assertThat(status("cp02")).isEqualTo("WAIT_BUYER_PAY");

    String closed = create("cp03", "1.01");
    var _ = result(closed, new Action.Pending(Duration.ofSeconds(30), true));
    shop.call(CLOSE, "{'out_trade_no':'cp03'}");
    sandbox.clock().advance(Duration.ofSeconds(31));
    assertThat(status("cp03")).isEqualTo("TRADE_CLOSED");
  }

  @Test
  void a_coupon_of_the_channel_is_money_to_the_merchant() {
    String tradeNo = create("cp01", "10.00");
    var _ = result(tradeNo, new Action.Coupon(Money.cny(300), true));
    JsonNode node =
        shop.call(
            QUERY,
            "{'out_trade_no':'cp01','query_options':['fund_bill_list','voucher_detail_list']}");
    assertThat(node.path("buyer_pay_amount").asString()).isEqualTo("7.00");
    assertThat(node.path("receipt_amount").asString()).isEqualTo("10.00");
    assertThat(node.path("discount_amount").asString()).isEqualTo("3.00");
    assertThat(node.path("fund_bill_list").toString())
        .isEqualTo(
            "[{\"amount\":\"7.00\",\"fund_channel\":\"ALIPAYACCOUNT\"},"
                + "{\"amount\":\"3.00\",\"fund_channel\":\"COUPON\"}]");
    assertThat(node.path("voucher_detail_list").path(0).path("other_contribute").asString())
        .isEqualTo("3.00");
    assertThat(balance("merchant/alipay/" + Shop.SELLER_101))
        .isEqualTo(Money.cny(100_000_00 + 994));
  }

  @Test
  void a_coupon_of_the_merchant_is_a_discount() {
    String tradeNo = create("cp01", "10.00");
    var _ = result(tradeNo, new Action.Coupon(Money.cny(300), false));
    JsonNode node = query("cp01");
    assertThat(node.path("buyer_pay_amount").asString()).isEqualTo("7.00");
    assertThat(node.path("receipt_amount").asString()).isEqualTo("7.00");
    assertThat(node.path("mdiscount_amount").asString()).isEqualTo("3.00");
    assertThat(node.has("fund_bill_list")).as("was not asked for").isFalse();
  }

  // --- precreate ---

  @Test
  void a_code_is_no_trade_before_it_is_scanned() {
    String qr = precreate("cp01", "");
    assertThat(qr).startsWith("https://qr.alipay.com/bax");
    assertThat(refused(QUERY, "{'out_trade_no':'cp01'}")).isEqualTo("ACQ.TRADE_NOT_EXIST");
    assertThat(refused(CLOSE, "{'out_trade_no':'cp01'}")).isEqualTo("ACQ.TRADE_NOT_EXIST");
    Paid scanned = sandbox.pay("alipay", qr, "alice", new Action.Cancel());
    assertThat(scanned.pageResult().path("resultCode").asString()).isEqualTo("6001");
    assertThat(status("cp01")).isEqualTo("WAIT_BUYER_PAY");
    assertThat(sandbox.pay("alipay", qr, "erin", new Action.Success()).succeeded())
        .as("it is another's trade now")
        .isFalse();
    assertThat(sandbox.pay("alipay", qr, "alice", new Action.Success()).succeeded()).isTrue();
    assertThat(query("cp01").path("buyer_user_id").asString()).isEqualTo(userId("alice"));
  }

  @Test
  void a_code_is_good_for_two_hours_or_as_long_as_it_was_told() {
    String usual = precreate("cp01", "");
    String brief = precreate("cp02", ",'qr_code_timeout_express':'5m'");
    sandbox.clock().advance(Duration.ofMinutes(5));
    assertThat(sandbox.pay("alipay", brief, "alice", new Action.Success()).succeeded()).isFalse();
    assertThat(refused(QUERY, "{'out_trade_no':'cp02'}")).isEqualTo("ACQ.TRADE_NOT_EXIST");
    sandbox.clock().advance(Duration.ofMinutes(115));
    assertThat(sandbox.pay("alipay", usual, "alice", new Action.Success()).succeeded()).isFalse();
  }

  @Test
  void the_deadline_of_a_code_counts_from_its_making() {
    String qr = precreate("cp01", ",'timeout_express':'10m'");
    sandbox.clock().advance(Duration.ofMinutes(9));
    var _ = sandbox.pay("alipay", qr, "alice", new Action.Cancel());
    assertThat(status("cp01")).isEqualTo("WAIT_BUYER_PAY");
    sandbox.clock().advance(Duration.ofMinutes(1));
    assertThat(status("cp01")).isEqualTo("TRADE_CLOSED");
  }

  @Test
  void of_two_codes_for_one_number_only_one_becomes_a_trade() {
    String first = precreate("cp01", "");
    String second = precreate("cp01", ",'body':'other'");
    assertThat(sandbox.pay("alipay", second, "alice", new Action.Success()).succeeded()).isTrue();
    assertThat(sandbox.pay("alipay", first, "alice", new Action.Success()).succeeded()).isFalse();
    assertThat(refused(PRECREATE, "{'out_trade_no':'cp01','total_amount':'1.01','subject':'豆浆'}"))
        .isEqualTo("ACQ.TRADE_HAS_SUCCESS");
  }

  // --- pay by code ---

  @Test
  void a_payment_code_pays_at_once() {
    JsonNode node = payByCode("cp01", "1.01", code("alice"));
    assertThat(node.path("code").asString()).isEqualTo("10000");
    assertThat(node.path("buyer_user_id").asString()).isEqualTo(userId("alice"));
    assertThat(node.path("gmt_payment").asString()).isEqualTo("2026-01-01 12:00:00");
    assertThat(node.path("fund_bill_list").path(0).path("fund_channel").asString())
        .isEqualTo("ALIPAYACCOUNT");
    assertThat(status("cp01")).isEqualTo("TRADE_SUCCESS");
  }

  @Test
  void a_code_pays_once_and_for_a_minute() {
    String code = code("alice");
    var _ = payByCode("cp01", "1.01", code);
    assertThat(payByCode("cp02", "1.01", code).path("sub_code").asString())
        .isEqualTo("ACQ.PAYMENT_AUTH_CODE_INVALID");
    String old = code("alice");
    sandbox.clock().advance(Duration.ofSeconds(60));
    assertThat(payByCode("cp03", "1.01", old).path("sub_code").asString())
        .isEqualTo("ACQ.PAYMENT_AUTH_CODE_INVALID");
    assertThat(payByCode("cp04", "1.01", "281234567890123456").path("sub_code").asString())
        .isEqualTo("ACQ.PAYMENT_AUTH_CODE_INVALID");
    assertThat(refused(QUERY, "{'out_trade_no':'cp03'}")).isEqualTo("ACQ.TRADE_NOT_EXIST");
  }

  @Test
  void a_code_of_the_other_channel_is_none() {
    PaymentCode wechat =
        sandbox
            .clock()
            .step(() ->
                sandbox.people().issueCode(sandbox.people().named("alice").orElseThrow(), 10, 15));
    assertThat(payByCode("cp01", "1.01", wechat.code()).path("sub_code").asString())
        .isEqualTo("ACQ.PAYMENT_AUTH_CODE_INVALID");
  }

  @Test
  void who_needs_a_password_is_waited_for() {
    JsonNode node = payByCode("cp01", "1.01", code("erin"));
    assertThat(node.path("code").asString()).isEqualTo("10003");
    assertThat(status("cp01")).isEqualTo("WAIT_BUYER_PAY");
    String tradeNo = node.path("trade_no").asString();
    assertThat(sandbox.pay("alipay", tradeNo, "erin", new Action.Success()).succeeded()).isTrue();
    assertThat(payByCode("cp01", "1.01", code("erin")).path("sub_code").asString())
        .isEqualTo("ACQ.TRADE_HAS_SUCCESS");
  }

  @Test
  void more_than_a_thousand_yuan_takes_the_password_too() {
    assertThat(payByCode("cp01", "1000.00", code("alice")).path("code").asString())
        .isEqualTo("10000");
    assertThat(payByCode("cp02", "1000.01", code("alice")).path("code").asString())
        .isEqualTo("10003");
  }

  @ParameterizedTest
  @CsvSource({"bob,ACQ.BUYER_BALANCE_NOT_ENOUGH", "dave,ACQ.BUYER_ENABLE_STATUS_FORBID"})
  void who_cannot_pay_is_told_so(String user, String subCode) {
    assertThat(payByCode("cp01", "1.01", code(user)).path("sub_code").asString())
        .isEqualTo(subCode);
  }

  @Test
  void a_credit_card_is_barred_where_the_merchant_says_so() {
    assertThat(
            payByCode("cp01", "1.01", code("carol"))
                .path("fund_bill_list")
                .path(0)
                .path("fund_channel")
                .asString())
        .isEqualTo("BANKCARD");
    JsonNode node =
        shop.call(
            PAY,
            with(byCode("cp02", "1.01", code("carol")), "'disable_pay_channels':'creditCard'"));
    assertThat(node.path("sub_code").asString()).isEqualTo("ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE");
  }

  // --- close and cancel ---

  @Test
  void only_a_waiting_trade_can_be_closed() {
    create("cp01", "1.01");
    assertThat(shop.call(CLOSE, "{'out_trade_no':'cp01'}").path("code").asString())
        .isEqualTo("10000");
    assertThat(status("cp01")).isEqualTo("TRADE_CLOSED");
    assertThat(refused(CLOSE, "{'out_trade_no':'cp01'}"))
        .isEqualTo("ACQ.REASON_TRADE_STATUS_INVALID");
    pay(create("cp02", "1.01"));
    assertThat(refused(CLOSE, "{'out_trade_no':'cp02'}")).isEqualTo("ACQ.TRADE_STATUS_ERROR");
    assertThat(status("cp02")).isEqualTo("TRADE_SUCCESS");
  }

  @Test
  void the_channels_number_wins_over_the_merchants() {
    String first = create("cp01", "1.01");
    create("cp02", "2.02");
    JsonNode node = shop.call(QUERY, "{'trade_no':'" + first + "','out_trade_no':'cp02'}");
    assertThat(node.path("out_trade_no").asString()).isEqualTo("cp01");
    assertThat(refused(QUERY, "{}")).isEqualTo("ACQ.INVALID_PARAMETER");
  }

  @Test
  void a_cancel_closes_what_waits_and_refunds_what_is_paid() {
    create("cp01", "1.01");
    JsonNode closed = shop.call(CANCEL, "{'out_trade_no':'cp01'}");
    assertThat(closed.path("action").asString()).isEqualTo("close");
    assertThat(closed.path("retry_flag").asString()).isEqualTo("N");
    assertThat(shop.call(CANCEL, "{'out_trade_no':'cp01'}").path("action").asString())
        .isEqualTo("close");

    Money before = balance("user/alice");
    pay(create("cp02", "1.01"));
    assertThat(shop.call(CANCEL, "{'out_trade_no':'cp02'}").path("action").asString())
        .isEqualTo("refund");
    assertThat(balance("user/alice")).isEqualTo(before);
    assertThat(balance("fees/alipay/" + Shop.SELLER_101)).isEqualTo(Money.cny(0));
    assertThat(shop.call(CANCEL, "{'out_trade_no':'cp02'}").path("action").asString())
        .isEqualTo("refund");
    assertThat(balance("user/alice")).as("not twice").isEqualTo(before);
  }

  @Test
  void a_cancel_of_a_code_keeps_it_from_becoming_a_trade() {
    String qr = precreate("cp01", "");
    JsonNode node = shop.call(CANCEL, "{'out_trade_no':'cp01'}");
    assertThat(node.path("code").asString()).isEqualTo("10000");
    assertThat(node.has("action")).isFalse();
    assertThat(sandbox.channel("alipay").payable(qr)).isEmpty();
  }

  @Test
  void a_cancel_comes_too_late_after_a_day() {
    pay(create("cp01", "1.01"));
    sandbox.clock().advance(Duration.ofHours(24).plusSeconds(1));
    assertThat(refused(CANCEL, "{'out_trade_no':'cp01'}")).isEqualTo("ACQ.TRADE_CANCEL_TIME_OUT");
    assertThat(status("cp01")).isEqualTo("TRADE_SUCCESS");
  }

  // --- refund ---

  @Test
  void refunds_add_up_and_the_last_closes_the_trade() {
    Money before = balance("user/alice");
    pay(create("cp01", "10.00"));
    JsonNode first = refund("cp01", "r1", "3.00");
    assertThat(first.path("fund_change").asString()).isEqualTo("Y");
    assertThat(first.path("refund_fee").asString()).isEqualTo("3.00");
    assertThat(first.path("send_back_fee").asString()).isEqualTo("3.00");
    assertThat(status("cp01")).isEqualTo("TRADE_SUCCESS");
    JsonNode second = refund("cp01", "r2", "7.00");
    assertThat(second.path("refund_fee").asString()).as("of both").isEqualTo("10.00");
    assertThat(second.path("send_back_fee").asString()).isEqualTo("7.00");
    assertThat(status("cp01")).isEqualTo("TRADE_CLOSED");
    assertThat(balance("user/alice")).isEqualTo(before);
    assertThat(balance("fees/alipay/" + Shop.SELLER_101)).isEqualTo(Money.cny(0));
    assertThat(refund("cp01", "r3", "0.01").path("sub_code").asString())
        .isEqualTo("ACQ.TRADE_HAS_CLOSE");
  }

  @Test
  void a_repeated_request_moves_nothing_and_says_so() {
    pay(create("cp01", "10.00"));
    var _ = refund("cp01", "r1", "3.00");
    Money after = balance("user/alice");
    JsonNode again = refund("cp01", "r1", "3.00");
    assertThat(again.path("code").asString()).isEqualTo("10000");
    assertThat(again.path("fund_change").asString()).isEqualTo("N");
    assertThat(again.path("refund_fee").asString()).isEqualTo("3.00");
    assertThat(refund("cp01", "r1", "3.01").path("sub_code").asString())
        .isEqualTo("ACQ.DISCORDANT_REPEAT_REQUEST");
    assertThat(balance("user/alice")).isEqualTo(after);
    var _ = refund("cp01", "r2", "7.00");
    assertThat(refund("cp01", "r1", "3.00").path("fund_change").asString())
        .as("also when the trade is closed")
        .isEqualTo("N");
  }

  @Test
  void more_than_was_paid_is_never_given_back() {
    pay(create("cp01", "10.00"));
    assertThat(refund("cp01", "r1", "10.01").path("sub_code").asString())
        .isEqualTo("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL");
    var _ = refund("cp01", "r2", "4.00");
    assertThat(refund("cp01", "r3", "6.01").path("sub_code").asString())
        .isEqualTo("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.00", "-1.00", "1.001", "abc"})
  void an_amount_that_is_none_is_refused(String amount) {
    pay(create("cp01", "10.00"));
    assertThat(refund("cp01", "r1", amount).path("sub_code").asString())
        .isEqualTo("ACQ.INVALID_PARAMETER");
  }

  @Test
  void only_a_refund_of_all_may_leave_its_number_out() {
    pay(create("cp01", "10.00"));
    assertThat(refused(REFUND, "{'out_trade_no':'cp01','refund_amount':'4.00'}"))
        .isEqualTo("ACQ.INVALID_PARAMETER");
    assertThat(
            shop.call(REFUND, "{'out_trade_no':'cp01','refund_amount':'10.00'}")
                .path("fund_change")
                .asString())
        .isEqualTo("Y");
    assertThat(
            shop.call(REFUND_QUERY, "{'out_trade_no':'cp01','out_request_no':'cp01'}")
                .path("refund_status")
                .asString())
        .isEqualTo("REFUND_SUCCESS");
  }

  @Test
  void an_unpaid_trade_has_nothing_to_refund() {
    create("cp01", "10.00");
    assertThat(refund("cp01", "r1", "1.00").path("sub_code").asString())
        .isEqualTo("ACQ.TRADE_STATUS_ERROR");
    shop.call(CLOSE, "{'out_trade_no':'cp01'}");
    assertThat(refund("cp01", "r1", "1.00").path("sub_code").asString())
        .isEqualTo("ACQ.TRADE_HAS_CLOSE");
    assertThat(refund("absent", "r1", "1.00").path("sub_code").asString())
        .isEqualTo("ACQ.TRADE_NOT_EXIST");
  }

  @Test
  void a_merchant_without_money_cannot_refund_and_can_once_it_has_some() {
    sandbox.register(
        "alipay",
        Json.read(
            """
            {"app_id": "2021000000000006",
             "seller": {"seller_id": "2088000000000601", "balance": 0, "fee_rate": "0.006"}}
            """));
    Shop poor = new Shop(sandbox, "2021000000000006", null);
    String tradeNo = poor.call(CREATE, order("cp01", "10.00", "alice")).path("trade_no").asString();
    pay(tradeNo);
    // The fee comes back with the refund, so that what was received is just enough.
    JsonNode node =
        poor.call(REFUND, "{'out_trade_no':'cp01','refund_amount':'10.00','out_request_no':'r1'}");
    assertThat(node.path("fund_change").asString()).isEqualTo("Y");

    sandbox
        .clock()
        .step(() -> sandbox.ledger().open(NOON, "merchant/alipay/2088000000000601", Money.cny(-1)));
    pay(poor.call(CREATE, order("cp02", "10.00", "alice")).path("trade_no").asString());
    String refund = "{'out_trade_no':'cp02','refund_amount':'10.00','out_request_no':'r2'}";
    assertThat(poor.call(REFUND, refund).path("sub_code").asString())
        .isEqualTo("ACQ.SELLER_BALANCE_NOT_ENOUGH");
    sandbox
        .clock()
        .step(() -> sandbox.ledger().open(NOON, "merchant/alipay/2088000000000601", Money.cny(1)));
    assertThat(poor.call(REFUND, refund).path("fund_change").asString())
        .as("the same number")
        .isEqualTo("Y");
  }

  @Test
  void a_refund_is_found_by_its_number_with_what_was_asked_for() {
    pay(create("cp01", "10.00"));
    var _ =
        shop.call(
            REFUND,
            "{'out_trade_no':'cp01','refund_amount':'3.00','out_request_no':'r1','refund_reason':'冷了'}");
    JsonNode plain = shop.call(REFUND_QUERY, "{'out_trade_no':'cp01','out_request_no':'r1'}");
    assertThat(plain.path("refund_status").asString()).isEqualTo("REFUND_SUCCESS");
    assertThat(plain.path("refund_amount").asString()).isEqualTo("3.00");
    assertThat(plain.path("total_amount").asString()).isEqualTo("10.00");
    assertThat(plain.path("refund_reason").asString()).isEqualTo("冷了");
    assertThat(plain.has("gmt_refund_pay")).isFalse();
    assertThat(plain.has("refund_detail_item_list")).isFalse();
    JsonNode more =
        shop.call(
            REFUND_QUERY,
            "{'out_trade_no':'cp01','out_request_no':'r1',"
                + "'query_options':['refund_detail_item_list','gmt_refund_pay']}");
    assertThat(more.path("gmt_refund_pay").asString()).isEqualTo("2026-01-01 12:00:00");
    assertThat(more.path("refund_detail_item_list").toString())
        .isEqualTo("[{\"amount\":\"3.00\",\"fund_channel\":\"ALIPAYACCOUNT\"}]");
  }

  @Test
  void a_refund_that_never_came_has_no_status() {
    pay(create("cp01", "10.00"));
    JsonNode node = shop.call(REFUND_QUERY, "{'out_trade_no':'cp01','out_request_no':'r1'}");
    assertThat(node.path("code").asString()).isEqualTo("10000");
    assertThat(node.has("refund_status")).isFalse();
    assertThat(refused(REFUND_QUERY, "{'out_trade_no':'absent','out_request_no':'r1'}"))
        .isEqualTo("ACQ.TRADE_NOT_EXIST");
    assertThat(refused(REFUND_QUERY, "{'out_trade_no':'cp01'}")).isEqualTo("ACQ.INVALID_PARAMETER");
  }

  @Test
  void after_a_year_a_trade_is_finished_and_stays_so() {
    pay(create("cp01", "10.00"));
    sandbox.clock().advance(Duration.ofDays(365));
    assertThat(status("cp01")).isEqualTo("TRADE_FINISHED");
    assertThat(refund("cp01", "r1", "1.00").path("sub_code").asString())
        .isEqualTo("ACQ.TRADE_HAS_FINISHED");
    assertThat(refused(CANCEL, "{'out_trade_no':'cp01'}")).isEqualTo("ACQ.TRADE_HAS_FINISHED");
    assertThat(refused(CLOSE, "{'out_trade_no':'cp01'}")).isEqualTo("ACQ.TRADE_STATUS_ERROR");
    assertThat(refused(CREATE, order("cp01", "10.00", "alice"))).isEqualTo("ACQ.TRADE_HAS_SUCCESS");
  }

  @Test
  void the_history_of_a_number_tells_everything_in_order() {
    pay(create("cp01", "10.00"));
    var _ = refund("cp01", "r1", "10.00");
    JsonNode trade = sandbox.channel("alipay").history("cp01").orElseThrow().path("trades").path(0);
    assertThat(trade.path("status").asString()).isEqualTo("TRADE_CLOSED");
    assertThat(trade.path("events").findValuesAsString("what"))
        .satisfiesExactly(
            created -> assertThat(created).startsWith("created"),
            paid -> assertThat(paid).startsWith("paid by alice"),
            refunded -> assertThat(refunded).startsWith("refunded 10.00 CNY by r1"),
            closed -> assertThat(closed).startsWith("closed"));
  }

  @Test
  void a_run_can_be_repeated_to_the_byte() {
    String first = create("cp01", "1.01") + precreate("cp02", "") + code("alice");
    sandbox.reset();
    String second = create("cp01", "1.01") + precreate("cp02", "") + code("alice");
    assertThat(second).isEqualTo(first);
  }

  // --- words ---

  private static String order(String number, String amount, String buyer) {
    return "{'out_trade_no':'%s','total_amount':'%s','subject':'豆浆','product_code':'FACE_TO_FACE_PAYMENT','buyer_id':'%s'}"
        .formatted(number, amount, userId(buyer));
  }

  /// The same with more fields, or others.
  private static String with(String content, String changes) {
    ObjectNode merged = (ObjectNode) Json.read(content.replace('\'', '"'));
    merged.setAll((ObjectNode) Json.read(("{" + changes + "}").replace('\'', '"')));
    return merged.toString();
  }

  private static String create(String number, String amount) {
    return shop.call(CREATE, order(number, amount, "alice")).path("trade_no").asString();
  }

  private static String precreate(String number, String more) {
    return shop.call(
            PRECREATE,
            "{'out_trade_no':'%s','total_amount':'1.01','subject':'豆浆'%s}".formatted(number, more))
        .path("qr_code")
        .asString();
  }

  private static String byCode(String number, String amount, String code) {
    return "{'out_trade_no':'%s','total_amount':'%s','subject':'豆浆','scene':'bar_code','auth_code':'%s'}"
        .formatted(number, amount, code);
  }

  private static JsonNode payByCode(String number, String amount, String code) {
    return shop.call(PAY, byCode(number, amount, code));
  }

  private static String code(String user) {
    var range = sandbox.channel("alipay").codes();
    return sandbox
        .clock()
        .step(() ->
            sandbox
                .people()
                .issueCode(sandbox.people().named(user).orElseThrow(), range.first(), range.last()))
        .code();
  }

  private static Paid pay(String tradeNo) {
    return sandbox.pay("alipay", tradeNo, "alice", new Action.Success());
  }

  private static String result(String tradeNo, Action action) {
    return sandbox
        .pay("alipay", tradeNo, "alice", action)
        .pageResult()
        .path("resultCode")
        .asString();
  }

  private static JsonNode query(String number) {
    return shop.call(QUERY, "{'out_trade_no':'" + number + "'}");
  }

  private static String status(String number) {
    return query(number).path("trade_status").asString();
  }

  private static JsonNode refund(String number, String requestNo, String amount) {
    return shop.call(
        REFUND,
        "{'out_trade_no':'%s','refund_amount':'%s','out_request_no':'%s'}"
            .formatted(number, amount, requestNo));
  }

  private static String refused(String method, String content) {
    JsonNode node = shop.call(method, content);
    assertThat(node.path("code").asString()).isNotEqualTo("10000");
    return node.path("sub_code").asString();
  }

  private static String userId(String user) {
    return sandbox.people().named(user).orElseThrow().alipayUserId();
  }

  private static Money balance(String account) {
    return sandbox.ledger().balance(account);
  }
}
