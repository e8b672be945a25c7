package io.yunfu.simulator.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.simulator.AdminClient;
import io.yunfu.simulator.channel.Payment.Action;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Payments by code and their reversal: channels.md, sections 2.6 and 2.9.
class MicropayTest extends SandboxTest {
  private static final String NUMBER = "cp0120260101000000000000000001";

  @Test
  void a_code_pays_at_once_and_once() {
    String code = code("alice");
    Map<String, String> answer = micropay(NUMBER, code, 101);
    assertThat(answer)
        .containsEntry("trade_type", "MICROPAY")
        .containsEntry("total_fee", "101")
        .containsEntry("out_trade_no", NUMBER)
        .containsEntry("time_end", "20260101120000");
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "SUCCESS");
    assertThat(micropay(NUMBER + "x", code, 101)).containsEntry("err_code", "AUTH_CODE_INVALID");
    assertThat(micropay(NUMBER, code("alice"), 101)).containsEntry("err_code", "ORDERPAID");
  }

  @Test
  void a_code_lives_a_minute() {
    String code = code("alice");
    advance(Duration.ofSeconds(61));
    assertThat(micropay(NUMBER, code, 101)).containsEntry("err_code", "AUTHCODEEXPIRE");
  }

  @ParameterizedTest
  @CsvSource({
    "2820000000000000000, AUTH_CODE_ERROR",
    "12345, AUTH_CODE_ERROR",
    "100000000000000000, AUTH_CODE_INVALID"
  })
  void what_is_no_code_of_this_channel_is_refused(String code, String error) {
    assertThat(micropay(NUMBER, code, 101)).containsEntry("err_code", error);
    assertThat(provider.query(NUMBER)).containsEntry("err_code", "ORDERNOTEXIST");
  }

  @Test
  void who_has_not_enough_does_not_pay() {
    assertThat(micropay(NUMBER, code("bob"), 101)).containsEntry("err_code", "NOTENOUGH");
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "PAYERROR");
    assertThat(micropay(NUMBER, code("alice"), 101)).containsEntry("err_code", "OUT_TRADE_NO_USED");
  }

  @Test
  void a_careful_user_is_asked_for_the_password() {
    assertThat(micropay(NUMBER, code("erin"), 101)).containsEntry("err_code", "USERPAYING");
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "USERPAYING");
    assertThat(sandbox.pay("wechat", NUMBER, "erin", new Action.Success()).succeeded()).isTrue();
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "SUCCESS");
  }

  @Test
  void a_large_amount_needs_the_password_of_everybody() {
    assertThat(micropay(NUMBER, code("alice"), 100_000)).containsEntry("result_code", "SUCCESS");
    assertThat(micropay(NUMBER + "x", code("alice"), 100_001))
        .containsEntry("err_code", "USERPAYING");
    var cancelled = sandbox.pay("wechat", NUMBER + "x", "alice", new Action.Cancel());
    assertThat(cancelled.succeeded()).isFalse();
    assertThat(provider.query(NUMBER + "x")).containsEntry("trade_state", "NOTPAY");
  }

  @Test
  void the_eleventh_payment_of_a_day_needs_the_password() {
    for (int i = 0; i < 10; i++) {
      assertThat(micropay("number" + i, code("alice"), 1)).containsEntry("result_code", "SUCCESS");
    }
    assertThat(micropay("number10", code("alice"), 1)).containsEntry("err_code", "USERPAYING");
    advance(Duration.ofDays(1));
    assertThat(micropay("number11", code("alice"), 1)).containsEntry("result_code", "SUCCESS");
  }

  @Test
  void a_payment_is_reversed_with_all_its_money() {
    micropay(NUMBER, code("alice"), 101);
    assertThat(reverse(NUMBER)).containsEntry("recall", "Y"); // too early
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "SUCCESS");
    advance(Duration.ofSeconds(15));
    assertThat(reverse(NUMBER))
        .containsEntry("result_code", "SUCCESS")
        .containsEntry("recall", "N");
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "REVOKED");
    assertThat(reverse(NUMBER)).containsEntry("result_code", "SUCCESS");
    assertThat(sandbox.people().balance(sandbox.people().named("alice").orElseThrow()).cents())
        .isEqualTo(10_000_000);
    assertThat(sandbox.proof().holds()).isTrue();
    assertThat(micropay(NUMBER, code("alice"), 101)).containsEntry("err_code", "ORDERREVERSED");
  }

  @Test
  void an_undecided_payment_is_reversed_and_cannot_be_finished() {
    micropay(NUMBER, code("erin"), 101);
    advance(Duration.ofSeconds(15));
    assertThat(reverse(NUMBER)).containsEntry("result_code", "SUCCESS");
    assertThat(sandbox.pay("wechat", NUMBER, "erin", new Action.Success()).succeeded()).isFalse();
  }

  @Test
  void only_payments_by_code_are_reversed_and_only_within_a_week() {
    provider.paid(provider.order(NUMBER));
    advance(Duration.ofSeconds(15));
    assertThat(reverse(NUMBER)).containsEntry("err_code", "TRADE_ERROR");
    micropay(NUMBER + "x", code("alice"), 1);
    advance(Duration.ofDays(8));
    assertThat(reverse(NUMBER + "x")).containsEntry("err_code", "REVERSE_EXPIRE");
  }

  private String code(String user) {
    return new AdminClient(sandbox)
        .post("/_sim/code", "{'user': '" + user + "'}")
        .get("auth_code")
        .asString();
  }

  private Map<String, String> micropay(String number, String code, long total) {
    Map<String, String> fields = provider.common();
    fields.put("body", "豆浆");
    fields.put("out_trade_no", number);
    fields.put("total_fee", Long.toString(total));
    fields.put("spbill_create_ip", "127.0.0.1");
    fields.put("auth_code", code);
    return provider.call("/pay/micropay", fields);
  }

  private Map<String, String> reverse(String number) {
    Map<String, String> fields = provider.common();
    fields.put("out_trade_no", number);
    return provider.secured("/secapi/pay/reverse", fields);
  }
}
