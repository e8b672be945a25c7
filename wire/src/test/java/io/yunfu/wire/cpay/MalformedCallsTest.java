package io.yunfu.wire.cpay;

import static io.yunfu.wire.cpay.Calls.K1;
import static io.yunfu.wire.cpay.Calls.T1;
import static io.yunfu.wire.cpay.Calls.quoted;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Bad requests, one flaw each, with the documented numbers and the field that the description
/// names.
class MalformedCallsTest {
  private static final String GOOD_AUTHENTICATION =
      "{\"a\":{\"authen_type\":1,\"authen_code\":\"" + K1.sign(T1) + "\"}}";

  private static final String KEY =
      "\"pay_mch_key\":{\"out_mch_id\":\"m\",\"out_sub_mch_id\":\"s\",\"out_shop_id\":\"h\"}";
  private static final String QUERY = "{" + KEY + ",\"out_trade_no\":\"gz0200abcd1\"}";
  private static final String REFUND =
      "{\"refund_content\":{\"out_trade_no\":\"gz0200abcd1\",\"out_refund_no\":\"gz0200abcdR1\","
          + "\"total_fee\":2,\"refund_fee\":1,\"refund_fee_type\":\"CNY\"},"
          + KEY
          + "}";

  @ParameterizedTest(name = "{0}")
  @MethodSource({
    "bodies",
    "contents",
    "innerJson",
    "authentications",
    "owners",
    "payments",
    "alipayPayments",
    "queries",
    "refunds",
    "refundQueries"
  })
  void is_refused_with_its_documented_numbers(
      String flaw, byte[] body, Function<FieldReader, ?> form, int internalStatus, String named) {
    CallRefused refused =
        catchThrowableOfType(CallRefused.class, () -> Calls.accepted(body, false, form));
    assertThat(refused).as("accepted: %s", flaw).isNotNull();
    assertThat(refused.result().status()).isEqualTo(Status.INVALID);
    assertThat(refused.result().internalStatus()).isEqualTo(internalStatus);
    assertThat(refused.result().english()).contains(named);
    assertThat(refused.result().chinese()).contains(named).isNotBlank();
  }

  static Stream<Arguments> bodies() {
    String good = new String(Calls.body(T1), UTF_8);
    return Stream.of(
        badBody("nothing", ""),
        badBody("blanks", " \u00A0\n"),
        badBody("a form", "request_content=x"),
        badBody("XML", "<xml></xml>"),
        badBody("an array", "[" + good + "]"),
        badBody("a string", "\"request_content\""),
        badBody("a number", "1"),
        badBody("null", "null"),
        badBody("true", "true"),
        badBody("an open object", good.substring(0, good.length() - 1)),
        badBody("an open string", good.substring(0, good.length() / 2)),
        badBody("a second object", good + "{}"),
        badBody("garbage behind", good + "x"),
        badBody("garbage in front", "x" + good),
        badBody("a trailing comma", good.substring(0, good.length() - 1) + ",}"),
        badBody("single quotes", "{'request_content':'{}'}"),
        badBody("no quotes", "{request_content:\"{}\"}"),
        badBody("a comment", "/**/" + good),
        badBody("an unknown escape", "{\"request_content\":\"\\x41\"}"),
        badBody("an open escape", "{\"request_content\":\"\\u12"),
        badBody("a raw line break in a string", "{\"request_content\":\"{\n}\"}"),
        badBody("a depth bomb", "{\"x\":" + "[".repeat(60_000)),
        badBody("an object bomb", "{\"x\":".repeat(10_000)),
        badBody("deeper than 64 levels", "{\"x\":" + "[".repeat(64) + "]".repeat(64) + "}"),
        badBody("a number of 5000 digits", "{\"x\":" + "9".repeat(5_000) + "}"),
        badBody("a zero-width space", "\u200B" + good),
        bad("body: a broken UTF-8 sequence", bytes('{', 0xC3, '}'), 90001, ""),
        bad("body: an overlong slash", bytes('{', 0xC0, 0xAF, '}'), 90001, ""),
        bad("body: an encoded surrogate", bytes(0xED, 0xA0, 0x80), 90001, ""),
        bad("body: UTF-16", good.getBytes(StandardCharsets.UTF_16), 90001, ""),
        bad("body: GBK", "{\"x\":\"测\"}".getBytes(Charset.forName("GBK")), 90001, ""));
  }

