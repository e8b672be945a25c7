package io.yunfu.wire.tc3;

import static io.yunfu.wire.tc3.Requests.SECRET;
import static io.yunfu.wire.tc3.Type.INTEGER;
import static io.yunfu.wire.tc3.Type.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What each official client sends, from the tables of sections 1.5 and 5.1. The requests lie in
/// `clients/`; their signatures were computed with Python's hashlib, not with the code under test.
class ClientsTest {
  record PayDeals(
      List<String> orderIds, long autoVoucher, List<String> voucherIds, @Nullable String cpsUin) {
    static PayDeals of(ParameterReader in) {
      return new PayDeals(
          in.requiredList("OrderIds", STRING),
          in.optional("AutoVoucher", INTEGER, 0L),
          in.list("VoucherIds", STRING),
          in.optional("CpsUin", STRING));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "java-v3-post, JSON",
    "java-v3-get, QUERY_V3",
    "java-v1-post, FORM_V1",
    "java-v1-get, QUERY_V1",
    "node-china-v3-post, JSON",
    "node-china-v3-get, QUERY_V3",
    "node-intl-v1-post, FORM_V1",
    "node-intl-v1-get, QUERY_V1",
    "node-intl-v3-post, JSON",
    "python-v3-post, JSON",
    "python-v3-post-scheme-in-host, JSON",
    "python-v3-get, QUERY_V3",
    "python-v1-post, FORM_V1",
    "tccli, JSON",
    "go-v3-post, JSON",
    "go-v3-get, QUERY_V3",
    "go-v1-post, FORM_V1",
    "go-v1-get, QUERY_V1",
    "go-v3-post-path-prefix, JSON",
    "go-v3-post-apigw, JSON",
    "handwritten-lower-cased, JSON"
  })
  void each_clients_call_verifies_and_reads_the_same(String client, Mode mode) {
    Requests request = RecordedRequest.of(client);
    assertThat(request.verifies()).isTrue();
    ApiCall call = request.call();
    assertThat(call.mode()).isEqualTo(mode);
    assertThat(call.action()).isEqualTo("PayDeals");
    assertThat(call.version()).isEqualTo("2018-07-09");
    assertThat(call.timestamp()).isEqualTo(1767268800);
    assertThat(call.region()).isNull();
    assertThat(call.parameters().read(PayDeals::of))
        .isEqualTo(
            new PayDeals(
                List.of("20260101000000000000011", "20260101000000000000012"),
                1,
                List.of("V 1+2/代金券"),
                client.equals("go-v3-post") ? "<a&b>" : null));
  }

  @ParameterizedTest
  @CsvSource({
    "java-v3-post, ENGLISH",
    "node-china-v3-post, ENGLISH",
    "node-intl-v1-post, ENGLISH",
    "python-v3-post, ENGLISH",
    "python-v1-post, CHINESE",
    "tccli, CHINESE",
    "go-v3-post, CHINESE",
    "go-v1-get, CHINESE"
  })
  void the_language_is_the_clients_or_english(String client, Language language) {
    assertThat(RecordedRequest.of(client).call().language()).isEqualTo(language);
  }

  @ParameterizedTest
  @CsvSource({
    "java-v3-post, SDK_JAVA_3.1.1436",
    "node-intl-v1-post, SDK_NODEJS_INTL_EN3.0.1335",
    "tccli, SDK_PYTHON_3.1.161; _CLI_3.1.155.1"
  })
  void the_clients_banner_is_known_for_the_log(String client, String banner) {
    assertThat(RecordedRequest.of(client).call().client()).isEqualTo(banner);
  }

  @Test
  void the_trace_id_is_there_to_be_echoed_in_v3_and_v1() {
    for (String client : List.of("node-china-v3-post", "node-intl-v1-post")) {
      assertThat(RecordedRequest.of(client).call().traceId())
          .isEqualTo("4f1c2b7a-2f0e-4a55-8a67-5d1f8a9c0b11");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"x\ty", "ä", "a b", "a\nSet-Cookie: b"})
  void a_trace_id_that_does_not_fit_a_header_is_not_echoed(String trace) {
    Requests request = RecordedRequest.of("java-v3-post").header("X-TC-TraceId", trace);
    assertThat(request.call().traceId()).isNull();
  }

  @Test
  void a_trace_id_is_bounded() {
    Requests request = RecordedRequest.of("java-v3-post");
    assertThat(request.with("X-TC-TraceId", "x".repeat(128)).call().traceId()).hasSize(128);
    assertThat(request.with("X-TC-TraceId", "x".repeat(129)).call().traceId()).isNull();
  }

  @Test
  void an_api_gateway_that_rewrites_the_host_needs_the_configured_name() {
    Credentials.Signed signed = RecordedRequest.of("go-v3-post-apigw").signed();
    assertThat(signed.isSignedWith(SECRET, new PublicHosts(List.of()), null)).isFalse();
    assertThat(
            signed.isSignedWith(
                SECRET, new PublicHosts(List.of("billing.tencentcloudapi.com")), null))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "billing.tencentcloudapi.com",
        "billing.tencentcloudapi.com:443",
        " billing.tencentcloudapi.com , inner.proxy"
      })
  void a_trusted_proxys_forwarded_host_is_tried(String forwarded) {
    Credentials.Signed signed = RecordedRequest.of("go-v3-post-apigw").signed();
    assertThat(signed.isSignedWith(SECRET, new PublicHosts(List.of()), forwarded)).isTrue();
  }

  @Test
  void header_names_are_found_in_any_case() {
    assertThat(
            RecordedRequest.of("java-v3-post")
                .with("host", "127.0.0.1:8080")
                .with("CONTENT-TYPE", "application/json; charset=utf-8")
                .verifies())
        .isTrue();
  }
}
