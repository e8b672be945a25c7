package io.yunfu.wire.tc3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EnvelopeTest {
  private static final String ID = "eac6b301-a322-493a-8e36-83b295459397";

  @Test
  void a_payment_is_answered_with_the_published_bytes() {
    assertThat(
            success(out -> {
              out.texts("OrderIds", List.of("123412551"));
              out.texts("ResourceIds", List.of("ins-abc"));
              out.texts("BigDealIds", List.of("123412000"));
            }))
        .isEqualTo(
            "{\"Response\":{\"OrderIds\":[\"123412551\"],\"ResourceIds\":[\"ins-abc\"],"
                + "\"BigDealIds\":[\"123412000\"],"
                + "\"RequestId\":\"eac6b301-a322-493a-8e36-83b295459397\"}}");
  }

  @Test
  void an_error_is_answered_in_the_language_asked_for() {
    ApiError error = CommonErrors.MISSING_PARAMETER.with("OrderIds");
    assertThat(new String(Envelope.error(ID, error, Language.ENGLISH), UTF_8))
        .isEqualTo(
            "{\"Response\":{\"Error\":{\"Code\":\"MissingParameter\","
                + "\"Message\":\"Required parameter `OrderIds` is missing.\"},"
                + "\"RequestId\":\"eac6b301-a322-493a-8e36-83b295459397\"}}");
    assertThat(new String(Envelope.error(ID, error, Language.CHINESE), UTF_8))
        .contains("\"Message\":\"缺少必填参数 `OrderIds`。\"");
  }

  @Test
  void a_success_without_fields_holds_the_request_id_and_no_error_key() {
    assertThat(success(out -> {})).isEqualTo("{\"Response\":{\"RequestId\":\"" + ID + "\"}}");
  }

  @Test
  void an_empty_list_is_an_array() {
    assertThat(success(out -> out.texts("ResourceIds", List.of())))
        .startsWith("{\"Response\":{\"ResourceIds\":[],");
  }

  @ParameterizedTest
  @CsvSource({
    "100, 100",
    "100.0, 100",
    "100.50, 100.5",
    "1E+3, 1000",
    "1E-8, 0.00000001",
    "0.00, 0",
    "0E+10, 0",
    "-12.340, -12.34",
    "123456789012345678901234567890.12, 123456789012345678901234567890.12"
  })
  void decimals_are_exact_and_have_no_exponent_and_no_needless_fraction(
      BigDecimal value, String written) {
    assertThat(success(out -> out.decimal("Price", value))).contains("\"Price\":" + written + ",");
  }

  @Test
  void whole_numbers_keep_all_64_bits() {
    assertThat(success(out -> out.integer("TotalBalance", Long.MAX_VALUE)))
        .contains("\"TotalBalance\":9223372036854775807,");
    assertThat(success(out -> out.integer("TotalBalance", Long.MIN_VALUE)))
        .contains("\"TotalBalance\":-9223372036854775808,");
  }

  @Test
  void times_and_dates_are_printed_in_utc_plus_8_without_a_zone() {
    assertThat(success(out -> out.time("CreateTime", Instant.parse("2025-12-31T16:00:00.999Z"))))
        .contains("\"CreateTime\":\"2026-01-01 00:00:00\"");
    assertThat(success(out -> out.date("BeginTime", LocalDate.of(2026, 1, 1))))
        .contains("\"BeginTime\":\"2026-01-01\"");
  }

  @Test
  void objects_arrays_flags_and_nulls_nest() {
    record Pair(String name, String value) {}
    assertThat(
            success(out -> {
              out.objects(
                  "Deals",
                  List.of(new Pair("a", "1"), new Pair("b", "2")),
                  (deal, pair) -> {
                    deal.text("Name", pair.name());
                    deal.object("ProductInfo", info -> info.text("Value", pair.value()));
                  });
              out.flag("IsAllowArrears", false);
              out.nothing("ResourceId");
              out.nullableText("NextToken", null);
              out.nullableText("Token", "t");
            }))
        .isEqualTo(
            "{\"Response\":{\"Deals\":[{\"Name\":\"a\",\"ProductInfo\":{\"Value\":\"1\"}},"
                + "{\"Name\":\"b\",\"ProductInfo\":{\"Value\":\"2\"}}],\"IsAllowArrears\":false,"
                + "\"ResourceId\":null,\"NextToken\":null,\"Token\":\"t\",\"RequestId\":\""
                + ID
                + "\"}}");
  }

  @Test
  void chinese_text_is_sent_as_raw_utf8_and_quotes_are_escaped() {
    assertThat(success(out -> out.text("ProductName", "云服务器 \"S5\"\n")))
        .contains("\"ProductName\":\"云服务器 \\\"S5\\\"\\n\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Error", "RequestId", "DeprecatedWarning"})
  void an_action_cannot_write_the_envelopes_own_fields(String name) {
    assertThatThrownBy(() -> success(out -> out.text(name, "")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> success(out -> out.nothing(name)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void an_inner_object_may_use_those_names() {
    assertThat(success(out -> out.object("Log", log -> log.text("RequestId", "r"))))
        .contains("\"Log\":{\"RequestId\":\"r\"}");
  }

  @Test
  void an_answer_past_the_cap_becomes_response_size_limit_exceeded() {
    int exact = success(out -> out.text("Name", "x".repeat(20_000))).getBytes(UTF_8).length;
    assertThat(Envelope.success(ID, exact, out -> out.text("Name", "x".repeat(20_000))))
        .hasSize(exact);
    assertThatThrownBy(
            () -> Envelope.success(ID, exact - 1, out -> out.text("Name", "x".repeat(20_000))))
        .isInstanceOfSatisfying(
            ApiRefused.class,
            refused -> assertThat(refused.error().code()).isEqualTo("ResponseSizeLimitExceeded"));
  }

  @Test
  void the_content_type_has_no_charset() {
    assertThat(Envelope.CONTENT_TYPE).isEqualTo("application/json");
  }

  private static String success(Consumer<ResponseFields> fields) {
    return new String(Envelope.success(ID, 1 << 20, fields), UTF_8);
  }
}