  static Stream<Arguments> contents() {
    return Stream.of(
        badContentOf("1"),
        badContentOf("true"),
        badContentOf("null"),
        badContentOf("{}"),
        badContentOf("[]"),
        badContentOf(T1),
        badContentOf("\"\""),
        badContentOf("\"\\ud800\""),
        badContentOf("\"\\udc00\\ud800\""),
        bad("no request_content", json("{\"authen_info\":{}}"), 90002, ""),
        bad("request_content in other case", json("{\"Request_Content\":\"{}\"}"), 90002, ""));
  }

  static Stream<Arguments> innerJson() {
    return Stream.of(
            "x",
            " ",
            "1",
            "null",
            "[]",
            "\"{}\"",
            "[" + T1 + "]",
            T1 + T1,
            T1 + "x",
            T1.substring(1),
            T1.substring(0, T1.length() - 1),
            "{\"a\":01}",
            "{\"a\":+1}",
            "{\"a\":.5}",
            "{\"a\":5.}",
            "{\"a\":0x1}",
            "{\"a\":NaN}",
            "{\"a\":Infinity}",
            "{\"a\":TRUE}",
            "{\"a\":undefined}",
            "{\"a\" 1}",
            "{\"a\":}",
            "{,\"a\":1}",
            "{\"a\":1,}",
            "{\"a\":[1,]}",
            "{a:1}",
            "{'a':1}",
            "{\"a\":1}//",
            "{\"a\":\"\\x41\"}",
            "{\"a\":\"\n\"}",
            "{\"a\":\"\u0000\"}",
            "\u200B{}",
            "{\\\"a\\\":1}",
            "{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}")
        .map(text -> bad("inner: " + shown(text), Calls.body(text), 90003, "request_content"));
  }

  static Stream<Arguments> authentications() {
    String code = K1.sign(T1);
    return Stream.of(
        badAuthentication("null", 90004),
        badAuthentication("{}", 90004),
        badAuthentication("[]", 90004),
        badAuthentication("\"" + code + "\"", 90004),
        badAuthentication("{\"a\":null}", 90004),
        badAuthentication("{\"a\":{}}", 90004),
        badAuthentication("{\"a\":[]}", 90004),
        badAuthentication("{\"a\":\"" + code + "\"}", 90004),
        badAuthentication("{\"A\":{\"authen_type\":1,\"authen_code\":\"" + code + "\"}}", 90004),
        badAuthentication("{\"authen_type\":1,\"authen_code\":\"" + code + "\"}", 90004),
        badAuthentication("{\"a\":{\"authen_type\":1}}", 90004),
        badAuthentication("{\"a\":{\"authen_type\":1,\"authen_code\":\"\"}}", 90004),
        badAuthentication("{\"a\":{\"authen_type\":1,\"authen_code\":null}}", 90004),
        badAuthentication("{\"a\":{\"authen_type\":1,\"authen_code\":7}}", 90004),
        badAuthentication("{\"s\":{\"sign_type\":1}}", 90004),
        badAuthentication("{\"s\":{\"sign_type\":1,\"sign\":\"\"}}", 90004),
        badAuthentication("{\"a\":{\"authen_code\":\"" + code + "\"}}", 90005),
        badAuthentication("{\"a\":{\"authen_type\":0,\"authen_code\":\"" + code + "\"}}", 90005),
        badAuthentication("{\"a\":{\"authen_type\":2,\"authen_code\":\"" + code + "\"}}", 90005),
        badAuthentication("{\"a\":{\"authen_type\":-1,\"authen_code\":\"" + code + "\"}}", 90005),
        badAuthentication("{\"a\":{\"authen_type\":1.0,\"authen_code\":\"" + code + "\"}}", 90005),
        badAuthentication(
            "{\"a\":{\"authen_type\":\"HMAC\",\"authen_code\":\"" + code + "\"}}", 90005),
        badAuthentication("{\"s\":{\"sign\":\"AAAA\"}}", 90005),
        badAuthentication("{\"s\":{\"sign_type\":2,\"sign\":\"AAAA\"}}", 90005),
        badAuthentication(
            "{\"a\":{\"authen_type\":1,\"authen_code\":\""
                + code
                + "\"},\"s\":{\"sign_type\":1,\"sign\":\"AAAA\"}}",
            90005),
        badCode("one digit changed", (code.startsWith("0") ? "1" : "0") + code.substring(1)),
        badCode("one digit missing", code.substring(1)),
        badCode("one digit more", code + "0"),
        badCode("a blank behind", code + " "),
        badCode("no digits", "x"),
        badCode("another key's", Calls.K2.sign(T1)),
        badCode("another text's", K1.sign(T1 + "\n")),
        badCode("the key itself", Calls.KEY_TEXT),
        badCode("full-width digits", code.replace('0', '０')));
  }

