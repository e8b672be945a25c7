package io.yunfu.simulator.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.simulator.channel.Payment.Action;
import io.yunfu.simulator.json.Json;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Rules 3, 5 and 8 of channels.md, section 7.3.
class UnifiedOrderTest extends SandboxTest {
  private static final String NUMBER = "cp0120260101000000000000000001";

  @Test
  void an_order_gets_a_prepay_id_and_waits() {
    Map<String, String> answer = provider.unifiedorder(provider.order(NUMBER));
    assertThat(answer)
        .containsEntry("trade_type", "JSAPI")
        .containsEntry("sub_mch_id", Provider.SUB)
        .containsEntry("sub_appid", Provider.SUB_APP);
    assertThat(answer.get("prepay_id")).matches("wx01120000[0-9a-f]{26}");
    assertThat(provider.query(NUMBER))
        .containsEntry("trade_state", "NOTPAY")
        .containsEntry("trade_state_desc", "订单未支付")
        .containsEntry("total_fee", "101")
        .doesNotContainKey("transaction_id");
  }

  @Test
  void each_kind_of_order_gets_its_own_entrance() {
    Map<String, String> order = provider.order(NUMBER);
    order.remove("sub_openid");
    order.put("trade_type", "NATIVE");
    order.put("product_id", "12235413214070356458058");
    assertThat(provider.unifiedorder(order).get("code_url")).startsWith("weixin://wxpay/bizpayurl");
    order.put("out_trade_no", NUMBER.replace('1', '2'));
    order.put("trade_type", "MWEB");
    order.put("scene_info", "{\"h5_info\": {\"type\": \"Wap\"}}");
    assertThat(provider.unifiedorder(order).get("mweb_url").length()).isLessThanOrEqualTo(64);
    order.put("out_trade_no", NUMBER.replace('1', '3'));
    order.put("trade_type", "APP");
    assertThat(provider.unifiedorder(order)).containsKey("prepay_id");
  }

  @ParameterizedTest
  @CsvSource({
    "out_trade_no, short, PARAM_ERROR",
    "out_trade_no, a.b.c.d.e, PARAM_ERROR",
    "out_trade_no, 123456789012345678901234567890123, PARAM_ERROR",
    "total_fee, 0, PARAM_ERROR",
    "total_fee, -1, PARAM_ERROR",
    "total_fee, 1.01, PARAM_ERROR",
    "total_fee, 2147483648, PARAM_ERROR",
    "fee_type, USD, PARAM_ERROR",
    "spbill_create_ip, localhost, PARAM_ERROR",
    "spbill_create_ip, 1.2.3.456, PARAM_ERROR",
    "notify_url, http://gw.example.test/n?x=1, PARAM_ERROR",
    "notify_url, gw.example.test/n, PARAM_ERROR",
    "notify_url, ftp://gw.example.test/n, PARAM_ERROR",
    "trade_type, MICROPAY, PARAM_ERROR",
    "trade_type, jsapi, PARAM_ERROR",
    "limit_pay, cash, PARAM_ERROR",
    "scene_info, no json, PARAM_ERROR",
    "time_start, 2026-01-01, PARAM_ERROR",
    "time_expire, 20260101126000, PARAM_ERROR",
    "time_expire, 20260101120059, PARAM_ERROR",
    "sub_openid, '', LACK_PARAMS",
  })
  void fields_have_their_form(String field, String value, String code) {
    Map<String, String> order = provider.order(NUMBER);
    order.put(field, value);
    assertThat(provider.unifiedorder(order)).containsEntry("err_code", code);
    assertThat(provider.query(NUMBER)).containsEntry("err_code", "ORDERNOTEXIST");
  }

  @ParameterizedTest
  @CsvSource({"body, 127", "attach, 127", "detail, 6000", "device_info, 32", "goods_tag, 32"})
  void texts_have_their_length(String field, int most) {
    Map<String, String> order = provider.order(NUMBER);
    order.put(field, "豆".repeat(most + 1));
    assertThat(provider.unifiedorder(order)).containsEntry("err_code", "PARAM_ERROR");
    order.put(field, "豆".repeat(most));
    assertThat(provider.unifiedorder(order)).containsEntry("result_code", "SUCCESS");
  }

