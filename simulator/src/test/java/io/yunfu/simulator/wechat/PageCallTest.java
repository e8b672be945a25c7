package io.yunfu.simulator.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.simulator.AdminClient;
import io.yunfu.simulator.json.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The bridge that pages inside the app have: channels.md, section 7.4.
class PageCallTest extends SandboxTest {
  private static final String NUMBER = "cp0120260101000000000000000001";

  private AdminClient admin;

  @BeforeEach
  void client() {
    admin = new AdminClient(sandbox);
  }

  @ParameterizedTest
  @ValueSource(strings = {"MD5", "HMAC-SHA256"})
  void a_genuine_call_opens_the_cashier_and_is_told_the_result(String signType) {
    var merchant = new Provider(sandbox, signType);
    String prepay = merchant.prepay(merchant.order(NUMBER));
    JsonNode opened = open(page(prepay, signType));
    assertThat(opened.get("cashier").asString()).contains("/_sim/cashier?channel=wechat&ref=wx");
    String id = opened.get("id").asString();
    assertThat(admin.get("/_sim/bridge/" + id).get("state").asString()).isEqualTo("open");
    admin.post("/_sim/pay", "{'ref': '" + prepay + "', 'user': 'alice', 'action': 'success'}");
    JsonNode told = admin.get("/_sim/bridge/" + id);
    assertThat(told.get("state").asString()).isEqualTo("done");
    assertThat(told.at("/result/err_msg").asString()).isEqualTo("get_brand_wcpay_request:ok");
  }

  @Test
  void who_closes_the_app_after_paying_leaves_the_page_without_an_answer() {
    String prepay = provider.prepay(provider.order(NUMBER));
    String id = open(page(prepay, "MD5")).get("id").asString();
    admin.post("/_sim/pay", "{'ref': '" + prepay + "', 'user': 'alice', 'close_app': true}");
    JsonNode told = admin.get("/_sim/bridge/" + id);
    assertThat(told.get("state").asString()).isEqualTo("gone");
    assertThat(told.has("result")).isFalse();
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "SUCCESS");
  }

  @Test
  void after_a_wrong_password_the_app_stays_open() {
    String prepay = provider.prepay(provider.order(NUMBER));
    String id = open(page(prepay, "MD5")).get("id").asString();
    admin.post("/_sim/pay", "{'ref': '" + prepay + "', 'action': 'password_wrong'}");
    assertThat(admin.get("/_sim/bridge/" + id).get("state").asString()).isEqualTo("open");
  }

  @ParameterizedTest
  @CsvSource({
    "paySign, 00000000000000000000000000000000",
    "nonceStr, another",
    "appId, wx00000000000000aa",
    "package, prepay_id=wx01120000ffffffffffffffffffffffffff",
    "package, prepay=x",
    "signType, SHA1",
    "timeStamp, 1767240001"
  })
  void what_was_changed_after_signing_fails(String field, String value) {
    Map<String, String> page = page(provider.prepay(provider.order(NUMBER)), "MD5");
    page.put(field, value);
    assertFails(open(page));
  }

  @ParameterizedTest
  @ValueSource(strings = {"appId", "timeStamp", "nonceStr", "package", "signType", "paySign"})
  void nothing_may_be_missing(String field) {
    Map<String, String> page = page(provider.prepay(provider.order(NUMBER)), "MD5");
    page.remove(field);
    assertFails(open(page));
  }

  @Test
  void a_time_must_be_a_text() {
    Map<String, String> page = page(provider.prepay(provider.order(NUMBER)), "MD5");
    ObjectNode parameters = (ObjectNode) Json.tree(page);
    parameters.put("timeStamp", Long.parseLong(page.get("timeStamp")));
    assertFails(admin.post("/_sim/bridge", body(parameters)));
  }

  @Test
  void the_application_must_be_that_of_the_payers_id() {
    Map<String, String> page = unsigned(provider.prepay(provider.order(NUMBER)), "MD5");
    page.put("appId", Provider.APP); // correctly signed, and not the sub-merchant's
    page.put("paySign", Provider.sign(page, "MD5", Provider.KEY));
    assertFails(open(page));
  }

  @Test
  void the_page_is_signed_as_the_order_was() {
    assertFails(open(page(provider.prepay(provider.order(NUMBER)), "HMAC-SHA256")));
  }

  @Test
  void a_call_is_good_for_two_hours() {
    Map<String, String> page = page(provider.prepay(provider.order(NUMBER)), "MD5");
    advance(Duration.ofHours(2));
    assertThat(open(page).has("id")).isTrue();
    advance(Duration.ofSeconds(1));
    assertFails(open(page));
  }

  @Test
  void only_orders_inside_the_app_are_paid_this_way() {
    Map<String, String> order = provider.order(NUMBER);
    order.remove("sub_openid");
    order.put("trade_type", "APP");
    assertFails(open(page(provider.prepay(order), "MD5")));
  }

  private Map<String, String> page(String prepay, String signType) {
    Map<String, String> page = unsigned(prepay, signType);
    page.put("paySign", Provider.sign(page, signType, Provider.KEY));
    return page;
  }

  private Map<String, String> unsigned(String prepay, String signType) {
    Map<String, String> page = new LinkedHashMap<>();
    page.put("appId", Provider.SUB_APP);
    page.put("timeStamp", Long.toString(sandbox.clock().now().getEpochSecond()));
    page.put("nonceStr", "JsN0nce");
    page.put("package", "prepay_id=" + prepay);
    page.put("signType", signType);
    return page;
  }

  private JsonNode open(Map<String, String> page) {
    return admin.post("/_sim/bridge", body(Json.tree(page)));
  }

  private static String body(JsonNode parameters) {
    ObjectNode body = Json.object().put("channel", "wechat");
    body.set("parameters", parameters);
    return Json.text(body);
  }

  private static void assertFails(JsonNode answer) {
    assertThat(answer.has("id")).isFalse();
    assertThat(answer.at("/result/err_msg").asString()).isEqualTo("get_brand_wcpay_request:fail");
    assertThat(answer.get("why").asString()).isNotEmpty().doesNotContain(Provider.KEY);
  }
}