  static Stream<Arguments> owners() {
    return Stream.of(
            "{}",
            "{\"pay_mch_key\":null}",
            "{\"pay_mch_key\":[]}",
            "{\"pay_mch_key\":{}}",
            "{\"pay_mch_key\":{\"out_mch_id\":\"m\"}}",
            "{\"pay_mch_key\":{\"out_sub_mch_id\":\"\"}}",
            "{\"pay_mch_key\":{\"out_sub_mch_id\":\" \u00A0 \"}}",
            "{\"pay_mch_key\":{\"out_sub_mch_id\":null}}",
            "{\"pay_mch_key\":{\"out_sub_mch_id\":true}}",
            "{\"pay_mch_key\":{\"out_sub_mch_id\":{}}}",
            "{\"pay_mch_key\":{\"out_sub_mch_id\":\"" + "x".repeat(33) + "\"}}",
            "{\"pay_mch_key\":{\"out_sub_mch_id\":\"商户\"}}",
            "{\"pay_mch_key\":{\"out_sub_mch_id\":\"a\\u0000\"}}",
            "{\"pay_mch_key\":{\"out_sub_mch_id\":\"a\\nb\"}}")
        .map(text -> bad("owner: " + shown(text), Calls.body(text), 90006, ""));
  }

  static Stream<Arguments> payments() {
    String content = "pay_content";
    String key = "pay_mch_key";
    String ext = "pay_mch_key.wxpay_pay_mch_key_ext";
    String client = "order_client";
    return Stream.of(
        without("pay_content", T1.replaceFirst("\"pay_content\":\\{.*?},", "")),
        without("pay_mch_key.out_mch_id", T1.replaceFirst("\"out_mch_id\":\".*?\",", "")),
        without("pay_mch_key.out_sub_mch_id", T1.replaceFirst("\"out_sub_mch_id\":\".*?\",", "")),
        without("pay_mch_key.out_shop_id", T1.replaceFirst("\"out_shop_id\":\".*?\",", "")),
        without("pay_mch_key.pay_platform", T1.replaceFirst("\"pay_platform\":1,", "")),
        without(ext, T1.replaceFirst(",\"wxpay_pay_mch_key_ext\":\\{.*?}", "")),
        without(content + ".out_trade_no", T1.replaceFirst("\"out_trade_no\":\".*?\",", "")),
        without(content + ".total_fee", T1.replaceFirst("\"total_fee\":2590,", "")),
        without(client, T1.replaceFirst("\"order_client\":\\{.*?},", "")),
        without(client + ".spbill_create_ip", T1.replaceFirst("\"spbill_create_ip\":\".*?\"", "")),
        badPayment(ext + ".open_id", "\"sub_open_id\":\"oTest0001aaaaBBBBccccDDDD1234\"", ""),
        badPayment(ext, "\"wxpay_pay_mch_key_ext\":{", "\"wxpay_pay_mch_key_ext\":[],\"x\":{"),
        badPayment(content, "\"pay_content\":{", "\"pay_content\":\"\",\"x\":{"),
        badPayment(client, "\"order_client\":{", "\"order_client\":1,\"x\":{"),
        badPayment(key + ".pay_platform", "\"pay_platform\":1", "\"pay_platform\":0"),
        badPayment(key + ".pay_platform", "\"pay_platform\":1", "\"pay_platform\":5"),
        badPayment(key + ".pay_platform", "\"pay_platform\":1", "\"pay_platform\":-1"),
        badPayment(key + ".pay_platform", "\"pay_platform\":1", "\"pay_platform\":\"wechat\""),
        badPayment(key + ".pay_platform", "\"pay_platform\":1", "\"pay_platform\":true"),
        badPayment(key + ".pay_platform", "\"pay_platform\":1", "\"pay_platform\":\"\""),
        badPlatform("200"),
        badPlatform("300"),
        badPlatform("1"),
        badPlatform("-100"),
        badPlatform("\"x\""),
        badId("out_mch_id", "\"" + "m".repeat(33) + "\""),
        badId("out_mch_id", "[]"),
        badId("out_mch_id", "true"),
        badId("out_mch_id", "\"a\\u0000b\""),
        badId("out_shop_id", "\"" + "m".repeat(33) + "\""),
        badId("out_shop_id", "\" \""),
        badNumber("\"gz020\""),
        badNumber("\"" + "g".repeat(33) + "\""),
        badNumber("\"gz0200 abcd\""),
        badNumber("\"gz0200abcd.1\""),
        badNumber("\"gz0200abcd/1\""),
        badNumber("\"gz0200abcd'1\""),
        badNumber("\"gz0200单号\""),
        badNumber("\"gz0200\\u0000abcd\""),
        badNumber("true"),
        badNumber("{}"),
        badFee("0"),
        badFee("-1"),
        badFee("1.5"),
        badFee("1.0"),
        badFee("1e2"),
        badFee("2147483648"),
        badFee("9223372036854775808"),
        badFee("99999999999999999999"),
        badFee("\"1.5\""),
        badFee("\"一\""),
        badFee("\"0x10\""),
        badFee("\"2147483648\""),
        badFee("true"),
        badFee("[1]"),
        badFee("\"\""),
        badFee("null"),
        badContent("fee_type", "\"USD\""),
        badContent("fee_type", "156"),
        badContent("fee_type", "{}"),
        badContent("time_expire", "-1"),
        badContent("time_expire", "\"soon\""),
        badContent("time_expire", "1772323320.5"),
        badContent("time_expire", "9223372036854775807"),
        badContent("time_expire", "{}"),
        badContent("body", "\"" + "体".repeat(129) + "\""),
        badContent("body", "\"a\\u0000\""),
        badContent("body", "\"\\ud800\""),
        badContent("body", "[]"),
        badContent("body", "false"),
        badContent("body", "1e5"),
        badContent("detail", "\"" + "d".repeat(6001) + "\""),
        badContent("detail", "{\"x\":\"" + "d".repeat(6000) + "\"}"),
        badContent("detail", "[]"),
        badContent("remark", "\"" + "r".repeat(128) + "\""),
        badContent("remark", "{}"),
        badExtra("attach", "\"" + "a".repeat(128) + "\""),
        badExtra("goods_tag", "\"" + "a".repeat(33) + "\""),
        badExtra("product_id", "\"" + "a".repeat(33) + "\""),
        badExtra("limit_pay", "\"no_debit\""),
        badExtra("limit_pay", "\"NO_CREDIT\""),
        badContent("wxpay_pay_content_ext", "\"{}\""),
        badPayer("app_id", "\"" + "a".repeat(33) + "\""),
        badPayer("sub_app_id", "\"" + "a".repeat(33) + "\""),
        badPayer("open_id", "\"" + "o".repeat(129) + "\""),
        badPayer("sub_open_id", "\"" + "o".repeat(129) + "\""),
        badPayer("open_id", "{}"),
        badClient("device_id", "\"" + "d".repeat(65) + "\""),
        badClient("device_id", "[]"),
        badClient("staff_id", "\"" + "d".repeat(65) + "\""),
        badClient("terminal_type", "0"),
        badClient("terminal_type", "5"),
        badClient("terminal_type", "101"),
        badClient("terminal_type", "\"iOS\""),
        badClient("sub_terminal_type", "-1"),
        badClient("sub_terminal_type", "4294967296"),
        badClient("machine_no", "\"" + "d".repeat(33) + "\""),
        badClient("sdk_version", "\"" + "1".repeat(11) + "\""),
        badClient("sn_code", "\"" + "s".repeat(128) + "\""),
        badClient("spbill_create_ip", "\"\""),
        badClient("spbill_create_ip", "\"localhost\""),
        badClient("spbill_create_ip", "\"198.51.100.7, 10.0.0.1\""),
        badClient("spbill_create_ip", "\"" + "1".repeat(65) + "\""),
        badPayment("nonce_str", "\"nonce_str\":\"", "\"nonce_str\":\"x"),
        badPayment("nonce_str", "\"nonce_str\":\"N", "\"nonce_str\":[],\"x\":\"N"));
  }

