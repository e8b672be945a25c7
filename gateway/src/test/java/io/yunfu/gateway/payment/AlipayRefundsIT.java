package io.yunfu.gateway.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.FakeAlipay;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.testkit.ManualClock;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Refunds as Alipay does them: at once, and as many as one likes in a minute. The books show each
/// once, with its share of the fee, however often it was sent.
class AlipayRefundsIT {
  private static final String NUMBER = "gz0200abcd20260301000001";

  private final TestGateway gateway =
      new TestGateway(Optional.of(URI.create("https://merchant.example.test/paid")));
  private final ManualClock clock = gateway.clock;
  private final FakeAlipay channel = gateway.alipay;
  private final Payments payments = gateway.first().payments;

  @BeforeEach
  void an_order_of_25_90_is_paid_at_a_rate_of_6000_ppm() {
    assertThat(gateway.placeAtAlipay(gateway.first(), NUMBER, 2590))
        .isInstanceOf(PlaceOrder.Outcome.Waiting.class);
    channel.pay(NUMBER, TestGateway.NOW);
    assertThat(notice()).isTrue();
    // 0.6 percent are 15.54 fen.
    assertThat(postings("collect")).containsExactly("payable>2590>alipay alipay>16>payable");
  }

  @AfterEach
  void books_are_in_order() {
    assertThat(gateway.findings()).isEmpty();
    gateway.close();
  }

  @Test
  void each_refund_is_done_at_once_and_gives_its_share_of_the_fee_back() {
    assertThat(refund("R1", 590)).isEqualTo(RefundState.SUCCESS);
    assertThat(order().state()).isEqualTo(OrderState.PAID);
    // 1999 fen cost 11.99 fen, as 2000 cost 12.00: the first fen gives nothing of the fee back.
    assertThat(refund("R2", 1)).isEqualTo(RefundState.SUCCESS);
    assertThat(refund("R3", 1999)).isEqualTo(RefundState.SUCCESS);
    assertThat(postings("refund"))
        .containsExactly(
            "alipay>590>payable payable>4>alipay",
            "alipay>1>payable",
            "alipay>1999>payable payable>12>alipay");
    assertThat(order().state()).isEqualTo(OrderState.REFUNDED);
    assertThat(order().refunded()).isEqualTo(2590);
    assertThat(sum("payable")).isZero();
    assertThat(sum("alipay")).isZero();
    assertThat(merchantNotices()).isEqualTo(4);
    assertThat(tryRefund("R4", 1)).isInstanceOf(Refunds.Outcome.TooMuch.class);
  }

  @Test
  void with_a_coupon_of_the_merchant_refunds_take_what_the_channel_says() {
    String number = "gz0200abcd20260301000002";
    gateway.placeAtAlipay(gateway.first(), number, 2590);
    channel.payWithCoupon(number, 500, TestGateway.NOW);
    gateway.notice(gateway.first(), number, FakeAlipay.notice(number));
    assertThat(postings("collect")).endsWith("payable>2090>alipay alipay>13>payable");
    gateway.refund(gateway.first(), number, "C1", 590);
    gateway.refund(gateway.first(), number, "C2", 2000);
    // Its coupon gets 114 fen of the first: reckoned by us it would be 113.
    assertThat(postings("refund"))
        .containsExactly(
            "alipay>476>payable payable>3>alipay", "alipay>1614>payable payable>10>alipay");
    assertThat(gateway.order(number).settlementRefunded()).isEqualTo(2090);
    assertThat(sum("payable")).isEqualTo(-(2590 - 16));
    assertThat(sum("alipay")).isEqualTo(2590 - 16);
  }

  @Test
  void once_the_channel_has_finished_an_order_nothing_of_it_goes_back() {
    assertThat(refund("R1", 590)).isEqualTo(RefundState.SUCCESS);
    channel.finish(NUMBER);
    assertThat(notice()).isTrue();
    assertThat(order().stateNumber(false)).isEqualTo(6);
    assertThat(order().refunded()).isEqualTo(590);
    assertThat(tryRefund("R2", 100)).isEqualTo(new Refunds.Outcome.NotRefundable());
    assertThat(channel.refundsAsked()).isEqualTo(1);
    assertThat(refund("R1", 590)).as("a repetition").isEqualTo(RefundState.SUCCESS);
    assertThat(notice()).isTrue();
    assertThat(order().stateNumber(false)).isEqualTo(6);
    assertThat(postings("collect")).hasSize(1);
    assertThat(payments.cases(PaymentCase.Filter.OPEN, Optional.empty(), 10)).isEmpty();
  }

