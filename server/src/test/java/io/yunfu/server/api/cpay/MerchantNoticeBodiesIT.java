package io.yunfu.server.api.cpay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.FakeConnector;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.notice.MerchantNotice;
import io.yunfu.gateway.notice.MerchantNotices;
import io.yunfu.gateway.notice.NoticeBodies.Outgoing;
import io.yunfu.gateway.notice.NoticeCalls;
import io.yunfu.gateway.payment.NoticeAddress;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.IdSource;
import io.yunfu.kernel.Money;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What goes out to merchants: member by member, and under which key.
class MerchantNoticeBodiesIT {
  private static final String NUMBER = "gz0200abcd20260301000001";
  private static final String SELLER =
      """
      "pay_platform":1,"out_mch_id":"gz02Kp7Qv3nXw8ZrT1mA","out_sub_mch_id":"gz02Hs4Lt9bYc6FuE2jD",\
      "out_shop_id":"gz02Wd5Rf1kPv0NqC8xB"\
      """;
  private static final String PAY =
      """
      {"pay_mch_key":{%s,"wxpay_pay_mch_key_ext":{"sub_open_id":"oTest0001aaaaBBBBccccDDDD1234"}},\
      "pay_content":{"out_trade_no":"gz0200abcd20260301000001","total_fee":2590,\
      "body":"\\u6d4b\\u8bd5\\u8ba2\\u5355"},"order_client":{"terminal_type":4,"sdk_version":"2.0",\
      "spbill_create_ip":"198.51.100.7"},"nonce_str":"N0nceRequest000000000000000000A1"}\
      """
          .formatted(SELLER);

  private final GatewayWorld world = new GatewayWorld();
  private final MerchantNoticeBodies bodies =
      new MerchantNoticeBodies(
          world.merchants, world.payments, false, () -> "K1l2Z3x4C5v6B7n8M9q0W1e2R3t4Y5u6");
  private final NoticeCalls calls = new NoticeCalls(false);
  private final MerchantNotices notices =
      new MerchantNotices(world.cells, bodies, calls, world.clock);

  @AfterEach
  void close() {
    notices.close();
    calls.close();
    world.close();
  }

  @Test
  void a_payment_is_told_with_the_published_members_under_the_providers_key() {
    pay();
    Outgoing out = encode(notice());
    assertThat(out.url()).isEqualTo(GatewayWorld.CALLBACK);
    JsonNode outer = new JsonMapper().readTree(out.body());
    String text = outer.get("request_content").stringValue();
    assertThat(outer.get("authen_info").get("a").get("authen_type").intValue()).isEqualTo(1);
    assertThat(code(outer)).isEqualTo(SignedText.code(text, GatewayWorld.PROVIDER_KEY));
    assertThat(text)
        .isEqualTo(
            """
            {"pay_mch_key":{%s,"sub_pay_platform":100,"wxpay_pay_mch_key_ext":{"app_id":"wx00000000000000aa",\
            "sub_app_id":"wx00000000000000bb","sub_open_id":"oTest0001aaaaBBBBccccDDDD1234","sub_mch_id":"1000000001"}},\
            "order_content":{"out_trade_no":"gz0200abcd20260301000001","transaction_id":"42000001","trade_type":3,\
            "time_expire":1772323320,"time_end":1772323245,"nonce_str":"N0nceRequest000000000000000000A1",\
            "create_time":1772323200,"last_update_time":1772323245,"is_transforming":false,"source_type":0,\
            "caller_notify_url":"","total_fee":2590,"fee_type":"CNY","cash_fee":2590,"cash_fee_type":"CNY",\
            "settlement_total_fee":2590,"body":"\\u6D4B\\u8BD5\\u8BA2\\u5355","detail":"","context":"",\
            "exchange_rate":100000000,"client_flow_id":"","remark":"","trade_state":4,"wxpay_order_content_ext":{\
            "current_trade_state":3,"attach":"","bank_type":"CFT","goods_tag":"","coupon_fee":0,"coupon_count":0,\
            "product_id":"","limit_pay":"","prepare_id":"wxgz0200abcd20260301000001","trade_state_desc":""}},\
            "nonce_str":"K1l2Z3x4C5v6B7n8M9q0W1e2R3t4Y5u6","order_client":{"device_id":"","staff_id":"","machine_no":"",\
            "terminal_type":4,"sdk_version":"2.0","spbill_create_ip":"198.51.100.7","sub_terminal_type":0}}\
            """
                .formatted(SELLER));
  }

