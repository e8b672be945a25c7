package io.yunfu.channels.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.kernel.Secret;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The worked examples of `channels.md` section 2.3, computed there in two other languages.
class VectorsTest {
  private static final Secret KEY = Secret.of("TESTKEY0000000000000000000000001");

  private static final String ORDER =
      "appid=wx00000000000000aa&body=测试门店-豆浆&mch_id=1900000001"
          + "&nonce_str=N0nceStr0000000000000000000001"
          + "&notify_url=https://gw.example.test/channel/wx/pay-notify"
          + "&out_trade_no=cp0120260101000000000000000001&sign_type=MD5"
          + "&spbill_create_ip=127.0.0.1&sub_appid=wx00000000000000bb&sub_mch_id=1900000101"
          + "&sub_openid=oTestUser0000000000000000001&time_expire=20260101120500"
          + "&time_start=20260101120000&total_fee=101&trade_type=JSAPI";

  private static final String PAGE =
      "appId=wx00000000000000bb&nonceStr=JsN0nce000000000000000000000001"
          + "&package=prepay_id=wx01120000000000000000000000000001&signType=MD5"
          + "&timeStamp=1767240000";

  private static final String NOTICE =
      "appid=wx00000000000000aa&bank_type=OTHERS&cash_fee=101&fee_type=CNY&is_subscribe=N"
          + "&mch_id=1900000001&nonce_str=NtfN0nce00000000000000000000001"
          + "&openid=oSpUser00000000000000000000001&out_trade_no=cp0120260101000000000000000001"
          + "&result_code=SUCCESS&return_code=SUCCESS&sub_appid=wx00000000000000bb"
          + "&sub_is_subscribe=N&sub_mch_id=1900000101&sub_openid=oTestUser0000000000000000001"
          + "&time_end=20260101120020&total_fee=101&trade_type=JSAPI"
          + "&transaction_id=4200000000202601010000000001";

  private static final String REQUEST_INFO =
      "17+9vszUXtMgPgEkvbdnjhkw3/QQzqe0xXNPywo3ygCy0Rtm2fFmfcduKIkGYYB6QjutXOFF3gvtMWg48CXhVHkU"
          + "phOz9Icus1e5xQNyWEb5vgl2SRTedHwjHq8alV2fGhMvru+WFpGy5zLt5xSFk+Bic/E/qYXXE2QrLI+v6YDR"
          + "bWmOlDgzsDAaw+yXcz1IfXRxQv/VH53LD2VPwBQpIvQoWlKCl/czgenR4pjdEL/2JRHk/FMRd3EH1wMZvfmE"
          + "HV3mfRQocY8H1v8MLN51assvZV7Qq2UZ6o1TMlTPdbc21mF0e/hcjvVSqUbze2td";

  @Test
  void an_order_is_signed_with_md5_and_its_empty_field_takes_no_part() {
    var fields = fields(ORDER);
    fields.put("attach", "");
    assertThat(Signing.sign(fields, SignType.MD5, KEY))
        .isEqualTo("2F4F999ED16D32E08F33E2A3352AB235");
  }

  @Test
  void an_order_is_signed_with_hmac_sha256() {
    var fields = fields(ORDER);
    fields.put("sign_type", "HMAC-SHA256");
    assertThat(Signing.sign(fields, SignType.HMAC_SHA256, KEY))
        .isEqualTo("1CD1855A3C4D16E4D55E3A21582DC5EF9B074E1E7F93767D91A2B8F678E0C0B2");
  }

  @Test
  void a_page_is_signed() {
    assertThat(Signing.sign(fields(PAGE), SignType.MD5, KEY))
        .isEqualTo("F752B47B21DE63408214DC6ACBA6C72F");
  }

  @Test
  void a_notice_verifies() {
    var fields = fields(NOTICE);
    fields.put("sign", "A53EDFA5A89386017F80567887115C10");
    assertThat(Signing.verifies(fields, SignType.MD5, KEY)).isTrue();
  }

  @Test
  void a_refund_notice_is_decrypted() {
    assertThat(HiddenFields.read(REQUEST_INFO, KEY))
        .containsExactly(
            Map.entry("out_refund_no", "cp01R20260101000000000000000001"),
            Map.entry("out_trade_no", "cp0120260101000000000000000001"),
            Map.entry("refund_fee", "101"),
            Map.entry("refund_status", "SUCCESS"));
  }

  /// In the opposite order, since the order must not matter.
  private static Map<String, String> fields(String text) {
    Map<String, String> fields = new LinkedHashMap<>();
    Arrays.stream(text.split("&", -1))
        .toList()
        .reversed()
        .forEach(pair -> {
          int equals = pair.indexOf('=');
          fields.put(pair.substring(0, equals), pair.substring(equals + 1));
        });
    return fields;
  }
}
