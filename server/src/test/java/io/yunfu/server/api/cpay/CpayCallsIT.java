package io.yunfu.server.api.cpay;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.FakeConnector;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.gateway.payment.NoticeAddress;
import io.yunfu.gateway.payment.OpenPayments;
import io.yunfu.gateway.payment.OrderState;
import io.yunfu.gateway.payment.PaymentCase;
import io.yunfu.gateway.payment.PaymentFilter;
import io.yunfu.kernel.Money;
import io.yunfu.server.api.cpay.SignedText.Answer;
import io.yunfu.server.observe.Answered;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The five calls on the gateway: every outcome with its documented numbers, and the member sets
/// that the contract publishes.
class CpayCallsIT {
  private static final String NUMBER = "gz0200abcd20260301000001";
  private static final Money TOTAL = Money.cny(2590);
  private static final String SELLER =
      """
      "pay_platform":1,"out_mch_id":"gz02Kp7Qv3nXw8ZrT1mA","out_sub_mch_id":"gz02Hs4Lt9bYc6FuE2jD",\
      "out_shop_id":"gz02Wd5Rf1kPv0NqC8xB"\
      """;

  /// T1 of the worked example, byte for byte.
  private static final String PAY =
      """
      {"pay_mch_key":{%s,"wxpay_pay_mch_key_ext":{"sub_open_id":"oTest0001aaaaBBBBccccDDDD1234"}},\
      "pay_content":{"out_trade_no":"gz0200abcd20260301000001","total_fee":2590,"fee_type":"CNY",\
      "body":"\\u6d4b\\u8bd5\\u8ba2\\u5355"},"order_client":{"spbill_create_ip":"198.51.100.7"},\
      "nonce_str":"N0nceRequest000000000000000000A1"}\
      """
          .formatted(SELLER);

  private static final String ORDER =
      """
      {"pay_mch_key":{%s},"out_trade_no":"gz0200abcd20260301000001","nonce_str":"n2"}\
      """
          .formatted(SELLER);

  private static final String REFUND =
      """
      {"refund_content":{"out_trade_no":"gz0200abcd20260301000001","out_refund_no":"gz0200abcdR0000001",\
      "total_fee":2590,"refund_fee":590,"refund_reason":"one item back"},\
      "pay_mch_key":{%s,"is_sub_mch_admin":false,"authorization_staff_id":"s17","authorization_name":"manager-1"},\
      "order_client":{"terminal_type":1,"sdk_version":"2.0","spbill_create_ip":"198.51.100.9","staff_id":"s09"},\
      "api_version":2,"nonce_str":"1679091c5a880faf6fb5e6087eb1b2dc"}\
      """
          .formatted(SELLER);

  private final GatewayWorld world = new GatewayWorld();

  @AfterEach
  void close() {
    world.close();
  }

  @Test
  void a_fresh_order_is_answered_with_the_members_of_the_published_example_in_their_order() {
    Answer answer = world.post("official_account_pay", PAY);
    assertThat(answer.numbers()).isEqualTo("0/0");
    assertThat(answer.isSignedWith(GatewayWorld.KEY)).isTrue();
    String nonce = answer.content().get("official_account_pay").get("nonce_str").stringValue();
    assertThat(answer.text())
        .isEqualTo(
            """
            {"status":0,"description":"\\u64CD\\u4F5C\\u6210\\u529F\\u3002","log_id":%d,"internal_status":0,\
            "official_account_pay":{"pay_mch_key":{%s,"sub_pay_platform":100,"wxpay_pay_mch_key_ext":{\
            "app_id":"wx00000000000000aa","sub_app_id":"wx00000000000000bb","sub_open_id":"oTest0001aaaaBBBBccccDDDD1234"}},\
            "order_content":{"out_trade_no":"gz0200abcd20260301000001","trade_type":3,"time_expire":1772323320,\
            "nonce_str":"N0nceRequest000000000000000000A1","create_time":1772323200,"last_update_time":1772323200,\
            "is_transforming":false,"total_fee":2590,"fee_type":"CNY","cash_fee_type":"CNY",\
            "body":"\\u6D4B\\u8BD5\\u8BA2\\u5355","wxpay_order_content_ext":{"current_trade_state":6,"goods_tag":"",\
            "prepare_id":"wxgz0200abcd20260301000001"}},"nonce_str":"%s","jsapi_args":{"wxpay":{"get_brand_wcpay":{\
            "app_id":"wxapp","timestamp":"1","nonce_str":"n","package":"prepay_id=wxgz0200abcd20260301000001",\
            "sign_type":"MD5","pay_sign":"S"}}}}}\
            """
                .formatted(answer.logId(), SELLER, nonce));
  }