  @Test
  void a_provider_may_have_notices_signed_with_the_sub_merchants_key() {
    pay();
    world.tell(
        Optional.of(GatewayWorld.CALLBACK),
        Merchant.NoticeKey.SUB_MERCHANT,
        Merchant.Acknowledgement.HTTP_200);
    JsonNode outer = new JsonMapper().readTree(encode(notice()).body());
    assertThat(code(outer))
        .isEqualTo(SignedText.code(outer.get("request_content").stringValue(), GatewayWorld.KEY));
  }

  @Test
  void nobody_is_told_where_the_callback_is_gone() {
    pay();
    world.tell(Optional.empty(), Merchant.NoticeKey.PROVIDER, Merchant.Acknowledgement.HTTP_200);
    assertThat(bodies.encode(cell(notice()), notice())).isEmpty();
  }

  @Test
  void a_refund_is_told_in_the_older_form() {
    pay();
    world.clock.advance(Duration.ofHours(1));
    world.post(
        "refund",
        """
        {"refund_content":{"out_trade_no":"gz0200abcd20260301000001","out_refund_no":"gz0200abcdR0000001",\
        "total_fee":2590,"refund_fee":590},"pay_mch_key":{%s},"nonce_str":"n"}\
        """
            .formatted(SELLER));
    world.post(
        "query_refund_order",
        "{\"pay_mch_key\":{%s},\"out_refund_no\":\"gz0200abcdR0000001\"}".formatted(SELLER));
    MerchantNotice told =
        notices.list(MerchantNotices.Filter.ALL, Optional.empty(), 10).stream()
            .filter(notice -> notice.refund().isPresent())
            .findFirst()
            .orElseThrow();
    JsonNode outer = new JsonMapper().readTree(encode(told).body());
    String text = outer.get("request_content").stringValue();
    assertThat(code(outer)).isEqualTo(SignedText.code(text, GatewayWorld.PROVIDER_KEY));
    JsonNode content = new JsonMapper().readTree(text);
    assertThat(content.propertyNames())
        .containsExactly("nonce_str", "pay_mch_key", "refund_order_content");
    JsonNode refund = content.get("refund_order_content").get(0);
    assertThat(refund.get("out_refund_no").stringValue()).isEqualTo("gz0200abcdR0000001");
    assertThat(refund.get("refund_fee").intValue()).isEqualTo(590);
    assertThat(refund.get("trade_state").intValue()).isEqualTo(4);
  }

  @Test
  void the_body_of_an_acknowledgement_counts_only_where_the_provider_wants_it() {
    byte[] refusal = "{\"response_content\":\"{\\\"status\\\":1}\"}".getBytes(UTF_8);
    assertThat(bodies.takes(Merchant.Acknowledgement.HTTP_200, refusal)).isTrue();
    assertThat(bodies.takes(Merchant.Acknowledgement.ENVELOPE_STATUS, refusal)).isFalse();
    assertThat(bodies.takes(Merchant.Acknowledgement.ENVELOPE_STATUS, new byte[0])).isTrue();
  }

  private void pay() {
    assertThat(world.post("official_account_pay", PAY).numbers()).isEqualTo("0/0");
    world.clock.advance(Duration.ofSeconds(45));
    world.channel.pay(NUMBER, "42000001", Money.cny(2590), world.clock.instant());
    var order = world.payments.find(NUMBER).getFirst();
    var heard =
        world
            .payments
            .notices()
            .hear(
                new NoticeAddress(PayPlatform.WECHAT, ChannelNotice.Kind.PAYMENT, order.id()),
                FakeConnector.notice(NUMBER));
    assertThat(heard).isPresent();
  }

  private MerchantNotice notice() {
    return notices.list(MerchantNotices.Filter.ALL, Optional.empty(), 10).getLast();
  }

  private static CellId cell(MerchantNotice notice) {
    return IdSource.cellOf(notice.id());
  }

  private Outgoing encode(MerchantNotice notice) {
    return bodies.encode(cell(notice), notice).orElseThrow();
  }

  private static String code(JsonNode outer) {
    return outer.get("authen_info").get("a").get("authen_code").stringValue();
  }
}
