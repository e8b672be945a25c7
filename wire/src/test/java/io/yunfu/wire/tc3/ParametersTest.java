package io.yunfu.wire.tc3;

import static io.yunfu.wire.tc3.Refusals.codeOf;
import static io.yunfu.wire.tc3.Refusals.messageOf;
import static io.yunfu.wire.tc3.Requests.signedForm;
import static io.yunfu.wire.tc3.Requests.signedGet;
import static io.yunfu.wire.tc3.Requests.signedJson;
import static io.yunfu.wire.tc3.Type.INTEGER;
import static io.yunfu.wire.tc3.Type.STRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Section 1.3: what becomes of a value, by its declared type. What is refused stands in
/// [MalformedRequestsTest].
class ParametersTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0, 0",
    "1, 1",
    "-7, -7",
    "9223372036854775807, 9223372036854775807",
    "-9223372036854775808, -9223372036854775808"
  })
  void an_integer_has_64_bits_in_json_and_flattened(String sent, long read) {
    assertThat(withJson("AutoVoucher", sent).autoVoucher()).isEqualTo(read);
    assertThat(withPair("AutoVoucher", sent).autoVoucher()).isEqualTo(read);
  }

  @Test
  void a_flattened_integer_may_have_leading_zeros_up_to_19_digits() {
    assertThat(withPair("AutoVoucher", "0000000000000000001").autoVoucher()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    "1.50, 1.50",
    "-0.5, -0.5",
    "3, 3",
    "123456789012345678.123456789, 123456789012345678.123456789"
  })
  void a_float_is_exact_in_json_and_flattened(String sent, BigDecimal read) {
    assertThat(withJson("Rate", sent).rate()).isEqualTo(read);
    assertThat(withPair("Rate", sent).rate()).isEqualTo(read);
  }

  @ParameterizedTest
  @CsvSource({"1e2, 100", "1E-2, 0.01", "1.5e+3, 1500"})
  void a_float_in_json_may_have_an_exponent(String sent, BigDecimal read) {
    assertThat(withJson("Rate", sent).rate()).isEqualByComparingTo(read);
  }

  @ParameterizedTest
  @CsvSource({"true, true", "false, false", "True, true", "FALSE, false"})
  void a_flattened_boolean_is_read_in_any_case(String sent, boolean read) {
    assertThat(withPair("Flag", sent).flag()).isEqualTo(read);
  }

  @Test
  void a_json_boolean_is_true_or_false() {
    assertThat(withJson("Flag", "true").flag()).isTrue();
    assertThat(withJson("Flag", "false").flag()).isFalse();
  }

  @Test
  void a_timestamp_is_in_utc_plus_8() {
    Instant newYear = Instant.parse("2025-12-31T16:00:00Z");
    assertThat(withJson("Since", "\"2026-01-01 00:00:00\"").since()).isEqualTo(newYear);
    assertThat(withPair("Since", "2026-01-01+00%3A00%3A00").since()).isEqualTo(newYear);
  }

  @Test
  void a_leap_day_is_a_timestamp() {
    assertThat(withJson("Since", "\"2024-02-29 23:59:59\"").since())
        .isEqualTo(Instant.parse("2024-02-29T15:59:59Z"));
  }

  @Test
  void a_string_is_taken_as_it_is() {
    assertThat(withJson("CpsUin", "\"\"").cpsUin()).isEmpty();
    assertThat(withJson("CpsUin", "\" 1 \"").cpsUin()).isEqualTo(" 1 ");
    assertThat(withPair("CpsUin", "").cpsUin()).isEmpty();
    assertThat(withPair("CpsUin", "+1+").cpsUin()).isEqualTo(" 1 ");
    assertThat(withPair("CpsUin", "007").cpsUin()).isEqualTo("007");
  }

  @Test
  void lists_of_integers_are_read() {
    assertThat(withJson("StatusSet", "[4,5]").statuses()).containsExactly(4L, 5L);
    assertThat(signedGet("OrderIds.0=a&StatusSet.1=5&StatusSet.0=4").pipeline().statuses())
        .containsExactly(4L, 5L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"AutoVoucher", "CpsUin", "Flag", "Rate", "Since", "StatusSet", "Only"})
  void null_means_not_given(String name) {
    assertThat(withJson(name, "null")).isEqualTo(signedJson("{\"OrderIds\":[\"a\"]}").pipeline());
  }

  @Test
  void null_of_an_undeclared_parameter_means_not_given_too() {
    assertThat(withJson("Foo", "null").orderIds()).containsExactly("a");
  }

  @Test
  void an_empty_list_means_not_given() {
    assertThat(withJson("StatusSet", "[]").statuses()).isEmpty();
    assertThat(codeOf(() -> signedJson("{\"OrderIds\":[]}").pipeline()))
        .isEqualTo("MissingParameter");
  }

  @Test
  void what_is_absent_is_null_empty_or_the_default() {
    Requests.PayDeals read = signedJson("{\"OrderIds\":[\"a\"]}").pipeline();
    assertThat(read)
        .isEqualTo(
            new Requests.PayDeals(
                List.of("a"), 0, null, null, null, null, List.of(), List.of(), null));
  }

  @Test
  void the_names_of_v1_are_no_unknown_parameters_in_a_query_or_a_form() {
    String all =
        "&Region=r&Token=t&Language=zh-CN&RequestClient=c&SignatureMethod=HmacSHA256&Nonce=1"
            + "&SecretId=s&Signature=x&Action=a&Version=v&Timestamp=1";
    assertThat(signedGet("OrderIds.0=a" + all).pipeline().orderIds()).containsExactly("a");
    assertThat(
            signedForm("OrderIds.0=a&Region=r&Token=t&Language=zh-CN&RequestClient=c")
                .pipeline()
                .orderIds())
        .containsExactly("a");
  }

  @Test
  void an_action_may_leave_a_parameter_undeclared() {
    ApiCall call = signedJson("{\"OrderIds\":[\"a\"],\"AgentPay\":3}").call();
    assertThat(messageOf(() -> call.parameters().read(in -> in.list("OrderIds", STRING))))
        .isEqualTo("Parameter `AgentPay` is not known.");
  }

  @Test
  void a_list_may_be_bounded_by_nothing_but_the_request() {
    String ids = "\"a\",".repeat(5_000) + "\"a\"";
    assertThat(signedJson("{\"OrderIds\":[" + ids + "]}").pipeline().orderIds()).hasSize(5_001);
  }

  @Test
  void a_form_that_rejects_placeholders_does_not_hide_the_problem() {
    record Positive(long value) {
      Positive {
        if (value <= 0) {
          throw new IllegalArgumentException("not positive");
        }
      }
    }
    Parameters wrong = signedJson("{\"AutoVoucher\":\"1\"}").call().parameters();
    assertThat(messageOf(() -> wrong.read(in -> new Positive(in.required("AutoVoucher", INTEGER)))))
        .isEqualTo("Parameter `AutoVoucher` must be of type `Integer`.");
    Parameters fine = signedJson("{\"AutoVoucher\":0}").call().parameters();
    assertThatThrownBy(() -> fine.read(in -> new Positive(in.required("AutoVoucher", INTEGER))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_problem_is_told_in_chinese_too() {
    ApiError error = Refusals.refusalOf(() -> signedJson("{\"OrderIds\":[1]}").pipeline());
    assertThat(error.message(Language.CHINESE)).isEqualTo("参数 `OrderIds.0` 的类型必须是 `String`。");
    assertThat(error.message(Language.ENGLISH))
        .isEqualTo("Parameter `OrderIds.0` must be of type `String`.");
  }

  @Test
  void a_hostile_name_is_cut_and_cleaned_in_the_message() {
    String name = "`\\n\\u202e" + "x".repeat(150);
    assertThat(messageOf(() -> signedJson("{\"OrderIds\":[\"a\"],\"" + name + "\":1}").pipeline()))
        .isEqualTo("Parameter `???" + "x".repeat(97) + "…` is not known.");
  }

  private static Requests.PayDeals withJson(String name, String value) {
    return signedJson("{\"OrderIds\":[\"a\"],\"" + name + "\":" + value + "}").pipeline();
  }

  private static Requests.PayDeals withPair(String name, String value) {
    Requests.PayDeals inQuery = signedGet("OrderIds.0=a&" + name + "=" + value).pipeline();
    assertThat(signedForm("OrderIds.0=a&" + name + "=" + value).pipeline()).isEqualTo(inQuery);
    return inQuery;
  }
}