  @Test
  void an_order_that_is_first_heard_of_when_it_is_finished_is_paid_and_over() {
    String second = "gz0200abcd20260301000002";
    gateway.placeAtAlipay(gateway.first(), second, 100);
    channel.pay(second, TestGateway.NOW);
    channel.finish(second);
    clock.advance(Duration.ofSeconds(5));
    var found = payments.follow().find(merchant(), second).orElseThrow();
    assertThat(found.stateNumber(false)).isEqualTo(6);
    assertThat(found.paidAt()).contains(TestGateway.NOW);
    assertThat(postings("collect")).hasSize(2);
    assertThat(gateway.refund(gateway.first(), second, "R9", 100))
        .isEqualTo(new Refunds.Outcome.NotRefundable());
  }

  @Test
  void a_refund_of_an_order_that_the_channel_does_not_know_is_left_to_a_person() {
    channel.refuseRefunds(Answer.Reason.NO_SUCH_ORDER, "ACQ.TRADE_NOT_EXIST");
    assertThat(tryRefund("R1", 590))
        .isEqualTo(
            new Refunds.Outcome.ChannelRefused(
                Answer.Reason.NO_SUCH_ORDER, "ACQ.TRADE_NOT_EXIST", "no"));
    var refund = payments.listRefunds(PaymentFilter.all(), Optional.empty(), 10).getFirst();
    assertThat(refund.state().number(PayPlatform.ALIPAY)).isEqualTo(5);
    assertThat(order().reserved()).isEqualTo(590);
    assertThat(payments.cases(PaymentCase.Filter.OPEN, Optional.empty(), 10))
        .singleElement()
        .satisfies(one -> assertThat(one.kind()).isEqualTo(PaymentCase.Kind.REFUND_LOST));
    assertThat(postings("refund")).isEmpty();
  }

  @Test
  void a_repeated_refund_is_answered_from_the_books() {
    refund("R1", 590);
    assertThat(refund("R1", 590)).isEqualTo(RefundState.SUCCESS);
    clock.advance(Duration.ofMinutes(10));
    assertThat(refund("R1", 590)).isEqualTo(RefundState.SUCCESS);
    assertThat(tryRefund("R1", 591)).isEqualTo(new Refunds.Outcome.NumberUsed());
    assertThat(channel.refundsAsked()).isEqualTo(1);
    assertThat(postings("refund")).containsExactly("alipay>590>payable payable>4>alipay");
  }

  @Test
  void a_refund_whose_answer_was_lost_is_repeated_and_posted_once() {
    channel.fallSilent(true);
    assertThat(tryRefund("R1", 590)).isInstanceOf(Refunds.Outcome.Unknown.class);
    assertThat(postings("refund")).isEmpty();
    assertThat(order().reserved()).isEqualTo(590);
    channel.fallSilent(false);
    clock.advance(Duration.ofSeconds(3));
    assertThat(refund("R1", 590)).isEqualTo(RefundState.SUCCESS);
    payments.refunds().find(merchant(), Optional.of(NUMBER), Optional.of("R1"));
    clock.advance(Duration.ofMinutes(2));
    work();
    assertThat(postings("refund")).containsExactly("alipay>590>payable payable>4>alipay");
    assertThat(channel.refundsAsked()).isEqualTo(2);
    assertThat(channel.refunded(NUMBER)).isEqualTo(590);
    assertThat(merchantNotices()).isEqualTo(2);
  }

