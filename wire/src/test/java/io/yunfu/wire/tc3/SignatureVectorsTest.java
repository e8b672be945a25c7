package io.yunfu.wire.tc3;

import static io.yunfu.wire.tc3.Requests.BODY_J;
import static io.yunfu.wire.tc3.Requests.SECRET;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.wire.tc3.FormBody.Pair;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The published vectors, byte for byte. Source: billing 2018-07-09, sections 1.5 and 1.6 and
/// appendix A.
class SignatureVectorsTest {
  private static final byte[] KEY = "SKEXAMPLE".getBytes(UTF_8);
  private static final String HASH_J =
      "4091d4735d2e6b4e5c2e120f21544d6af84c511ac427cfdf78d9cc5ff7fe8e40";

  @Test
  void body_j_has_56_bytes_and_its_published_hash() {
    assertThat(BODY_J.getBytes(UTF_8)).hasSize(56);
    assertThat(SignatureV3.payloadHash(BODY_J.getBytes(UTF_8))).isEqualTo(HASH_J);
  }

  @Test
  void v3_a_gives_the_published_canonical_request_and_string_to_sign() {
    String canonical =
        canonical("POST", null, List.of("content-type", "host"), "application/json", HASH_J);
    assertThat(canonical)
        .isEqualTo(
            """
            POST
            /

            content-type:application/json
            host:billing.tencentcloudapi.com

            content-type;host
            4091d4735d2e6b4e5c2e120f21544d6af84c511ac427cfdf78d9cc5ff7fe8e40\
            """);
    assertThat(SignatureV3.stringToSign("1767268800", "2026-01-01", "billing", canonical))
        .isEqualTo(
            """
            TC3-HMAC-SHA256
            1767268800
            2026-01-01/billing/tc3_request
            c5da32401cbb574397ce870eadf4b775a16199956a1388cffdb220b86b992650\
            """);
  }

  @Test
  void v3_a_derives_the_published_keys() {
    assertThat(hex(SigningKey.kDate(KEY, "2026-01-01")))
        .isEqualTo("9b4575b0859e7415e723bbd319a3cd76c217eb5600cb0523365578a3aa0b3230");
    assertThat(hex(SigningKey.kService(KEY, "2026-01-01", "billing")))
        .isEqualTo("08be81c7cd2731ded77785c3abe8cd9dcb7bc4051192ebf732fe558b2ba9bb60");
    assertThat(hex(SigningKey.bytes(KEY, "2026-01-01", "billing")))
        .isEqualTo("311944a26dc4fa460f021437cd2a572674124f92a948ec37c971f7350c3c16ec");
  }

  @Test
  void the_keys_of_2025_12_31_for_service_127_are_the_published_ones() {
    assertThat(hex(SigningKey.kDate(KEY, "2025-12-31")))
        .isEqualTo("96aa805d6bc2160ef9cf38bad9fcdd8f32515d74053af4451f451cfa10bfa2f0");
    assertThat(hex(SigningKey.kService(KEY, "2025-12-31", "127")))
        .isEqualTo("f33893fef864872275c6b46c1166115a3a35eae61955b9256c4524f4600d744f");
    assertThat(hex(SigningKey.bytes(KEY, "2025-12-31", "127")))
        .isEqualTo("11227cfc63571d4db94e2432468a9acf7ad8e801df77ac7ebf124b2579dbe224");
  }

  @Test
  void v3_a_verifies() {
    assertThat(v3A().verifies()).isTrue();
  }

  static Requests v3A() {
    return Requests.json(BODY_J)
        .authorization(
            "2026-01-01/billing",
            "content-type;host",
            "1b1ffad7a788622a9c7be265800a4ac4e5d7fb06e27f63884a7991bb4ee2bebc");
  }

  @Test
  void v3_a2_with_a_charset_and_a_lower_cased_action_verifies() {
    String canonical =
        SignatureV3.canonicalRequest(
            "POST",
            "/",
            null,
            List.of("content-type", "host", "x-tc-action"),
            List.of("application/json; charset=utf-8", "", "paydeals"),
            "billing.tencentcloudapi.com",
            "content-type;host;x-tc-action",
            HASH_J);
    assertThat(SignatureV3.payloadHash(canonical.getBytes(UTF_8)))
        .isEqualTo("34a6207c322219208b930aa6fd9b314e62b07dab9ebd2962547490bf3ac9011d");
    assertThat(v3A2().verifies()).isTrue();
  }

