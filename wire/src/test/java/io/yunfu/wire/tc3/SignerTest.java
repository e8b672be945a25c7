package io.yunfu.wire.tc3;

import static io.yunfu.wire.tc3.Requests.BODY_J;
import static io.yunfu.wire.tc3.Requests.NOON;
import static io.yunfu.wire.tc3.Requests.SECRET;
import static io.yunfu.wire.tc3.Requests.SECRET_ID;
import static io.yunfu.wire.tc3.Type.INTEGER;
import static io.yunfu.wire.tc3.Type.STRING;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignerTest {
  private static final String VENDOR = "billing.tencentcloudapi.com";

  record Input(List<String> orderIds, long autoVoucher, List<String> voucherIds) {
    static Input of(ParameterReader in) {
      return new Input(
          in.requiredList("OrderIds", STRING),
          in.optional("AutoVoucher", INTEGER, 0L),
          in.list("VoucherIds", STRING));
    }
  }

  @Test
  void vector_v3_a_is_signed_byte_for_byte() {
    SignedRequest request = to(VENDOR).build().sign("PayDeals", bodyJ(), NOON);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/");
    assertThat(new String(request.body(), UTF_8)).isEqualTo(BODY_J);
    assertThat(header(request, "Authorization"))
        .isEqualTo(
            "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2026-01-01/billing/tc3_request,"
                + " SignedHeaders=content-type;host,"
                + " Signature=1b1ffad7a788622a9c7be265800a4ac4e5d7fb06e27f63884a7991bb4ee2bebc");
  }

  @Test
  void vector_v3_e_is_signed_without_its_payload() {
    SignedRequest request = to(VENDOR).unsignedPayload().build().sign("PayDeals", bodyJ(), NOON);
    assertThat(header(request, "X-TC-Content-SHA256")).isEqualTo("UNSIGNED-PAYLOAD");
    assertThat(header(request, "Authorization"))
        .endsWith("81a6f37976386aba1de1dd163cd625a9745fc6d6a314f231140dedc9fa30b2c9");
  }

  @Test
  void vector_v3_b_is_signed_the_way_node_does_it() {
    SignedRequest request =
        to("127.0.0.1:8080")
            .mode(Mode.QUERY_V3)
            .signedHost("127.0.0.1")
            .build()
            .sign("PayDeals", bodyJ(), 1767196800);
    assertThat(request.target()).isEqualTo("/?OrderIds.0=20260101000000000000011&AutoVoucher=1");
    assertThat(header(request, "Authorization"))
        .isEqualTo(
            "TC3-HMAC-SHA256 Credential=AKIDEXAMPLE/2025-12-31/127/tc3_request,"
                + " SignedHeaders=content-type;host,"
                + " Signature=2a7cc2c4950b178a490de063f842bba312784abddfc5121f79d927607bd256c9");
  }

  @Test
  void vector_v1_c_is_signed_and_encoded_as_published() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("OrderIds", List.of("20260101000000000000011", "20260101000000000000012"));
    parameters.put("AutoVoucher", 1);
    parameters.put("VoucherIds", List.of("V 1+2"));
    SignedRequest request =
        to("billing.intl.tencentcloudapi.com")
            .mode(Mode.FORM_V1)
            .language(Language.ENGLISH)
            .nonce(11886)
            .build()
            .sign("PayDeals", parameters, NOON);
    assertThat(new String(request.body(), UTF_8))
        .contains("&VoucherIds.0=V+1%2B2&")
        .endsWith("&Signature=uXZHOQ%2BpcygbG1QSMKr61ZsXbZDintn%2BtLefqJvzO1E%3D");
  }

  @Test
  void sha1_is_named_and_used_when_chosen() {
    SignedRequest request =
        to(VENDOR).mode(Mode.QUERY_V1).hmacSha1().build().sign("PayDeals", bodyJ(), NOON);
    assertThat(request.target()).startsWith("/?").contains("SignatureMethod=HmacSHA1");
    assertThat(verified(request)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Mode.class)
  void what_is_signed_in_any_mode_verifies_and_reads_the_same(Mode mode) {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put(
        "OrderIds", List.of("a b", "c+d", "e/f", "g&h=i", "代金券", "100%", "\uD83D\uDE00"));
    parameters.put("AutoVoucher", 1L);
    parameters.put("VoucherIds", List.of());
    SignedRequest request =
        to("localhost:8080")
            .mode(mode)
            .region("")
            .token("t")
            .language(Language.CHINESE)
            .signAction()
            .build()
            .sign("PayDeals", parameters, NOON);
    assertThat(verified(request)).isTrue();
    ApiCall call = call(request);
    assertThat(call.mode()).isEqualTo(mode);
    assertThat(call.action()).isEqualTo("PayDeals");
    assertThat(call.language()).isEqualTo(Language.CHINESE);
    assertThat(call.parameters().read(Input::of))
        .isEqualTo(
            new Input(
                List.of("a b", "c+d", "e/f", "g&h=i", "代金券", "100%", "\uD83D\uDE00"),
                1,
                List.of()));
    call.requireToken("t");
  }

  private static Signer.Builder to(String host) {
    return Signer.to(host, SECRET_ID, SECRET);
  }

  private static Map<String, Object> bodyJ() {
    Map<String, Object> parameters = new LinkedHashMap<>();
    parameters.put("OrderIds", List.of("20260101000000000000011"));
    parameters.put("AutoVoucher", 1);
    return parameters;
  }

  private static ApiCall call(SignedRequest request) {
    return DecodedRequest.of(request.received(), Limits.DEFAULTS).call();
  }

  private static boolean verified(SignedRequest request) {
    return ((Credentials.Signed) call(request).credentials())
        .isSignedWith(SECRET, PublicHosts.VENDOR, null);
  }

  private static String header(SignedRequest request, String name) {
    return request.received().headers().all(name).getFirst();
  }
}
