package io.yunfu.wire.cpay;

import static io.yunfu.wire.cpay.Calls.K1;
import static io.yunfu.wire.cpay.Calls.K2;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.kernel.Money;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/// The member sets and their order: the samples of `cloudpay.md` sections 2.6 to 2.9 and 2.20, with
/// the members that its section 3 adds.
class WritingTest {
  private static final LogId LOG_ID = new LogId(3000000005L);
  private static final MerchantIds MERCHANT =
      new MerchantIds("gz02Kp7Qv3nXw8ZrT1mA", "gz02Hs4Lt9bYc6FuE2jD", "gz02Wd5Rf1kPv0NqC8xB");
  private static final String HEAD =
      "{\"status\":0,\"description\":\"\\u64CD\\u4F5C\\u6210\\u529F\\u3002\",\"log_id\":3000000005,"
          + "\"internal_status\":0,";
  private static final String MERCHANT_TEXT =
      "\"pay_platform\":1,\"out_mch_id\":\"gz02Kp7Qv3nXw8ZrT1mA\","
          + "\"out_sub_mch_id\":\"gz02Hs4Lt9bYc6FuE2jD\",\"out_shop_id\":\"gz02Wd5Rf1kPv0NqC8xB\","
          + "\"sub_pay_platform\":100";
  private static final String ORDER_TEXT =
      "\"order_content\":{\"out_trade_no\":\"gz0200abcd20260301000001\","
          + "\"transaction_id\":\"4200000000202603010000000002\",\"trade_type\":3,"
          + "\"time_expire\":1772323320,\"time_end\":1772323245,"
          + "\"nonce_str\":\"N0nceRequest000000000000000000A1\",\"create_time\":1772323200,"
          + "\"last_update_time\":1772323246,\"is_transforming\":false,\"source_type\":0,"
          + "\"caller_notify_url\":\"\",\"total_fee\":2590,\"fee_type\":\"CNY\",\"cash_fee\":2590,"
          + "\"cash_fee_type\":\"CNY\",\"settlement_total_fee\":2590,"
          + "\"body\":\"\\u6D4B\\u8BD5\\u8BA2\\u5355\",\"detail\":\"\",\"context\":\"\","
          + "\"exchange_rate\":100000000,\"client_flow_id\":\"\",\"remark\":\"\",\"trade_state\":4,"
          + "\"wxpay_order_content_ext\":{\"current_trade_state\":3,\"attach\":\"\","
          + "\"bank_type\":\"CFT\",\"goods_tag\":\"\",\"coupon_fee\":0,\"coupon_count\":0,"
          + "\"product_id\":\"\",\"limit_pay\":\"\","
          + "\"prepare_id\":\"wx01080000123456789abcdef01234567890\",\"trade_state_desc\":\"\"}}";
  private static final String CLIENT_TEXT =
      "\"order_client\":{\"device_id\":\"\",\"staff_id\":\"\",\"machine_no\":\"\","
          + "\"terminal_type\":4,\"sdk_version\":\"2.0\",\"spbill_create_ip\":\"198.51.100.7\","
          + "\"sub_terminal_type\":0}";

  private static final OrderContent PAID =
      new OrderContent(
          "gz0200abcd20260301000001",
          Optional.of("4200000000202603010000000002"),
          3,
          Instant.ofEpochSecond(1772323320),
          Optional.of(Instant.ofEpochSecond(1772323245)),
          "N0nceRequest000000000000000000A1",
          Instant.ofEpochSecond(1772323200),
          Instant.ofEpochSecond(1772323246),
          false,
          "",
          Money.cny(2590),
          Optional.of(Money.cny(2590)),
          Optional.of(Money.cny(2590)),
          "测试订单",
          "",
          "",
          "",
          true,
          List.of(),
          new OrderContent.Wechat(
              3,
              "",
              "CFT",
              "",
              Optional.of(Money.cny(0)),
              OptionalInt.of(0),
              "",
              "",
              "wx01080000123456789abcdef01234567890",
              ""));

  private static final PayMchKey.Wechat WECHAT =
      new PayMchKey.Wechat(
          "wx00000000000000aa",
          Optional.of("wx00000000000000bb"),
          Optional.empty(),
          Optional.of("oTest0001aaaaBBBBccccDDDD1234"),
          Optional.empty());

