package io.yunfu.simulator.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.simulator.http.Port;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rules 1, 2 and 4 of channels.md, section 7.3.
class RequestRulesTest extends SandboxTest {

  @Test
  void only_post_is_taken() throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      var response =
          client.send(
              HttpRequest.newBuilder(URI.create(sandbox.base(Port.WX_HTTP) + "/pay/unifiedorder"))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      assertFails(provider.verified(response), "REQUIRE_POST_METHOD");
    }
  }

  @Test
  void an_empty_body_is_refused() {
    assertFails(
        provider.verified(provider.send("/pay/orderquery", new byte[0])), "POST_DATA_EMPTY");
  }

  @Test
  void another_encoding_is_refused() {
    byte[] body = "<xml><body>豆浆</body></xml>".getBytes(Charset.forName("GBK"));
    assertFails(provider.verified(provider.send("/pay/unifiedorder", body)), "NOT_UTF8");
  }

  @Test
  void a_document_type_is_refused() {
    String body = "<!DOCTYPE xml [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><xml><a>&e;</a></xml>";
    assertFails(
        provider.verified(
            provider.send("/pay/unifiedorder", body.getBytes(StandardCharsets.UTF_8))),
        "XML_FORMAT_ERROR");
  }

  @ParameterizedTest
  @ValueSource(strings = {"appid", "mch_id", "nonce_str", "sign"})
  void without_a_common_field_nothing_can_be_signed(String field) {
    Map<String, String> fields = provider.signed(provider.order("order000001"));
    fields.remove(field);
    assertFails(
        provider.verified(provider.send("/pay/unifiedorder", Provider.xml(fields))), "LACK_PARAMS");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sub_mch_id",
        "body",
        "out_trade_no",
        "total_fee",
        "spbill_create_ip",
        "notify_url",
        "trade_type",
        "sub_openid"
      })
  void a_missing_field_of_the_order_is_named(String field) {
    Map<String, String> order = provider.order("order000001");
    order.remove(field);
    Map<String, String> answer = provider.unifiedorder(order);
    assertThat(answer).containsEntry("err_code", "LACK_PARAMS");
    assertThat(answer.get("err_code_des")).contains(field.replace("sub_openid", "openid"));
    assertThat(provider.query("order000001")).containsEntry("err_code", "ORDERNOTEXIST");
  }

  @Test
  void a_wrong_signature_is_answered_without_one() {
    Map<String, String> fields = provider.signed(provider.order("order000001"));
    fields.put("total_fee", "1");
    Map<String, String> answer =
        provider.verified(provider.send("/pay/unifiedorder", Provider.xml(fields)));
    assertThat(answer).isEqualTo(Map.of("return_code", "FAIL", "return_msg", "签名错误"));
    assertThat(provider.query("order000001")).containsEntry("err_code", "ORDERNOTEXIST");
  }

  @Test
  void the_key_of_another_provider_is_no_use() {
    Map<String, String> fields = provider.signed(provider.order("order000001"));
    fields.put("sign", Provider.sign(fields, "MD5", "TESTKEY0000000000000000000000002"));
    assertThat(provider.verified(provider.send("/pay/unifiedorder", Provider.xml(fields))))
        .containsEntry("return_msg", "签名错误");
  }

  @Test
  void unknown_fields_take_part_in_the_signature_and_are_otherwise_ignored() {
    Map<String, String> order = provider.order("order000001");
    order.put("a_field_of_tomorrow", "x");
    assertThat(provider.unifiedorder(order)).containsEntry("result_code", "SUCCESS");
  }

  @Test
  void the_answer_is_signed_as_the_request_was() {
    var hmac = new Provider(sandbox, "HMAC-SHA256");
    assertThat(hmac.unifiedorder(hmac.order("order000001"))) // verified by the provider
        .containsEntry("result_code", "SUCCESS");
    assertThat(hmac.query("order000001").get("sign")).hasSize(64);
    assertThat(provider.query("order000001").get("sign")).hasSize(32);
  }

  @Test
  void an_unknown_sign_type_is_refused() {
    Map<String, String> order = provider.order("order000001");
    order.put("sign_type", "SHA1");
    assertFails(
        provider.verified(provider.send("/pay/unifiedorder", Provider.xml(provider.signed(order)))),
        "PARAM_ERROR");
  }

  @ParameterizedTest
  @CsvSource({
    "appid, wx00000000000000dd, APPID_MCHID_NOT_MATCH",
    "appid, wx00000000000000bb, APPID_MCHID_NOT_MATCH",
    "appid, wxffffffffffffffff, APPID_NOT_EXIST",
    "sub_mch_id, 1900000201, NOAUTH",
    "sub_mch_id, 1900000999, MCHID_NOT_EXIST",
    "sub_appid, wx00000000000000cc, APPID_MCHID_NOT_MATCH",
  })
  void who_does_not_belong_together_is_refused(String field, String value, String code) {
    Map<String, String> order = provider.order("order000001");
    order.put(field, value);
    assertThat(provider.unifiedorder(order)).containsEntry("err_code", code);
  }

  @Test
  void an_unknown_provider_has_no_key_to_sign_with() {
    Map<String, String> order = provider.order("order000001");
    order.put("mch_id", "1900000009");
    assertFails(
        provider.verified(provider.send("/pay/unifiedorder", Provider.xml(provider.signed(order)))),
        "MCHID_NOT_EXIST");
  }

  @Test
  void what_a_sub_merchant_may_not_do_is_refused() {
    sandbox.register(
        "wechat",
        io.yunfu.simulator.json.Json.read(
            """
            {"mch_id": "1900000001", "sub": [
              {"sub_mch_id": "1900000103", "sub_appids": ["wx00000000000000bb"],
               "permissions": ["native"]}]}
            """));
    Map<String, String> order = provider.order("order000001");
    order.put("sub_mch_id", "1900000103");
    assertThat(provider.unifiedorder(order)).containsEntry("err_code", "NOAUTH");
    order.put("trade_type", "NATIVE");
    order.put("product_id", "1");
    order.remove("sub_openid");
    assertThat(provider.unifiedorder(order)).containsEntry("result_code", "SUCCESS");
  }

  @Test
  void paths_that_the_channel_does_not_have_are_not_found() {
    assertThat(provider.send("/pay/shorturl", new byte[0]).statusCode()).isEqualTo(404);
  }

  @Test
  void every_request_is_remembered_with_the_text_that_was_signed_and_without_the_key() {
    provider.unifiedorder(provider.order("order000001"));
    var exchange = sandbox.requests().about("order000001").getFirst();
    assertThat(exchange.signText()).contains("&body=测试门店-豆浆&").doesNotContain(Provider.KEY);
    assertThat(exchange.verdict()).isEqualTo("OK");
    assertThat(exchange.op()).isEqualTo("unifiedorder");
    assertThat(new String(exchange.body(), StandardCharsets.UTF_8)).contains("order000001");
  }

  private static void assertFails(Map<String, String> answer, String code) {
    assertThat(answer).containsEntry("return_code", "FAIL").containsEntry("err_code", code);
  }
}
