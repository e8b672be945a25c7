package io.yunfu.channels.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.channel.Evidence;
import org.junit.jupiter.api.Test;

class MasksTest {
  @Test
  void signatures_tokens_and_payers_are_hidden_and_all_else_is_seen() {
    assertThat(
            mask(
                "{\"alipay_trade_query_response\":{\"code\":\"10000\",\"buyer_logon_id\":\"138****0001\","
                    + "\"buyer_user_id\" : \"2088000000000001\",\"trade_no\":\"1\"},\"sign\":\"ab\\/c=\"}"))
        .isEqualTo(
            "{\"alipay_trade_query_response\":{\"code\":\"10000\",\"buyer_logon_id\":\"***\","
                + "\"buyer_user_id\" : \"***\",\"trade_no\":\"1\"},\"sign\":\"***\"}");
  }

  @Test
  void names_that_only_end_alike_are_left() {
    assertThat(mask("{\"co_sign\":\"a\",\"sign_type\":\"RSA2\",\"alipay_cert_sn\":\"b\"}"))
        .isEqualTo("{\"co_sign\":\"a\",\"sign_type\":\"RSA2\",\"alipay_cert_sn\":\"b\"}");
  }

  @Test
  void our_own_request_inside_a_refusal_is_hidden_too() {
    String masked =
        mask(
            "{\"sub_msg\":\"验签出错, sign string is app_auth_token=other&app_id=1&biz_content={\\\"buyer_id\\\":\\\"2088000000000001\\\",\\\"subject\\\":\\\"x\\\"} and "
                + Fixture.TOKEN
                + "\"}");
    assertThat(masked)
        .doesNotContain("other")
        .doesNotContain("2088000000000001")
        .doesNotContain(Fixture.TOKEN)
        .contains("app_id=1", "subject");
  }

  @Test
  void a_name_does_not_lose_its_mask_to_the_cut() {
    String text = "x".repeat(Evidence.LONGEST - 12) + "\"sign\":\"" + "s".repeat(400) + "\"";
    String masked = Masks.evidence(text, Fixture.publicKeyMode());
    assertThat(masked).hasSizeLessThanOrEqualTo(Evidence.LONGEST).doesNotContain("ss");
  }

  @Test
  void long_values_do_not_exhaust_the_stack() {
    String text = "{\"sign\":\"" + "\\/".repeat(500_000) + "\"}";
    assertThat(mask(text)).isEqualTo("{\"sign\":\"***\"}");
  }

  @Test
  void what_a_caller_reads_is_one_line() {
    assertThat(Masks.line("交易\r\n\u0000不存在 ", Fixture.publicKeyMode(), 128)).isEqualTo("交易 不存在");
    assertThat(Masks.line("豆".repeat(200), Fixture.publicKeyMode(), 128)).hasSize(128);
  }

  @Test
  void a_notice_says_neither_who_paid_nor_how_it_was_signed() {
    assertThat(
            Masks.masked(
                "buyer_id=2088000000000001&buyer_logon_id=138%2A%2A%2A%2A0001&buyer_open_id=o1"
                    + "&trade_no=2026&sign=ab%2Fc%3D&sign_type=RSA2"))
        .isEqualTo(
            "buyer_id=***&buyer_logon_id=***&buyer_open_id=***&trade_no=2026&sign=***"
                + "&sign_type=RSA2");
  }

  private static String mask(String text) {
    return Masks.evidence(text, Fixture.publicKeyMode());
  }
}