  private static final Payload.ShopClient CLIENT =
      new Payload.ShopClient(client(Optional.empty(), OptionalInt.of(4)), Optional.empty());

  private static OrderClient client(Optional<String> staffId, OptionalInt terminalType) {
    return new OrderClient(
        Optional.empty(),
        staffId,
        terminalType,
        OptionalLong.empty(),
        Optional.empty(),
        Optional.of("2.0"),
        Optional.of("198.51.100.7"),
        Optional.empty());
  }

  private static PayMchKey key(PayMchKey.Wechat wechat) {
    return new PayMchKey(MERCHANT, Platform.WECHAT, 100, Optional.of(wechat));
  }

  @Test
  void a_queried_order_has_the_published_members() {
    assertThat(signedText(new Payload.QueryOrder(key(WECHAT.full()), PAID, "T1r2", CLIENT)))
        .isEqualTo(
            HEAD
                + "\"query_order\":{\"pay_mch_key\":{"
                + MERCHANT_TEXT
                + ",\"wxpay_pay_mch_key_ext\":{\"app_id\":\"wx00000000000000aa\","
                + "\"sub_app_id\":\"wx00000000000000bb\",\"open_id\":\"\","
                + "\"sub_open_id\":\"oTest0001aaaaBBBBccccDDDD1234\"}},"
                + ORDER_TEXT
                + ",\"nonce_str\":\"T1r2\","
                + CLIENT_TEXT
                + "}}");
  }

  @Test
  void a_notification_has_the_members_of_a_query_and_the_channels_number_of_the_merchant() {
    var wechat =
        new PayMchKey.Wechat(
            WECHAT.appId(),
            WECHAT.subAppId(),
            WECHAT.openId(),
            WECHAT.subOpenId(),
            Optional.of("1000000001"));
    byte[] body = new Notification(key(wechat), PAID, "K1l2", CLIENT).signed(K2);
    String text =
        "{\"pay_mch_key\":{"
            + MERCHANT_TEXT
            + ",\"wxpay_pay_mch_key_ext\":{\"app_id\":\"wx00000000000000aa\","
            + "\"sub_app_id\":\"wx00000000000000bb\","
            + "\"sub_open_id\":\"oTest0001aaaaBBBBccccDDDD1234\",\"sub_mch_id\":\"1000000001\"}},"
            + ORDER_TEXT
            + ",\"nonce_str\":\"K1l2\","
            + CLIENT_TEXT
            + "}";
    assertThat(new String(body, UTF_8))
        .isEqualTo(
            "{\"request_content\":"
                + Calls.quoted(text)
                + ",\"authen_info\":{\"a\":{\"authen_type\":1,\"authen_code\":\""
                + K2.sign(text)
                + "\"}}}");
  }

  @Test
  void what_is_not_known_yet_is_left_out_and_never_null_or_zero() {
    var waiting =
        new OrderContent(
            "gz0200abcd20260301000001",
            Optional.empty(),
            3,
            Instant.ofEpochSecond(1772323320),
            Optional.empty(),
            "",
            Instant.ofEpochSecond(1772323200),
            Instant.ofEpochSecond(1772323200),
            true,
            "",
            Money.cny(2590),
            Optional.empty(),
            Optional.empty(),
            "b",
            "",
            "",
            "",
            false,
            List.of(),
            new OrderContent.Wechat(
                12, "", "", "", Optional.empty(), OptionalInt.empty(), "", "", "", ""));
    assertThat(signedText(new Payload.QueryOrder(key(WECHAT.full()), waiting, "n", CLIENT)))
        .contains("\"is_transforming\":true")
        .doesNotContain("null")
        .doesNotContain("transaction_id")
        .doesNotContain("time_end")
        .doesNotContain("cash_fee\"")
        .doesNotContain("settlement_total_fee")
        .doesNotContain("trade_state\":4")
        .doesNotContain("coupon");
    assertThat(
            signedText(new Payload.OfficialAccountPay(key(WECHAT), waiting, "n", Optional.empty())))
        .contains("\"wxpay_order_content_ext\":{\"current_trade_state\":12,\"goods_tag\":\"\"}")
        .doesNotContain("jsapi_args")
        .doesNotContain("prepare_id");
  }

