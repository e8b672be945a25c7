package io.yunfu.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.server.CpayWorld.Over;
import io.yunfu.server.api.cpay.SignedText.Answer;
import io.yunfu.simulator.channel.Payment.Action;
import java.net.URLDecoder;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What stands between the two wires, over real sockets: each word of a channel for the state of an
/// order becomes the number of the contract, and each member of a call arrives at the channel and
/// comes back, as the tables of `channels.md` sections 5 and 6 say.
class CpayMappingIT extends CpayWorldTest {
  @ParameterizedTest
  @CsvSource({
    "WECHAT, NOTPAY, 6",
    "WECHAT, USERPAYING, 6",
    "WECHAT, PAYERROR, 6",
    "WECHAT, ACCEPT, 12",
    "WECHAT, CLOSED, 7",
    "WECHAT, REVOKED, 8",
    "ALIPAY, WAIT_BUYER_PAY, 4",
    "ALIPAY, TRADE_CLOSED, 5",
  })
  void an_unpaid_order_has_the_number_of_its_channel_s_word(Over over, String word, int number) {
    String order = made(over);
    says(over, order, word);
    JsonNode found = found(order);
    assertThat(over.state(found)).isEqualTo(number);
    assertThat(found.propertyNames()).doesNotContain("trade_state", "time_end", "cash_fee");
    assertThat(found.get("is_transforming").booleanValue()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "WECHAT, SUCCESS, 3",
    "ALIPAY, TRADE_SUCCESS, 2",
    "ALIPAY, TRADE_FINISHED, 6",
  })
  void a_paid_order_has_the_number_of_its_channel_s_word(Over over, String word, int number) {
    String order = world.number();
    Answer made = world.call("official_account_pay", world.pay(over, order, 2590));
    world
        .sandbox
        .faults()
        .add(
            "{'channel':'%s','match':{'number':'%s'},'effect':'notify_drop'}"
                .formatted(over.channel(), order));
    world.paid(over, made);
    says(over, order, word);
    JsonNode found = found(order);
    assertThat(over.state(found)).isEqualTo(number);
    assertThat(found.get("trade_state").intValue()).isEqualTo(4);
  }

