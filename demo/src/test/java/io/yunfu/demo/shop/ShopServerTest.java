package io.yunfu.demo.shop;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// The shop against a Yunfu of a few lines: what makes a sale paid, and what does not.
class ShopServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final SmallYunfu yunfu = SmallYunfu.start();
  private final ShopServer shop = ShopServer.start(yunfu.settings(), Clock.systemUTC());
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void stop() {
    client.close();
    shop.close();
    yunfu.close();
  }

  @Test
  void a_signed_notice_makes_a_sale_paid() throws Exception {
    String number = sell("coffee", "wechat");
    assertThat(sale(number).get("state").asString()).isEqualTo("waiting");
    assertThat(notify(number, 1_800, SmallYunfu.PROVIDER_KEY)).isEqualTo(200);
    assertThat(sale(number).get("state").asString()).isEqualTo("paid");
    assertThat(yunfu.credited()).isEmpty();
  }

  @Test
  void what_the_page_says_makes_nothing_paid() throws Exception {
    String number = sell("coffee", "wechat");
    post(
        "/results",
        "{\"number\": \"%s\", \"result\": {\"err_msg\": \"get_brand_wcpay_request:ok\"}}"
            .formatted(number));
    assertThat(sale(number).get("state").asString()).isEqualTo("waiting");
    assertThat(sale(number).get("steps").valueStream().map(step -> step.get("name").asString()))
        .containsExactly("called", "returned");
  }

  @Test
  void a_notice_that_the_provider_has_not_signed_is_refused() throws Exception {
    String number = sell("coffee", "alipay");
    assertThat(notify(number, 1_800, SmallYunfu.AUTH_KEY)).isEqualTo(401);
    assertThat(post("/notices", "no notice").statusCode()).isEqualTo(400);
    assertThat(sale(number).get("state").asString()).isEqualTo("waiting");
  }

  @Test
  void a_notice_of_another_amount_pays_nothing() throws Exception {
    String number = sell("topUp", "wechat");
    assertThat(notify(number, 1, SmallYunfu.PROVIDER_KEY)).isEqualTo(200);
    assertThat(sale(number).get("state").asString()).isEqualTo("waiting");
    assertThat(yunfu.credited()).isEmpty();
  }

  @Test
  void a_top_up_asks_for_what_is_missing_and_is_credited_once_however_often_the_notice_comes()
      throws Exception {
    String number = sell("topUp", "wechat");
    assertThat(sale(number).get("fen").asLong()).isEqualTo(SmallYunfu.PRICE - SmallYunfu.BALANCE);
    for (int i = 0; i < 3; i++) {
      assertThat(notify(number, SmallYunfu.PRICE - SmallYunfu.BALANCE, SmallYunfu.PROVIDER_KEY))
          .isEqualTo(200);
    }
    assertThat(yunfu.credited()).containsExactly(number);
  }

  @Test
  void a_notice_whose_money_could_not_be_credited_has_to_come_again() throws Exception {
    String number = sell("topUp", "alipay");
    long fen = SmallYunfu.PRICE - SmallYunfu.BALANCE;
    yunfu.refuseCredits(true);
    assertThat(notify(number, fen, SmallYunfu.PROVIDER_KEY)).isEqualTo(503);
    yunfu.refuseCredits(false);
    assertThat(notify(number, fen, SmallYunfu.PROVIDER_KEY)).isEqualTo(200);
    assertThat(yunfu.credited()).containsExactly(number);
  }

  @Test
  void a_top_up_from_before_the_shop_was_started_is_credited_all_the_same() throws Exception {
    String number = SmallYunfu.PREFIX + "T202601010000000000001";
    assertThat(notify(number, 500, SmallYunfu.PROVIDER_KEY)).isEqualTo(200);
    assertThat(yunfu.credited()).containsExactly(number);
  }

  @Test
  void the_bridge_gets_what_was_signed_under_the_names_that_it_takes() throws Exception {
    JsonNode begun = JSON.readTree(begin("coffee", "wechat").body());
    assertThat(begun.get("arguments").propertyNames())
        .containsExactlyInAnyOrder(
            "appId", "timeStamp", "nonceStr", "package", "signType", "paySign");
    assertThat(begun.get("arguments").get("paySign").asString()).isEqualTo("SIGN");
    begun = JSON.readTree(begin("coffee", "alipay").body());
    assertThat(begun.get("arguments").toString()).isEqualTo("{\"tradeNO\":\"trade\"}");
  }

  @Test
  void an_answer_that_was_signed_with_another_key_is_not_believed() throws Exception {
    yunfu.signWith("another key altogether");
    assertThat(begin("coffee", "wechat").statusCode()).isEqualTo(409);
  }

  @Test
  void a_page_from_elsewhere_cannot_post_without_asking() throws Exception {
    var answer =
        client.send(
            HttpRequest.newBuilder(shop.page().resolve("/payments"))
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build(),
            BodyHandlers.ofString());
    assertThat(answer.statusCode()).isEqualTo(415);
    assertThat(yunfu.paid()).isZero();
  }

  @Test
  void no_key_is_in_anything_that_the_page_can_read() throws Exception {
    String number = sell("topUp", "wechat");
    notify(number, SmallYunfu.PRICE - SmallYunfu.BALANCE, SmallYunfu.PROVIDER_KEY);
    post("/payments", "{}");
    for (String path : new String[] {"/", "/shop.js", "/words.js", "/shop.css", "/state"}) {
      var answer = get(path);
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      assertThat(answer.body())
          .as(path)
          .doesNotContain(
              SmallYunfu.AUTH_KEY, SmallYunfu.PROVIDER_KEY, SmallYunfu.SECRET, SmallYunfu.TOKEN);
    }
    assertThat(get("/demo.json").statusCode()).isEqualTo(404);
  }

  private String sell(String kind, String channel) throws Exception {
    HttpResponse<String> begun = begin(kind, channel);
    assertThat(begun.statusCode()).as(begun.body()).isEqualTo(201);
    return JSON.readTree(begun.body()).get("number").asString();
  }

  private HttpResponse<String> begin(String kind, String channel) throws Exception {
    return post("/sales", "{\"kind\": \"%s\", \"channel\": \"%s\"}".formatted(kind, channel));
  }

  private int notify(String number, long fen, String key) throws Exception {
    String content =
        """
        {"nonce_str": "n", "pay_mch_key": {"pay_platform": 1}, "order_content":
          {"out_trade_no": "%s", "total_fee": %d, "trade_state": 4, "transaction_id": "42"}}\
        """
            .formatted(number, fen);
    return post("/notices", new String(Envelope.signed(content, key).bytes(), UTF_8)).statusCode();
  }

  private JsonNode sale(String number) throws Exception {
    for (JsonNode sale : JSON.readTree(get("/state").body()).get("sales")) {
      if (sale.get("number").asString().equals(number)) {
        return sale;
      }
    }
    throw new AssertionError("there is no sale " + number);
  }

  private HttpResponse<String> post(String path, String body)
      throws IOException, InterruptedException {
    URI address = shop.page().resolve(path);
    return client.send(
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(shop.page().resolve(path)).build(), BodyHandlers.ofString());
  }
}