  @Test
  void both_forms_of_addresses_are_taken() {
    Map<String, String> order = provider.order(NUMBER);
    order.put("spbill_create_ip", "2001:db8::1");
    order.put("notify_url", "https://gw.example.test:8443/n");
    assertThat(provider.unifiedorder(order)).containsEntry("result_code", "SUCCESS");
  }

  @Test
  void an_id_in_the_sub_merchants_application_needs_that_application() {
    Map<String, String> order = provider.order(NUMBER);
    order.remove("sub_appid");
    assertThat(provider.unifiedorder(order)).containsEntry("err_code", "PARAM_ERROR");
  }

  @Test
  void an_id_of_one_application_is_worth_nothing_in_another() {
    Map<String, String> order = provider.order(NUMBER);
    order.put("openid", order.remove("sub_openid"));
    assertThat(provider.unifiedorder(order)).containsEntry("err_code", "PARAM_ERROR");
  }

  @Test
  void two_ids_must_be_the_same_users() {
    Map<String, String> order = provider.order(NUMBER);
    var people = sandbox.people();
    order.put("openid", people.openid(people.named("bob").orElseThrow(), Provider.APP));
    assertThat(provider.unifiedorder(order)).containsEntry("err_code", "PARAM_ERROR");
    order.put("openid", people.openid(people.named("alice").orElseThrow(), Provider.APP));
    assertThat(provider.unifiedorder(order)).containsEntry("result_code", "SUCCESS");
  }

  @Test
  void a_stranger_is_welcome_unless_told_otherwise() {
    Map<String, String> order = provider.order(NUMBER);
    order.put("sub_openid", "oTestUser0000000000000000001");
    assertThat(provider.unifiedorder(order)).containsEntry("result_code", "SUCCESS");
    try (var strict =
        io.yunfu.simulator.Sandbox.start(
            settings().withConfiguration(Json.read("{\"strangers\": false}")))) {
      assertThat(new Provider(strict).unifiedorder(order)).containsEntry("err_code", "PARAM_ERROR");
    }
  }

  @Test
  void the_same_order_again_is_the_same_order_with_another_prepay_id() {
    String first = provider.prepay(provider.order(NUMBER));
    String second = provider.prepay(provider.order(NUMBER));
    assertThat(second).isNotEqualTo(first);
    assertThat(sandbox.pay("wechat", first, "alice", new Action.Success()).succeeded()).isTrue();
    assertThat(sandbox.pay("wechat", second, "alice", new Action.Success()).succeeded()).isFalse();
    assertThat(sandbox.proof().merchants().getFirst().paid().cents()).isEqualTo(101);
  }

  @ParameterizedTest
  @CsvSource({
    "total_fee, 102",
    "body, 油条",
    "notify_url, http://127.0.0.1:9/other",
    "time_expire, 20260101130000",
    "attach, x"
  })
  void the_same_number_with_another_content_is_refused(String field, String value) {
    provider.unifiedorder(provider.order(NUMBER));
    Map<String, String> other = provider.order(NUMBER);
    other.put(field, value);
    assertThat(provider.unifiedorder(other)).containsEntry("err_code", "INVALID_REQUEST");
    assertThat(provider.query(NUMBER)).containsEntry("total_fee", "101");
  }

  @Test
  void the_number_of_a_paid_order_is_spent() {
    provider.paid(provider.order(NUMBER));
    assertThat(provider.unifiedorder(provider.order(NUMBER)))
        .containsEntry("err_code", "ORDERPAID");
  }

  @Test
  void the_number_of_a_closed_order_is_spent() {
    provider.prepay(provider.order(NUMBER));
    advance(Duration.ofMinutes(5));
    assertThat(provider.close(NUMBER)).containsEntry("result_code", "SUCCESS");
    assertThat(provider.unifiedorder(provider.order(NUMBER)))
        .containsEntry("err_code", "ORDERCLOSED");
  }

  @Test
  void a_number_is_unique_across_all_sub_merchants_of_a_provider() {
    provider.prepay(provider.order(NUMBER));
    Map<String, String> other = provider.order(NUMBER);
    other.put("sub_mch_id", "1900000102");
    other.put("sub_appid", "wx00000000000000cc");
    var people = sandbox.people();
    other.put(
        "sub_openid", people.openid(people.named("alice").orElseThrow(), "wx00000000000000cc"));
    assertThat(provider.unifiedorder(other)).containsEntry("err_code", "OUT_TRADE_NO_USED");
  }

