package io.yunfu.wire.tc3;

import static io.yunfu.wire.tc3.Requests.NOON;
import static io.yunfu.wire.tc3.Requests.SECRET;
import static io.yunfu.wire.tc3.Requests.SECRET_ID;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.wire.tc3.SignedRequest.Header;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// "What a self-hosted verifier must tolerate" (section 1.5) and the tolerances of section 1.6, one
/// by one, and that nothing beyond them is tolerated.
class SignatureTolerancesTest {
  private static final PublicHosts NO_OTHERS = new PublicHosts(List.of());

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:8080, 127.0.0.1:8080",
    "127.0.0.1:8080, 127.0.0.1",
    "localhost, localhost",
    "http://127.0.0.1:8080, http://127.0.0.1:8080",
    "http://127.0.0.1:8080, 127.0.0.1:8080",
    "http://127.0.0.1:8080, 127.0.0.1",
    "https://billing.local, billing.local",
    "HTTP://billing.local:80, billing.local",
    "[::1]:8080, [::1]:8080",
    "[::1]:8080, [::1]",
    "[::1], [::1]",
    "Billing.Local:8080, billing.local:8080",
    "Billing.Local:8080, billing.local"
  })
  void the_host_is_tried_as_received_without_port_and_without_scheme(String sent, String signed) {
    for (Mode mode : List.of(Mode.JSON, Mode.QUERY_V3)) {
      assertThat(verifies(sign(mode, signed), "Host", sent, NO_OTHERS, null)).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1:8080, 127.0.0.1:8080",
    "127.0.0.1:8080, 127.0.0.1",
    "http://127.0.0.1:8080, http://127.0.0.1:8080",
    "http://127.0.0.1:8080, 127.0.0.1:8080",
    "http://127.0.0.1:8080, 127.0.0.1"
  })
  void v1_tries_the_same_hosts(String sent, String signed) {
    for (Mode mode : List.of(Mode.FORM_V1, Mode.QUERY_V1)) {
      assertThat(verifies(sign(mode, signed), "Host", sent, NO_OTHERS, null)).isTrue();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1:8080",
    "127.0.0.1:8080, 127.0.0.1:8081",
    "127.0.0.1:8080, 127.0.0.2",
    "billing.local, billing.loca",
    "billing.local:x, billing.local",
    "billing.local:, billing.local",
    "ftp://billing.local, billing.local"
  })
  void another_host_does_not_verify(String sent, String signed) {
    for (Mode mode : Mode.values()) {
      assertThat(verifies(sign(mode, signed), "Host", sent, NO_OTHERS, null)).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void public_and_forwarded_hosts_are_tried_in_every_mode(Mode mode) {
    SignedRequest request = sign(mode, "pay.example.com");
    assertThat(verifies(request, "Host", "10.0.0.7:9000", NO_OTHERS, null)).isFalse();
    var published = new PublicHosts(List.of("a.example.com", "pay.example.com"));
    assertThat(verifies(request, "Host", "10.0.0.7:9000", published, null)).isTrue();
    assertThat(verifies(request, "Host", "10.0.0.7:9000", NO_OTHERS, "pay.example.com:443"))
        .isTrue();
    assertThat(verifies(request, "Host", "10.0.0.7:9000", NO_OTHERS, "x, pay.example.com"))
        .isFalse();
    assertThat(verifies(request, "Host", null, published, null)).isTrue();
    assertThat(verifies(request, "Host", null, NO_OTHERS, null)).isFalse();
    assertThat(verifies(request, "Host", "10.0.0.7:9000", NO_OTHERS, " , ")).isFalse();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void a_path_prefix_does_not_matter_when_the_client_signs_a_slash(Mode mode) {
    ReceivedRequest received = sign(mode, "anything").received();
    var prefixed =
        new ReceivedRequest(
            received.method(), "/billing/", received.query(), received.headers(), received.body());
    assertThat(verifies(prefixed, NO_OTHERS, null)).isTrue();
  }

  @Test
  void a_client_may_sign_the_real_path() {
    String body = "{}";
    String canonical =
        SignatureV3.canonicalRequest(
            "POST",
            "/v3/billing",
            null,
            List.of("content-type", "host"),
            List.of("application/json", ""),
            "billing.tencentcloudapi.com",
            "content-type;host",
            SignatureV3.payloadHash(body.getBytes(UTF_8)));
    String text = SignatureV3.stringToSign(Long.toString(NOON), "2026-01-01", "billing", canonical);
    String signature =
        HexFormat.of().formatHex(SECRET.signingKey("2026-01-01", "billing").sign(text));
    Requests request =
        Requests.json(body)
            .path("/v3/billing")
            .authorization("2026-01-01/billing", "content-type;host", signature);
    assertThat(request.verifies()).isTrue();
    assertThat(request.path("/v3/other").verifies()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127", "localhost:8080", "http://127", "a/b", "billing", "[::1]:8080"})
  void the_service_is_whatever_the_credential_says(String service) {
    SignedRequest request =
        Signer.to("billing.local", SECRET_ID, SECRET)
            .service(service)
            .build()
            .sign("PayDeals", Map.of(), NOON);
    assertThat(verifies(request.received(), NO_OTHERS, null)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TC3-HMAC-SHA256 Credential={c},SignedHeaders={h},Signature={s}",
        "TC3-HMAC-SHA256  Credential={c} ,  SignedHeaders={h} , Signature={s} ",
        "TC3-HMAC-SHA256 Signature={s}, Credential={c}, SignedHeaders={h}",
        "TC3-HMAC-SHA256\tCredential={c}, SignedHeaders={h}, Signature={s}"
      })
  void blanks_and_order_in_the_authorization_header_do_not_matter(String form) {
    String header =
        form.replace("{c}", "AKIDEXAMPLE/2026-01-01/billing/tc3_request")
            .replace("{h}", "content-type;host")
            .replace("{s}", "1b1ffad7a788622a9c7be265800a4ac4e5d7fb06e27f63884a7991bb4ee2bebc");
    assertThat(Requests.json(Requests.BODY_J).header("Authorization", header).verifies()).isTrue();
  }

  @Test
  void a_vendor_signature_cannot_be_moved_to_another_date_or_timestamp() {
    Requests request = SignatureVectorsTest.v3A();
    assertThat(request.with("X-TC-Timestamp", "1767268801").verifies()).isFalse();
    assertThat(request.with("X-TC-Timestamp", "1767355200").verifies()).isFalse();
    assertThat(request.with("X-TC-Timestamp", "01767268800").verifies()).isFalse();
    assertThat(request.with("X-TC-Timestamp", "1767268800").verifies()).isTrue();
  }

  @Test
  void a_signed_header_that_arrives_twice_does_not_verify() {
    Requests request = SignatureVectorsTest.v3A2().header("X-TC-Action", "PayDeals");
    assertThat(Refusals.codeOf(request::verifies)).isEqualTo("InvalidParameter");
    Requests other =
        Requests.json("{}")
            .header("X-Extra", "a")
            .header("X-Extra", "b")
            .authorization("2026-01-01/billing", "content-type;host;x-extra", "0".repeat(64));
    assertThat(other.verifies()).isFalse();
  }

  @Test
  void another_secret_does_not_verify() {
    Secret other = Secret.of("SKEXAMPLF");
    for (Requests request :
        List.of(
            SignatureVectorsTest.v3A(),
            SignatureVectorsTest.v3B(),
            SignatureVectorsTest.v1C(),
            SignatureVectorsTest.v1D())) {
      assertThat(request.signed().isSignedWith(other, PublicHosts.VENDOR, null)).isFalse();
      assertThat(
              Refusals.codeOf(
                  () -> request.signed().requireSignedWith(other, PublicHosts.VENDOR, null)))
          .isEqualTo("AuthFailure.SignatureFailure");
    }
  }

  @Test
  void one_secret_verifies_clients_of_several_services_in_turn() {
    for (int i = 0; i < 3; i++) {
      assertThat(SignatureVectorsTest.v3A().verifies()).isTrue();
      assertThat(SignatureVectorsTest.v3B().verifies()).isTrue();
      assertThat(SignatureVectorsTest.v3B2().verifies()).isTrue();
    }
  }

  @Test
  void many_threads_may_verify_with_one_secret() {
    long verified =
        IntStream.range(0, 4_000)
            .parallel()
            .filter(i ->
                i % 2 == 0
                    ? SignatureVectorsTest.v3A().verifies()
                    : SignatureVectorsTest.v3B().verifies())
            .count();
    assertThat(verified).isEqualTo(4_000);
  }

  @Test
  void an_unsigned_payload_may_come_with_a_get() {
    SignedRequest request =
        Signer.to("billing.local", SECRET_ID, SECRET)
            .mode(Mode.QUERY_V3)
            .unsignedPayload()
            .build()
            .sign("PayDeals", Map.of(), NOON);
    assertThat(verifies(request.received(), NO_OTHERS, null)).isTrue();
  }

  @Test
  void another_value_of_the_content_hash_header_changes_nothing() {
    assertThat(SignatureVectorsTest.v3A().header("X-TC-Content-SHA256", "abc").verifies()).isTrue();
    assertThat(SignatureVectorsTest.v3E("{}").with("X-TC-Content-SHA256", null).verifies())
        .isFalse();
  }

  @Test
  void v1_signed_with_dots_for_underscores_verifies() {
    String pairs =
        "Action=PayDeals&Some_Name=v&Empty_One=&Version=2018-07-09&Timestamp="
            + NOON
            + "&Nonce=1&SecretId=AKIDEXAMPLE";
    List<FormBody.Pair> sorted = SignatureV1.sorted(FormBody.pairs(pairs, Limits.DEFAULTS));
    for (boolean skipEmpty : List.of(true, false)) {
      for (boolean dotted : List.of(true, false)) {
        String source = SignatureV1.source("POST", "h", "/", sorted, skipEmpty, dotted);
        String signature =
            URLEncoder.encode(SignatureV1.signature(SECRET, "HmacSHA1", source), UTF_8);
        assertThat(Requests.form(pairs + "&Signature=" + signature).header("Host", "h").verifies())
            .isTrue();
      }
    }
  }

  @Test
  void a_plus_in_a_v1_signature_must_be_encoded() {
    String body = new String(SignatureVectorsTest.v1C().received().body(), UTF_8);
    Requests request =
        Requests.form(body.replace("uXZHOQ%2B", "uXZHOQ+"))
            .header("Host", "billing.intl.tencentcloudapi.com");
    assertThat(request.verifies()).isFalse();
  }

  @Test
  void the_list_of_public_hosts_is_bounded_and_holds_no_blanks() {
    assertThat(new PublicHosts(Collections.nCopies(16, "a")).names()).hasSize(16);
    assertThatThrownBy(() -> new PublicHosts(Collections.nCopies(17, "a")))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PublicHosts(List.of(" ")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_secret_is_never_empty() {
    assertThatThrownBy(() -> Secret.of("")).isInstanceOf(IllegalArgumentException.class);
  }

  private static SignedRequest sign(Mode mode, String signedHost) {
    return Signer.to("anything", SECRET_ID, SECRET)
        .mode(mode)
        .signedHost(signedHost)
        .build()
        .sign("PayDeals", Map.of("OrderIds", List.of("a b")), NOON);
  }

  private static boolean verifies(
      SignedRequest request,
      String header,
      @Nullable String value,
      PublicHosts hosts,
      @Nullable String forwarded) {
    List<Header> headers = new ArrayList<>(request.headers());
    headers.removeIf(h -> h.name().equals(header));
    if (value != null) {
      headers.add(new Header(header, value));
    }
    var changed = new SignedRequest(request.method(), request.target(), headers, request.body());
    return verifies(changed.received(), hosts, forwarded);
  }

  private static boolean verifies(
      ReceivedRequest request, PublicHosts hosts, @Nullable String forwarded) {
    ApiCall call = DecodedRequest.of(request, Limits.DEFAULTS).call();
    return ((Credentials.Signed) call.credentials()).isSignedWith(SECRET, hosts, forwarded);
  }
}