  @Test
  void a_created_order_tells_of_wechats_extras_only_what_was_set() {
    var order =
        new OrderContent(
            "gz0200abcd20260301000001",
            Optional.empty(),
            3,
            Instant.ofEpochSecond(1),
            Optional.empty(),
            "n",
            Instant.ofEpochSecond(0),
            Instant.ofEpochSecond(0),
            false,
            "",
            Money.cny(1),
            Optional.empty(),
            Optional.empty(),
            "b",
            "d",
            "",
            "r",
            false,
            List.of(),
            new OrderContent.Wechat(
                6,
                "a",
                "",
                "g",
                Optional.empty(),
                OptionalInt.empty(),
                "p",
                "no_credit",
                "wx01",
                "x"));
    assertThat(
            signedText(new Payload.OfficialAccountPay(key(WECHAT), order, "n", Optional.empty())))
        .contains(
            "\"body\":\"b\",\"wxpay_order_content_ext\":{\"current_trade_state\":6,\"attach\":\"a\","
                + "\"goods_tag\":\"g\",\"product_id\":\"p\",\"limit_pay\":\"no_credit\","
                + "\"prepare_id\":\"wx01\"}}");
  }

  @Test
  void a_refund_has_the_published_members() {
    var refund = refund(4, Optional.empty(), false);
    assertThat(
            signedText(
                new Payload.Refund(
                    key(
                        new PayMchKey.Wechat(
                            "wx00000000000000aa",
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty())),
                    refund,
                    "V1b2")))
        .isEqualTo(
            HEAD
                + "\"refund\":{\"pay_mch_key\":{"
                + MERCHANT_TEXT
                + ",\"wxpay_pay_mch_key_ext\":{\"app_id\":\"wx00000000000000aa\"}},"
                + "\"refund_order_content\":{\"out_refund_no\":\"gz0200abcdR0000001\","
                + "\"refund_id\":\"50000000002026030100000001\",\"trade_type\":3,"
                + "\"out_trade_no\":\"gz0200abcd20260301000001\",\"nonce_str\":\"1679\","
                + "\"create_time\":1772326800,\"last_update_time\":1772326801,"
                + "\"is_transforming\":false,\"refund_reason\":\"one item back\\n"
                + "\\u64CD\\u4F5C\\u8005\\uFF1As09\\n\\u6388\\u6743\\u8005\\uFF1Amanager-1\","
                + "\"total_fee\":2590,\"refund_fee\":590,\"refund_fee_type\":\"CNY\","
                + "\"wxpay_refund_order_content_ext\":{\"state\":4,\"cash_refund_fee\":590,"
                + "\"coupon_refund_fee\":0,\"coupon_refund_count\":0},\"is_deposit_mode\":false},"
                + "\"nonce_str\":\"V1b2\"}}");
  }

