package io.yunfu.channels.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.ChannelNotice.Kind;
import io.yunfu.gateway.channel.Connector;
import io.yunfu.gateway.channel.OrderReference;
import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.channel.PageArguments;
import io.yunfu.gateway.channel.Prepaid;
import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.kernel.Money;
import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.SandboxSettings;
import io.yunfu.simulator.channel.Payment.Action;
import io.yunfu.simulator.http.Port;
import io.yunfu.simulator.notice.Notice;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The connector against the simulator, over real sockets: an order from its beginning to its end,
/// and the rules of Alipay's that meet it on the way. What goes wrong is in [AlipayFaultsIT].
class AlipaySimulatorIT {
  private static final String NUMBER = "gz0200abcd20260301000001";

  private static Sandbox sandbox;
  private TestMerchant merchant;

  @BeforeAll
  static void start() {
    // The real time, since certificates are judged by it.
    sandbox =
        Sandbox.start(
            SandboxSettings.DEFAULT.withManualClock(Instant.now().truncatedTo(ChronoUnit.SECONDS)));
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  @BeforeEach
  void begin() {
    sandbox.reset();
    merchant = new TestMerchant(sandbox, false, Port.ALI_HTTP, TestMerchant.PATIENT);
  }

  @AfterEach
  void the_books_agree() {
    merchant.close();
    assertThat(sandbox.proof().holds()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"false,ALI_HTTP", "false,ALI_HTTPS", "true,ALI_HTTP", "true,ALI_HTTPS"})
  void an_order_is_paid_refunded_and_another_one_closed(boolean certified, Port port) {
    try (var one = new TestMerchant(sandbox, certified, port, TestMerchant.PATIENT)) {
      walk(one);
    }
  }

  private static void walk(TestMerchant one) {
    Connector connector = one.connector;
    Instant now = sandbox.clock().now();
    Prepaid prepaid = done(connector.create(one.account, one.order(NUMBER, 2590)));
    assertThat(
            connector.page(
                one.account, one.order(NUMBER, 2590).payer(), prepaid, Optional.empty(), now))
        .isEqualTo(new PageArguments.Alipay(prepaid.reference()));
    var order = one.reference(NUMBER, Optional.of(prepaid.reference()), 2590);
    assertThat(done(connector.query(one.account, order)).state())
        .isEqualTo(OrderReport.State.WAITING);

    pay(prepaid);
    byte[] body = one.notices().getFirst();
    assertThat(connector.peek(Kind.PAYMENT, body))
        .contains(new ChannelNotice.Subject(Optional.of(NUMBER)));
    var notice =
        (ChannelNotice.AboutOrder)
            connector.read(one.account, Optional.of(order), Kind.PAYMENT, body);
    assertThat(notice.noticeId()).isPresent();
    var report = done(connector.query(one.account, order));
    for (OrderReport heard : List.of(notice.report(), report)) {
      assertThat(heard.outTradeNo()).isEqualTo(NUMBER);
      assertThat(heard.state()).isEqualTo(OrderReport.State.PAID);
      var payment = heard.paid().orElseThrow();
      assertThat(payment.transactionId()).isEqualTo(prepaid.reference());
      assertThat(payment.total()).isEqualTo(Money.cny(2590));
      assertThat(payment.cash()).contains(Money.cny(2590));
      assertThat(payment.settlement()).contains(Money.cny(2590));
      assertThat(payment.paidAt()).contains(now);
      assertThat(((OrderReport.AlipayDetail) payment.detail()).fundBills())
          .containsExactly(
              new OrderReport.FundBill("ALIPAYACCOUNT", Money.cny(2590), Optional.empty()));
    }

    refunds(one, order);

    Prepaid other = done(connector.create(one.account, one.order(NUMBER + "B", 1)));
    var second = one.reference(NUMBER + "B", Optional.of(other.reference()), 1);
    for (int i = 0; i < 2; i++) { // a repeated close is as good
      assertThat(done(connector.close(one.account, second, Optional.of("staff"))))
          .isEqualTo(new Connector.Closed());
    }
    assertThat(done(connector.query(one.account, second)).state())
        .isEqualTo(OrderReport.State.CLOSED);
  }

  /// A part, the same once more, and the rest.
  private static void refunds(TestMerchant one, OrderReference order) {
    var part = one.refund(order, "R1", 590);
    Money before = sandbox.ledger().balance("user/" + TestMerchant.PAYER);
    var first = done(one.connector.refund(one.account, part));
    assertThat(first.state()).isEqualTo(RefundReport.State.SUCCESS);
    assertThat(first.refundId()).isEmpty();
    assertThat(((RefundReport.AlipayDetail) first.detail().orElseThrow()).fundChange()).isTrue();
    var repeated = done(one.connector.refund(one.account, part));
    var asked = done(one.connector.queryRefund(one.account, part.reference()));
    for (RefundReport report : List.of(repeated, asked)) {
      assertThat(report.state()).isEqualTo(RefundReport.State.SUCCESS);
      assertThat(report.outRefundNo()).isEqualTo("R1");
      assertThat(report.amount()).contains(Money.cny(590));
      assertThat(report.succeededAt()).contains(sandbox.clock().now());
    }
    assertThat(returned(before)).isEqualTo(590);
    assertThat(done(one.connector.query(one.account, order)).state())
        .isEqualTo(OrderReport.State.PAID);

    var told = done(one.connector.refunds(one.account, order, List.of("nobodys", "R1")));
    assertThat(told).extracting(RefundReport::outRefundNo).containsExactly("R1");
    assertThat(told.getFirst().amount()).contains(Money.cny(590));
    assertThat(told.getFirst().settlement()).contains(Money.cny(590));

    var rest = one.refund(order, "R2", 2000);
    assertThat(done(one.connector.queryRefund(one.account, rest.reference())).state())
        .isEqualTo(RefundReport.State.NOT_EXIST);
    assertThat(done(one.connector.refund(one.account, rest)).state())
        .isEqualTo(RefundReport.State.SUCCESS);
    assertThat(returned(before)).isEqualTo(2590);
    assertThat(done(one.connector.query(one.account, order)).state())
        .isEqualTo(OrderReport.State.REFUNDED);
    var notices =
        one.notices().stream()
            .map(body -> one.connector.read(one.account, Optional.of(order), Kind.PAYMENT, body))
            .map(notice -> ((ChannelNotice.AboutOrder) notice).report().state());
    assertThat(notices)
        .containsExactly(
            OrderReport.State.PAID, OrderReport.State.PAID, OrderReport.State.REFUNDED);
  }

  @Test
  void a_repeated_creation_is_the_same_trade_however_late_it_comes() {
    var order = merchant.order(NUMBER, 100);
    Prepaid first = done(merchant.connector.create(merchant.account, order));
    sandbox.clock().advance(Duration.ofSeconds(100));
    assertThat(done(merchant.connector.create(merchant.account, order))).isEqualTo(first);
    // Another amount under the same number is for the caller to put right.
    assertThat(refused(merchant.connector.create(merchant.account, merchant.order(NUMBER, 101))))
        .returns(Answer.Reason.NEEDS_NEW_NUMBER, Answer.Refused<?>::reason)
        .returns("ACQ.CONTEXT_INCONSISTENT", Answer.Refused<?>::code)
        .returns(false, Answer.Refused<?>::alert);
  }

  @Test
  void a_creation_of_what_is_paid_decides_nothing() {
    var order = merchant.order(NUMBER, 100);
    pay(done(merchant.connector.create(merchant.account, order)));
    assertThat(unknown(merchant.connector.create(merchant.account, order)))
        .returns("ACQ.TRADE_HAS_SUCCESS", Answer.Unknown<?>::code);
  }

  @Test
  void what_alipay_does_not_know_is_not_there_and_cannot_be_paid() {
    var order = merchant.reference(NUMBER, Optional.empty(), 100);
    assertThat(done(merchant.connector.query(merchant.account, order)).state())
        .isEqualTo(OrderReport.State.NOT_EXIST);
    assertThat(done(merchant.connector.close(merchant.account, order, Optional.empty())))
        .isEqualTo(new Connector.Closed());
    var refund = merchant.refund(order, "R1", 100);
    assertThat(done(merchant.connector.queryRefund(merchant.account, refund.reference())).state())
        .isEqualTo(RefundReport.State.NOT_EXIST);
    assertThat(refused(merchant.connector.refund(merchant.account, refund)))
        .returns(Answer.Reason.NO_SUCH_ORDER, Answer.Refused<?>::reason);
  }

  @Test
  void a_close_of_what_is_paid_is_refused() {
    var order = paid();
    assertThat(refused(merchant.connector.close(merchant.account, order, Optional.empty())))
        .returns("ACQ.TRADE_STATUS_ERROR", Answer.Refused<?>::code)
        .returns(Answer.Reason.NEEDS_ACTION, Answer.Refused<?>::reason);
  }

  @Test
  void a_refund_under_a_used_number_with_another_amount_needs_another_number() {
    var order = paid();
    done(merchant.connector.refund(merchant.account, merchant.refund(order, "R1", 30)));
    assertThat(
            refused(merchant.connector.refund(merchant.account, merchant.refund(order, "R1", 31))))
        .returns(Answer.Reason.NEEDS_NEW_NUMBER, Answer.Refused<?>::reason)
        .returns("ACQ.DISCORDANT_REPEAT_REQUEST", Answer.Refused<?>::code);
  }

  @Test
  void a_refund_of_more_than_is_left_is_refused() {
    var order = paid();
    done(merchant.connector.refund(merchant.account, merchant.refund(order, "R1", 30)));
    assertThat(
            refused(merchant.connector.refund(merchant.account, merchant.refund(order, "R2", 71))))
        .returns(Answer.Reason.WRONG_PARAMETERS, Answer.Refused<?>::reason)
        .returns("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", Answer.Refused<?>::code);
  }

  @Test
  void a_refund_of_what_is_wholly_refunded_is_asked_for_and_then_refused() {
    var order = paid();
    var whole = merchant.refund(order, "R1", 100);
    done(merchant.connector.refund(merchant.account, whole));
    assertThat(done(merchant.connector.refund(merchant.account, whole)).state())
        .isEqualTo(RefundReport.State.SUCCESS);
    assertThat(
            refused(merchant.connector.refund(merchant.account, merchant.refund(order, "R2", 100))))
        .returns("ACQ.TRADE_HAS_CLOSE", Answer.Refused<?>::code)
        .returns(Answer.Reason.NEEDS_ACTION, Answer.Refused<?>::reason)
        .satisfies(refused -> assertThat(refused.evidence().tries()).isEqualTo(2));
  }

  @Test
  void a_coupon_is_told_with_who_paid_it() {
    Prepaid prepaid =
        done(merchant.connector.create(merchant.account, merchant.order(NUMBER, 100)));
    var _ =
        sandbox.pay(
            "alipay",
            prepaid.reference(),
            TestMerchant.PAYER,
            new Action.Coupon(Money.cny(30), true));
    var order = merchant.reference(NUMBER, Optional.of(prepaid.reference()), 100);
    var payment = done(merchant.connector.query(merchant.account, order)).paid().orElseThrow();
    assertThat(payment.total()).isEqualTo(Money.cny(100));
    assertThat(payment.cash()).contains(Money.cny(70));
    assertThat(payment.coupons())
        .singleElement()
        .satisfies(coupon -> {
          assertThat(coupon.amount()).isEqualTo(Money.cny(30));
          assertThat(coupon.byOthers()).contains(Money.cny(30));
        });
  }

  @Test
  void a_notice_that_was_not_taken_comes_again_with_its_id() {
    merchant.refuseNotices(Optional.of("not now"));
    var order = paid();
    assertThat(merchant.notices()).hasSize(1);
    merchant.refuseNotices(Optional.empty());
    sandbox.clock().advance(Duration.ofMinutes(4));
    var ids =
        merchant.notices().stream()
            .map(body ->
                merchant.connector.read(merchant.account, Optional.of(order), Kind.PAYMENT, body))
            .map(notice -> ((ChannelNotice.AboutOrder) notice).noticeId().orElseThrow())
            .toList();
    assertThat(ids).hasSize(2);
    assertThat(ids.getFirst()).isEqualTo(ids.getLast());
    assertThat(sandbox.notices().all().getFirst().state()).isEqualTo(Notice.State.DELIVERED);
  }

  @Test
  void one_merchant_s_notice_is_nothing_to_another() {
    paid();
    byte[] body = merchant.notices().getFirst();
    var order = merchant.reference(NUMBER, Optional.empty(), 100);
    try (var other = new TestMerchant(sandbox, true, Port.ALI_HTTP, TestMerchant.PATIENT)) {
      assertThat(other.connector.read(other.account, Optional.of(order), Kind.PAYMENT, body))
          .isInstanceOf(ChannelNotice.Rejected.class);
    }
    var another = merchant.reference(NUMBER + "B", Optional.empty(), 100);
    assertThat(merchant.connector.read(merchant.account, Optional.of(another), Kind.PAYMENT, body))
        .isEqualTo(new ChannelNotice.Rejected("is about another order"));
  }

  @Test
  void what_is_kept_of_a_call_shows_no_secret_and_no_payer() {
    var order = paid();
    var evidence = merchant.connector.query(merchant.account, order).evidence();
    assertThat(evidence.operation()).isEqualTo("alipay.trade.query");
    assertThat(evidence.host()).isEqualTo("127.0.0.1");
    assertThat(evidence.httpStatus()).isEqualTo(200);
    assertThat(evidence.verified()).isTrue();
    assertThat(evidence.tries()).isEqualTo(1);
    assertThat(evidence.answer())
        .contains(NUMBER)
        .contains("\"sign\":\"***\"")
        .doesNotContain(sandbox.people().named(TestMerchant.PAYER).orElseThrow().alipayUserId());
  }

  /// An order of one yuan that is paid.
  private OrderReference paid() {
    Prepaid prepaid =
        done(merchant.connector.create(merchant.account, merchant.order(NUMBER, 100)));
    pay(prepaid);
    return merchant.reference(NUMBER, Optional.of(prepaid.reference()), 100);
  }

  private static void pay(Prepaid prepaid) {
    assertThat(
            sandbox
                .pay("alipay", prepaid.reference(), TestMerchant.PAYER, new Action.Success())
                .succeeded())
        .isTrue();
  }

  private static long returned(Money before) {
    return sandbox.ledger().balance("user/" + TestMerchant.PAYER).minus(before).cents();
  }

  private static Answer.Refused<?> refused(Answer<?> answer) {
    assertThat(answer).isInstanceOf(Answer.Refused.class);
    assertThat(answer.evidence().verified()).isTrue();
    return (Answer.Refused<?>) answer;
  }

  private static Answer.Unknown<?> unknown(Answer<?> answer) {
    assertThat(answer).isInstanceOf(Answer.Unknown.class);
    return (Answer.Unknown<?>) answer;
  }

  private static <T> T done(Answer<T> answer) {
    assertThat(answer).isInstanceOf(Answer.Done.class);
    assertThat(answer.evidence().verified()).isTrue();
    return ((Answer.Done<T>) answer).value();
  }
}