  @Test
  void a_refund_that_came_to_nothing_keeps_its_reservation_and_is_sent_again_with_its_number() {
    channel.refundsComeToNothing(true);
    assertThat(tryRefund("R1", 590)).isInstanceOf(Refunds.Outcome.Unknown.class);
    assertThat(tryRefund("R2", 2001)).isInstanceOf(Refunds.Outcome.TooMuch.class);
    channel.refundsComeToNothing(false);
    clock.advance(Duration.ofSeconds(11));
    work(); // too early: what is not there yet may be on its way
    assertThat(channel.refundsAsked()).isEqualTo(1);
    clock.advance(Duration.ofMinutes(2));
    work();
    assertThat(channel.refundsAsked()).isEqualTo(2);
    assertThat(channel.refunded(NUMBER)).isEqualTo(590);
    assertThat(postings("refund")).containsExactly("alipay>590>payable payable>4>alipay");
  }

  @Test
  void a_refund_whose_caller_never_came_back_is_found_by_the_worker_without_sending_it_again() {
    channel.fallSilent(true);
    assertThat(tryRefund("R1", 2590)).isInstanceOf(Refunds.Outcome.Unknown.class);
    channel.fallSilent(false);
    clock.advance(Duration.ofMinutes(2));
    work();
    assertThat(order().state()).isEqualTo(OrderState.REFUNDED);
    assertThat(postings("refund")).containsExactly("alipay>2590>payable payable>16>alipay");
    assertThat(channel.refundsAsked()).isEqualTo(1);
  }

  // channels.md S15
  @Test
  void a_hundred_refunds_at_the_same_time_never_take_more_than_was_paid() throws Exception {
    List<Callable<Refunds.Outcome>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      String number = "R" + i;
      all.add(() -> tryRefund(number, 590));
      all.add(() -> tryRefund(number, 590));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var done : threads.invokeAll(all)) {
        assertThat(done.get())
            .isInstanceOfAny(Refunds.Outcome.Taken.class, Refunds.Outcome.TooMuch.class);
      }
    }
    assertThat(order().refunded()).isEqualTo(4 * 590);
    assertThat(channel.refunded(NUMBER)).isEqualTo(4 * 590);
    assertThat(postings("refund")).hasSize(4);
    assertThat(sum("payable")).isEqualTo(-(230 - Fees.of(230, 6000)));
  }

  @Test
  void the_channel_s_notices_of_our_own_refunds_are_no_news() {
    refund("R1", 590);
    assertThat(notice()).isTrue(); // still TRADE_SUCCESS
    refund("R2", 2000);
    assertThat(notice()).isTrue(); // TRADE_CLOSED, of a trade that was paid
    assertThat(order().state()).isEqualTo(OrderState.REFUNDED);
    assertThat(postings("collect")).hasSize(1);
    assertThat(payments.cases(PaymentCase.Filter.OPEN, Optional.empty(), 10)).isEmpty();
  }

  /// A refund that is taken, and how far it is.
  private RefundState refund(String number, long fen) {
    var outcome = tryRefund(number, fen);
    assertThat(outcome).isInstanceOf(Refunds.Outcome.Taken.class);
    return ((Refunds.Outcome.Taken) outcome).refund().state();
  }

  private Refunds.Outcome tryRefund(String number, long fen) {
    return gateway.refund(gateway.first(), NUMBER, number, fen);
  }

  private boolean notice() {
    return gateway.notice(gateway.first(), NUMBER, FakeAlipay.notice(NUMBER));
  }

  private void work() {
    gateway.work(gateway.first());
  }

  private PaymentOrder order() {
    return gateway.order(NUMBER);
  }

  private Merchant merchant() {
    return gateway.merchant(gateway.first());
  }

  /// The postings of a kind in the order in which they were made, each with its legs: what the
  /// amount leaves, and where it arrives.
  private List<String> postings(String kind) {
    String sql =
        """
        select string_agg(credit_pocket || '>' || amount || '>' || debit_pocket, ' ' order by line) as legs
          from leg join posting using (posting_id)
         where kind = '%s'
         group by posting_id
         order by posting_id
        """
            .formatted(kind);
    return gateway.cells.all().stream()
        .flatMap(
            cell -> cell.database().read(tx -> tx.query(sql, row -> row.text("legs"))).stream())
        .toList();
  }

  /// As an entry: what is owed to the merchant is below zero.
  private long sum(String pocket) {
    return gateway.sum(
        "select coalesce(sum(amount), 0) as n from entry where pocket = '%s'".formatted(pocket));
  }

  private long merchantNotices() {
    return gateway.sum("select count(*) as n from merchant_notice");
  }
}
