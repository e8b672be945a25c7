package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/// The published example of `official_account_pay`, sent to the demo with nothing but its
/// authentication code made anew. Source: cloudpay.md, section 7.2.
class CloudPayExampleAcceptanceIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path PUBLISHED = Path.of("..", "fixtures", "cpay", "published");
  private static final String NO_BREAK_SPACE = "\u00a0";

  private final DemoServer demo = DemoServer.shared();
  private final JsonNode merchant = demo.json().get("merchants").get(0);
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void the_example_is_accepted_as_printed_with_plain_spaces_and_minified_each_with_a_line_feed_too()
      throws Exception {
    String printed = Files.readString(PUBLISHED.resolve("request_content.txt"), UTF_8).strip();
    String plain = printed.replace(NO_BREAK_SPACE, " ");
    Map<String, String> texts = new LinkedHashMap<>();
    texts.put("as printed", printed);
    texts.put("with plain spaces", plain);
    texts.put("minified", JSON.readTree(plain).toString());
    String prepared = "";
    for (var text : texts.entrySet()) {
      for (String end : new String[] {"", "\n"}) {
        JsonNode content = accepted(text.getKey(), envelope(text.getValue() + end));
        JsonNode answer = content.get("official_account_pay");
        String prepaid = answer.at("/order_content/wxpay_order_content_ext/prepare_id").asString();
        // The same order each time, since each is the same request.
        assertThat(prepaid).startsWith("wx").isEqualTo(prepared.isEmpty() ? prepaid : prepared);
        prepared = prepaid;
        requireAsPublished(answer);
      }
    }
  }

  /// As a page of documentation prints it, which is no JSON: quotes and line breaks are bare.
  @Test
  void even_the_layout_of_the_page_is_read() throws Exception {
    String page = Files.readString(PUBLISHED.resolve("request.txt"), UTF_8);
    int begin = page.indexOf('"', page.indexOf(':', page.indexOf("\"request_content\""))) + 1;
    int end = page.lastIndexOf('"', page.lastIndexOf(',', page.indexOf("\"authen_info\"")));
    String code = "503EB8AE9F3CB922F1F772FAE0C60247BB5CE50BC84050723F154A5FEE64132C";
    assertThat(page).contains(code);
    accepted("the page", page.replace(code, code(page.substring(begin, end))).getBytes(UTF_8));
  }

  @Test
  void what_it_answers_opens_the_cashier() throws Exception {
    String text = Files.readString(PUBLISHED.resolve("request_content.txt"), UTF_8);
    JsonNode page =
        accepted("the example", envelope(text))
            .at("/official_account_pay/jsapi_args/wxpay/get_brand_wcpay");
    ObjectNode call = JSON.createObjectNode().put("channel", "wechat");
    ObjectNode parameters =
        call.putObject("parameters")
            .put("appId", page.get("app_id").asString())
            .put("timeStamp", page.get("timestamp").asString())
            .put("nonceStr", page.get("nonce_str").asString())
            .put("package", page.get("package").asString())
            .put("signType", page.get("sign_type").asString())
            .put("paySign", page.get("pay_sign").asString());
    String bridge = demo.json().get("simulator").asString() + "/_sim/bridge";
    assertThat(post(bridge, call.toString().getBytes(UTF_8)).path("cashier").asString())
        .contains("/_sim/cashier");
    // The app refuses the same with one character changed, so it did look at the signature.
    parameters.put("nonceStr", "another");
    assertThat(post(bridge, call.toString().getBytes(UTF_8)).path("why").asString())
        .contains("paySign");
  }

  @Test
  void a_wrong_code_is_refused_as_published() throws Exception {
    String text = Files.readString(PUBLISHED.resolve("request_content.txt"), UTF_8);
    byte[] wrong =
        new String(envelope(text), UTF_8).replace(code(text), "0".repeat(64)).getBytes(UTF_8);
    JsonNode answer = post(address(), wrong);
    assertThat(answer.propertyNames()).containsExactly("response_content");
    JsonNode content = JSON.readTree(answer.get("response_content").asString());
    assertThat(content.get("status").asInt()).isEqualTo(101);
    assertThat(content.get("internal_status").asInt()).isEqualTo(7);
    assertThat(content.get("description").asString()).isEqualTo("参数authen_code错误.");
  }

  /// Names and values of the published answer, but for what is drawn or timed.
  private static void requireAsPublished(JsonNode answer) {
    JsonNode order = answer.get("order_content");
    assertThat(order.get("out_trade_no").asString()).isEqualTo("sz017439399162737843772384118");
    assertThat(order.get("trade_type").asInt()).isEqualTo(3);
    assertThat(order.get("nonce_str").asString()).isEqualTo("57vJCSbipmT0z00TJhw9xIHn3QGdZBah");
    assertThat(order.get("total_fee").asInt()).isEqualTo(10_000);
    assertThat(order.get("body").asString()).isEqualTo("湖南交通工程学院后勤处");
    assertThat(order.get("is_transforming").asBoolean()).isFalse();
    assertThat(order.at("/wxpay_order_content_ext/current_trade_state").asInt()).isEqualTo(6);
    JsonNode key = answer.get("pay_mch_key");
    assertThat(key.get("sub_pay_platform").asInt()).isEqualTo(100);
    assertThat(key.at("/wxpay_pay_mch_key_ext/sub_open_id").asString())
        .isEqualTo("oxEiL1Yq1eIlkll987C-o3v9y6MYQ");
    JsonNode page = answer.at("/jsapi_args/wxpay/get_brand_wcpay");
    assertThat(page.propertyNames())
        .containsExactlyInAnyOrder(
            "app_id", "timestamp", "nonce_str", "package", "sign_type", "pay_sign");
    assertThat(page.get("package").asString())
        .isEqualTo("prepay_id=" + order.at("/wxpay_order_content_ext/prepare_id").asString());
  }

  private JsonNode accepted(String form, byte[] body) throws Exception {
    JsonNode answer = post(address(), body);
    String text = answer.get("response_content").asString();
    assertThat(answer.at("/authen_info/a/authen_code").asString()).as(form).isEqualTo(code(text));
    JsonNode content = JSON.readTree(text);
    assertThat(content.get("status").asInt()).as("%s: %s", form, text).isZero();
    return content;
  }

  private String address() {
    return demo.json().get("cpay").asString() + "/official_account_pay";
  }

  private byte[] envelope(String text) throws GeneralSecurityException {
    ObjectNode outer = JSON.createObjectNode().put("request_content", text);
    outer.withObject("/authen_info/a").put("authen_type", 1).put("authen_code", code(text));
    return outer.toString().getBytes(UTF_8);
  }

  private String code(String text) throws GeneralSecurityException {
    return CloudPay.code(merchant.get("authKey").asString(), text);
  }

  private JsonNode post(String address, byte[] body) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(address))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body))
            .build();
    return JSON.readTree(client.send(request, BodyHandlers.ofByteArray()).body());
  }
}
