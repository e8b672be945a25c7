package io.yunfu.wire.cpay;

import static io.yunfu.wire.cpay.Calls.T1;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.kernel.Money;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is accepted, member by member: `cloudpay.md` sections 1.9, 2.1, 2.6 to 2.9 and 7.1.
class ReadingTest {
  @Test
  void a_payment_is_read_whole() {
    var request =
        Calls.read(
            """
            {"pay_mch_key":{"pay_platform":1,"sub_pay_platform":100,"out_mch_id":"m","out_sub_mch_id":"s",
              "out_shop_id":"h","wxpay_pay_mch_key_ext":{"app_id":"wxaa","sub_app_id":"wxbb","open_id":"o1",
              "sub_open_id":"o2"},"alipay_pay_mch_key_ext":{"user_id":7}},
             "pay_content":{"out_trade_no":"gz0200abcd-1","time_expire":1772323320,"total_fee":2147483647,
              "fee_type":"cny","body":"鞋","detail":"{\\"goods\\":1}","remark":"r",
              "wxpay_pay_content_ext":{"attach":"a","goods_tag":"g","product_id":"p","limit_pay":"no_credit"}},
             "order_client":{"device_id":"d","staff_id":"st","terminal_type":100,"sub_terminal_type":4294967295,
              "machine_no":"mac","sdk_version":"2.0","spbill_create_ip":"2001:db8::1","sn_code":"sn"},
             "nonce_str":"n","trade_type":3}
            """,
            OfficialAccountPayRequest::of);
    assertThat(request.merchant()).isEqualTo(new MerchantIds("m", "s", "h"));
    assertThat(request.platform()).isEqualTo(Platform.WECHAT);
    assertThat(request.subPlatform()).isEqualTo(100);
    assertThat(request.payer())
        .isEqualTo(
            new PayerIds.Wechat(
                Optional.of("wxaa"), Optional.of("wxbb"), Optional.of("o1"), Optional.of("o2")));
    PayContent content = request.content();
    assertThat(content.outTradeNo()).isEqualTo("gz0200abcd-1");
    assertThat(content.timeExpire()).contains(Instant.ofEpochSecond(1772323320));
    assertThat(content.total()).isEqualTo(Money.cny(2147483647));
    assertThat(content.body()).contains("鞋");
    assertThat(content.detail()).contains("{\"goods\":1}");
    assertThat(content.remark()).contains("r");
    assertThat(content.wechat())
        .isEqualTo(
            new PayContent.Wechat(
                Optional.of("a"), Optional.of("g"), Optional.of("p"), Optional.of("no_credit")));
    OrderClient client = request.client();
    assertThat(client.deviceId()).contains("d");
    assertThat(client.staffId()).contains("st");
    assertThat(client.terminalType()).hasValue(100);
    assertThat(client.subTerminalType()).hasValue(4294967295L);
    assertThat(client.machineNo()).contains("mac");
    assertThat(client.sdkVersion()).contains("2.0");
    assertThat(client.spbillCreateIp()).contains("2001:db8::1");
    assertThat(client.snCode()).contains("sn");
    assertThat(request.nonce()).isEqualTo("n");
  }

  @Test
  void unknown_members_doubled_members_and_mixed_up_types_are_no_reason_to_refuse() {
    String mixed =
        T1.replace("\"out_mch_id\":", "\"out_mch_id\":\"other\",\"out_mch_id\":")
            .replace("\"total_fee\":2590", "\"total_fee\":\"2590\"")
            .replace("\"pay_platform\":1", "\"pay_platform\":\"1\",\"x\":{\"y\":[null,1e999]}")
            .replace("\"order_client\":{", "\"zzz\":true,\"order_client\":{\"device_id\":1,")
            .replace("\"fee_type\":\"CNY\"", "\"fee_type\":null,\"is_shelves_order\":false");
    var request = Calls.read(mixed, OfficialAccountPayRequest::of);
    var plain = Calls.read(T1, OfficialAccountPayRequest::of);
    assertThat(request.merchant()).isEqualTo(plain.merchant());
    assertThat(request.content()).isEqualTo(plain.content());
    assertThat(request.client().deviceId()).contains("1");
  }

