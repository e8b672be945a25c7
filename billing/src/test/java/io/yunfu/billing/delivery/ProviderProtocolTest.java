package io.yunfu.billing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.deal.BigDealId;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.delivery.ProviderAnswer.Accepted;
import io.yunfu.billing.delivery.ProviderAnswer.Delivered;
import io.yunfu.billing.delivery.ProviderAnswer.Refused;
import io.yunfu.billing.delivery.ProviderAnswer.Unknown;
import io.yunfu.kernel.Uin;
import java.math.BigDecimal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ProviderProtocolTest {
  static final ProviderRequest REQUEST =
      new ProviderRequest(
          new DealId("20260101000000000000001"),
          new BigDealId("20260101000000000000000"),
          new Uin(100_000_000_001L),
          "p_cvm",
          "sp_cvm_s5",
          "upgrade",
          2,
          new BigDecimal("1.5000"),
          "m",
          "ap-guangzhou-1",
          0,
          "[{\"Name\": \"地域\", \"Value\": \"广州\"}]",
          List.of("ins-1a2b3c4d"),
          "ins",
          Instant.parse("2026-01-01T04:00:00.123456Z"));

  @Test
  void the_body_is_what_the_documentation_shows() {
    assertThat(new String(ProviderProtocol.body(REQUEST), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"version":1,"dealId":"20260101000000000000001","bigDealId":"20260101000000000000000",\
            "ownerUin":"100000000001","action":"upgrade","productCode":"p_cvm","subProductCode":"sp_cvm_s5",\
            "quantity":2,"timeSpan":"1.5","timeUnit":"m","zoneCode":"ap-guangzhou-1","projectId":0,\
            "productInfo":[{"Name":"地域","Value":"广州"}],"targetResources":["ins-1a2b3c4d"],\
            "resourcePrefix":"ins","paidAt":"2026-01-01T04:00:00.123456Z"}\
            """);
  }

  @Test
  void the_signature_is_what_another_program_computes() {
    // python3: hmac.new("a secret 云".encode(), b"1767240000." + body, "sha256").hexdigest()
    byte[] body =
        "{\"version\":1,\"dealId\":\"20260101000000000000001\"}".getBytes(StandardCharsets.UTF_8);
    assertThat(ProviderProtocol.signature("a secret 云", Instant.ofEpochSecond(1767240000), body))
        .isEqualTo(
            "t=1767240000,v1=80117cb0bfbf397b4c5c4fd2f89641042acb59f47e0f69a7e6e7f943cc32c112");
  }

  @Test
  void delivered_brings_resources_or_none() {
    assertThat(read(200, "{\"status\":\"delivered\",\"resourceIds\":[\"ins-1\",\"ins-2\"]}"))
        .isEqualTo(new Delivered(List.of("ins-1", "ins-2")));
    assertThat(read(201, "{\"status\":\"delivered\",\"more\":{}}"))
        .isEqualTo(new Delivered(List.of()));
  }

  @Test
  void resource_ids_that_cannot_be_are_no_definite_answer() {
    String tooMany =
        IntStream.range(0, 1001).mapToObj(i -> "\"i" + i + "\"").collect(Collectors.joining(","));
    for (String ids :
        List.of(
            "\"ins-1\"",
            "{}",
            "null",
            "[1]",
            "[null]",
            "[\"\"]",
            "[\"a,b\"]",
            "[\"a b\"]",
            "[\"" + "x".repeat(129) + "\"]",
            "[\"same\",\"same\"]",
            "[" + tooMany + "]")) {
      assertThat(read(200, "{\"status\":\"delivered\",\"resourceIds\":" + ids + "}"))
          .as(ids)
          .isInstanceOf(Unknown.class);
    }
  }

  @Test
  void accepted_may_say_when_to_ask_again_within_reason() {
    assertThat(read(202, "{\"status\":\"accepted\"}")).isEqualTo(new Accepted(Optional.empty()));
    assertThat(read(200, "{\"status\":\"accepted\",\"retryAfterSeconds\":30}"))
        .isEqualTo(new Accepted(Optional.of(Duration.ofSeconds(30))));
    assertThat(read(200, "{\"status\":\"accepted\",\"retryAfterSeconds\":0}"))
        .isEqualTo(new Accepted(Optional.of(Duration.ofSeconds(1))));
    assertThat(read(200, "{\"status\":\"accepted\",\"retryAfterSeconds\":999999}"))
        .isEqualTo(new Accepted(Optional.of(Duration.ofHours(1))));
    assertThat(read(200, "{\"status\":\"accepted\",\"retryAfterSeconds\":\"soon\"}"))
        .isEqualTo(new Accepted(Optional.empty()));
    assertThat(read(200, "{\"status\":\"accepted\",\"retryAfterSeconds\":12345678901234}"))
        .isEqualTo(new Accepted(Optional.empty()));
  }

  @Test
  void a_refusal_is_one_in_words_or_a_client_error() {
    assertThat(read(200, "{\"status\":\"refused\",\"reason\":\"sold out\"}"))
        .isEqualTo(new Refused("sold out"));
    assertThat(read(200, "{\"status\":\"refused\"}")).isEqualTo(new Refused("No reason was given"));
    assertThat(read(404, "")).isEqualTo(new Refused("HTTP 404"));
    assertThat(read(422, "{\"reason\":\"no such zone\"}"))
        .isEqualTo(new Refused("HTTP 422: no such zone"));
  }

  @Test
  void what_may_pass_is_no_definite_answer() {
    for (int status : new int[] {100, 301, 302, 304, 408, 425, 429, 500, 502, 503, 504, 599}) {
      assertThat(read(status, "{\"status\":\"delivered\"}"))
          .as("HTTP %d", status)
          .isEqualTo(new Unknown("HTTP " + status));
    }
    assertThat(ProviderProtocol.read(503, new byte[0], Optional.of("120")))
        .isEqualTo(new Unknown("HTTP 503", Optional.of(Duration.ofMinutes(2))));
    assertThat(
            ProviderProtocol.read(429, new byte[0], Optional.of("Wed, 21 Oct 2026 07:28:00 GMT")))
        .isEqualTo(new Unknown("HTTP 429"));
  }

  @Test
  void garbage_is_no_definite_answer() {
    for (String body :
        List.of(
            "",
            " ",
            "null",
            "[]",
            "\"delivered\"",
            "{",
            "<html>delivered</html>",
            "{\"status\":1}",
            "{\"status\":null}",
            "{\"status\":\"DELIVERED\"}",
            "{\"status\":\"done\"}",
            "{\"status\":\"refused\",\"status\":\"delivered\"}",
            "{\"status\":\"delivered\"} {\"status\":\"refused\"}",
            "{\"a\":".repeat(5000))) {
      assertThat(read(200, body)).as(body).isInstanceOf(Unknown.class);
    }
    assertThat(
            ProviderProtocol.read(
                200, new byte[] {'{', (byte) 0xff, (byte) 0xfe}, Optional.empty()))
        .isInstanceOf(Unknown.class);
  }

  @Test
  void an_error_becomes_one_visible_line_that_any_database_takes() {
    String error = "a\nb\u0000c\u202e" + (char) 0xd800 + "d" + "x".repeat(600) + "\ud83d\ude00";
    assertThat(QueueRow.line(error))
        .startsWith("a b c d")
        .hasSizeLessThanOrEqualTo(500)
        .doesNotContain("\u202e", "\u0000", "\n");
    assertThat(QueueRow.line("x".repeat(499) + "\ud83d\ude00")).isEqualTo("x".repeat(499));
  }

  @Test
  void an_endpoint_does_not_print_its_secret() {
    var endpoint =
        new ProviderEndpoint(
            "web", URI.create("https://a/"), "s3cret", Duration.ofSeconds(1), 1, true);
    assertThat(endpoint.toString()).doesNotContain("s3cret");
  }

  private static ProviderAnswer read(int status, String body) {
    return ProviderProtocol.read(status, body.getBytes(StandardCharsets.UTF_8), Optional.empty());
  }
}
