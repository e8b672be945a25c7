package io.yunfu.simulator.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The worked examples of channels.md, section 2.3, computed in two other languages.
class SignTypeTest {
  private static final String KEY = "TESTKEY0000000000000000000000001";

  @Test
  void an_order_is_signed_as_in_the_example() {
    Map<String, String> order = order();
    order.put("sign_type", "MD5");
    String text = SignType.text(order);
    assertThat(text)
        .isEqualTo(
            "appid=wx00000000000000aa&body=测试门店-豆浆&mch_id=1900000001&nonce_str=N0nceStr0000000000000000000001&notify_url=https://gw.example.test/channel/wx/pay-notify&out_trade_no=cp0120260101000000000000000001&sign_type=MD5&spbill_create_ip=127.0.0.1&sub_appid=wx00000000000000bb&sub_mch_id=1900000101&sub_openid=oTestUser0000000000000000001&time_expire=20260101120500&time_start=20260101120000&total_fee=101&trade_type=JSAPI");
    assertThat(SignType.MD5.sign(text, KEY)).isEqualTo("2F4F999ED16D32E08F33E2A3352AB235");
  }

  @Test
  void the_same_with_hmac() {
    Map<String, String> order = order();
    order.put("sign_type", "HMAC-SHA256");
    assertThat(SignType.HMAC_SHA256.sign(SignType.text(order), KEY))
        .isEqualTo("1CD1855A3C4D16E4D55E3A21582DC5EF9B074E1E7F93767D91A2B8F678E0C0B2");
  }

  @Test
  void a_page_call_is_signed_as_in_the_example() {
    Map<String, String> page =
        Map.of(
            "appId", "wx00000000000000bb",
            "timeStamp", "1767240000",
            "nonceStr", "JsN0nce000000000000000000000001",
            "package", "prepay_id=wx01120000000000000000000000000001",
            "signType", "MD5");
    assertThat(SignType.MD5.sign(SignType.text(page), KEY))
        .isEqualTo("F752B47B21DE63408214DC6ACBA6C72F");
  }

  @Test
  void a_notice_is_signed_as_in_the_example() {
    Map<String, String> notice = new HashMap<>();
    notice.put("appid", "wx00000000000000aa");
    notice.put("bank_type", "OTHERS");
    notice.put("cash_fee", "101");
    notice.put("fee_type", "CNY");
    notice.put("is_subscribe", "N");
    notice.put("mch_id", "1900000001");
    notice.put("nonce_str", "NtfN0nce00000000000000000000001");
    notice.put("openid", "oSpUser00000000000000000000001");
    notice.put("out_trade_no", "cp0120260101000000000000000001");
    notice.put("result_code", "SUCCESS");
    notice.put("return_code", "SUCCESS");
    notice.put("sub_appid", "wx00000000000000bb");
    notice.put("sub_is_subscribe", "N");
    notice.put("sub_mch_id", "1900000101");
    notice.put("sub_openid", "oTestUser0000000000000000001");
    notice.put("time_end", "20260101120020");
    notice.put("total_fee", "101");
    notice.put("trade_type", "JSAPI");
    notice.put("transaction_id", "4200000000202601010000000001");
    notice.put("sign", "A53EDFA5A89386017F80567887115C10");
    assertThat(
            SignType.MD5.verifies(SignType.text(notice), KEY, "A53EDFA5A89386017F80567887115C10"))
        .isTrue();
  }

  @Test
  void a_notice_of_a_refund_is_encrypted_as_in_the_example() {
    String plain =
        "<root><out_refund_no><![CDATA[cp01R20260101000000000000000001]]></out_refund_no><out_trade_no><![CDATA[cp0120260101000000000000000001]]></out_trade_no><refund_fee>101</refund_fee><refund_status><![CDATA[SUCCESS]]></refund_status></root>";
    Map<String, String> fields = new java.util.LinkedHashMap<>();
    fields.put("out_refund_no", "cp01R20260101000000000000000001");
    fields.put("out_trade_no", "cp0120260101000000000000000001");
    fields.put("refund_fee", "101");
    fields.put("refund_status", "SUCCESS");
    assertThat(Xml.write("root", fields)).isEqualTo(plain);
    assertThat(MerchantNotices.encrypted(plain, KEY))
        .isEqualTo(
            "17+9vszUXtMgPgEkvbdnjhkw3/QQzqe0xXNPywo3ygCy0Rtm2fFmfcduKIkGYYB6QjutXOFF3gvtMWg48CXhVHkUphOz9Icus1e5xQNyWEb5vgl2SRTedHwjHq8alV2fGhMvru+WFpGy5zLt5xSFk+Bic/E/qYXXE2QrLI+v6YDRbWmOlDgzsDAaw+yXcz1IfXRxQv/VH53LD2VPwBQpIvQoWlKCl/czgenR4pjdEL/2JRHk/FMRd3EH1wMZvfmEHV3mfRQocY8H1v8MLN51assvZV7Qq2UZ6o1TMlTPdbc21mF0e/hcjvVSqUbze2td");
  }

  @Test
  void one_changed_character_is_noticed() {
    Map<String, String> order = order();
    String sign = SignType.MD5.sign(SignType.text(order), KEY);
    order.put("total_fee", "102");
    assertThat(SignType.MD5.verifies(SignType.text(order), KEY, sign)).isFalse();
    assertThat(
            SignType.MD5.verifies(
                SignType.text(order()), KEY, sign.toLowerCase(java.util.Locale.ROOT)))
        .isFalse();
    assertThat(SignType.MD5.verifies(SignType.text(order()), KEY, "")).isFalse();
  }

  private static Map<String, String> order() {
    Map<String, String> order = new HashMap<>();
    order.put("appid", "wx00000000000000aa");
    order.put("attach", ""); // empty: takes no part
    order.put("body", "测试门店-豆浆");
    order.put("mch_id", "1900000001");
    order.put("nonce_str", "N0nceStr0000000000000000000001");
    order.put("notify_url", "https://gw.example.test/channel/wx/pay-notify");
    order.put("out_trade_no", "cp0120260101000000000000000001");
    order.put("spbill_create_ip", "127.0.0.1");
    order.put("sub_appid", "wx00000000000000bb");
    order.put("sub_mch_id", "1900000101");
    order.put("sub_openid", "oTestUser0000000000000000001");
    order.put("time_expire", "20260101120500");
    order.put("time_start", "20260101120000");
    order.put("total_fee", "101");
    order.put("trade_type", "JSAPI");
    return order;
  }
}
