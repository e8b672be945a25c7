package io.yunfu.channels.wechat;

import static io.yunfu.gateway.channel.ChannelAccount.SignType.HMAC_SHA256;
import static io.yunfu.gateway.channel.ChannelAccount.SignType.MD5;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.CreateOrder;
import io.yunfu.gateway.channel.OrderReference;
import io.yunfu.gateway.channel.Payer;
import io.yunfu.gateway.channel.Prepaid;
import io.yunfu.gateway.channel.RefundOrder;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is sent. Source: `channels.md` sections 2.4 to 2.11 and 5.
class ContentTest {
  private static final Instant NOON = Instant.parse("2026-01-01T04:00:00Z");
  private static final URI NOTICES = URI.create("https://gw.example.test/channel/wx/pay-notify");
  private static final Payer.WechatUser BOTH =
      new Payer.WechatUser(Optional.of("oSp"), Optional.of("oSub"));
  private static final Payer.WechatUser OF_PROVIDER =
      new Payer.WechatUser(Optional.of("oSp"), Optional.empty());

  @Test
  void an_order_says_all_that_it_has_to_say() {
    var fields = Content.create(order("豆浆", "{\"goods_detail\":[]}", Duration.ofHours(1)), BOTH);
    assertThat(fields)
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("device_info", "till 3"),
                Map.entry("body", "豆浆"),
                Map.entry("detail", "{\"goods_detail\":[]}"),
                Map.entry("version", "1.0"),
                Map.entry("attach", "a"),
                Map.entry("out_trade_no", Fixture.ORDER),
                Map.entry("fee_type", "CNY"),
                Map.entry("total_fee", "101"),
                Map.entry("spbill_create_ip", "127.0.0.1"),
                Map.entry("time_start", "20260101120000"),
                Map.entry("time_expire", "20260101130000"),
                Map.entry("goods_tag", "g"),
                Map.entry("notify_url", NOTICES.toString()),
                Map.entry("trade_type", "JSAPI"),
                Map.entry("product_id", "p"),
                Map.entry("limit_pay", "no_credit"),
                Map.entry("openid", "oSp"),
                Map.entry("sub_openid", "oSub"),
                Map.entry("scene_info", "{\"store_info\":{\"id\":\"7\",\"name\":\"豆浆店\"}}")));
  }

  @Test
  void an_order_that_ends_too_soon_lives_as_long_as_the_channel_wants_whenever_it_is_sent() {
    assertThat(Content.create(order("x", "", Duration.ofSeconds(5)), BOTH))
        .containsEntry("time_expire", "20260101120110");
  }

  @ParameterizedTest
  @CsvSource({"a, 200, 127", "豆, 200, 127", "😀, 200, 96"})
  void the_goods_are_cut_by_characters_and_by_bytes(String character, int given, int kept) {
    String body =
        Content.create(order(character.repeat(given), "", Duration.ofHours(1)), BOTH).get("body");
    assertThat(body).isEqualTo(character.repeat(kept));
    assertThat(body.getBytes(UTF_8).length).isLessThanOrEqualTo(384);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "\u0000", "\uFFFE"})
  void goods_without_a_name_are_called_by_the_orders_number(String body) {
    assertThat(Content.create(order(body, "", Duration.ofHours(1)), BOTH))
        .containsEntry("body", Fixture.ORDER);
  }

  @Test
  void characters_that_xml_changes_or_cannot_carry_do_not_spoil_the_signature() {
    var fields =
        Content.create(order("a\r\nb\tc\u0007d\uD800e\uFFFFf😀", "", Duration.ofHours(1)), BOTH);
    assertThat(fields).containsEntry("body", "a  b c def😀");
    var signed = Content.signed(Fixture.account(MD5), MD5, fields, "n");
    var arrived = Xml.read(Xml.write(signed).getBytes(UTF_8), Xml.MESSAGE);
    assertThat(arrived).isEqualTo(signed);
    assertThat(Signing.verifies(arrived, MD5, Secret.of(Fixture.KEY))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not JSON", "[]", "7", "{"})
  void a_detail_that_is_no_json_object_is_left_out(String detail) {
    assertThat(Content.create(order("x", detail, Duration.ofHours(1)), BOTH))
        .doesNotContainKeys("detail", "version");
  }

  @Test
  void all_calls_name_the_parties_and_the_algorithm_and_are_signed() {
    var signed =
        Content.signed(
            Fixture.account(HMAC_SHA256), HMAC_SHA256, Map.of("out_trade_no", "n"), "nonce");
    assertThat(signed)
        .containsEntry("appid", Fixture.APP_ID)
        .containsEntry("mch_id", Fixture.MERCHANT)
        .containsEntry("sub_appid", Fixture.SUB_APP_ID)
        .containsEntry("sub_mch_id", Fixture.SUB_MERCHANT)
        .containsEntry("nonce_str", "nonce")
        .containsEntry("sign_type", "HMAC-SHA256")
        .containsEntry("out_trade_no", "n");
    assertThat(Signing.verifies(signed, HMAC_SHA256, Secret.of(Fixture.KEY))).isTrue();
  }

  @Test
  void an_order_is_asked_for_by_the_channels_number_once_it_is_known() {
    assertThat(Content.query(reference(Optional.empty())))
        .isEqualTo(Map.of("out_trade_no", Fixture.ORDER));
    assertThat(Content.query(reference(Optional.of("42"))))
        .isEqualTo(Map.of("transaction_id", "42"));
    assertThat(Content.close(reference(Optional.of("42"))))
        .isEqualTo(Map.of("out_trade_no", Fixture.ORDER));
  }

  @Test
  void a_refund_names_the_payment_both_amounts_and_the_reason_cut() {
    var refund = refund("为".repeat(100));
    assertThat(Content.refund(refund))
        .isEqualTo(
            Map.of(
                "transaction_id", "42",
                "out_refund_no", Fixture.REFUND,
                "total_fee", "101",
                "refund_fee", "50",
                "refund_fee_type", "CNY",
                "refund_desc", "为".repeat(80),
                "refund_account", "REFUND_SOURCE_RECHARGE_FUNDS",
                "notify_url", NOTICES.toString()));
    assertThat(Content.refund(refund(" "))).doesNotContainKey("refund_desc");
    assertThat(Content.queryRefund(refund.reference()))
        .isEqualTo(Map.of("out_refund_no", Fixture.REFUND));
  }

  @Test
  void a_page_is_signed_for_the_app_in_which_the_payer_is_known() {
    var page = page(Fixture.account(MD5), BOTH);
    assertThat(page.appId()).isEqualTo(Fixture.SUB_APP_ID);
    assertThat(page.paySign()).isEqualTo("F752B47B21DE63408214DC6ACBA6C72F"); // section 2.3
    assertThat(page.timestamp()).isEqualTo("1767240000");
    assertThat(page.packageText()).isEqualTo("prepay_id=wx01120000000000000000000000000001");
    assertThat(page(Fixture.account(MD5), OF_PROVIDER).appId()).isEqualTo(Fixture.APP_ID);
  }

  private static io.yunfu.gateway.channel.PageArguments.Wechat page(
      ChannelAccount.Wechat account, Payer.WechatUser payer) {
    return Content.page(
        account,
        payer,
        new Prepaid("wx01120000000000000000000000000001"),
        MD5,
        "JsN0nce000000000000000000000001",
        Instant.ofEpochSecond(1767240000));
  }

  private static OrderReference reference(Optional<String> transaction) {
    return new OrderReference(Fixture.ORDER, transaction, Money.cny(101), Optional.of(MD5));
  }

  private static RefundOrder refund(String reason) {
    return new RefundOrder(
        reference(Optional.of("42")),
        Fixture.REFUND,
        Money.cny(50),
        reason,
        Optional.of("REFUND_SOURCE_RECHARGE_FUNDS"),
        new CreateOrder.Terminal(Optional.empty(), Optional.empty(), "127.0.0.1"),
        new CreateOrder.Shop("7", "豆浆店"),
        NOTICES);
  }

  private static CreateOrder order(String body, String detail, Duration life) {
    return new CreateOrder(
        Fixture.ORDER,
        Money.cny(101),
        body,
        detail,
        "never sent",
        NOON,
        NOON.plus(life),
        new CreateOrder.WechatExtras(
            Optional.of("a"), Optional.of("g"), Optional.of("p"), Optional.of("no_credit")),
        BOTH,
        new CreateOrder.Terminal(Optional.of("till 3"), Optional.of("s"), "127.0.0.1"),
        new CreateOrder.Shop("7", "豆浆店"),
        NOTICES);
  }
}