  @Test
  void an_order_of_another_sub_merchant_cannot_be_seen() {
    provider.prepay(provider.order(NUMBER));
    Map<String, String> fields = provider.common();
    fields.put("sub_mch_id", "1900000102");
    fields.remove("sub_appid");
    fields.put("out_trade_no", NUMBER);
    assertThat(provider.call("/pay/orderquery", fields)).containsEntry("err_code", "ORDERNOTEXIST");
    assertThat(provider.call("/pay/closeorder", fields)).containsEntry("err_code", "ORDERNOTEXIST");
  }

  @Test
  void a_prepay_id_dies_after_two_hours_and_a_new_one_lives() {
    String old = provider.prepay(provider.order(NUMBER));
    advance(Duration.ofHours(2));
    assertThat(sandbox.pay("wechat", old, "alice", new Action.Success()).succeeded()).isFalse();
    String renewed = provider.prepay(provider.order(NUMBER));
    assertThat(sandbox.pay("wechat", renewed, "alice", new Action.Success()).succeeded()).isTrue();
  }

  @Test
  void the_address_for_browsers_dies_after_five_minutes() {
    Map<String, String> order = provider.order(NUMBER);
    order.put("trade_type", "MWEB");
    order.put("scene_info", "{\"h5_info\": {\"type\": \"Wap\"}}");
    order.remove("sub_openid");
    String url = provider.unifiedorder(order).get("mweb_url");
    advance(Duration.ofMinutes(5));
    assertThat(sandbox.pay("wechat", url, "alice", new Action.Success()).succeeded()).isFalse();
    String renewed = provider.unifiedorder(order).get("mweb_url");
    assertThat(sandbox.pay("wechat", renewed, "alice", new Action.Success()).succeeded()).isTrue();
  }

  @Test
  void a_qr_code_dies_after_two_hours() {
    Map<String, String> order = provider.order(NUMBER);
    order.put("trade_type", "NATIVE");
    order.put("product_id", "1");
    order.remove("sub_openid");
    String url = provider.unifiedorder(order).get("code_url");
    advance(Duration.ofHours(2));
    assertThat(sandbox.pay("wechat", url, "alice", new Action.Success()).succeeded()).isFalse();
  }

  @Test
  void an_unpaid_order_is_over_at_its_expiry() {
    Map<String, String> order = provider.order(NUMBER);
    order.put("time_expire", "20260101120100");
    String prepay = provider.prepay(order);
    advance(Duration.ofSeconds(59));
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "NOTPAY");
    advance(Duration.ofSeconds(1));
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "CLOSED");
    assertThat(sandbox.pay("wechat", prepay, "alice", new Action.Success()).succeeded()).isFalse();
  }

  @Test
  void an_unpaid_order_is_over_after_seven_days_at_the_latest() {
    provider.prepay(provider.order(NUMBER));
    advance(Duration.ofDays(7).minusSeconds(1));
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "NOTPAY");
    advance(Duration.ofSeconds(1));
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "CLOSED");
  }

  @Test
  void a_paid_order_never_expires() {
    Map<String, String> order = provider.order(NUMBER);
    order.put("time_expire", "20260101120500");
    provider.paid(order);
    advance(Duration.ofDays(8));
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "SUCCESS");
  }

  @Test
  void a_query_of_a_paid_order_says_everything() {
    Map<String, String> order = provider.order(NUMBER);
    order.put("attach", "桌号 7");
    order.put("device_info", "WEB");
    provider.paid(order);
    Map<String, String> answer = provider.query(NUMBER);
    assertThat(answer)
        .containsEntry("trade_state", "SUCCESS")
        .containsEntry("attach", "桌号 7")
        .containsEntry("device_info", "WEB")
        .containsEntry("total_fee", "101")
        .containsEntry("cash_fee", "101")
        .containsEntry("fee_type", "CNY")
        .containsEntry("time_end", "20260101120000")
        .containsEntry("sub_openid", provider.openid("alice"));
    assertThat(answer.get("transaction_id")).matches("4200[0-9]{6}20260101[0-9]{10}");
    Map<String, String> byId = provider.common();
    byId.put("transaction_id", answer.get("transaction_id"));
    byId.put("out_trade_no", "another-number"); // the transaction wins
    assertThat(provider.call("/pay/orderquery", byId)).containsEntry("out_trade_no", NUMBER);
  }
}
