package io.yunfu.channels.alipay;

import static io.yunfu.channels.alipay.Fixture.NOW;
import static io.yunfu.channels.alipay.Fixture.ORDER;
import static io.yunfu.channels.alipay.Fixture.TRADE;
import static io.yunfu.channels.alipay.Fixture.notice;
import static io.yunfu.channels.alipay.Fixture.signedForm;
import static io.yunfu.kernel.Money.cny;
import static io.yunfu.testkit.Property.forAll;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.api.internal.util.AlipaySignature;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.ChannelNotice.AboutOrder;
import io.yunfu.gateway.channel.ChannelNotice.Rejected;
import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.channel.OrderReport.AlipayDetail;
import io.yunfu.gateway.channel.OrderReport.FundBill;
import io.yunfu.kernel.Secret;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class NoticesTest {
  private static final String KEY = "alipay.key";

  @Test
  void a_payment_is_reported_with_all_that_alipay_tells() {
    var about = (AboutOrder) read(signedForm(notice(), KEY));
    assertThat(about.noticeId()).contains("2027010100222120020000000000000001");
    OrderReport report = about.report();
    assertThat(report.outTradeNo()).isEqualTo(ORDER);
    assertThat(report.state()).isEqualTo(OrderReport.State.PAID);
    assertThat(report.description()).isEqualTo("TRADE_SUCCESS");
    var payment = report.paid().orElseThrow();
    assertThat(payment.transactionId()).isEqualTo(TRADE);
    assertThat(payment.total()).isEqualTo(cny(101));
    assertThat(payment.cash()).contains(cny(99));
    assertThat(payment.settlement()).contains(cny(100));
    assertThat(payment.paidAt()).contains(Instant.parse("2027-01-01T04:00:20Z"));
    var detail = (AlipayDetail) payment.detail();
    assertThat(detail.buyerId()).contains("2088000000000001");
    assertThat(detail.buyerLogonId()).isEqualTo("138****0001");
    assertThat(detail.sellerId()).contains(Fixture.SELLER);
    assertThat(detail.point()).contains(cny(0));
    assertThat(detail.invoice()).contains(cny(101));
    assertThat(detail.refunded()).isEmpty();
    assertThat(detail.fundBills())
        .containsExactly(new FundBill("ALIPAYACCOUNT", cny(101), Optional.empty()));
  }

  @Test
  void a_partial_refund_is_a_payment_of_which_something_went_back() {
    var notice = notice();
    notice.put("gmt_refund", "2027-01-01 12:10:00.123");
    notice.put("refund_fee", "0.40");
    notice.put("out_biz_no", "cp01R20260101000000000000000001");
    var report = report(notice);
    assertThat(report.state()).isEqualTo(OrderReport.State.PAID);
    var detail = (AlipayDetail) report.paid().orElseThrow().detail();
    assertThat(detail.refunded()).contains(cny(40));
    assertThat(detail.refundedAt()).contains(Instant.parse("2027-01-01T04:10:00.123Z"));
    assertThat(detail.outBizNo()).contains("cp01R20260101000000000000000001");
  }

  @Test
  void a_full_refund_is_no_plain_close() {
    var refunded = notice();
    refunded.put("trade_status", "TRADE_CLOSED");
    refunded.put("gmt_refund", "2027-01-01 12:10:00.123");
    refunded.put("refund_fee", "1.01");
    refunded.put("gmt_close", "2027-01-01 12:10:00");
    var report = report(refunded);
    assertThat(report.state()).isEqualTo(OrderReport.State.REFUNDED);
    assertThat(report.paid()).isPresent();

    var closed = notice();
    closed.put("trade_status", "TRADE_CLOSED");
    closed.remove("gmt_payment");
    closed.put("refund_fee", "0.00");
    assertThat(report(closed))
        .isEqualTo(
            new OrderReport(ORDER, OrderReport.State.CLOSED, "TRADE_CLOSED", Optional.empty()));
  }

  @Test
  void waiting_and_finished_are_told() {
    var waiting = notice();
    waiting.put("trade_status", "WAIT_BUYER_PAY");
    waiting.remove("gmt_payment");
    assertThat(report(waiting).state()).isEqualTo(OrderReport.State.WAITING);
    assertThat(report(waiting).paid()).isEmpty();
    var finished = notice();
    finished.put("trade_status", "TRADE_FINISHED");
    assertThat(report(finished).state()).isEqualTo(OrderReport.State.FINISHED);
  }

  @Test
  void unknown_and_empty_parameters_do_not_disturb() {
    var notice = notice();
    notice.put("something_new", "x&y=z 中文 %41");
    notice.put("passback_params", "");
    notice.put("voucher_detail_list", "[not json");
    assertThat(report(notice).state()).isEqualTo(OrderReport.State.PAID);
  }

  @Test
  void vouchers_are_read_in_both_spellings() {
    var notice = notice();
    notice.put(
        "voucher_detail_list",
        "[{\"id\":\"V1\",\"name\":\"券\",\"type\":\"ALIPAY_FIX_VOUCHER\",\"amount\":\"0.20\","
            + "\"merchantContribute\":\"0.05\",\"other_contribute\":\"0.15\",\"memo\":\"m\"}]");
    assertThat(report(notice).paid().orElseThrow().coupons())
        .containsExactly(
            new OrderReport.Coupon(
                "V1",
                "券",
                "ALIPAY_FIX_VOUCHER",
                cny(20),
                Optional.of(cny(5)),
                Optional.of(cny(15)),
                "m"));
  }

  @Test
  void certificate_mode_verifies_with_any_certificate_that_we_trust() {
    for (String key : List.of("alipay.key", "alipay-next.key")) {
      assertThat(read(Fixture.certificateMode(), signedForm(notice(), key)))
          .isInstanceOf(AboutOrder.class);
    }
    assertThat(read(Fixture.certificateMode(), signedForm(notice(), "application.key")))
        .isEqualTo(new Rejected("is not signed by Alipay"));
  }

  @Test
  void alipay_s_own_package_agrees_with_what_is_genuine() throws Exception {
    Map<String, String> parameters = NoticeForm.parse(signedForm(notice(), KEY)).orElseThrow();
    assertThat(
            AlipaySignature.rsaCheckV1(
                new HashMap<>(parameters),
                Fixture.file("alipay.pub").replaceAll("-----[^-]+-----|\\s", ""),
                "utf-8",
                "RSA2"))
        .isTrue();
  }

  @Test
  void any_changed_parameter_is_noticed() {
    Map<String, String> signed = NoticeForm.parse(signedForm(notice(), KEY)).orElseThrow();
    for (String name : signed.keySet()) {
      if (!name.equals("sign_type")) {
        Map<String, String> changed = new LinkedHashMap<>(signed);
        changed.put(name, changed.get(name) + "1");
        assertThat(read(Fixture.form(changed))).as(name).isInstanceOf(Rejected.class);
        changed.remove(name);
        assertThat(read(Fixture.form(changed))).as(name).isInstanceOf(Rejected.class);
      }
    }
    Map<String, String> more = new LinkedHashMap<>(signed);
    more.put("refund_fee", "1.01");
    assertThat(read(Fixture.form(more))).isEqualTo(new Rejected("is not signed by Alipay"));
  }

  @Test
  void any_changed_byte_is_noticed_or_changes_nothing() {
    byte[] form = signedForm(notice(), KEY);
    var genuine = read(form);
    forAll(
        300,
        random -> {
          byte[] changed = form.clone();
          changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
          return changed;
        },
        changed -> assertThat(read(changed)).isIn(genuine, rejectedOf(changed)));
  }

  private static ChannelNotice rejectedOf(byte[] changed) {
    return read(changed) instanceof Rejected rejected ? rejected : new Rejected("");
  }

  @Test
  void a_stale_key_signs_nothing() {
    assertThat(read(signedForm(notice(), "alipay-next.key")))
        .isEqualTo(new Rejected("is not signed by Alipay"));
  }

  @Test
  void the_message_does_not_choose_the_algorithm() {
    for (String type : List.of("RSA", "MD5", "none", "", "rsa2")) {
      var notice = notice();
      notice.put("sign_type", type);
      assertThat(read(signedForm(notice, KEY)))
          .as(type)
          .isEqualTo(new Rejected("is not signed with RSA2"));
    }
    var notice = notice();
    notice.remove("sign_type");
    assertThat(read(signedForm(notice, KEY))).isEqualTo(new Rejected("is not signed with RSA2"));
    assertThat(read(Fixture.form(notice()))).isEqualTo(new Rejected("sign is missing"));
  }

  @Test
  void a_genuine_notice_for_somebody_else_is_rejected() {
    var application = notice();
    application.put("app_id", "2021000000000009");
    assertThat(read(signedForm(application, KEY)))
        .isEqualTo(new Rejected("is for another application"));
    var seller = notice();
    seller.put("seller_id", "2088000000000102");
    assertThat(read(signedForm(seller, KEY))).isEqualTo(new Rejected("is for another seller"));
    seller.remove("seller_id");
    assertThat(read(signedForm(seller, KEY))).isEqualTo(new Rejected("is for another seller"));
    var order = notice();
    order.put("out_trade_no", "cp0120260101000000000000000002");
    assertThat(read(signedForm(order, KEY))).isEqualTo(new Rejected("is about another order"));
    assertThat(
            Notices.read(Fixture.publicKeyMode(), Optional.empty(), signedForm(notice(), KEY), NOW))
        .isEqualTo(new Rejected("is about another order"));
  }

  @Test
  void a_second_trade_for_one_number_and_another_amount_are_the_gateway_s_to_judge() {
    var notice = notice();
    notice.put("trade_no", "2026010122000000000000000002");
    notice.put("total_amount", "1.02");
    var about =
        (AboutOrder)
            Notices.read(
                Fixture.publicKeyMode(),
                Optional.of(Fixture.orderWithTrade()),
                signedForm(notice, KEY),
                NOW);
    var payment = about.report().paid().orElseThrow();
    assertThat(payment.transactionId()).isEqualTo("2026010122000000000000000002");
    assertThat(payment.total()).isEqualTo(cny(102));
  }

  @Test
  void money_that_cannot_be_read_is_never_guessed() {
    for (String name : List.of("total_amount", "buyer_pay_amount", "receipt_amount")) {
      for (String amount : List.of("1.010", "-1.01", "1e2")) {
        var notice = notice();
        notice.put(name, amount);
        assertThat(read(signedForm(notice, KEY)))
            .isEqualTo(new Rejected(name + " is not an amount in yuan"));
      }
    }
    var notice = notice();
    notice.put("trade_status", "TRADE_SOMETHING");
    assertThat(read(signedForm(notice, KEY)))
        .isEqualTo(new Rejected("trade_status is none that we know"));
  }

  @Test
  void messages_of_other_kinds_are_verified_with_their_sign_type_and_ignored() {
    var notice = notice();
    notice.put("notify_type", "open_app_auth_notify");
    String text =
        notice.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .map(pair -> pair.getKey() + "=" + pair.getValue())
            .collect(Collectors.joining("&"));
    notice.put("sign", Fixture.sign(text, KEY));
    assertThat(read(Fixture.form(notice))).isInstanceOf(ChannelNotice.Ignored.class);
    notice.put("sign", Fixture.sign(text + "1", KEY));
    assertThat(read(Fixture.form(notice))).isEqualTo(new Rejected("is not signed by Alipay"));
  }

  @Test
  void what_is_no_form_is_rejected_and_names_no_order() {
    byte[] gbk = "notify_id=1&subject=测试&out_trade_no=1".getBytes(Charset.forName("GBK"));
    for (byte[] body :
        List.of(
            new byte[0],
            "hello".getBytes(UTF_8),
            "{\"notify_id\":\"1\"}".getBytes(UTF_8),
            "notify_id=%zz&out_trade_no=1".getBytes(UTF_8),
            "notify_id=%e4%b8&out_trade_no=1".getBytes(UTF_8),
            "notify_id=1&out_trade_no=1&out_trade_no=2".getBytes(UTF_8),
            "notify_id=1&out_trade_no=1&%6eotify_id=2".getBytes(UTF_8),
            ("notify_id=1&out_trade_no=1" + "&a".repeat(9)).getBytes(UTF_8),
            ("notify_id=1&x=" + "a".repeat(64 * 1024)).getBytes(UTF_8),
            gbk)) {
      assertThat(Notices.peek(body)).as(new String(body, UTF_8)).isEmpty();
      assertThat(read(body)).isEqualTo(new Rejected("is no form in UTF-8"));
    }
  }

  @Test
  void peeking_finds_the_number_and_believes_nothing() {
    assertThat(Notices.peek(Fixture.form(notice())).orElseThrow().outTradeNo()).contains(ORDER);
    assertThat(
            Notices.peek("notify_id=1&a=%E4%B8%AD+%2B中😀".getBytes(UTF_8))
                .orElseThrow()
                .outTradeNo())
        .isEmpty();
    assertThat(Notices.peek("out_trade_no=1".getBytes(UTF_8))).isEmpty();
  }

  @Test
  void an_account_without_usable_keys_rejects_so_that_alipay_sends_it_again() {
    var account = Fixture.publicKeyMode();
    var broken =
        new ChannelAccount.Alipay(
            account.appId(),
            Secret.of("broken"),
            account.trust(),
            account.appAuthToken(),
            account.sellerId(),
            account.serviceProviderId());
    assertThat(read(broken, signedForm(notice(), KEY)))
        .isEqualTo(
            new Rejected(
                "cannot be verified: the application's private key is not an RSA key in PKCS#8"));
  }

  private static OrderReport report(Map<String, String> notice) {
    return ((AboutOrder) read(signedForm(notice, KEY))).report();
  }

  private static ChannelNotice read(byte[] body) {
    return read(Fixture.publicKeyMode(), body);
  }

  private static ChannelNotice read(ChannelAccount.Alipay account, byte[] body) {
    return Notices.read(account, Optional.of(Fixture.order()), body, NOW);
  }
}