  static Stream<Arguments> alipayPayments() {
    String alipay =
        T1.replace("\"pay_platform\":1", "\"pay_platform\":2")
            .replace(
                "\"wxpay_pay_mch_key_ext\":{\"sub_open_id\":\"oTest0001aaaaBBBBccccDDDD1234\"}",
                "\"alipay_pay_mch_key_ext\":{\"user_id\":\"2088000000000001\"}");
    assertThat(Calls.read(alipay, OfficialAccountPayRequest::of).platform())
        .isEqualTo(Platform.ALIPAY);
    String userId = "pay_mch_key.alipay_pay_mch_key_ext.user_id";
    return Stream.of(
            new String[] {
              "pay_mch_key.alipay_pay_mch_key_ext",
              alipay.replace("\"alipay_pay_mch_key_ext\"", "\"wxpay_pay_mch_key_ext\"")
            },
            new String[] {userId, alipay.replace("2088000000000001", "")},
            new String[] {userId, alipay.replace("2088000000000001", "2".repeat(129))},
            new String[] {
              "pay_mch_key.sub_pay_platform",
              alipay.replace("\"pay_platform\":2", "\"pay_platform\":2,\"sub_pay_platform\":100")
            },
            new String[] {
              "pay_content.out_trade_no",
              alipay.replace("gz0200abcd20260301000001", "gz0200abcd-20260301000001")
            },
            new String[] {
              "pay_content.out_trade_no",
              alipay.replace("gz0200abcd20260301000001", "gz0200abcd|20260301000001")
            })
        .map(flaw ->
            bad(
                "Alipay: " + shown(flaw[1]),
                Calls.body(flaw[1]),
                OfficialAccountPayRequest::of,
                90010,
                flaw[0]));
  }