  // Section 5.1, WeChat Pay: every member of an order.
  @Test
  void all_that_is_said_of_an_order_arrives_at_wechat_pay_and_comes_back() throws Exception {
    String number = world.number();
    String openId = openId("wx00000000000000aa");
    String subOpenId = openId("wx00000000000000bb");
    long expiry = Instant.now().getEpochSecond() + 3600;
    JsonNode made =
        done(
            "official_account_pay",
            full(
                number,
                """
                "pay_platform":1,"sub_pay_platform":100,"wxpay_pay_mch_key_ext":{"app_id":"wx00000000000000aa",\
                "sub_app_id":"wx00000000000000bb","open_id":"%s","sub_open_id":"%s"}\
                """
                    .formatted(openId, subOpenId),
                expiry));
    JsonNode order = made.get("order_content");
    Map<String, String> sent = sentToWechat("unifiedorder", number);
    assertThat(sent.remove("notify_url")).matches("http://127.0.0.1:[0-9]+/channel/wechat/.+");
    assertThat(sent)
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("appid", "wx00000000000000aa"),
                Map.entry("mch_id", CpayWorld.MERCHANT_NUMBER),
                Map.entry("sub_appid", "wx00000000000000bb"),
                Map.entry("sub_mch_id", "1900000101"),
                Map.entry("sign_type", "MD5"),
                Map.entry("trade_type", "JSAPI"),
                Map.entry("device_info", "till 3"),
                Map.entry("body", "豆浆/大杯"),
                Map.entry("version", "1.0"),
                Map.entry("detail", DETAIL),
                Map.entry("attach", "table 7"),
                Map.entry("out_trade_no", number),
                Map.entry("fee_type", "CNY"),
                Map.entry("total_fee", "2590"),
                Map.entry("spbill_create_ip", "198.51.100.7"),
                Map.entry("time_start", beijing("yyyyMMddHHmmss", seconds(order, "create_time"))),
                Map.entry("time_expire", beijing("yyyyMMddHHmmss", expiry)),
                Map.entry("goods_tag", "BREAKFAST"),
                Map.entry("product_id", "SOY-01"),
                Map.entry("limit_pay", "no_credit"),
                Map.entry("openid", openId),
                Map.entry("sub_openid", subOpenId),
                Map.entry(
                    "scene_info",
                    "{\"store_info\":{\"id\":\"%s\",\"name\":\"Shop\"}}"
                        .formatted(CpayWorld.SHOP))));

    String ids =
        """
        {"pay_platform":1,"sub_pay_platform":100,%s,"wxpay_pay_mch_key_ext":{"app_id":"wx00000000000000aa",\
        "sub_app_id":"wx00000000000000bb","open_id":"%s","sub_open_id":"%s"}}\
        """
            .formatted(CpayWorld.SELLER, openId, subOpenId);
    assertThat(made.get("pay_mch_key")).isEqualTo(JSON.readTree(ids));
    assertThat(without(order, "create_time", "last_update_time"))
        .isEqualTo(
            JSON.readTree(
                """
                {"out_trade_no":"%s","trade_type":3,"time_expire":%d,"nonce_str":"n1","is_transforming":false,
                 "total_fee":2590,"fee_type":"CNY","cash_fee_type":"CNY","body":"豆浆/大杯",
                 "wxpay_order_content_ext":{"current_trade_state":6,"attach":"table 7","goods_tag":"BREAKFAST",
                  "product_id":"SOY-01","limit_pay":"no_credit","prepare_id":"%s"}}
                """
                    .formatted(number, expiry, Over.WECHAT.reference(made))));

    pay(Over.WECHAT, made);
    JsonNode told = world.heardPaid(number);
    JsonNode paid = told.get("order_content");
    String transaction = paid.get("transaction_id").stringValue();
    assertThat(without(paid, "create_time", "last_update_time", "time_end", "transaction_id"))
        .isEqualTo(
            JSON.readTree(
                """
                {"out_trade_no":"%s","trade_type":3,"time_expire":%d,"nonce_str":"n1","is_transforming":false,
                 "source_type":0,"caller_notify_url":"","total_fee":2590,"fee_type":"CNY","cash_fee":2590,
                 "cash_fee_type":"CNY","settlement_total_fee":2590,"body":"豆浆/大杯","detail":%s,"context":"",
                 "exchange_rate":100000000,"client_flow_id":"","remark":"no sugar","trade_state":4,
                 "wxpay_order_content_ext":{"current_trade_state":3,"attach":"table 7","bank_type":"OTHERS",
                  "goods_tag":"BREAKFAST","coupon_fee":0,"coupon_count":0,"product_id":"SOY-01",
                  "limit_pay":"no_credit","prepare_id":"%s","trade_state_desc":""}}
                """
                    .formatted(
                        number,
                        expiry,
                        JSON.writeValueAsString(DETAIL),
                        Over.WECHAT.reference(made))));
    assertThat(told.get("order_client")).isEqualTo(JSON.readTree(CLIENT_TOLD));
    JsonNode found = done("query_order", CpayWorld.query(number));
    assertThat(found.get("order_content")).isEqualTo(paid);
    assertThat(found.get("order_client")).isEqualTo(told.get("order_client"));
    assertThat(found.get("pay_mch_key")).isEqualTo(JSON.readTree(ids));

    done("refund", fullRefund(number, "\"refund_account\":\"REFUND_SOURCE_RECHARGE_FUNDS\""));
    Map<String, String> back = sentToWechat("refund", transaction);
    assertThat(back.remove("notify_url")).matches("http://127.0.0.1:[0-9]+/channel/wechat/.+");
    assertThat(back)
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("appid", "wx00000000000000aa"),
                Map.entry("mch_id", CpayWorld.MERCHANT_NUMBER),
                Map.entry("sub_appid", "wx00000000000000bb"),
                Map.entry("sub_mch_id", "1900000101"),
                Map.entry("sign_type", "MD5"),
                Map.entry("transaction_id", transaction),
                Map.entry("out_refund_no", number + "R1"),
                Map.entry("total_fee", "2590"),
                Map.entry("refund_fee", "590"),
                Map.entry("refund_fee_type", "CNY"),
                Map.entry("refund_desc", "one item back"),
                Map.entry("refund_account", "REFUND_SOURCE_RECHARGE_FUNDS")));
    JsonNode refund = refundOf(number);
    assertThat(
            without(refund, "create_time", "last_update_time", "refund_success_time", "refund_id"))
        .isEqualTo(
            JSON.readTree(
                """
                {"out_refund_no":"%sR1","trade_type":3,"out_trade_no":"%s","nonce_str":"n3","is_transforming":false,
                 "refund_reason":"one item back","total_fee":2590,"refund_fee":590,"refund_fee_type":"CNY",
                 "exchange_rate":100000000,"client_refund_flow_id":"42","settlement_refund_fee":590,"trade_state":4,
                 "is_deposit_mode":false,
                 "wxpay_refund_order_content_ext":{"state":2,"cash_refund_fee":590,"coupon_refund_fee":0,
                  "coupon_refund_count":0,"refund_account":"REFUND_SOURCE_RECHARGE_FUNDS",
                  "refund_channel":"ORIGINAL","refund_recv_account":"支付用户零钱"}}
                """
                    .formatted(number, number)));
    assertThat(refund.get("refund_id").stringValue()).isNotEmpty();
  }

  // Section 5.1, Alipay: every member of an order; what only WeChat Pay takes stays here.
  @Test
  void all_that_is_said_of_an_order_arrives_at_alipay_and_comes_back() throws Exception {
    String number = world.number();
    String userId = world.sandbox.people().named("alice").orElseThrow().alipayUserId();
    long expiry = Instant.now().getEpochSecond() + 3600;
    String payer =
        """
        "pay_platform":2,"sub_pay_platform":200,"alipay_pay_mch_key_ext":{"user_id":"%s"}\
        """
            .formatted(userId);
    JsonNode made = done("official_account_pay", full(number, payer, expiry));
    Map<String, String> sent = sentToAlipay("alipay.trade.create", number);
    assertThat(sent.get("notify_url")).matches("http://127.0.0.1:[0-9]+/channel/alipay/.+");
    assertThat(sent)
        .containsEntry("app_id", CpayWorld.APP)
        .containsEntry("app_auth_token", "202601BBtoken0000000000000000000000A101");
    assertThat(JSON.readTree(sent.get("biz_content")))
        .isEqualTo(
            JSON.readTree(
                """
                {"out_trade_no":"%s","total_amount":"25.90","subject":"豆浆 大杯","buyer_id":"%s",
                 "product_code":"FACE_TO_FACE_PAYMENT","seller_id":"2088000000000101","body":"no sugar",
                 "goods_detail":[{"goods_id":"SOY01","goods_name":"豆浆","quantity":2,"price":"12.95"}],
                 "operator_id":"s17","store_id":"%s","terminal_id":"till 3","time_expire":"%s"}
                """
                    .formatted(
                        number, userId, CpayWorld.SHOP, beijing("yyyy-MM-dd HH:mm:ss", expiry))));

    String ids = "{%s,%s}".formatted(CpayWorld.SELLER, payer);
    assertThat(made.get("pay_mch_key")).isEqualTo(JSON.readTree(ids));
    String trade = Over.ALIPAY.reference(made);
    assertThat(without(made.get("order_content"), "create_time", "last_update_time"))
        .isEqualTo(
            JSON.readTree(
                """
                {"out_trade_no":"%s","transaction_id":"%s","trade_type":3,"time_expire":%d,"nonce_str":"n1",
                 "is_transforming":false,"total_fee":2590,"fee_type":"CNY","cash_fee_type":"CNY","body":"豆浆/大杯",
                 "alipay_order_content_ext":{"current_trade_state":4}}
                """
                    .formatted(number, trade, expiry)));
    assertThat(made.get("jsapi_args"))
        .isEqualTo(
            JSON.readTree("{\"alipay\":{\"trade_pay\":{\"trade_no\":\"%s\"}}}".formatted(trade)));

    pay(Over.ALIPAY, made);
    JsonNode told = world.heardPaid(number);
    JsonNode paid = told.get("order_content");
    JsonNode ext = paid.get("alipay_order_content_ext");
    assertThat(
            without(
                paid, "create_time", "last_update_time", "time_end", "alipay_order_content_ext"))
        .isEqualTo(
            JSON.readTree(
                """
                {"out_trade_no":"%s","transaction_id":"%s","trade_type":3,"time_expire":%d,"nonce_str":"n1",
                 "is_transforming":false,"source_type":0,"caller_notify_url":"","total_fee":2590,"fee_type":"CNY",
                 "cash_fee":2590,"cash_fee_type":"CNY","settlement_total_fee":2590,"body":"豆浆/大杯","detail":%s,
                 "context":"","exchange_rate":100000000,"client_flow_id":"","remark":"no sugar","trade_state":4}
                """
                    .formatted(number, trade, expiry, JSON.writeValueAsString(DETAIL))));
    assertThat(ext.propertyNames()).containsExactlyInAnyOrder(ALIPAY_PAID);
    assertThat(without(ext, "send_pay_date", "buyer_logon_id", "seller_email", "fund_bill_list"))
        .isEqualTo(
            JSON.readTree(
                """
                {"current_trade_state":2,"point_amount":0,"invoice_amount":2590,
                 "product_code":"FACE_TO_FACE_PAYMENT","discount_goods_detail":"[]",
                 "seller_id":"2088000000000101","gmt_refund":0,"gmt_close":0,"refund_fee":0}
                """));
    assertThat(ext.get("send_pay_date")).isEqualTo(paid.get("time_end"));
    assertThat(ext.get("fund_bill_list").get(0).get("amount").intValue()).isEqualTo(2590);
    assertThat(told.get("order_client")).isEqualTo(JSON.readTree(CLIENT_TOLD));
    JsonNode found = done("query_order", CpayWorld.query(number));
    assertThat(found.get("order_content")).isEqualTo(paid);
    assertThat(found.get("pay_mch_key")).isEqualTo(JSON.readTree(ids));

    done("refund", fullRefund(number, ""));
    JsonNode back =
        JSON.readTree(sentToAlipay("alipay.trade.refund", number + "R1").get("biz_content"));
    assertThat(back)
        .isEqualTo(
            JSON.readTree(
                """
                {"trade_no":"%s","refund_amount":"5.90","out_request_no":"%sR1","refund_reason":"one item back",
                 "operator_id":"s09","store_id":"%s","terminal_id":"till 4",
                 "query_options":["refund_detail_item_list"]}
                """
                    .formatted(trade, number, CpayWorld.SHOP)));
    JsonNode refund = refundOf(number);
    JsonNode refunded = refund.get("alipay_refund_order_content_ext");
    assertThat(
            without(
                refund,
                "create_time",
                "last_update_time",
                "refund_success_time",
                "alipay_refund_order_content_ext"))
        .isEqualTo(
            JSON.readTree(
                """
                {"out_refund_no":"%sR1","refund_id":"","trade_type":3,"out_trade_no":"%s","nonce_str":"n3",
                 "is_transforming":false,"refund_reason":"one item back","total_fee":2590,"refund_fee":590,
                 "refund_fee_type":"CNY","exchange_rate":100000000,"client_refund_flow_id":"42",
                 "settlement_refund_fee":590,"trade_state":4,"is_deposit_mode":false}
                """
                    .formatted(number, number)));
    assertThat(refunded.get("refund_status").intValue()).isEqualTo(2);
    assertThat(refunded.get("fund_change").stringValue()).isEqualTo("Y");
    assertThat(refunded.get("gmt_refund_pay").stringValue()).matches("[0-9]{10}");
    assertThat(refunded.get("refund_detail_item_list").get(0).get("amount").intValue())
        .isEqualTo(590);
  }

  // Section 5.3.
  @Test
  void a_close_names_who_closes() {
    String number = made(Over.ALIPAY);
    String close =
        CpayWorld.query(number)
            .replace("\"n2\"}", "\"n2\",\"order_client\":{\"staff_id\":\"s33\"}}");
    assertThat(world.call("close_order", close).numbers()).isEqualTo("0/0");
    JsonNode sent = JSON.readTree(sentToAlipay("alipay.trade.close", "s33").get("biz_content"));
    assertThat(sent.propertyNames()).containsExactlyInAnyOrder("trade_no", "operator_id");
  }

  private static final JsonMapper JSON = new JsonMapper();

  private static final String DETAIL =
      """
      {"cost_price":2600,"receipt_id":"r1","goods_detail":[{"goods_id":"SOY01","goods_name":"豆浆",\
      "quantity":2,"price":1295}]}\
      """;

  private static final String CLIENT_TOLD =
      """
      {"device_id":"till 3","staff_id":"s17","machine_no":"02-00-00","terminal_type":4,"sdk_version":"2.0",
       "spbill_create_ip":"198.51.100.7","sub_terminal_type":9,"sn_code":"SN-1"}
      """;

  /// Section 3.1.2, of an order that was paid without a voucher.
  private static final String[] ALIPAY_PAID = {
    "current_trade_state",
    "fund_bill_list",
    "point_amount",
    "invoice_amount",
    "product_code",
    "send_pay_date",
    "discount_goods_detail",
    "buyer_logon_id",
    "seller_id",
    "seller_email",
    "gmt_refund",
    "gmt_close",
    "refund_fee"
  };

  /// An order with all that the contract lets be said of it.
  private static String full(String number, String payer, long expiry) {
    return """
    {"pay_mch_key":{%s,%s},"pay_content":{"out_trade_no":"%s","time_expire":%d,"total_fee":2590,"fee_type":"cny",\
    "body":"豆浆/大杯","detail":%s,"remark":"no sugar","wxpay_pay_content_ext":{"attach":"table 7",\
    "goods_tag":"BREAKFAST","product_id":"SOY-01","limit_pay":"no_credit"}},"order_client":{"device_id":"till 3",\
    "staff_id":"s17","terminal_type":4,"sub_terminal_type":9,"machine_no":"02-00-00","sdk_version":"2.0",\
    "spbill_create_ip":"198.51.100.7","sn_code":"SN-1"},"nonce_str":"n1","trade_type":3}\
    """
        .formatted(CpayWorld.SELLER, payer, number, expiry, JSON.writeValueAsString(DETAIL));
  }

  private static String fullRefund(String number, String ext) {
    return """
    {"pay_mch_key":{%s},"refund_content":{"out_trade_no":"%s","out_refund_no":"%sR1","total_fee":2590,\
    "refund_fee":590,"refund_fee_type":"CNY","refund_reason":"one item back","client_refund_flow_id":42,\
    "wx_pay_refund_content_ext":{%s}},"order_client":{"device_id":"till 4","staff_id":"s09",\
    "spbill_create_ip":"198.51.100.9"},"nonce_str":"n3"}\
    """
        .formatted(CpayWorld.SELLER, number, number, ext);
  }

  private static JsonNode refundOf(String number) {
    return done("query_refund_order", CpayWorld.query(number)).get("refund_order_content").get(0);
  }

  /// The payload of a call that is done.
  private static JsonNode done(String call, String text) {
    Answer answer = world.call(call, text);
    assertThat(answer.numbers()).as(answer.text()).isEqualTo("0/0");
    return answer.content().get(call);
  }

  private static void pay(Over over, JsonNode made) {
    var paid =
        world.sandbox.pay(over.channel(), over.reference(made), "alice", new Action.Success());
    assertThat(paid.succeeded()).isTrue();
  }

  private static String openId(String appId) {
    var people = world.sandbox.people();
    return people.openid(people.named("alice").orElseThrow(), appId);
  }

  private static long seconds(JsonNode order, String name) {
    return order.get(name).longValue();
  }

  private static String beijing(String pattern, long seconds) {
    return DateTimeFormatter.ofPattern(pattern)
        .format(Instant.ofEpochSecond(seconds).atOffset(ZoneOffset.ofHours(8)));
  }

  private static JsonNode without(JsonNode node, String... names) {
    return ((ObjectNode) node.deepCopy()).without(List.of(names));
  }

  /// The fields of the last such request that says this, but for nonce and signature.
  private static Map<String, String> sentToWechat(String operation, String said) {
    Map<String, String> fields = new HashMap<>();
    Matcher field =
        Pattern.compile("<(\\w+)>(?:<!\\[CDATA\\[(.*?)]]>|([^<]*))</\\1>")
            .matcher(sent("wechat", operation, said));
    while (field.find()) {
      fields.put(field.group(1), field.group(2) == null ? field.group(3) : field.group(2));
    }
    assertThat(fields.remove("nonce_str")).hasSize(32);
    assertThat(fields.remove("sign")).hasSize(32);
    return fields;
  }

  private static Map<String, String> sentToAlipay(String method, String said) {
    Map<String, String> parameters = new HashMap<>();
    Matcher pair = Pattern.compile("([^&=]+)=([^&]*)").matcher(sent("alipay", method, said));
    while (pair.find()) {
      parameters.put(pair.group(1), URLDecoder.decode(pair.group(2), UTF_8));
    }
    return parameters;
  }

  private static String sent(String channel, String operation, String said) {
    return world.sandbox.requests().all().reversed().stream()
        .filter(each -> each.channel().equals(channel) && each.op().equals(operation))
        .map(each ->
            each.target().substring(each.target().indexOf('?') + 1)
                + "&"
                + new String(each.body(), UTF_8))
        .filter(text -> text.contains(said))
        .findFirst()
        .orElseThrow();
  }

  private static String made(Over over) {
    String order = world.number();
    assertThat(world.call("official_account_pay", world.pay(over, order, 2590)).numbers())
        .isEqualTo("0/0");
    return order;
  }

  /// From now on the channel says so of an order, correctly signed.
  private static void says(Over over, String order, String word) {
    boolean wechat = over == Over.WECHAT;
    world
        .sandbox
        .faults()
        .add(
            """
            {'channel':'%s','op':'%s','match':{'number':'%s'},
             'effect':{'kind':'mutate','field':'%s','value':'%s'}}
            """
                .formatted(
                    over.channel(),
                    wechat ? "orderquery" : "alipay.trade.query",
                    order,
                    wechat ? "trade_state" : "trade_status",
                    word));
  }

  private static JsonNode found(String order) {
    return world
        .call("query_order", CpayWorld.query(order))
        .content()
        .get("query_order")
        .get("order_content");
  }
}