  @Test
  void queried_refunds_are_an_array_with_a_terminal_each() {
    var refund = refund(2, Optional.of(Instant.ofEpochSecond(1772326829)), true);
    var row =
        new Payload.QueryRefundOrder.Row(
            refund,
            new Payload.ShopClient(
                client(Optional.of("s09"), OptionalInt.empty()), Optional.of("432")));
    String text =
        signedText(
            new Payload.QueryRefundOrder(
                key(
                    new PayMchKey.Wechat(
                        "wx00000000000000aa",
                        Optional.of(""),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty())),
                List.of(row, row),
                "C1x2"));
    String refundText =
        "{\"out_refund_no\":\"gz0200abcdR0000001\",\"refund_id\":\"50000000002026030100000001\","
            + "\"trade_type\":3,\"out_trade_no\":\"gz0200abcd20260301000001\",\"nonce_str\":\"1679\","
            + "\"create_time\":1772326800,\"last_update_time\":1772326801,\"is_transforming\":false,"
            + "\"refund_success_time\":1772326829,\"refund_reason\":\"one item back\\n"
            + "\\u64CD\\u4F5C\\u8005\\uFF1As09\\n\\u6388\\u6743\\u8005\\uFF1Amanager-1\","
            + "\"total_fee\":2590,\"refund_fee\":590,\"refund_fee_type\":\"CNY\","
            + "\"exchange_rate\":100000000,\"client_refund_flow_id\":\"\","
            + "\"settlement_refund_fee\":590,\"trade_state\":4,"
            + "\"wxpay_refund_order_content_ext\":{\"state\":2,\"cash_refund_fee\":590,"
            + "\"coupon_refund_fee\":0,\"coupon_refund_count\":0,"
            + "\"refund_account\":\"REFUND_SOURCE_UNSETTLED_FUNDS\",\"refund_channel\":\"ORIGINAL\","
            + "\"refund_recv_account\":\"\\u652F\\u4ED8\\u7528\\u6237\\u7684\\u96F6\\u94B1\"},"
            + "\"is_deposit_mode\":false}";
    String clientText =
        "{\"shop_id\":\"432\",\"device_id\":\"\",\"staff_id\":\"s09\",\"machine_no\":\"\","
            + "\"terminal_type\":100,\"sdk_version\":\"2.0\",\"spbill_create_ip\":\"198.51.100.7\","
            + "\"sub_terminal_type\":0}";
    assertThat(text)
        .isEqualTo(
            HEAD
                + "\"query_refund_order\":{\"pay_mch_key\":{"
                + MERCHANT_TEXT
                + ",\"wxpay_pay_mch_key_ext\":{\"app_id\":\"wx00000000000000aa\",\"sub_app_id\":\"\"}},"
                + "\"refund_order_content\":["
                + refundText
                + ","
                + refundText
                + "],\"nonce_str\":\"C1x2\",\"order_client\":["
                + clientText
                + ","
                + clientText
                + "]}}");
  }

  private static RefundOrderContent refund(
      int state, Optional<Instant> successTime, boolean succeeded) {
    return new RefundOrderContent(
        "gz0200abcdR0000001",
        Optional.of("50000000002026030100000001"),
        3,
        "gz0200abcd20260301000001",
        "1679",
        Instant.ofEpochSecond(1772326800),
        Instant.ofEpochSecond(1772326801),
        false,
        successTime,
        "one item back\n操作者：s09\n授权者：manager-1",
        Money.cny(2590),
        Money.cny(590),
        "",
        Optional.of(Money.cny(590)),
        succeeded,
        List.of(),
        new RefundOrderContent.Wechat(
            state,
            Optional.of(Money.cny(590)),
            Optional.of(Money.cny(0)),
            OptionalInt.of(0),
            Optional.of("REFUND_SOURCE_UNSETTLED_FUNDS"),
            Optional.of("ORIGINAL"),
            Optional.of("支付用户的零钱")));
  }