  static Requests v3A2() {
    return Requests.json(BODY_J)
        .with("Content-Type", "application/json; charset=utf-8")
        .authorization(
            "2026-01-01/billing",
            "content-type;host;x-tc-action",
            "1443d5504a54a4475c8879678413e0ce484f649179518a1b7a862ed50d5b54ed");
  }

  @Test
  void v3_b_signed_without_the_port_verifies_on_a_host_with_one() {
    String query = "OrderIds.0=20260101000000000000011&AutoVoucher=1";
    String canonical =
        SignatureV3.canonicalRequest(
            "GET",
            "/",
            query,
            List.of("content-type", "host"),
            List.of("application/x-www-form-urlencoded", ""),
            "127.0.0.1",
            "content-type;host",
            SignatureV3.payloadHash(new byte[0]));
    assertThat(SignatureV3.payloadHash(canonical.getBytes(UTF_8)))
        .isEqualTo("9110c17040a16cab935af144e08ae4e9440b84b13899e39ca95cdf36a9049314");
    assertThat(v3B().verifies()).isTrue();
  }

  static Requests v3B() {
    return Requests.get("OrderIds.0=20260101000000000000011&AutoVoucher=1")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .common()
        .with("Host", "127.0.0.1:8080")
        .with("X-TC-Timestamp", "1767196800")
        .authorization(
            "2025-12-31/127",
            "content-type;host",
            "2a7cc2c4950b178a490de063f842bba312784abddfc5121f79d927607bd256c9");
  }

  @Test
  void v3_b2_with_a_colon_in_the_service_verifies() {
    String canonical =
        SignatureV3.canonicalRequest(
            "POST",
            "/",
            null,
            List.of("content-type", "host"),
            List.of("application/json; charset=utf-8", ""),
            "localhost:8080",
            "content-type;host",
            HASH_J);
    assertThat(SignatureV3.payloadHash(canonical.getBytes(UTF_8)))
        .isEqualTo("c90c81ecd2c2c5eb52293747aa97f699c04135ee91169ab72749c9dd32f849e3");
    assertThat(v3B2().verifies()).isTrue();
  }

  static Requests v3B2() {
    return Requests.json(BODY_J)
        .with("Content-Type", "application/json; charset=utf-8")
        .with("Host", "localhost:8080")
        .with("X-TC-Timestamp", "1767196800")
        .authorization(
            "2025-12-31/localhost:8080",
            "content-type;host",
            "fbdd659d971190dfb47cc2677df1fb45c2264461c089037bdd5c0ba3a735bb3a");
  }

  @Test
  void v3_e_with_an_unsigned_payload_verifies_whatever_the_body() {
    String hash = SignatureV3.payloadHash("UNSIGNED-PAYLOAD".getBytes(UTF_8));
    assertThat(hash).isEqualTo("438d4109ef0d676b8c2c7ed13cdfcb418e494d53b843d4634ce3b1085f07bb96");
    String canonical =
        canonical("POST", null, List.of("content-type", "host"), "application/json", hash);
    assertThat(SignatureV3.payloadHash(canonical.getBytes(UTF_8)))
        .isEqualTo("f4734cdc366637cc122b84507b73e0e706c2eb7fa087fac13e22be14f600bb01");
    assertThat(v3E(BODY_J).verifies()).isTrue();
    assertThat(v3E("{}").verifies()).isTrue();
  }

  static Requests v3E(String body) {
    return Requests.json(body)
        .header("X-TC-Content-SHA256", "UNSIGNED-PAYLOAD")
        .authorization(
            "2026-01-01/billing",
            "content-type;host",
            "81a6f37976386aba1de1dd163cd625a9745fc6d6a314f231140dedc9fa30b2c9");
  }

