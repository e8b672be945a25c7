package io.yunfu.channels.alipay;

import static io.yunfu.channels.alipay.Fixture.NOW;
import static io.yunfu.channels.alipay.Fixture.ORDER;
import static io.yunfu.channels.alipay.Fixture.TRADE;
import static io.yunfu.kernel.Money.cny;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.channel.CreateOrder;
import io.yunfu.gateway.channel.CreateOrder.Shop;
import io.yunfu.gateway.channel.CreateOrder.Terminal;
import io.yunfu.gateway.channel.CreateOrder.WechatExtras;
import io.yunfu.gateway.channel.Payer;
import io.yunfu.gateway.channel.RefundOrder;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ContentTest {
  private static final String USER = "2088000000000001";

  @Test
  void a_creation_carries_what_cloud_pay_says() {
    assertThat(create("测试门店-豆浆", "", "remark", USER).toString())
        .isEqualTo(
            """
            {"out_trade_no":"%s","total_amount":"1.01","subject":"测试门店-豆浆",\
            "buyer_id":"2088000000000001","product_code":"FACE_TO_FACE_PAYMENT",\
            "seller_id":"2088000000000101","body":"remark","operator_id":"staff",\
            "store_id":"sz0001","terminal_id":"device","time_expire":"2027-01-01 12:02:00",\
            "extend_params":{"sys_service_provider_id":"2088000000000999"}}\
            """
                .formatted(ORDER));
  }

  @Test
  void an_order_lives_at_least_a_minute_at_alipay() {
    var content =
        Content.create(
            Fixture.publicKeyMode(),
            order("x", "", "", NOW.plusSeconds(5)),
            new Payer.AlipayUser(USER));
    assertThat(content.path("time_expire").asString()).isEqualTo("2027-01-01 12:01:00");
  }

  @Test
  void user_ids_are_told_from_open_ids_by_their_form() {
    assertThat(create("x", "", "", USER).has("buyer_open_id")).isFalse();
    for (String openId :
        List.of(
            "074a1CcTG1LelxKe4xQC0zgNdId0nxi95b5lsNpazWYoCo5",
            "20880000000000012",
            "208800000000001",
            "2089000000000001",
            "208800000000000a")) {
      var content = create("x", "", "", openId);
      assertThat(content.has("buyer_id")).as(openId).isFalse();
      assertThat(content.path("buyer_open_id").asString()).isEqualTo(openId);
    }
  }

  @Test
  void the_subject_has_nothing_that_alipay_refuses() {
    assertThat(subject("a/b=c&d\ne")).isEqualTo("a b c d e");
    assertThat(subject("&/=")).isEqualTo(ORDER); // Alipay wants one
    assertThat(subject("豆".repeat(300))).hasSize(256);
    String cut = subject("😀".repeat(300));
    assertThat(cut.codePointCount(0, cut.length())).isEqualTo(256);
    assertThat(cut).endsWith("😀");
  }

  @Test
  void goods_change_from_fen_to_yuan_and_rows_without_id_or_name_are_dropped() {
    var content =
        create(
            "x",
            """
            {"cost_price":100,"goods_detail":[
              {"goods_id":"1","goods_name":"豆浆","quantity":2,"price":150},
              {"goods_id":"","goods_name":"no id","quantity":1,"price":1},
              {"goods_name":"no id","quantity":1,"price":1},
              {"goods_id":"3","quantity":1,"price":1},
              {"goods_id":"4","goods_name":"no price","quantity":1},
              {"goods_id":"5","goods_name":"no quantity","price":1},
              {"goods_id":"6","goods_name":"half","quantity":0.5,"price":1},
              {"goods_id":"7","goods_name":"negative","quantity":1,"price":-1},
              {"goods_id":"8","goods_name":"text","quantity":"1","price":1},
              "row", 1, null,
              {"goods_id":"9","goods_name":"free","quantity":1,"price":0}]}\
            """,
            "",
            USER);
    assertThat(content.path("goods_detail").toString())
        .isEqualTo(
            "[{\"goods_id\":\"1\",\"goods_name\":\"豆浆\",\"quantity\":2,\"price\":\"1.50\"},"
                + "{\"goods_id\":\"9\",\"goods_name\":\"free\",\"quantity\":1,\"price\":\"0.00\"}]");
  }

  @Test
  void a_detail_that_is_no_json_object_is_not_forwarded() {
    for (String detail :
        List.of("", " ", "豆浆", "{", "[]", "1", "null", "{\"goods_detail\":1}", "{\"a\":1}")) {
      assertThat(create("x", detail, "", USER).has("goods_detail")).as(detail).isFalse();
    }
  }

  @Test
  void numbers_of_places_and_people_are_sent_whole_or_not_at_all() {
    var order =
        new CreateOrder(
            ORDER,
            cny(101),
            "x",
            "",
            "r".repeat(200),
            NOW,
            NOW.plusSeconds(120),
            WechatExtras.NONE,
            new Payer.AlipayUser(USER),
            new Terminal(Optional.of("d".repeat(33)), Optional.of("s".repeat(29)), "127.0.0.1"),
            new Shop("", "shop"),
            URI.create("https://gw.example.test/n"));
    var content = Content.create(Fixture.publicKeyMode(), order, new Payer.AlipayUser(USER));
    assertThat(content.has("terminal_id")).isFalse();
    assertThat(content.has("operator_id")).isFalse();
    assertThat(content.has("store_id")).isFalse();
    assertThat(content.path("body").asString()).hasSize(128);
  }

  @Test
  void questions_use_alipay_s_number_once_it_is_known() {
    assertThat(Content.query(Fixture.order()).toString())
        .isEqualTo(
            "{\"out_trade_no\":\"%s\",\"query_options\":[\"fund_bill_list\",\"voucher_detail_list\",\"discount_goods_detail\"]}"
                .formatted(ORDER));
    assertThat(Content.close(Fixture.orderWithTrade(), Optional.of("staff")).toString())
        .isEqualTo("{\"trade_no\":\"%s\",\"operator_id\":\"staff\"}".formatted(TRADE));
  }

  @Test
  void a_refund_names_its_number_always() {
    var refund =
        new RefundOrder(
            Fixture.orderWithTrade(),
            "cp01R1",
            cny(40),
            "why",
            Optional.of("REFUND_SOURCE_UNSETTLED_FUNDS"),
            new Terminal(Optional.of("device"), Optional.of("staff"), "127.0.0.1"),
            new Shop("sz0001", "shop"),
            URI.create("https://gw.example.test/n"));
    assertThat(Content.refund(refund).toString())
        .isEqualTo(
            "{\"trade_no\":\"%s\",\"refund_amount\":\"0.40\",\"out_request_no\":\"cp01R1\",\"refund_reason\":\"why\",\"operator_id\":\"staff\",\"store_id\":\"sz0001\",\"terminal_id\":\"device\",\"query_options\":[\"refund_detail_item_list\"]}"
                .formatted(TRADE));
    assertThat(Content.queryRefund(refund.reference()).toString())
        .isEqualTo(
            "{\"trade_no\":\"%s\",\"out_request_no\":\"cp01R1\",\"query_options\":[\"refund_detail_item_list\",\"gmt_refund_pay\"]}"
                .formatted(TRADE));
  }

  private static String subject(String body) {
    return create(body, "", "", USER).path("subject").asString();
  }

  private static JsonNode create(String body, String detail, String remark, String user) {
    return Content.create(
        Fixture.publicKeyMode(),
        order(body, detail, remark, NOW.plusSeconds(120)),
        new Payer.AlipayUser(user));
  }

  static CreateOrder order(String body, String detail, String remark, Instant expiresAt) {
    return new CreateOrder(
        ORDER,
        cny(101),
        body,
        detail,
        remark,
        NOW,
        expiresAt,
        WechatExtras.NONE,
        new Payer.AlipayUser(USER),
        new Terminal(Optional.of("device"), Optional.of("staff"), "127.0.0.1"),
        new Shop("sz0001", "shop"),
        URI.create("https://gw.example.test/channel/alipay/notify"));
  }
}
