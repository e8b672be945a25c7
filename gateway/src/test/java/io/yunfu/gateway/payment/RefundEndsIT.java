package io.yunfu.gateway.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.FakeConnector;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.gateway.payment.OperatePayments.SettleOutcome;
import io.yunfu.kernel.Money;
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

/// Refunds that do not simply arrive: refused for a time, forgotten by the channel, sent back by a
/// bank. Each comes to an end, by its number again or by a person's word, and money moves once.
class RefundEndsIT {
  private static final String NUMBER = "gz0200abcd20260301000001";
  private static final String TRANSACTION = "42000001";
  private static final Duration LOOKS = Duration.ofDays(32);

  private final TestGateway gateway =
      new TestGateway(Optional.of(URI.create("https://merchant.example.test/paid")));
  private final FakeConnector channel = gateway.wechat;
  private final TestGateway.Node node = gateway.first();
  private final Payments payments = node.payments;
  private final OperatePayments operate = gateway.operate(node);

  @BeforeEach
  void an_order_of_25_90_is_placed() {
    gateway.place(node, NUMBER, 2590);
  }

  @AfterEach
  void books_are_in_order() {
    assertThat(gateway.findings()).isEmpty();
    gateway.close();
  }

  // channels.md S15
  @Test
  void a_hundred_refunds_at_the_same_time_never_take_more_than_was_paid() throws Exception {
    gateway.pay(node, NUMBER, TRANSACTION);
    List<Callable<Refunds.Outcome>> all = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      String number = "R" + i;
      all.add(() -> refund(number, 590));
      all.add(() -> refund(number, 590));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var done : threads.invokeAll(all)) {
        assertThat(done.get())
            .isInstanceOfAny(Refunds.Outcome.Taken.class, Refunds.Outcome.TooMuch.class);
      }
    }
    assertThat(order().reserved()).isEqualTo(4 * 590);
    gateway.workFor(node, Duration.ofHours(1)); // one a minute
    assertThat(order().refunded()).isEqualTo(4 * 590);
    assertThat(channel.returned(TRANSACTION)).isEqualTo(4 * 590);
  }

  @Test
  void what_was_refused_for_a_time_is_sent_again_by_the_same_call() {
    gateway.pay(node, NUMBER, TRANSACTION);
    channel.refuse(Optional.of(Answer.Reason.RESUMABLE));
    assertThat(refund("R1", 590)).isInstanceOf(Refunds.Outcome.ChannelRefused.class);
    assertThat(refund("R1").state()).isEqualTo(RefundState.REFUSED);
    assertThat(refund("R1").stateText()).isEqualTo("REFUSED: no");
    assertThat(order().reserved()).isZero();
    assertThat(refund("R1", 591)).isEqualTo(new Refunds.Outcome.NumberUsed());
    assertThat(refund("R1", 590)).isInstanceOf(Refunds.Outcome.ChannelRefused.class);
    channel.refuse(Optional.empty());
    gateway.workFor(node, Duration.ofDays(1));
    assertThat(refund("R1").state()).isEqualTo(RefundState.REFUSED); // nobody asked for it
    assertThat(refund("R1", 590)).isInstanceOf(Refunds.Outcome.Taken.class);
    gateway.workFor(node, Duration.ofMinutes(2));
    assertThat(refund("R1").state()).isEqualTo(RefundState.SUCCESS);
    assertThat(order().refunded()).isEqualTo(590);
    assertThat(channel.returned(TRANSACTION)).isEqualTo(590);
    assertThat(refund("R1", 590)).isInstanceOf(Refunds.Outcome.Taken.class);
    assertThat(channel.returned(TRANSACTION)).isEqualTo(590);
  }

  @Test
  void what_was_refused_takes_no_more_than_is_left_when_it_is_sent_again() {
    gateway.pay(node, NUMBER, TRANSACTION);
    channel.refuse(Optional.of(Answer.Reason.RESUMABLE));
    refund("R1", 2590);
    channel.refuse(Optional.empty());
    assertThat(refund("R2", 590)).isInstanceOf(Refunds.Outcome.Taken.class);
    assertThat(refund("R1", 2590)).isEqualTo(new Refunds.Outcome.TooMuch(Money.cny(2000)));
    assertThat(refund("R1").state()).isEqualTo(RefundState.REFUSED);
  }

  @Test
  void what_is_sent_again_and_not_answered_is_followed_by_the_worker() {
    gateway.pay(node, NUMBER, TRANSACTION);
    channel.refuse(Optional.of(Answer.Reason.RESUMABLE));
    refund("R1", 590);
    channel.refuse(Optional.empty());
    channel.goDeaf(true);
    assertThat(refund("R1", 590)).isInstanceOf(Refunds.Outcome.Unknown.class);
    assertThat(order().reserved()).isEqualTo(590);
    channel.goDeaf(false);
    gateway.workFor(node, Duration.ofHours(1));
    assertThat(refund("R1").state()).isEqualTo(RefundState.SUCCESS);
    assertThat(channel.returned(TRANSACTION)).isEqualTo(590);
  }

  @Test
  void a_refusal_for_good_is_not_sent_again() {
    gateway.pay(node, NUMBER, TRANSACTION);
    channel.refuse(Optional.of(Answer.Reason.NEEDS_ACTION));
    refund("R1", 590);
    channel.refuse(Optional.empty());
    assertThat(refund("R1", 590)).isInstanceOf(Refunds.Outcome.Taken.class);
    gateway.workFor(node, Duration.ofMinutes(10));
    assertThat(refund("R1").state()).isEqualTo(RefundState.FAILED);
    assertThat(channel.returned(TRANSACTION)).isZero();
  }

  @Test
  void a_late_payment_goes_back_as_soon_as_the_merchant_has_the_money() {
    gateway.workFor(node, Duration.ofMinutes(3));
    gateway.pay(node, NUMBER, TRANSACTION);
    channel.refuse(Optional.of(Answer.Reason.RESUMABLE));
    gateway.workFor(node, Duration.ofMinutes(1));
    assertThat(kinds())
        .containsExactlyInAnyOrder(PaymentCase.Kind.LATE_PAYMENT, PaymentCase.Kind.REFUND_LOST);
    assertThat(order().reserved()).isEqualTo(2590);
    channel.refuse(Optional.empty());
    gateway.workFor(node, Duration.ofHours(6));
    assertThat(order().refunded()).isEqualTo(2590);
    assertThat(channel.returned(TRANSACTION)).isEqualTo(2590);
  }

  @Test
  void a_late_payment_that_the_channel_will_not_give_back_is_a_person_s() {
    gateway.workFor(node, Duration.ofMinutes(3));
    gateway.pay(node, NUMBER, TRANSACTION);
    channel.refuse(Optional.of(Answer.Reason.NEEDS_ACTION));
    gateway.workFor(node, Duration.ofDays(1));
    assertThat(kinds())
        .containsExactlyInAnyOrder(PaymentCase.Kind.LATE_PAYMENT, PaymentCase.Kind.REFUND_LOST);
    assertThat(order().reserved()).isZero();
  }

  @Test
  void a_refund_that_the_channel_took_and_forgot_keeps_its_amount_until_a_person_has_spoken() {
    long id = forgotten();
    assertThat(order().reserved()).isEqualTo(590);
    assertThat(refund("R2", 2001)).isInstanceOf(Refunds.Outcome.TooMuch.class);
    assertThat(settle(id, false)).isInstanceOf(SettleOutcome.Settled.class);
    assertThat(refund("R1").state()).isEqualTo(RefundState.FAILED);
    assertThat(order().reserved()).isZero();
    assertThat(kinds()).isEmpty();
    assertThat(refund("R2", 2590)).isInstanceOf(Refunds.Outcome.Taken.class);
  }

  @Test
  void a_forgotten_refund_that_arrived_all_the_same_is_in_the_books_once() {
    long id = forgotten();
    assertThat(settle(id, true)).isInstanceOf(SettleOutcome.Settled.class);
    assertThat(refund("R1").state()).isEqualTo(RefundState.SUCCESS);
    assertThat(order().refunded()).isEqualTo(590);
    assertThat(gateway.payable()).isEqualTo(2000 - 12);
    assertThat(kinds()).isEmpty();
    assertThat(settle(id, true)).isInstanceOf(SettleOutcome.NotForPeople.class);
    assertThat(settle(id, false)).isInstanceOf(SettleOutcome.NotForPeople.class);
    assertThat(gateway.sum("select count(*) as n from posting where kind = 'refund'")).isOne();
    assertThat(gateway.sum("select count(*) as n from merchant_notice where kind = 'refund'"))
        .isOne();
    String audited = "select count(*) as n from audit where action = 'payment-refund.settle'";
    assertThat(gateway.sum(audited)).isOne();
  }

  @Test
  void a_forgotten_refund_that_the_channel_remembers_needs_nobody() {
    forgotten();
    channel.refundsEndAs(RefundReport.State.SUCCESS);
    gateway.workFor(node, Duration.ofHours(7));
    assertThat(refund("R1").state()).isEqualTo(RefundState.SUCCESS);
    assertThat(order().refunded()).isEqualTo(590);
  }

  @Test
  void a_refund_that_never_gets_through_is_a_person_s_in_the_end() {
    gateway.pay(node, NUMBER, TRANSACTION);
    channel.goDeaf(true);
    refund("R1", 590);
    gateway.workFor(node, Duration.ofDays(29));
    assertThat(refund("R1").state()).isEqualTo(RefundState.STORED);
    assertThat(settle(refund("R1").id(), false)).isInstanceOf(SettleOutcome.NotForPeople.class);
    gateway.workFor(node, LOOKS);
    assertThat(refund("R1").state()).isEqualTo(RefundState.UNKNOWN);
    assertThat(refund("R1").state().number(order().platform())).isEqualTo(6);
    assertThat(kinds()).containsExactly(PaymentCase.Kind.REFUND_LOST);
    assertThat(settle(refund("R1").id(), false)).isInstanceOf(SettleOutcome.Settled.class);
  }

  @Test
  void what_a_bank_sent_back_is_settled_by_a_person() {
    gateway.pay(node, NUMBER, TRANSACTION);
    refund("R1", 590);
    channel.refundsEndAs(RefundReport.State.ABNORMAL);
    gateway.workFor(node, Duration.ofMinutes(1));
    assertThat(refund("R1").state()).isEqualTo(RefundState.ABNORMAL);
    assertThat(kinds()).containsExactly(PaymentCase.Kind.REFUND_ABNORMAL);
    assertThat(settle(refund("R1").id(), true)).isInstanceOf(SettleOutcome.Settled.class);
    assertThat(order().refunded()).isEqualTo(590);
    assertThat(kinds()).isEmpty();
  }

  @Test
  void what_is_on_its_way_or_not_there_is_nobody_s_to_settle() {
    gateway.pay(node, NUMBER, TRANSACTION);
    refund("R1", 590);
    assertThat(settle(refund("R1").id(), true)).isInstanceOf(SettleOutcome.NotForPeople.class);
    assertThat(settle(order().id(), true)).isEqualTo(new SettleOutcome.NoSuchRefund());
    assertThat(settle(-1, true)).isEqualTo(new SettleOutcome.NoSuchRefund());
  }

  /// A refund of 5.90 that the channel accepted hours ago, and of which it knows nothing any more.
  private long forgotten() {
    gateway.pay(node, NUMBER, TRANSACTION);
    refund("R1", 590);
    channel.refundsEndAs(RefundReport.State.NOT_EXIST);
    gateway.workFor(node, Duration.ofHours(1));
    assertThat(refund("R1").state()).isEqualTo(RefundState.ACCEPTED);
    gateway.workFor(node, Duration.ofHours(8));
    assertThat(refund("R1").state()).isEqualTo(RefundState.UNKNOWN);
    assertThat(kinds()).containsExactly(PaymentCase.Kind.REFUND_LOST);
    return refund("R1").id();
  }

  private Refunds.Outcome refund(String number, long fen) {
    return gateway.refund(node, NUMBER, number, fen);
  }

  private SettleOutcome settle(long id, boolean arrived) {
    return operate.settleRefund(TestGateway.ANN, id, arrived, "The payer says so");
  }

  private Refund refund(String number) {
    return payments.listRefunds(PaymentFilter.all(), Optional.empty(), 10).stream()
        .filter(one -> one.outRefundNo().equals(number))
        .findFirst()
        .orElseThrow();
  }

  private PaymentOrder order() {
    return gateway.order(NUMBER);
  }

  private List<PaymentCase.Kind> kinds() {
    return payments.cases(PaymentCase.Filter.OPEN, Optional.empty(), 10).stream()
        .map(PaymentCase::kind)
        .toList();
  }
}