  static Stream<Arguments> queries() {
    return Stream.of(
        badQuery("out_trade_no", QUERY.replace("\"out_trade_no\"", "\"out_trade\"")),
        badQuery("out_trade_no", QUERY.replace("gz0200abcd1", "")),
        badQuery("out_trade_no", QUERY.replace("gz0200abcd1", "\u00A0 ")),
        badQuery("out_trade_no", QUERY.replace("gz0200abcd1", "g".repeat(33))),
        badQuery("out_trade_no", QUERY.replace("\"gz0200abcd1\"", "{}")),
        badQuery("out_trade_no", QUERY.replace("\"gz0200abcd1\"", "null")),
        badQuery("pay_mch_key.out_mch_id", QUERY.replace("\"out_mch_id\"", "\"x\"")),
        badQuery("pay_mch_key.out_shop_id", QUERY.replace("\"out_shop_id\"", "\"x\"")),
        badQuery("order_client", QUERY.replace("{\"pay", "{\"order_client\":[],\"pay")),
        badQuery(
            "order_client.terminal_type",
            QUERY.replace("{\"pay", "{\"order_client\":{\"terminal_type\":7},\"pay")),
        badQuery(
            "order_client.sdk_version",
            QUERY.replace("{\"pay", "{\"order_client\":{\"sdk_version\":\"12345678901\"},\"pay")),
        badQuery("nonce_str", QUERY.replace("{\"pay", "{\"nonce_str\":{},\"pay")),
        badQuery(
            "nonce_str",
            QUERY.replace("{\"pay", "{\"nonce_str\":\"" + "n".repeat(33) + "\",\"pay")),
        bad(
            "query: only at the top",
            Calls.body("{\"out_sub_mch_id\":\"s\",\"out_trade_no\":\"gz0200abcd1\"}"),
            OrderRequest::of,
            90010,
            "pay_mch_key"));
  }