  @Test
  void identifiers_are_trimmed_and_other_texts_are_not() {
    String padded =
        T1.replace("\"oTest", "\" \u00A0\u3000oTest")
            .replace("\"gz02Kp7Qv3nXw8ZrT1mA\"", "\"\\tgz02Kp7Qv3nXw8ZrT1mA\\uFEFF\"")
            .replace("\"gz0200abcd20260301000001\"", "\"gz0200abcd20260301000001 \"")
            .replace("\"fee_type\"", "\"remark\":\" r \",\"fee_type\"");
    var request = Calls.read(padded, OfficialAccountPayRequest::of);
    var plain = Calls.read(T1, OfficialAccountPayRequest::of);
    assertThat(request.merchant()).isEqualTo(plain.merchant());
    assertThat(request.payer()).isEqualTo(plain.payer());
    assertThat(request.content().outTradeNo()).isEqualTo("gz0200abcd20260301000001");
    assertThat(request.content().remark()).contains(" r ");
  }

  @Test
  void null_empty_and_absent_are_all_not_given() {
    String empty =
        T1.replace(
            "\"fee_type\":\"CNY\",\"body\":\"\\u6d4b\\u8bd5\\u8ba2\\u5355\"",
            "\"fee_type\":\"\",\"body\":\"\",\"detail\":null,\"remark\":\"\",\"time_expire\":0,"
                + "\"wxpay_pay_content_ext\":{\"limit_pay\":\"\",\"attach\":null}");
    var content = Calls.read(empty, OfficialAccountPayRequest::of).content();
    assertThat(content.body()).isEmpty();
    assertThat(content.detail()).isEmpty();
    assertThat(content.remark()).isEmpty();
    assertThat(content.timeExpire()).isEmpty();
    assertThat(content.wechat()).isEqualTo(PayContent.Wechat.NONE);
  }

  @Test
  void limits_count_characters_and_not_bytes_or_halves() {
    String longest = "😀".repeat(128);
    String text = T1.replace("\"\\u6d4b\\u8bd5\\u8ba2\\u5355\"", "\"" + longest + "\"");
    assertThat(Calls.read(text, OfficialAccountPayRequest::of).content().body()).contains(longest);
  }

  @Test
  void detail_may_be_an_object_and_is_written_out_then() {
    String text =
        T1.replace(
            "\"fee_type\":\"CNY\"",
            "\"detail\":{ \"cost_price\" : 1.50, \"goods_detail\":[{\"goods_name\":\"鞋\",\"x\":null}, true]}");
    assertThat(Calls.read(text, OfficialAccountPayRequest::of).content().detail())
        .contains(
            "{\"cost_price\":1.50,\"goods_detail\":[{\"goods_name\":\"鞋\",\"x\":null},true]}");
  }

  @Test
  void detail_that_is_no_json_is_taken_as_it_is() {
    String text = T1.replace("\"fee_type\":\"CNY\"", "\"detail\":\" no json {\"");
    assertThat(Calls.read(text, OfficialAccountPayRequest::of).content().detail())
        .contains(" no json {");
  }

