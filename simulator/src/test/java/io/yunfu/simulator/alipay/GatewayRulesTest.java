package io.yunfu.simulator.alipay;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.SandboxSettings;
import io.yunfu.simulator.http.Port;
import io.yunfu.simulator.json.Json;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.Charset;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// What the gateway checks before any business: channels.md, section 7.3, rule 9.
class GatewayRulesTest {
  private static final Instant NOON = Instant.parse("2026-01-01T04:00:00Z");
  private static final String QUERY = "alipay.trade.query";
  private static final String CREATE = "alipay.trade.create";
  private static final String ORDER =
      "{'out_trade_no':'cp01','total_amount':'1.01','subject':'测试门店-豆浆',"
          + "'buyer_id':'2088000000000001'}";
  private static final Charset GBK = Charset.forName("GBK");

  private static Sandbox sandbox;

  @BeforeAll
  static void start() {
    sandbox = Sandbox.start(SandboxSettings.DEFAULT.withManualClock(NOON));
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  @BeforeEach
  void begin() {
    sandbox.reset();
  }

  @Test
  void a_signed_call_is_performed_and_its_answer_signed() {
    JsonNode node = Shop.of(sandbox).call(CREATE, ORDER);
    assertThat(node.path("code").asString()).isEqualTo("10000");
    assertThat(node.path("msg").asString()).isEqualTo("Success");
    assertThat(node.path("out_trade_no").asString()).isEqualTo("cp01");
    assertThat(node.path("trade_no").asString()).matches("2026010122[0-9]{18}");
  }

  @Test
  void it_is_json_that_calls_itself_html_with_the_id_that_finds_it_again() {
    Shop shop = Shop.of(sandbox);
    var received = shop.send(shop.signed(shop.parameters(QUERY, "{'out_trade_no':'cp01'}")));
    assertThat(received.status()).isEqualTo(200);
    assertThat(received.contentType()).isEqualTo("text/html;charset=utf-8");
  }

  @Test
  void parameters_may_all_stand_in_the_query_or_all_in_the_body() {
    Shop shop = Shop.of(sandbox);
    Map<String, String> all = shop.signed(shop.parameters(CREATE, ORDER));
    assertThat(shop.verified(CREATE, shop.get(shop.form(all))).path("code").asString())
        .isEqualTo("10000");
    assertThat(shop.verified(CREATE, shop.post("", shop.form(all))).path("code").asString())
        .isEqualTo("10000");
  }

  @Test
  void a_name_in_the_query_cannot_be_overruled_by_the_body() {
    Shop shop = Shop.of(sandbox);
    Map<String, String> all = shop.signed(shop.parameters(CREATE, ORDER));
    var received = shop.post(shop.form(all), "biz_content=%7B%22out_trade_no%22%3A%22other%22%7D");
    assertThat(shop.verified(CREATE, received).path("out_trade_no").asString()).isEqualTo("cp01");
  }

  @Test
  void another_path_or_method_of_http_is_nothing_of_the_channels() {
    Shop shop = Shop.of(sandbox);
    URI base = sandbox.base(Port.ALI_HTTP);
    assertThat(shop.exchange(HttpRequest.newBuilder(base.resolve("/gateway")).build()).status())
        .isEqualTo(404);
    var put =
        HttpRequest.newBuilder(base.resolve("/gateway.do"))
            .PUT(HttpRequest.BodyPublishers.ofString("app_id=1"))
            .build();
    assertThat(shop.exchange(put).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @CsvSource({
    "method,40001,isv.missing-method",
    "app_id,40001,isv.missing-app-id",
    "charset,40002,isv.invalid-charset",
    "sign_type,40001,isv.missing-signature-type",
    "timestamp,40001,isv.missing-timestamp",
    "version,40001,isv.missing-version",
  })
  void a_missing_parameter_is_named_by_its_sub_code(String name, String code, String subCode) {
    JsonNode node = refusal(parameters -> parameters.remove(name));
    assertThat(node.path("code").asString()).isEqualTo(code);
    assertThat(node.path("sub_code").asString()).isEqualTo(subCode);
  }

  @ParameterizedTest
  @CsvSource({
    "method,alipay.trade.steal,isv.invalid-method",
    "app_id,2021999999999999,isv.invalid-app-id",
    "charset,latin-1,isv.invalid-charset",
    "format,xml,isv.invalid-format",
    "sign_type,RSA,isv.invalid-signature-type",
    "sign_type,rsa2,isv.invalid-signature-type",
    "sign_type,none,isv.invalid-signature-type",
    "timestamp,2026-01-01T12:00:00,isv.invalid-timestamp",
    "version,2.0,isv.invalid-parameter",
    "app_auth_token,nobodys,aop.invalid-app-auth-token",
    "notify_url,not a url,isv.invalid-parameter",
    "notify_url,ftp://example.test/,isv.invalid-parameter",
    "biz_content,no json,isv.illegal-json",
    "biz_content,[],isv.illegal-json",
  })
  void a_wrong_parameter_is_named_by_its_sub_code(String name, String value, String subCode) {
    JsonNode node = refusal(parameters -> parameters.put(name, value));
    assertThat(node.path("sub_code").asString()).isEqualTo(subCode);
  }

  @Test
  void a_call_without_signature_is_refused() {
    Shop shop = Shop.of(sandbox);
    JsonNode node = shop.verified(QUERY, shop.send(shop.parameters(QUERY, "{}")));
    assertThat(node.path("sub_code").asString()).isEqualTo("isv.missing-signature");
  }

  @Test
  void a_wrong_signature_is_answered_with_the_text_that_the_server_built() {
    Shop shop = Shop.of(sandbox);
    Map<String, String> parameters = shop.parameters(CREATE, ORDER);
    Map<String, String> signed = shop.signed(parameters);
    signed.put("timestamp", Shop.time(NOON.plusSeconds(1)));
    parameters.put("timestamp", Shop.time(NOON.plusSeconds(1)));
    JsonNode node = shop.verified(CREATE, shop.send(signed));
    assertThat(node.path("code").asString()).isEqualTo("40002");
    assertThat(node.path("sub_code").asString()).isEqualTo("isv.invalid-signature");
    assertThat(node.path("sub_msg").asString()).endsWith("：" + Shop.text(parameters));
    assertThat(sandbox.requests().all().getLast().signText()).isEqualTo(Shop.text(parameters));
    assertThat(sandbox.requests().all().getLast().verdict()).isEqualTo("isv.invalid-signature");
  }

  @Test
  void the_older_algorithm_is_refused_even_where_its_signature_fits() {
    Shop shop = Shop.of(sandbox);
    Map<String, String> parameters = shop.parameters(CREATE, ORDER);
    parameters.put("sign_type", "RSA");
    parameters.put("sign", shop.sign("SHA1withRSA", Shop.text(parameters)));
    JsonNode node = shop.verified(CREATE, shop.send(parameters));
    assertThat(node.path("sub_code").asString()).isEqualTo("isv.invalid-signature-type");
    parameters.put("sign_type", "RSA2");
    assertThat(shop.verified(CREATE, shop.send(parameters)).path("sub_code").asString())
        .isEqualTo("isv.invalid-signature");
  }

  @Test
  void the_signature_of_another_application_is_not_this_ones() {
    Shop shop = Shop.of(sandbox);
    Shop other = new Shop(sandbox, Shop.CERTIFIED_APP, null);
    Map<String, String> parameters = shop.parameters(CREATE, ORDER);
    JsonNode node = shop.verified(CREATE, shop.send(other.signed(parameters)));
    assertThat(node.path("sub_code").asString()).isEqualTo("isv.invalid-signature");
  }

  @Test
  void who_is_unknown_gets_an_answer_in_the_methods_node_and_nothing_signed() {
    Shop shop = Shop.of(sandbox);
    Map<String, String> parameters = shop.parameters(QUERY, "{}");
    parameters.put("app_id", "2021999999999999");
    String text = shop.send(shop.signed(parameters)).text();
    assertThat(text).startsWith("{\"alipay_trade_query_response\":").doesNotContain("\"sign\"");
  }

  @Test
  void an_unknown_method_is_answered_by_an_error_response() {
    Shop shop = Shop.of(sandbox);
    Map<String, String> parameters = shop.parameters("alipay.trade.steal", "{}");
    assertThat(shop.send(shop.signed(parameters)).text()).startsWith("{\"error_response\":{");
  }

  @ParameterizedTest
  @ValueSource(longs = {-900, 0, 900})
  void a_clock_may_be_a_quarter_of_an_hour_off(long seconds) {
    JsonNode node = at(NOON.plusSeconds(seconds));
    assertThat(node.path("sub_code").asString()).isEqualTo("ACQ.TRADE_NOT_EXIST");
  }

  @ParameterizedTest
  @ValueSource(longs = {-901, 901, 86_400})
  void a_clock_that_is_further_off_is_refused(long seconds) {
    JsonNode node = at(NOON.plusSeconds(seconds));
    assertThat(node.path("code").asString()).isEqualTo("40002");
    assertThat(node.path("sub_code").asString()).isEqualTo("isv.invalid-timestamp");
  }

  @Test
  void the_window_goes_by_the_simulated_clock() {
    sandbox.clock().advance(Duration.ofDays(1));
    assertThat(at(NOON.plus(Duration.ofDays(1))).path("sub_code").asString())
        .isEqualTo("ACQ.TRADE_NOT_EXIST");
    assertThat(at(NOON).path("sub_code").asString()).isEqualTo("isv.invalid-timestamp");
  }

  @Test
  void a_skewed_clock_of_the_channel_refuses_those_who_are_right() {
    sandbox.faults().add("{'channel':'alipay','effect':{'kind':'clock_skew','seconds':1200}}");
    assertThat(at(NOON).path("sub_code").asString()).isEqualTo("isv.invalid-timestamp");
    assertThat(at(NOON.plusSeconds(1200)).path("sub_code").asString())
        .isEqualTo("ACQ.TRADE_NOT_EXIST");
  }

  @Test
  void a_call_in_gbk_is_read_signed_and_answered_in_gbk() {
    Shop shop = Shop.of(sandbox).in(GBK);
    Map<String, String> parameters = shop.parameters(CREATE, ORDER.replace("豆浆", "豆浆/"));
    var received = shop.send(shop.signed(parameters));
    assertThat(received.contentType()).isEqualTo("text/html;charset=gbk");
    JsonNode refused = shop.verified(CREATE, received);
    assertThat(refused.path("sub_msg").asString()).startsWith("参数无效: subject");
    JsonNode created = shop.call(CREATE, ORDER);
    String tradeNo = created.path("trade_no").asString();
    assertThat(sandbox.channel("alipay").payable(tradeNo).orElseThrow().title())
        .isEqualTo("测试门店-豆浆");
  }

  @Test
  void a_token_acts_for_its_own_seller_only() {
    Shop.of(sandbox).call(CREATE, ORDER);
    Shop other = new Shop(sandbox, Shop.APP, Shop.TOKEN_102);
    assertThat(other.call(QUERY, "{'out_trade_no':'cp01'}").path("sub_code").asString())
        .isEqualTo("ACQ.TRADE_NOT_EXIST");
    // The same number of another seller is another trade.
    JsonNode again = other.call(CREATE, ORDER.replace("1.01", "2.02"));
    assertThat(again.path("code").asString()).isEqualTo("10000");
  }

  @Test
  void a_provider_without_a_token_has_nobody_to_act_for() {
    JsonNode node = new Shop(sandbox, Shop.APP, null).call(CREATE, ORDER);
    assertThat(node.path("code").asString()).isEqualTo("40006");
    assertThat(node.path("sub_code").asString()).isEqualTo("isv.insufficient-isv-permissions");
  }

  @Test
  void a_method_that_the_seller_did_not_grant_is_refused() {
    sandbox.register(
        "alipay",
        Json.read(
            """
            {"app_id": "2021000000000009",
             "seller": {"seller_id": "2088000000000901", "permissions": ["alipay.trade.query"]},
             "sellers": [{"app_auth_token": "narrow", "seller_id": "2088000000000902",
                          "permissions": ["alipay.trade.create"]}]}
            """));
    Shop own = new Shop(sandbox, "2021000000000009", null);
    assertThat(own.call(QUERY, "{'out_trade_no':'x'}").path("sub_code").asString())
        .isEqualTo("ACQ.TRADE_NOT_EXIST");
    assertThat(own.call(CREATE, ORDER).path("sub_code").asString())
        .isEqualTo("isv.insufficient-isv-permissions");
    Shop narrow = new Shop(sandbox, "2021000000000009", "narrow");
    assertThat(narrow.call(CREATE, ORDER).path("code").asString()).isEqualTo("10000");
    JsonNode refused = narrow.call(QUERY, "{'out_trade_no':'cp01'}");
    assertThat(refused.path("code").asString()).isEqualTo("20001");
    assertThat(refused.path("sub_code").asString()).isEqualTo("aop.invalid-app-auth-token-no-api");
  }

  @Test
  void in_certificate_mode_the_caller_names_both_certificates_and_the_answer_the_channels() {
    Shop shop = new Shop(sandbox, Shop.CERTIFIED_APP, null);
    Map<String, String> parameters = shop.parameters(CREATE, ORDER);
    assertThat(subCode(shop, parameters)).isEqualTo("isv.missing-app-cert-sn");
    parameters.put("app_cert_sn", number("alipay_" + Shop.CERTIFIED_APP + "_app_cert.crt"));
    assertThat(subCode(shop, parameters)).isEqualTo("isv.missing-alipay-root-cert-sn");
    parameters.put("alipay_root_cert_sn", "0".repeat(32));
    assertThat(subCode(shop, parameters)).isEqualTo("isv.invalid-alipay-root-cert-sn");
    parameters.put("alipay_root_cert_sn", "f".repeat(32) + "_" + number("alipay_root.crt"));
    parameters.put("app_cert_sn", "0".repeat(32));
    assertThat(subCode(shop, parameters)).isEqualTo("isv.app-cert-not-exist");
    parameters.put("app_cert_sn", number("alipay_" + Shop.CERTIFIED_APP + "_app_cert.crt"));

    var received = shop.send(shop.signed(parameters));
    assertThat(shop.verified(CREATE, received).path("code").asString()).isEqualTo("10000");
    assertThat(Json.read(received.text()).path("alipay_cert_sn").asString())
        .isEqualTo(number("alipay_" + Shop.CERTIFIED_APP + "_alipay_cert.crt"));
  }

  @Test
  void slashes_are_escaped_unless_the_application_is_set_otherwise() {
    String precreate = "alipay.trade.precreate";
    String order = "{'out_trade_no':'cp01','total_amount':'1.01','subject':'s'}";
    Shop shop = Shop.of(sandbox);
    String escaped = shop.send(shop.signed(shop.parameters(precreate, order))).text();
    assertThat(escaped).contains("\"qr_code\":\"https:\\/\\/qr.alipay.com\\/");
    sandbox.register(
        "alipay",
        Json.read(
            """
            {"app_id": "2021000000000008", "escape_slashes": false,
             "seller": {"seller_id": "2088000000000801"}}
            """));
    Shop plain = new Shop(sandbox, "2021000000000008", null);
    var received = plain.send(plain.signed(plain.parameters(precreate, order)));
    assertThat(received.text()).contains("\"qr_code\":\"https://qr.alipay.com/");
    plain.verified(precreate, received);
  }

  @Test
  void the_key_of_a_merchant_that_made_its_own_is_taken_and_no_other_handed_out() {
    String given =
        new String(
            sandbox.credentials().file("alipay_" + Shop.APP + "_app_public_key.pem").orElseThrow(),
            US_ASCII);
    var merchant = Json.object().put("app_id", "2021000000000007").put("app_public_key", given);
    merchant.putObject("seller").put("seller_id", "2088000000000701");
    sandbox.register("alipay", merchant);
    assertThat(sandbox.credentials().file("alipay_2021000000000007_app_private_key.pem")).isEmpty();
    // It is the first application's key, so that one can sign for both.
    Shop signer = Shop.of(sandbox);
    Map<String, String> parameters = signer.parameters(QUERY, "{'out_trade_no':'x'}");
    parameters.put("app_id", "2021000000000007");
    parameters.remove("app_auth_token");
    assertThat(signer.send(signer.signed(parameters)).text()).contains("ACQ.TRADE_NOT_EXIST");
  }

  @Test
  void no_private_key_and_no_token_is_in_what_the_sandbox_says_of_itself() {
    String all = sandbox.description().toString();
    assertThat(all).contains(Shop.APP).doesNotContain("BEGIN PRIVATE KEY");
  }

  private static String subCode(Shop shop, Map<String, String> parameters) {
    return shop.verified(CREATE, shop.send(shop.signed(parameters))).path("sub_code").asString();
  }

  /// The number of a certificate, computed from what the vendor's page says.
  private static String number(String file) {
    try {
      var certificate =
          (X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(
                      new ByteArrayInputStream(sandbox.credentials().file(file).orElseThrow()));
      byte[] digest =
          java.security.MessageDigest.getInstance("MD5")
              .digest(
                  (certificate.getIssuerX500Principal().getName("RFC2253")
                          + certificate.getSerialNumber().toString(10))
                      .getBytes(US_ASCII));
      return "%032x".formatted(new java.math.BigInteger(1, digest)).toLowerCase(Locale.ROOT);
    } catch (CertificateException | java.security.NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static JsonNode at(Instant time) {
    Shop shop = Shop.of(sandbox);
    Map<String, String> parameters = shop.parameters(QUERY, "{'out_trade_no':'absent'}");
    parameters.put("timestamp", Shop.time(time));
    return shop.verified(QUERY, shop.send(shop.signed(parameters)));
  }

  /// The node of the answer to a query that is spoilt and then correctly signed.
  private static JsonNode refusal(Consumer<Map<String, String>> spoil) {
    Shop shop = Shop.of(sandbox);
    Map<String, String> parameters =
        new LinkedHashMap<>(shop.parameters(QUERY, "{'out_trade_no':'cp01'}"));
    spoil.accept(parameters);
    JsonNode answer = Json.read(shop.send(shop.signed(parameters)).text());
    return answer.iterator().next();
  }
}