  static Stream<Arguments> refunds() {
    String content = "refund_content.";
    return Stream.of(
        badRefund("refund_content", REFUND.replace("\"refund_content\"", "\"content\"")),
        badRefund(
            "refund_content",
            REFUND.replace("\"refund_content\":{", "\"refund_content\":[],\"x\":{")),
        badRefund(content + "out_trade_no", REFUND.replace("\"out_trade_no\"", "\"x\"")),
        badRefund(content + "out_refund_no", REFUND.replace("\"out_refund_no\"", "\"x\"")),
        badRefund(content + "out_refund_no", REFUND.replace("gz0200abcdR1", "short")),
        badRefund(content + "out_refund_no", REFUND.replace("gz0200abcdR1", "gz0200 abcdR1")),
        badRefund(content + "out_refund_no", REFUND.replace("gz0200abcdR1", "g".repeat(33))),
        badRefund(content + "total_fee", REFUND.replace("\"total_fee\":2", "\"total_fee\":0")),
        badRefund(content + "total_fee", REFUND.replace("\"total_fee\":2,", "")),
        badRefund(content + "refund_fee", REFUND.replace("\"refund_fee\":1", "\"refund_fee\":0")),
        badRefund(content + "refund_fee", REFUND.replace("\"refund_fee\":1", "\"refund_fee\":-1")),
        badRefund(
            content + "refund_fee", REFUND.replace("\"refund_fee\":1", "\"refund_fee\":\"0.01\"")),
        badRefund(content + "refund_fee_type", REFUND.replace("\"CNY\"", "\"HKD\"")),
        badRefund(
            content + "refund_reason",
            REFUND.replace("\"CNY\"", "\"CNY\",\"refund_reason\":\"" + "r".repeat(65) + "\"")),
        badRefund(
            content + "wxpay_refund_content_ext.refund_account",
            REFUND.replace(
                "\"CNY\"", "\"CNY\",\"wxpay_refund_content_ext\":{\"refund_account\":\"MINE\"}")),
        badRefund(
            content + "client_refund_flow_id",
            REFUND.replace("\"CNY\"", "\"CNY\",\"client_refund_flow_id\":{}")),
        badRefund(
            "pay_mch_key.is_sub_mch_admin",
            REFUND.replace("\"out_mch_id\"", "\"is_sub_mch_admin\":1,\"out_mch_id\"")),
        badRefund(
            "pay_mch_key.is_sub_admin",
            REFUND.replace("\"out_mch_id\"", "\"is_sub_admin\":\"yes\",\"out_mch_id\"")),
        badRefund(
            "pay_mch_key.authorization_staff_id",
            REFUND.replace(
                "\"out_mch_id\"",
                "\"authorization_staff_id\":\"" + "s".repeat(65) + "\",\"out_mch_id\"")),
        badRefund(
            "pay_mch_key.authorization_name",
            REFUND.replace(
                "\"out_mch_id\"",
                "\"authorization_name\":\"" + "s".repeat(33) + "\",\"out_mch_id\"")),
        badRefund("api_version", REFUND.replace("{\"refund", "{\"api_version\":3,\"refund")),
        badRefund("api_version", REFUND.replace("{\"refund", "{\"api_version\":0,\"refund")),
        badRefund("api_version", REFUND.replace("{\"refund", "{\"api_version\":\"v2\",\"refund")));
  }

  static Stream<Arguments> refundQueries() {
    return Stream.of(
            new String[] {"out_refund_no", QUERY.replace("\"out_trade_no\"", "\"x\"")},
            new String[] {"out_trade_no", QUERY.replace("gz0200abcd1", "g".repeat(33))},
            new String[] {
              "out_refund_no",
              QUERY.replace("{\"pay", "{\"out_refund_no\":\"" + "g".repeat(33) + "\",\"pay")
            },
            new String[] {"out_refund_no", QUERY.replace("{\"pay", "{\"out_refund_no\":[],\"pay")})
        .map(flaw ->
            bad(
                "refund query: " + shown(flaw[1]),
                Calls.body(flaw[1]),
                QueryRefundOrderRequest::of,
                90010,
                flaw[0]));
  }

  private static Arguments bad(String flaw, byte[] body, int internalStatus, String named) {
    return bad(flaw, body, OfficialAccountPayRequest::of, internalStatus, named);
  }