  @ParameterizedTest
  @CsvSource({
    "1772323320, 1772323320",
    "'\"1772323320\"', 1772323320",
    "1772323320123, 1772323320",
    "100000000000, 100000000000",
    "100000000001, 100000000"
  })
  void an_expiry_is_in_seconds_or_in_milliseconds_where_it_can_only_be_that(
      String sent, long seconds) {
    String text = T1.replace("\"fee_type\":\"CNY\"", "\"time_expire\":" + sent);
    assertThat(Calls.read(text, OfficialAccountPayRequest::of).content().timeExpire())
        .contains(Instant.ofEpochSecond(seconds));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "9", "\"x\"", "{}", "null"})
  void a_trade_type_changes_nothing(String value) {
    String text = T1.replace("\"nonce_str\"", "\"trade_type\":" + value + ",\"nonce_str\"");
    var plain = Calls.read(T1, OfficialAccountPayRequest::of);
    assertThat(Calls.read(text, OfficialAccountPayRequest::of).content())
        .isEqualTo(plain.content());
  }

  @Test
  void a_nonce_may_be_absent_and_one_inside_order_client_is_ignored() {
    String text =
        T1.replace(",\"nonce_str\":\"N0nceRequest000000000000000000A1\"", "")
            .replace("\"order_client\":{", "\"order_client\":{\"nonce_str\":\"inside\",");
    assertThat(Calls.read(text, OfficialAccountPayRequest::of).nonce()).isEmpty();
  }

  @Test
  void of_two_payers_the_one_of_the_platform_counts() {
    String both =
        T1.replace(
            "\"wxpay_pay_mch_key_ext\":{",
            "\"alipay_pay_mch_key_ext\":{\"user_id\":\"2088000000000001\"},\"wxpay_pay_mch_key_ext\":{");
    assertThat(Calls.read(both, OfficialAccountPayRequest::of).payer())
        .isInstanceOf(PayerIds.Wechat.class);
    var alipay =
        Calls.read(
            both.replace("\"pay_platform\":1", "\"pay_platform\":2")
                .replace(
                    "\"fee_type\"",
                    "\"wxpay_pay_content_ext\":{\"limit_pay\":\"anything\"},\"fee_type\""),
            OfficialAccountPayRequest::of);
    assertThat(alipay.payer()).isEqualTo(new PayerIds.Alipay("2088000000000001"));
    assertThat(alipay.subPlatform()).isEqualTo(200);
    assertThat(alipay.content().wechat()).isEqualTo(PayContent.Wechat.NONE);
  }

  @ParameterizedTest
  @CsvSource({"3, MEMBER_CARD, 300", "4, BOOKKEEPING, 401"})
  void platforms_that_are_not_served_are_recognised(
      int number, Platform platform, int subPlatform) {
    var request =
        Calls.read(
            T1.replace("\"pay_platform\":1", "\"pay_platform\":" + number),
            OfficialAccountPayRequest::of);
    assertThat(request.platform()).isEqualTo(platform);
    assertThat(request.subPlatform()).isEqualTo(subPlatform);
    assertThat(request.payer()).isEqualTo(new PayerIds.Unserved());
  }

  @Test
  void a_query_needs_its_merchant_and_its_number() {
    var request =
        Calls.read(
            "{\"pay_mch_key\":{\"out_mch_id\":\"m\",\"out_sub_mch_id\":\"s\",\"out_shop_id\":\"h\"},"
                + "\"out_trade_no\":\" 1 \",\"trade_type\":\"3\"}",
            OrderRequest::of);
    assertThat(request.merchant()).isEqualTo(new MerchantIds("m", "s", "h"));
    assertThat(request.outTradeNo()).isEqualTo("1");
    assertThat(request.client().spbillCreateIp()).isEmpty();
    assertThat(request.tradeType()).hasValue(3);
  }

  @ParameterizedTest
  @CsvSource({
    "refund_content, wx_pay_refund_content_ext, is_sub_mch_admin",
    "refund_content, wxpay_refund_content_ext, is_sub_admin",
    "pay_content, wxpay_refund_order_content_ext, is_sub_admin"
  })
  void a_refund_has_several_names_for_its_parts(String content, String ext, String admin) {
    var request =
        Calls.read(
            """
            {"%s":{"out_trade_no":"gz0200abcd1","out_refund_no":"gz0200abcdR1","total_fee":"2590",
              "refund_fee":590,"refund_reason":"one item back","client_refund_flow_id":12345678901234567,
              "%s":{"refund_account":"REFUND_SOURCE_RECHARGE_FUNDS"}},
             "pay_mch_key":{"out_mch_id":"m","out_sub_mch_id":"s","out_shop_id":"h","%s":false,
              "authorization_staff_id":"s17","authorization_name":"manager-1"},
             "order_client":{"staff_id":"s09"},"api_version":2,"nonce_str":"n"}
            """
                .formatted(content, ext, admin),
            RefundRequest::of);
    assertThat(request.outTradeNo()).isEqualTo("gz0200abcd1");
    assertThat(request.outRefundNo()).isEqualTo("gz0200abcdR1");
    assertThat(request.total()).isEqualTo(Money.cny(2590));
    assertThat(request.amount()).isEqualTo(Money.cny(590));
    assertThat(request.reason()).contains("one item back");
    assertThat(request.clientFlowId()).contains("12345678901234567");
    assertThat(request.refundAccount()).contains("REFUND_SOURCE_RECHARGE_FUNDS");
    assertThat(request.operator())
        .isEqualTo(
            new RefundRequest.Operator(
                Optional.of(false), Optional.of("s17"), Optional.of("manager-1")));
    assertThat(request.checksRight()).isTrue();
  }

  @Test
  void a_refund_query_takes_either_number() {
    String merchant =
        "{\"pay_mch_key\":{\"out_mch_id\":\"m\",\"out_sub_mch_id\":\"s\",\"out_shop_id\":\"h\"},";
    assertThat(
            Calls.read(merchant + "\"out_trade_no\":\"1\"}", QueryRefundOrderRequest::of)
                .outRefundNo())
        .isEmpty();
    assertThat(
            Calls.read(merchant + "\"out_refund_no\":\"R1\"}", QueryRefundOrderRequest::of)
                .outTradeNo())
        .isEmpty();
  }
}