  @Test
  void v1_c_gives_the_published_source_string_and_verifies() {
    Requests request = v1C();
    String source = source(request, "billing.intl.tencentcloudapi.com", false);
    assertThat(source)
        .isEqualTo(
            "POSTbilling.intl.tencentcloudapi.com/?Action=PayDeals&AutoVoucher=1&Language=en-US"
                + "&Nonce=11886&OrderIds.0=20260101000000000000011"
                + "&OrderIds.1=20260101000000000000012&SecretId=AKIDEXAMPLE"
                + "&SignatureMethod=HmacSHA256&Timestamp=1767268800&Version=2018-07-09"
                + "&VoucherIds.0=V 1+2");
    assertThat(SignatureV1.signature(SECRET, "HmacSHA256", source))
        .isEqualTo("uXZHOQ+pcygbG1QSMKr61ZsXbZDintn+tLefqJvzO1E=");
    assertThat(request.verifies()).isTrue();
  }

  static Requests v1C() {
    return Requests.form(
            "VoucherIds.0=V+1%2B2&Action=PayDeals&OrderIds.1=20260101000000000000012"
                + "&OrderIds.0=20260101000000000000011&AutoVoucher=1&Language=en-US"
                + "&Nonce=11886&SecretId=AKIDEXAMPLE&SignatureMethod=HmacSHA256"
                + "&Timestamp=1767268800&Version=2018-07-09"
                + "&Signature=uXZHOQ%2BpcygbG1QSMKr61ZsXbZDintn%2BtLefqJvzO1E%3D")
        .header("Host", "billing.intl.tencentcloudapi.com");
  }

  @Test
  void v1_d_without_a_signature_method_verifies_with_sha1() {
    Requests request = v1D();
    String source = source(request, "billing.tencentcloudapi.com", false);
    assertThat(source)
        .isEqualTo(
            "GETbilling.tencentcloudapi.com/?Action=DescribeAccountBalance&Nonce=11886"
                + "&SecretId=AKIDEXAMPLE&Timestamp=1767268800&Version=2018-07-09");
    assertThat(SignatureV1.signature(SECRET, "HmacSHA1", source))
        .isEqualTo("/OzCiXwstm7oPUschpG/wogs/p0=");
    assertThat(request.verifies()).isTrue();
  }

  static Requests v1D() {
    return Requests.get(
            "Action=DescribeAccountBalance&Nonce=11886&SecretId=AKIDEXAMPLE"
                + "&Timestamp=1767268800&Version=2018-07-09"
                + "&Signature=%2FOzCiXwstm7oPUschpG%2Fwogs%2Fp0%3D")
        .header("Host", "billing.tencentcloudapi.com");
  }

  @Test
  void v1_f_with_an_empty_region_left_out_of_the_signature_verifies() {
    Requests request = v1F();
    String source = source(request, "127.0.0.1:8080", true);
    assertThat(source)
        .isEqualTo(
            "POST127.0.0.1:8080/?Action=DescribeAccountBalance&Nonce=11886&SecretId=AKIDEXAMPLE"
                + "&SignatureMethod=HmacSHA1&Timestamp=1767268800&Version=2018-07-09");
    assertThat(SignatureV1.signature(SECRET, "HmacSHA1", source))
        .isEqualTo("O6/A3Wl6rjVYFh1Y9Wexx5XVlIs=");
    assertThat(request.verifies()).isTrue();
  }

  static Requests v1F() {
    return Requests.form(
            "Action=DescribeAccountBalance&Nonce=11886&Region=&SecretId=AKIDEXAMPLE"
                + "&SignatureMethod=HmacSHA1&Timestamp=1767268800&Version=2018-07-09"
                + "&Signature=O6%2FA3Wl6rjVYFh1Y9Wexx5XVlIs%3D")
        .header("Host", "127.0.0.1:8080");
  }

  private static String source(Requests request, String host, boolean skipEmpty) {
    ReceivedRequest received = request.received();
    List<Pair> pairs = request.decoded().pairs();
    return SignatureV1.source(
        received.method(), host, "/", SignatureV1.sorted(pairs), skipEmpty, false);
  }

  private static String canonical(
      String method, String query, List<String> names, String contentType, String hash) {
    return SignatureV3.canonicalRequest(
        method,
        "/",
        query,
        names,
        Arrays.asList(contentType, ""),
        "billing.tencentcloudapi.com",
        String.join(";", names),
        hash);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