  private static Arguments bad(
      String flaw, byte[] body, Function<FieldReader, ?> form, int internalStatus, String named) {
    return Arguments.of(flaw, body, form, internalStatus, named);
  }

  private static Arguments badBody(String flaw, String body) {
    return bad("body: " + flaw, json(body), 90001, "");
  }

  private static Arguments badContentOf(String content) {
    return bad(
        "request_content = " + shown(content),
        Calls.envelope(content, GOOD_AUTHENTICATION),
        90002,
        "request_content");
  }

  private static Arguments badAuthentication(String authenInfo, int internalStatus) {
    return bad(
        "authen_info = " + shown(authenInfo),
        Calls.envelope(quoted(T1), authenInfo),
        internalStatus,
        "");
  }

  private static Arguments badCode(String flaw, String code) {
    return bad("authen_code: " + flaw, Calls.body(T1, code), 7, "");
  }

  private static Arguments without(String named, String text) {
    assertThat(text).isNotEqualTo(T1);
    return bad("without " + named, Calls.body(text), 90010, named);
  }

  private static Arguments badPayment(String named, String replaced, String by) {
    assertThat(T1).contains(replaced);
    return bad(
        "payment: " + shown(by) + " for " + replaced,
        Calls.body(T1.replace(replaced, by)),
        90010,
        named);
  }

  private static Arguments badPlatform(String value) {
    return badPayment(
        "pay_mch_key.sub_pay_platform",
        "\"pay_platform\":1",
        "\"pay_platform\":1,\"sub_pay_platform\":" + value);
  }

  private static Arguments badId(String name, String value) {
    String by = Matcher.quoteReplacement("\"" + name + "\":" + value);
    return without("pay_mch_key." + name, T1.replaceFirst("\"" + name + "\":\".*?\"", by));
  }

  private static Arguments badNumber(String value) {
    return badPayment(
        "pay_content.out_trade_no",
        "\"out_trade_no\":\"gz0200abcd20260301000001\"",
        "\"out_trade_no\":" + value);
  }

  private static Arguments badFee(String value) {
    return badPayment("pay_content.total_fee", "\"total_fee\":2590", "\"total_fee\":" + value);
  }

  private static Arguments badContent(String name, String value) {
    return badPayment(
        "pay_content." + name,
        "\"fee_type\":\"CNY\",\"body\":\"\\u6d4b\\u8bd5\\u8ba2\\u5355\"",
        "\"" + name + "\":" + value);
  }

  private static Arguments badExtra(String name, String value) {
    return badPayment(
        "pay_content.wxpay_pay_content_ext." + name,
        "\"fee_type\":\"CNY\"",
        "\"wxpay_pay_content_ext\":{\"" + name + "\":" + value + "}");
  }

  private static Arguments badPayer(String name, String value) {
    return badPayment(
        "pay_mch_key.wxpay_pay_mch_key_ext." + name,
        "{\"sub_open_id\":\"oTest0001aaaaBBBBccccDDDD1234\"}",
        "{\"" + name + "\":" + value + "}");
  }

  private static Arguments badClient(String name, String value) {
    return badPayment(
        "order_client." + name,
        "\"order_client\":{\"spbill_create_ip\":\"198.51.100.7\"}",
        "\"order_client\":{\"spbill_create_ip\":\"198.51.100.7\",\"" + name + "\":" + value + "}");
  }

  private static Arguments badQuery(String named, String text) {
    assertThat(text).isNotEqualTo(QUERY);
    return bad("query: " + shown(text), Calls.body(text), OrderRequest::of, 90010, named);
  }

  private static Arguments badRefund(String named, String text) {
    assertThat(text).isNotEqualTo(REFUND);
    return bad("refund: " + shown(text), Calls.body(text), RefundRequest::of, 90010, named);
  }

  private static byte[] json(String body) {
    return body.getBytes(UTF_8);
  }

  private static byte[] bytes(int... bytes) {
    byte[] body = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      body[i] = (byte) bytes[i];
    }
    return body;
  }

  private static String shown(String text) {
    return text.length() > 60 ? text.substring(0, 60) + "…" : text;
  }
}
