package io.yunfu.channels.wechat;

import static io.yunfu.channels.wechat.Fixture.encrypted;
import static io.yunfu.channels.wechat.Fixture.hidden;
import static io.yunfu.channels.wechat.Fixture.paid;
import static io.yunfu.channels.wechat.Fixture.refundNotice;
import static io.yunfu.channels.wechat.Fixture.signed;
import static io.yunfu.channels.wechat.Fixture.unsigned;
import static io.yunfu.channels.wechat.World.NOON;
import static io.yunfu.gateway.channel.ChannelAccount.SignType.HMAC_SHA256;
import static io.yunfu.gateway.channel.ChannelAccount.SignType.MD5;
import static io.yunfu.gateway.channel.ChannelNotice.Kind.PAYMENT;
import static io.yunfu.gateway.channel.ChannelNotice.Kind.REFUND;
import static io.yunfu.testkit.Property.forAll;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.kernel.Money;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoticesTest {
  /// AES; unit: bytes.
  private static final int BLOCK = 16;

  @ParameterizedTest
  @EnumSource(SignType.class)
  void a_notice_of_a_payment_is_believed(SignType type) {
    var about = (ChannelNotice.AboutOrder) read(signed(paid(), type), type);
    assertThat(about.noticeId()).isEmpty();
    var report = about.report();
    assertThat(report.outTradeNo()).isEqualTo(Fixture.ORDER);
    assertThat(report.state()).isEqualTo(OrderReport.State.PAID);
    var payment = report.paid().orElseThrow();
    assertThat(payment.transactionId()).isEqualTo(Fixture.TRANSACTION);
    assertThat(payment.total()).isEqualTo(Money.cny(101));
    assertThat(payment.cash()).contains(Money.cny(91));
    assertThat(payment.settlement()).contains(Money.cny(96));
    assertThat(payment.paidAt()).contains(Instant.parse("2026-01-01T04:00:20Z"));
    assertThat(payment.coupons())
        .extracting(OrderReport.Coupon::id, OrderReport.Coupon::type)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("c0", "CASH"),
            org.assertj.core.groups.Tuple.tuple("c1", "NO_CASH"));
    assertThat(payment.detail())
        .isEqualTo(
            new OrderReport.WechatDetail(
                Optional.of("oSpUser00000000000000000000001"),
                Optional.of("oTestUser0000000000000000001"),
                "OTHERS",
                "shop 7"));
  }

  @Test
  void fields_that_nobody_knows_take_part_in_the_signature_and_do_no_harm() {
    var fields = paid();
    fields.put("a_field_of_next_year", "1");
    assertThat(read(signed(fields, MD5), MD5)).isInstanceOf(ChannelNotice.AboutOrder.class);
  }

  @Test
  void the_amount_is_told_as_it_is_for_the_gateway_to_compare() {
    var fields = paid();
    fields.put("total_fee", "1");
    var about = (ChannelNotice.AboutOrder) read(signed(fields, MD5), MD5);
    assertThat(about.report().paid().orElseThrow().total()).isEqualTo(Money.cny(1));
  }

  @Test
  void without_a_signature_or_with_a_wrong_one_it_is_rejected() {
    assertRejected(unsigned(paid()), "not signed");
    assertRejected(
        new String(signed(paid(), MD5), UTF_8).replace("shop 7", "shop 8").getBytes(UTF_8),
        "not signed");
  }

  @Test
  void md5_is_not_enough_for_an_order_that_began_with_hmac() {
    var fields = paid();
    fields.put("sign_type", "MD5");
    assertThat(read(signed(fields, MD5), HMAC_SHA256)).isInstanceOf(ChannelNotice.Rejected.class);
  }

  @ParameterizedTest
  @CsvSource({
    "appid, wx00000000000000cc",
    "mch_id, 1900000002",
    "sub_mch_id, 1900000102",
    "sub_appid, wx00000000000000cc",
    "out_trade_no, cp0120260101000000000000000002",
    "fee_type, USD",
  })
  void signed_but_about_another_it_is_rejected(String field, String other) {
    var fields = paid();
    fields.put(field, other);
    assertRejected(signed(fields, MD5), field);
  }

  @ParameterizedTest
  @ValueSource(strings = {"transaction_id", "total_fee", "out_trade_no", "mch_id"})
  void without_what_matters_it_is_rejected(String field) {
    var fields = paid();
    fields.remove(field);
    assertRejected(signed(fields, MD5), field);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-1", "1.01", "1e2", " 101", "2147483648", "99999999999999999999", "１０１", "0x1"})
  void an_amount_that_is_no_number_of_fen_is_rejected(String amount) {
    var fields = paid();
    fields.put("total_fee", amount);
    assertRejected(signed(fields, MD5), "total_fee");
  }

  @Test
  void a_payment_that_failed_is_of_no_consequence() {
    var fields = paid();
    fields.put("result_code", "FAIL");
    assertThat(read(signed(fields, MD5), MD5)).isInstanceOf(ChannelNotice.Ignored.class);
  }

  @Test
  void a_notice_about_no_order_of_ours_is_rejected() {
    var notice =
        Notices.read(Fixture.account(MD5), Optional.empty(), PAYMENT, signed(paid(), MD5), NOON);
    assertThat(notice).isInstanceOf(ChannelNotice.Rejected.class);
  }

  @Test
  void a_notice_longer_than_any_is_rejected_unread() {
    var fields = paid();
    fields.put("attach", "x".repeat(64 * 1024));
    assertRejected(signed(fields, MD5), "longer");
    assertThat(Notices.peek(PAYMENT, signed(fields, MD5))).isEmpty();
  }

  @Test
  void the_number_is_found_before_anything_is_believed() {
    assertThat(Notices.peek(PAYMENT, unsigned(paid())))
        .contains(new ChannelNotice.Subject(Optional.of(Fixture.ORDER)));
    assertThat(Notices.peek(PAYMENT, "<xml></xml>".getBytes(UTF_8))).isEmpty();
    assertThat(Notices.peek(PAYMENT, "hello".getBytes(UTF_8))).isEmpty();
    assertThat(Notices.peek(REFUND, unsigned(refundNotice(hidden("SUCCESS")))))
        .contains(new ChannelNotice.Subject(Optional.empty()));
    assertThat(Notices.peek(REFUND, unsigned(paid()))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"SUCCESS, SUCCESS", "CHANGE, ABNORMAL", "REFUNDCLOSE, CLOSED"})
  void a_notice_of_a_refund_is_a_hint(String status, RefundReport.State state) {
    var hint = (ChannelNotice.RefundHint) readRefund(unsigned(refundNotice(hidden(status))));
    assertThat(hint.report().outTradeNo()).isEqualTo(Fixture.ORDER);
    assertThat(hint.report().outRefundNo()).isEqualTo(Fixture.REFUND);
    assertThat(hint.report().state()).isEqualTo(state);
    assertThat(hint.report().amount()).contains(Money.cny(101));
    assertThat(hint.report().succeededAt()).contains(Instant.parse("2026-01-01T04:10:00Z"));
  }

  @ParameterizedTest
  @CsvSource({"mch_id, 1900000002", "appid, wx00000000000000cc", "sub_mch_id, 1900000102"})
  void a_notice_of_a_refund_of_another_is_rejected(String field, String other) {
    var fields = refundNotice(hidden("SUCCESS"));
    fields.put(field, other);
    assertThat(readRefund(unsigned(fields))).isInstanceOf(ChannelNotice.Rejected.class);
  }

  @Test
  void a_notice_of_a_refund_of_another_order_is_rejected() {
    String other = hidden("SUCCESS").replace(Fixture.ORDER, "cp0120260101000000000000000002");
    var notice =
        Notices.read(
            Fixture.account(MD5),
            Optional.of(Fixture.order(MD5)),
            REFUND,
            unsigned(refundNotice(other)),
            NOON);
    assertThat(notice).isInstanceOf(ChannelNotice.Rejected.class);
  }

  @Test
  void what_does_not_decrypt_is_rejected() {
    var fields = refundNotice(hidden("SUCCESS"));
    for (String info :
        new String[] {
          "",
          "not Base64!",
          "AAAA",
          Base64.getEncoder().encodeToString(new byte[64]),
          encrypted("hello"),
          encrypted("<root><a>1</a></root>"),
          encrypted("<!DOCTYPE root [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><root>&e;</root>"),
        }) {
      fields.put("req_info", info);
      assertThat(readRefund(unsigned(fields))).as(info).isInstanceOf(ChannelNotice.Rejected.class);
    }
  }

  /// ECB: who has seen two notices can make a third. It is a hint all the same, whose end the
  /// gateway asks for. Source: `channels.md` section 9, S16.
  @Test
  void a_notice_that_is_put_together_of_others_says_what_was_never_said_and_is_a_hint() {
    String said = hidden("SUCCESS");
    String elsewhere =
        said.replace(Fixture.REFUND, "cp01R20260101000000000000000002")
            .replace("<refund_fee>101<", "<refund_fee>999<");
    int seam = said.indexOf("<refund_id>") / BLOCK * BLOCK;
    byte[] forged = blocks(said);
    System.arraycopy(blocks(elsewhere), seam, forged, seam, forged.length - seam);
    var hint = (ChannelNotice.RefundHint) readRefund(unsigned(noticeOf(forged)));
    assertThat(hint.report().outRefundNo()).isEqualTo(Fixture.REFUND);
    assertThat(hint.report().amount()).contains(Money.cny(999));
  }

  @Test
  void blocks_in_any_order_are_at_best_a_hint_about_the_order_whose_address_it_is() {
    byte[] one = blocks(hidden("SUCCESS"));
    byte[] other = blocks(hidden("CHANGE"));
    forAll(
        random -> {
          byte[] mixed = new byte[one.length];
          for (int at = 0; at < mixed.length; at += BLOCK) {
            byte[] from = random.nextBoolean() ? one : other;
            int block = random.nextInt(4) > 0 ? at : random.nextInt(from.length / BLOCK) * BLOCK;
            System.arraycopy(from, Math.min(block, from.length - BLOCK), mixed, at, BLOCK);
          }
          return mixed;
        },
        mixed -> {
          switch (readRefund(unsigned(noticeOf(mixed)))) {
            case ChannelNotice.Rejected _ -> {}
            case ChannelNotice.RefundHint(var report) ->
                assertThat(report.outTradeNo()).isEqualTo(Fixture.ORDER);
            case ChannelNotice.AboutOrder about -> throw new AssertionError(about);
            case ChannelNotice.Ignored ignored -> throw new AssertionError(ignored);
          }
        });
  }

  private static byte[] blocks(String text) {
    return Base64.getDecoder().decode(encrypted(text));
  }

  private static Map<String, String> noticeOf(byte[] blocks) {
    var fields = refundNotice(hidden("SUCCESS"));
    fields.put("req_info", Base64.getEncoder().encodeToString(blocks));
    return fields;
  }

  @Test
  void a_taken_notice_is_acknowledged_byte_for_byte() {
    assertThat(Notices.acknowledge(Optional.empty()).body())
        .isEqualTo(
            "<xml><return_code><![CDATA[SUCCESS]]></return_code>"
                + "<return_msg><![CDATA[OK]]></return_msg></xml>");
  }

  @Test
  void a_refusal_says_fail_and_stays_xml_whatever_it_says() {
    String body = Notices.acknowledge(Optional.of("no ]]> such \u0000 order")).body();
    assertThat(Xml.read(body.getBytes(UTF_8), Xml.MESSAGE))
        .containsEntry("return_code", "FAIL")
        .containsEntry("return_msg", "no ]]> such   order");
  }

  private static ChannelNotice read(byte[] body, SignType type) {
    return Notices.read(
        Fixture.account(type), Optional.of(Fixture.order(type)), PAYMENT, body, NOON);
  }

  private static ChannelNotice readRefund(byte[] body) {
    return Notices.read(Fixture.account(MD5), Optional.empty(), REFUND, body, NOON);
  }

  private static void assertRejected(byte[] body, String why) {
    assertThat(read(body, MD5)).isInstanceOf(ChannelNotice.Rejected.class);
    assertThat(((ChannelNotice.Rejected) read(body, MD5)).why()).contains(why);
  }
}