  /// What the merchant's set-up or the clock refuses; what the text alone tells is the codec's.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "out_shop_id":"gz02Wd5Rf1kPv0NqC8xB" | "out_shop_id":"gz02" | 101/90011 | 服务商
          "out_shop_id":"gz02Wd5Rf1kPv0NqC8xB" | "out_shop_id":"店" | 101/90011 | 服务商
          "out_mch_id":"gz02Kp7Qv3nXw8ZrT1mA" | "out_mch_id":"other" | 101/90011 | 服务商
          "out_sub_mch_id":"gz02Hs4Lt9bYc6FuE2jD" | "out_sub_mch_id":"nobody" | 101/90006 | 子商户
          "out_trade_no":"gz0200abcd2026 | "out_trade_no":"gz0300abcd2026 | 102/90012 | pay_content.out_trade_no
          "fee_type":"CNY" | "time_expire":1772323200 | 101/90010 | pay_content.time_expire
          "body":"\\u6d4b\\u8bd5\\u8ba2\\u5355" | "x":0 | 101/90010 | pay_content.body
          "sub_open_id" | "app_id":"wx00000000000000cc","sub_open_id" | 101/90010 | wxpay_pay_mch_key_ext.app_id
          "sub_open_id" | "sub_app_id":"wx00000000000000aa","sub_open_id" | 101/90010 | wxpay_pay_mch_key_ext.sub_app_id
          "pay_platform":1 | "pay_platform":2,"alipay_pay_mch_key_ext":{"user_id":"2088000000000001"} | 104/90030 | 支付方式
          "pay_platform":1 | "pay_platform":3 | 104/90030 | 支付方式
          """)
  void an_order_that_cannot_be_made_says_why(
      String part, String other, String numbers, String named) {
    Answer answer = world.post("official_account_pay", PAY.replace(part, other));
    assertThat(answer.numbers()).isEqualTo(numbers);
    assertThat(answer.content().get("description").stringValue()).contains(named);
    assertThat(world.channel.creates()).isZero();
  }

  // cloudpay.md 6.3
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "device_id":"d1","staff_id":"s9"  | 0/0       | 成功
          "device_id":"d1","staff_id":"s17" | 0/0       | 成功
          "staff_id":"s9"                   | 0/0       | 成功
          "sdk_version":"1"                 | 0/0       | 成功
          "device_id":"D1"                  | 101/90010 | order_client.device_id
          "device_id":"d1","staff_id":"s1"  | 101/90010 | order_client.staff_id
          """)
  void where_terminals_are_checked_a_call_names_what_the_shop_has(
      String terminal, String numbers, String named) {
    world.checkTerminals();
    String pay = PAY.replace("\"order_client\":{", "\"order_client\":{" + terminal + ",");
    Answer answer = world.post("official_account_pay", pay);
    assertThat(answer.numbers()).isEqualTo(numbers);
    assertThat(answer.content().get("description").stringValue()).contains(named);
    assertThat(world.channel.creates()).isEqualTo(numbers.equals("0/0") ? 1 : 0);
  }

  @Test
  void where_terminals_are_not_checked_any_is_taken_and_told_again() {
    String pay = PAY.replace("\"order_client\":{", "\"order_client\":{\"device_id\":\"D9\",");
    assertThat(world.post("official_account_pay", pay).numbers()).isEqualTo("0/0");
  }

  @Test
  void a_repetition_is_the_same_order_and_the_number_never_stands_for_another() {
    JsonNode first = world.post("official_account_pay", PAY).content();
    JsonNode again =
        world.post("official_account_pay", PAY.replace("198.51.100.7", "10.0.0.9")).content();
    assertThat(again.get("official_account_pay").get("order_content"))
        .isEqualTo(first.get("official_account_pay").get("order_content"));
    assertThat(world.channel.creates()).isEqualTo(1);
    Answer other = world.post("official_account_pay", PAY.replace("2590", "2591"));
    assertThat(other.numbers()).isEqualTo("102/407");
    assertThat(other.content().get("official_account_pay").propertyNames())
        .containsExactly("nonce_str");
    pay();
    assertThat(world.post("official_account_pay", PAY).numbers()).isEqualTo("102/90021");
    String second = PAY.replace(NUMBER, "gz0200abcd20260301000002");
    world.post("official_account_pay", second);
    world.clock.advance(Duration.ofMinutes(3));
    assertThat(world.post("official_account_pay", second).numbers()).isEqualTo("102/90022");
  }

  @Test
  void an_order_whose_channel_is_silent_is_told_as_unknown_and_found_by_the_same_call() {
    world.channel.fallSilent(true);
    Answer unknown = world.post("official_account_pay", PAY);
    assertThat(unknown.numbers()).isEqualTo("103/90032");
    JsonNode payload = unknown.content().get("official_account_pay");
    assertThat(payload.has("jsapi_args")).isFalse();
    JsonNode order = payload.get("order_content");
    assertThat(order.get("is_transforming").booleanValue()).isTrue();
    assertThat(state(order)).isEqualTo(12);
    world.channel.fallSilent(false);
    assertThat(world.post("official_account_pay", PAY).numbers()).isEqualTo("0/0");
  }

  @Test
  void a_disabled_shop_makes_no_orders_and_its_old_ones_can_be_looked_after() {
    world.post("official_account_pay", PAY);
    world.closeShop();
    assertThat(world.post("official_account_pay", PAY).numbers()).isEqualTo("101/90006");
    assertThat(world.post("query_order", ORDER).numbers()).isEqualTo("0/0");
  }

  @Test
  void a_paid_order_is_told_with_the_long_set_of_members() {
    world.post("official_account_pay", PAY);
    world.clock.advance(Duration.ofSeconds(45));
    pay();
    Answer answer = world.post("query_order", ORDER);
    String nonce = answer.content().get("query_order").get("nonce_str").stringValue();
    assertThat(answer.text())
        .isEqualTo(
            """
            {"status":0,"description":"\\u64CD\\u4F5C\\u6210\\u529F\\u3002","log_id":%d,"internal_status":0,\
            "query_order":{"pay_mch_key":{%s,"sub_pay_platform":100,"wxpay_pay_mch_key_ext":{\
            "app_id":"wx00000000000000aa","sub_app_id":"wx00000000000000bb","open_id":"","sub_open_id":"oTest0001aaaaBBBBccccDDDD1234"}},\
            "order_content":{"out_trade_no":"gz0200abcd20260301000001","transaction_id":"42000001","trade_type":3,\
            "time_expire":1772323320,"time_end":1772323245,"nonce_str":"N0nceRequest000000000000000000A1",\
            "create_time":1772323200,"last_update_time":1772323245,"is_transforming":false,"source_type":0,\
            "caller_notify_url":"","total_fee":2590,"fee_type":"CNY","cash_fee":2590,"cash_fee_type":"CNY",\
            "settlement_total_fee":2590,"body":"\\u6D4B\\u8BD5\\u8BA2\\u5355","detail":"","context":"",\
            "exchange_rate":100000000,"client_flow_id":"","remark":"","trade_state":4,"wxpay_order_content_ext":{\
            "current_trade_state":3,"attach":"","bank_type":"CFT","goods_tag":"","coupon_fee":0,"coupon_count":0,\
            "product_id":"","limit_pay":"","prepare_id":"wxgz0200abcd20260301000001","trade_state_desc":""}},\
            "nonce_str":"%s","order_client":{"shop_id":"432","device_id":"","staff_id":"","machine_no":"",\
            "terminal_type":100,"sdk_version":"","spbill_create_ip":"198.51.100.7","sub_terminal_type":0}}}\
            """
                .formatted(answer.logId(), SELLER, nonce));
  }

  /// The variant of section 2.1.2, and section 3.1.2.
  @Test
  void an_order_at_alipay_is_answered_and_told_with_its_own_members_in_their_order() {
    world.openAlipay();
    String seller = SELLER.replace("\"pay_platform\":1", "\"pay_platform\":2");
    String pay =
        PAY.replace(SELLER, seller)
            .replace(
                "\"wxpay_pay_mch_key_ext\":{\"sub_open_id\":\"oTest0001aaaaBBBBccccDDDD1234\"}",
                "\"alipay_pay_mch_key_ext\":{\"user_id\":\"2088000000000001\"}");
    Answer made = world.post("official_account_pay", pay);
    assertThat(made.text())
        .isEqualTo(
            """
            {"status":0,"description":"\\u64CD\\u4F5C\\u6210\\u529F\\u3002","log_id":%d,"internal_status":0,\
            "official_account_pay":{"pay_mch_key":{%s,"sub_pay_platform":200,"alipay_pay_mch_key_ext":{\
            "user_id":"2088000000000001"}},"order_content":{"out_trade_no":"gz0200abcd20260301000001",\
            "transaction_id":"2026-gz0200abcd20260301000001","trade_type":3,"time_expire":1772323320,\
            "nonce_str":"N0nceRequest000000000000000000A1","create_time":1772323200,"last_update_time":1772323200,\
            "is_transforming":false,"total_fee":2590,"fee_type":"CNY","cash_fee_type":"CNY",\
            "body":"\\u6D4B\\u8BD5\\u8BA2\\u5355","alipay_order_content_ext":{"current_trade_state":4}},\
            "nonce_str":"%s","jsapi_args":{"alipay":{"trade_pay":{"trade_no":"2026-gz0200abcd20260301000001"}}}}}\
            """
                .formatted(made.logId(), seller, nonce(made, "official_account_pay")));

    world.clock.advance(Duration.ofSeconds(45));
    world.alipay.pay(NUMBER, world.clock.instant());
    Answer found = world.post("query_order", ORDER);
    assertThat(found.text())
        .isEqualTo(
            """
            {"status":0,"description":"\\u64CD\\u4F5C\\u6210\\u529F\\u3002","log_id":%d,"internal_status":0,\
            "query_order":{"pay_mch_key":{%s,"sub_pay_platform":200,"alipay_pay_mch_key_ext":{\
            "user_id":"2088000000000001"}},"order_content":{"out_trade_no":"gz0200abcd20260301000001",\
            "transaction_id":"2026-gz0200abcd20260301000001","trade_type":3,"time_expire":1772323320,\
            "time_end":1772323245,"nonce_str":"N0nceRequest000000000000000000A1","create_time":1772323200,\
            "last_update_time":1772323245,"is_transforming":false,"source_type":0,"caller_notify_url":"",\
            "total_fee":2590,"fee_type":"CNY","cash_fee":2590,"cash_fee_type":"CNY","settlement_total_fee":2590,\
            "body":"\\u6D4B\\u8BD5\\u8BA2\\u5355","detail":"","context":"","exchange_rate":100000000,\
            "client_flow_id":"","remark":"","trade_state":4,"alipay_order_content_ext":{"current_trade_state":2,\
            "fund_bill_list":[],"product_code":"FACE_TO_FACE_PAYMENT","send_pay_date":1772323245,\
            "discount_goods_detail":"[]","buyer_logon_id":"138****0001","gmt_refund":0,"gmt_close":0,"refund_fee":0}},\
            "nonce_str":"%s","order_client":{"shop_id":"432","device_id":"","staff_id":"","machine_no":"",\
            "terminal_type":100,"sdk_version":"","spbill_create_ip":"198.51.100.7","sub_terminal_type":0}}}\
            """
                .formatted(found.logId(), seller, nonce(found, "query_order")));

    world.clock.advance(Duration.ofMinutes(1));
    Answer refunded = world.post("refund", REFUND);
    assertThat(refunded.text())
        .isEqualTo(
            """
            {"status":0,"description":"\\u64CD\\u4F5C\\u6210\\u529F\\u3002","log_id":%d,"internal_status":0,\
            "refund":{"pay_mch_key":{%s,"sub_pay_platform":200,"alipay_pay_mch_key_ext":{\
            "user_id":"2088000000000001"}},"refund_order_content":{"out_refund_no":"gz0200abcdR0000001","refund_id":"",\
            "trade_type":3,"out_trade_no":"gz0200abcd20260301000001","nonce_str":"1679091c5a880faf6fb5e6087eb1b2dc",\
            "create_time":1772323305,"last_update_time":1772323305,"is_transforming":false,\
            "refund_reason":"one item back\\n\\u64CD\\u4F5C\\u8005\\uFF1As09\\n\\u6388\\u6743\\u8005\\uFF1Amanager-1",\
            "total_fee":2590,"refund_fee":590,"refund_fee_type":"CNY","alipay_refund_order_content_ext":{\
            "refund_status":2,"fund_change":"Y","gmt_refund_pay":""},"is_deposit_mode":false},"nonce_str":"%s"}}\
            """
                .formatted(refunded.logId(), seller, nonce(refunded, "refund")));
    JsonNode part = found(world.post("query_order", ORDER)).get("alipay_order_content_ext");
    assertThat(part.get("current_trade_state").intValue()).isEqualTo(2);
    assertThat(part.get("refund_fee").intValue()).isEqualTo(590);
    assertThat(part.get("gmt_refund").longValue()).isEqualTo(1772323305);
    world.post(
        "refund",
        REFUND
            .replace("R0000001", "R0000002")
            .replace("\"refund_fee\":590", "\"refund_fee\":2000"));
    JsonNode whole = found(world.post("query_order", ORDER)).get("alipay_order_content_ext");
    assertThat(whole.get("current_trade_state").intValue()).isEqualTo(5);
    assertThat(whole.get("refund_fee").intValue()).isEqualTo(2590);
  }

  private static String nonce(Answer answer, String call) {
    return answer.content().get(call).get("nonce_str").stringValue();
  }

  @Test
  void an_unpaid_order_has_no_trade_state_and_none_of_what_is_not_known() {
    world.post("official_account_pay", PAY);
    JsonNode order =
        world.post("query_order", ORDER).content().get("query_order").get("order_content");
    assertThat(order.propertyNames())
        .doesNotContain(
            "trade_state", "cash_fee", "settlement_total_fee", "time_end", "transaction_id");
    assertThat(state(order)).isEqualTo(6);
    assertThat(world.post("query_order", ORDER.replace("000001", "000009")).numbers())
        .isEqualTo("104/90020");
  }

  /// It may be written under this very number already: by an earlier call.
  @Test
  void an_order_that_no_lane_takes_is_not_called_failed_and_nothing_is_asked() {
    world.payments.close();
    assertThat(world.post("official_account_pay", PAY).numbers()).isEqualTo("103/90032");
    assertThat(world.log).allMatch(Answered::expected);
    assertThat(world.channel.creates()).isZero();
    assertThat(world.payments.find(NUMBER)).isEmpty();
  }

  @Test
  void a_close_is_repeatable_and_never_takes_a_payment_away() {
    assertThat(world.post("close_order", ORDER).numbers()).isEqualTo("104/90020");
    world.post("official_account_pay", PAY);
    Answer closed = world.post("close_order", ORDER);
    assertThat(closed.numbers()).isEqualTo("0/0");
    assertThat(closed.content().get("close_order").propertyNames()).containsExactly("nonce_str");
    assertThat(world.post("close_order", ORDER).numbers()).isEqualTo("0/0");
    String other = "gz0200abcd20260301000002";
    world.post("official_account_pay", PAY.replace(NUMBER, other));
    world.channel.fallSilent(true);
    assertThat(world.post("close_order", ORDER.replace(NUMBER, other)).numbers())
        .isEqualTo("103/90032");
    world.channel.fallSilent(false);
    world.channel.pay(other, "42000002", TOTAL, world.clock.instant());
    assertThat(world.post("close_order", ORDER.replace(NUMBER, other)).numbers())
        .isEqualTo("104/90021");
  }

  @Test
  void a_refund_is_accepted_and_comes_to_its_end_when_it_is_asked_for() {
    world.post("official_account_pay", PAY);
    pay();
    world.clock.advance(Duration.ofHours(1));
    Answer answer = world.post("refund", REFUND);
    String nonce = answer.content().get("refund").get("nonce_str").stringValue();
    assertThat(answer.text())
        .isEqualTo(
            """
            {"status":0,"description":"\\u64CD\\u4F5C\\u6210\\u529F\\u3002","log_id":%d,"internal_status":0,\
            "refund":{"pay_mch_key":{%s,"sub_pay_platform":100,"wxpay_pay_mch_key_ext":{"app_id":"wx00000000000000aa"}},\
            "refund_order_content":{"out_refund_no":"gz0200abcdR0000001","refund_id":"rgz0200abcdR0000001","trade_type":3,\
            "out_trade_no":"gz0200abcd20260301000001","nonce_str":"1679091c5a880faf6fb5e6087eb1b2dc",\
            "create_time":1772326800,"last_update_time":1772326800,"is_transforming":false,\
            "refund_reason":"one item back\\n\\u64CD\\u4F5C\\u8005\\uFF1As09\\n\\u6388\\u6743\\u8005\\uFF1Amanager-1",\
            "total_fee":2590,"refund_fee":590,"refund_fee_type":"CNY","wxpay_refund_order_content_ext":{"state":4},\
            "is_deposit_mode":false},"nonce_str":"%s"}}\
            """
                .formatted(answer.logId(), SELLER, nonce));
    assertThat(world.post("refund", REFUND).numbers()).isEqualTo("0/0");
    world.clock.advance(Duration.ofSeconds(2));
    JsonNode found =
        world
            .post(
                "query_refund_order",
                ORDER.replace("}}", "},\"out_refund_no\":\"gz0200abcdR0000001\"}"))
            .content()
            .get("query_refund_order");
    assertThat(new TreeSet<>(found.propertyNames()))
        .isEqualTo(
            new TreeSet<>(
                Set.of("pay_mch_key", "refund_order_content", "nonce_str", "order_client")));
    assertThat(found.get("refund_order_content").size()).isEqualTo(1);
    JsonNode refund = found.get("refund_order_content").get(0);
    assertThat(refund.get("trade_state").intValue()).isEqualTo(4);
    assertThat(refund.get("wxpay_refund_order_content_ext").get("state").intValue()).isEqualTo(2);
    assertThat(refund.get("settlement_refund_fee").intValue()).isEqualTo(590);
    assertThat(found.get("order_client").get(0).get("staff_id").stringValue()).isEqualTo("s09");
    assertThat(found.get("order_client").get(0).get("shop_id").stringValue()).isEqualTo("432");
  }

  /// OP-3 of the contract.
  @Test
  void a_trade_type_that_is_not_this_call_s_changes_nothing() {
    Answer answer =
        world.post(
            "official_account_pay", PAY.replace("\"nonce_str\"", "\"trade_type\":9,\"nonce_str\""));
    assertThat(answer.numbers()).isEqualTo("0/0");
    JsonNode order = answer.content().get("official_account_pay").get("order_content");
    assertThat(order.get("trade_type").intValue()).isEqualTo(3);
  }

  /// OP-54 of the contract: the second refund of a minute waits for its turn here.
  @Test
  void a_refund_that_waits_for_its_turn_is_taken_and_still_under_way() {
    world.post("official_account_pay", PAY);
    pay();
    world.post("refund", REFUND);
    Answer second = world.post("refund", REFUND.replace("R0000001", "R0000002"));
    assertThat(second.numbers()).isEqualTo("0/0");
    JsonNode refund = second.content().get("refund").get("refund_order_content");
    assertThat(refund.get("is_transforming").booleanValue()).isTrue();
    assertThat(refund.get("wxpay_refund_order_content_ext").get("state").intValue()).isEqualTo(1);
    assertThat(refund.has("refund_id")).isFalse();
  }

  /// OP-19 of the contract, and its switch.
  @Test
  void an_order_is_refunded_with_its_first_refund_or_where_wanted_with_its_last() {
    var whole = world.api(new CpayCalls.Settings(false, true));
    world.post("official_account_pay", PAY);
    pay();
    world.post("refund", REFUND);
    assertThat(state(found(world.post("query_order", ORDER)))).isEqualTo(4);
    assertThat(state(found(GatewayWorld.post(whole, "query_order", ORDER)))).isEqualTo(3);
    world.clock.advance(Duration.ofMinutes(2));
    world.post(
        "refund",
        REFUND
            .replace("R0000001", "R0000002")
            .replace("\"refund_fee\":590", "\"refund_fee\":2000"));
    world.post("query_refund_order", ORDER);
    assertThat(state(found(world.post("query_order", ORDER)))).isEqualTo(4);
    assertThat(state(found(GatewayWorld.post(whole, "query_order", ORDER)))).isEqualTo(4);
  }

  private static JsonNode found(Answer answer) {
    return answer.content().get("query_order").get("order_content");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          "out_trade_no":"gz0200abcd20260301000001" | "out_trade_no":"gz0200abcd20260301000009" | 104/90020
          "refund_fee":590 | "refund_fee":2591 | 104/90024
          "total_fee":2590 | "total_fee":2591 | 101/90010
          "out_refund_no":"gz0200 | "out_refund_no":"gz0300 | 102/90012
          "authorization_staff_id":"s17" | "authorization_staff_id":"s18" | 104/90026
          "authorization_staff_id":"s17" | "x":1 | 104/90026
          """)
  void a_refund_that_cannot_be_made_says_why(String part, String other, String numbers) {
    world.post("official_account_pay", PAY);
    pay();
    assertThat(world.post("refund", REFUND.replace(part, other)).numbers()).isEqualTo(numbers);
    assertThat(world.payments.listRefunds(PaymentFilter.all(), Optional.empty(), 10)).isEmpty();
  }

  /// Section 6.6 of the contract.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"is_sub_mch_admin\":true,\"x\":\"s17\"",
        "\"is_sub_mch_admin\":true,\"authorization_staff_id\":\"nobody\"",
        "\"is_sub_admin\":true,\"x\":\"s17\"",
        "\"authorization_staff_id\":\"s17\"",
      })
  void who_has_the_right_to_refund_may(String operator) {
    world.post("official_account_pay", PAY);
    pay();
    String said = "\"is_sub_mch_admin\":false,\"authorization_staff_id\":\"s17\"";
    assertThat(REFUND).contains(said);
    assertThat(world.post("refund", REFUND.replace(said, operator)).numbers()).isEqualTo("0/0");
  }

  @Test
  void without_version_2_nobodys_right_is_checked() {
    world.post("official_account_pay", PAY);
    pay();
    String unchecked = REFUND.replace("\"api_version\":2", "\"api_version\":1");
    assertThat(world.post("refund", unchecked.replace("s17", "nobody")).numbers()).isEqualTo("0/0");
  }

  @Test
  void what_is_open_is_counted() {
    world.post("official_account_pay", PAY);
    var waiting = new OpenPayments.Orders(PayPlatform.WECHAT, OrderState.WAITING, 1);
    assertThat(counts()).flatExtracting(OpenPayments::orders).containsExactly(waiting);
    world.channel.pay(NUMBER, "42000001", Money.cny(1), world.clock.instant());
    world.post("query_order", ORDER);
    assertThat(counts())
        .extracting(open -> open.cases().getOrDefault(PaymentCase.Kind.MISMATCH, 0L))
        .containsOnlyOnce(1L);
    assertThat(counts()).extracting(OpenPayments::behind).containsOnly(Duration.ZERO);
    world.clock.advance(Duration.ofHours(1));
    assertThat(counts())
        .extracting(OpenPayments::behind)
        .anyMatch(behind -> behind.compareTo(Duration.ofMinutes(50)) > 0);
  }

  private List<OpenPayments> counts() {
    return world.cells.all().stream().map(world.payments::open).toList();
  }

  @Test
  void a_refund_needs_a_paid_order_and_a_number_of_its_own() {
    world.post("official_account_pay", PAY);
    assertThat(world.post("refund", REFUND).numbers()).isEqualTo("104/90025");
    pay();
    assertThat(world.post("refund", REFUND).numbers()).isEqualTo("0/0");
    assertThat(
            world
                .post("refund", REFUND.replace("\"refund_fee\":590", "\"refund_fee\":591"))
                .numbers())
        .isEqualTo("102/407");
  }

  @Test
  void a_refund_whose_channel_is_silent_is_told_as_unknown() {
    world.post("official_account_pay", PAY);
    pay();
    world.channel.fallSilent(true);
    Answer unknown = world.post("refund", REFUND);
    assertThat(unknown.numbers()).isEqualTo("103/90032");
    JsonNode refund = unknown.content().get("refund").get("refund_order_content");
    assertThat(refund.get("is_transforming").booleanValue()).isTrue();
    assertThat(refund.get("wxpay_refund_order_content_ext").get("state").intValue()).isEqualTo(1);
    world.channel.fallSilent(false);
    world.channel.refundsEndAs(RefundReport.State.SUCCESS);
    JsonNode found = world.post("query_refund_order", ORDER).content().get("query_refund_order");
    assertThat(
            found
                .get("refund_order_content")
                .get(0)
                .get("wxpay_refund_order_content_ext")
                .get("state")
                .intValue())
        .isEqualTo(2);
  }

  @Test
  void nobody_sees_or_touches_orders_of_another_sub_merchant() {
    world.post("official_account_pay", PAY);
    pay();
    String other = world.anotherSeller();
    List<String> calls = List.of("query_order", "close_order", "query_refund_order");
    for (String call : calls) {
      assertThat(world.post(call, ORDER.replace(SELLER, other)).numbers()).isEqualTo("104/90020");
    }
    assertThat(
            world
                .post("refund", REFUND.replace(SELLER, other).replace("\"api_version\":2,", ""))
                .numbers())
        .isEqualTo("104/90020");
    assertThat(world.post("official_account_pay", PAY.replace(SELLER, other)).numbers())
        .isEqualTo("102/407");
  }

  private void pay() {
    world.channel.pay(NUMBER, "42000001", TOTAL, world.clock.instant());
    var order = world.payments.find(NUMBER).getFirst();
    var address = new NoticeAddress(PayPlatform.WECHAT, ChannelNotice.Kind.PAYMENT, order.id());
    assertThat(
            world
                .payments
                .notices()
                .hear(address, FakeConnector.notice(NUMBER))
                .orElseThrow()
                .taken())
        .isTrue();
  }

  private static int state(JsonNode order) {
    return order.get("wxpay_order_content_ext").get("current_trade_state").intValue();
  }
}
