package io.yunfu.simulator.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.kernel.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Amounts, times and answers, as the channel spells them.
class ValuesTest {
  private static final Instant NOON = Instant.parse("2026-01-01T04:00:00Z");

  @ParameterizedTest
  @CsvSource({"1.01,101", "0.01,1", "1,100", "1.5,150", "100000000.00,10000000000", "0,0"})
  void yuan_are_read_to_the_fen(String text, long fen) {
    assertThat(Yuan.read(text)).contains(Money.cny(fen));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.001", "1,00", "1e2", "+1", ".5", "1.", "１", "12345678901234567"})
  void what_is_no_plain_amount_is_none(String text) {
    assertThat(Yuan.read(text)).isEmpty();
  }

  @Test
  void yuan_are_written_with_two_decimals() {
    assertThat(Yuan.text(Money.cny(101))).isEqualTo("1.01");
    assertThat(Yuan.text(Money.cny(5))).isEqualTo("0.05");
    assertThat(Yuan.text(Money.cny(-5))).isEqualTo("-0.05");
    assertThat(Yuan.text(Money.cny(100))).isEqualTo("1.00");
  }

  @Test
  void times_are_those_of_beijing_whatever_the_machine_says() {
    assertThat(BeijingTime.text(NOON)).isEqualTo("2026-01-01 12:00:00");
    assertThat(BeijingTime.exact(NOON.plusMillis(7))).isEqualTo("2026-01-01 12:00:00.007");
    assertThat(BeijingTime.read("2026-01-01 12:00:00")).contains(NOON);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-1-1 12:00:00",
        "2026-02-30 12:00:00",
        "20260101120000",
        "now",
        "",
        "1767240000"
      })
  void what_is_no_time_is_none(String text) {
    assertThat(BeijingTime.read(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"1m,60", "90m,5400", "2h,7200", "15d,1296000"})
  void a_limit_counts_from_now(String text, long seconds) {
    assertThat(TimeLimit.read(text).map(limit -> limit.from(NOON)))
        .contains(NOON.plus(Duration.ofSeconds(seconds)));
  }

  @Test
  void a_limit_of_1c_is_the_end_of_the_day_in_beijing() {
    assertThat(TimeLimit.read("1c").map(limit -> limit.from(NOON)))
        .contains(Instant.parse("2026-01-01T16:00:00Z"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0m", "16d", "2c", "1.5h", "m", "5", "-1m", "100000m", "5M"})
  void what_is_no_limit_is_none(String text) {
    assertThat(TimeLimit.read(text)).isEmpty();
  }

  @Test
  void slashes_are_escaped_in_the_text_that_is_signed() {
    Map<String, Object> node = new LinkedHashMap<>();
    node.put("qr_code", "https://qr.alipay.com/bax1");
    node.put("quoted", "a\"b\\c");
    assertThat(OpenAnswer.text(node, true))
        .isEqualTo("{\"qr_code\":\"https:\\/\\/qr.alipay.com\\/bax1\",\"quoted\":\"a\\\"b\\\\c\"}");
    assertThat(OpenAnswer.text(node, false))
        .isEqualTo("{\"qr_code\":\"https://qr.alipay.com/bax1\",\"quoted\":\"a\\\"b\\\\c\"}");
  }

  @Test
  void an_envelope_holds_the_node_untouched_then_the_certificate_then_the_signature() {
    String node = "{\"a\" :  1}";
    assertThat(OpenAnswer.envelope("x_response", node, Optional.of("cafe"), Optional.of("c2ln")))
        .isEqualTo("{\"x_response\":{\"a\" :  1},\"alipay_cert_sn\":\"cafe\",\"sign\":\"c2ln\"}");
    assertThat(OpenAnswer.envelope("x_response", node, Optional.empty(), Optional.empty()))
        .isEqualTo("{\"x_response\":{\"a\" :  1}}");
  }

  @Test
  void an_error_that_a_test_asks_for_gets_the_first_level_that_fits() {
    assertThat(Reason.named("ACQ.SYSTEM_ERROR", ""))
        .isEqualTo(new Refusal(OpenCode.BUSINESS, "ACQ.SYSTEM_ERROR", "系统异常"));
    assertThat(Reason.named("20000", "").code()).isEqualTo(OpenCode.UNAVAILABLE);
    assertThat(Reason.named("40005", "").subCode()).isEqualTo("isv.app-call-limited");
    assertThat(Reason.named("AQC.SYSTEM_ERROR", "").code()).isEqualTo(OpenCode.BUSINESS);
    assertThat(Reason.named("isv.never-heard", "text"))
        .isEqualTo(new Refusal(OpenCode.INVALID, "isv.never-heard", "text"));
    assertThat(Reason.named("aop.never-heard", "").code()).isEqualTo(OpenCode.UNAVAILABLE);
    assertThat(Reason.named("ACQ.NEVER_HEARD", "").code()).isEqualTo(OpenCode.BUSINESS);
  }
}