  @Test
  void alipays_blocks_are_in_fen_and_hold_what_the_tables_require() {
    var channel =
        new OrderContent.Alipay(
            2,
            List.of(
                new AlipayVoucher(
                    "v1",
                    "券",
                    "ALIPAY_FIX_VOUCHER",
                    Money.cny(100),
                    Optional.of(Money.cny(60)),
                    Optional.of(Money.cny(40)),
                    "")),
            List.of(new FundBill("ALIPAYACCOUNT", Money.cny(1121), Optional.empty())),
            Optional.of(Money.cny(0)),
            Optional.of(Money.cny(1121)),
            Optional.of("FACE_TO_FACE_PAYMENT"),
            Optional.of(Instant.ofEpochSecond(1772323245)),
            "[]",
            "159****5620",
            Optional.of("2088000000000009"),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Money.cny(0),
            Optional.empty());
    var order =
        new OrderContent(
            "gz0200abcd20260301000001",
            Optional.of("2026030122001400000000000001"),
            3,
            Instant.ofEpochSecond(1772323320),
            Optional.of(Instant.ofEpochSecond(1772323245)),
            "n",
            Instant.ofEpochSecond(1772323200),
            Instant.ofEpochSecond(1772323246),
            false,
            "",
            Money.cny(1221),
            Optional.of(Money.cny(1121)),
            Optional.empty(),
            "b",
            "",
            "",
            "",
            true,
            List.of(
                new CouponInfo(
                    Optional.of("v1"), Money.cny(100), Optional.of("NO_CASH"), OptionalInt.of(1))),
            channel);
    var key =
        new PayMchKey(
            MERCHANT, Platform.ALIPAY, 200, Optional.of(new PayMchKey.Alipay("2088000000000001")));
    assertThat(signedText(new Payload.QueryOrder(key, order, "n", CLIENT)))
        .contains(
            "\"sub_pay_platform\":200,\"alipay_pay_mch_key_ext\":{\"user_id\":\"2088000000000001\"}}")
        .contains(
            "\"trade_state\":4,\"coupon_infos\":[{\"coupon_id\":\"v1\",\"coupon_fee\":100,"
                + "\"coupon_type\":\"NO_CASH\",\"contribute_type\":1}],"
                + "\"alipay_order_content_ext\":{\"current_trade_state\":2,\"voucher_detail_list\":["
                + "{\"id\":\"v1\",\"name\":\"\\u5238\",\"type\":\"ALIPAY_FIX_VOUCHER\",\"amount\":100,"
                + "\"merchant_amount\":60,\"other_amount\":40,\"memo\":\"\"}],\"fund_bill_list\":["
                + "{\"fund_channel\":\"ALIPAYACCOUNT\",\"amount\":1121}],\"point_amount\":0,"
                + "\"invoice_amount\":1121,\"product_code\":\"FACE_TO_FACE_PAYMENT\","
                + "\"send_pay_date\":1772323245,"
                + "\"discount_goods_detail\":\"[]\",\"buyer_logon_id\":\"159****5620\","
                + "\"seller_id\":\"2088000000000009\",\"gmt_refund\":0,\"gmt_close\":0,"
                + "\"refund_fee\":0}}");
    assertThat(
            signedText(
                new Payload.OfficialAccountPay(
                    key, order, "n", Optional.of(new JsapiArguments.Alipay("2026")))))
        .contains("\"transaction_id\":\"2026030122001400000000000001\"")
        .contains("\"alipay_order_content_ext\":{\"current_trade_state\":2}}")
        .contains("\"jsapi_args\":{\"alipay\":{\"trade_pay\":{\"trade_no\":\"2026\"}}}");
  }

  @Test
  void an_alipay_refund_tells_whether_money_moved() {
    var refund =
        new RefundOrderContent(
            "gz0200abcdR0000001",
            Optional.of(""),
            3,
            "gz0200abcd20260301000001",
            "",
            Instant.ofEpochSecond(1),
            Instant.ofEpochSecond(2),
            false,
            Optional.of(Instant.ofEpochSecond(2)),
            "",
            Money.cny(2),
            Money.cny(1),
            "77",
            Optional.empty(),
            true,
            List.of(),
            new RefundOrderContent.Alipay(
                2,
                true,
                Optional.of(Instant.ofEpochSecond(2)),
                List.of(new FundBill("COUPON", Money.cny(1), Optional.of(Money.cny(1))))));
    var key =
        new PayMchKey(MERCHANT, Platform.ALIPAY, 200, Optional.of(new PayMchKey.Alipay("2088")));
    assertThat(
            signedText(
                new Payload.QueryRefundOrder(
                    key, List.of(new Payload.QueryRefundOrder.Row(refund, CLIENT)), "n")))
        .contains("\"refund_id\":\"\"")
        .contains("\"client_refund_flow_id\":\"77\"")
        .contains(
            "\"alipay_refund_order_content_ext\":{\"refund_status\":2,\"fund_change\":\"Y\","
                + "\"gmt_refund_pay\":\"2\",\"refund_detail_item_list\":["
                + "{\"fund_channel\":\"COUPON\",\"amount\":1,\"real_amount\":1}]}");
  }

  @Test
  void an_amount_in_another_currency_is_our_mistake() {
    assertThatThrownBy(() -> Content.text(out -> out.money("total_fee", Money.usd(1))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /// The text of an answer, after checking that its code is of that text.
  private static String signedText(Payload payload) {
    String body = new String(Reply.signed(LOG_ID, Results.OK.with(), payload, K1), UTF_8);
    Json.Fields outer = (Json.Fields) Json.parse(body).orElseThrow();
    String text = ((Json.Text) outer.members().get("response_content")).text();
    assertThat(body).contains("\"authen_code\":\"" + K1.sign(text) + "\"");
    assertThat(body.chars().allMatch(c -> c < 0x80)).isTrue();
    return text;
  }
}
