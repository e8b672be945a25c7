package io.yunfu.gateway.payment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.FakeConnector;
import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.kernel.Money;
import io.yunfu.testkit.ManualClock;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Orders and refunds on the real database, with a channel in memory: whichever way the channel is
/// heard, money moves once.
class PaymentsIT {
  private static final Money TOTAL = Money.cny(2590);
  private static final String NUMBER = "gz0200abcd20260301000001";

  private final TestGateway gateway =
      new TestGateway(Optional.of(URI.create("https://merchant.example.test/paid")));
  private final ManualClock clock = gateway.clock;
  private final FakeConnector channel = gateway.wechat;
  private final Payments payments = gateway.first().payments;

  @AfterEach
  void books_are_in_order() {
    assertThat(gateway.findings()).isEmpty();
    gateway.close();
  }

  @Test
  void an_order_waits_and_its_repetition_makes_no_second_one() {
    var first = place(NUMBER, TOTAL);
    assertThat(first).isInstanceOf(PlaceOrder.Outcome.Waiting.class);
    assertThat(place(NUMBER, TOTAL)).isEqualTo(first);
    assertThat(channel.creates()).isEqualTo(1);
    assertThat(place(NUMBER, Money.cny(2591))).isEqualTo(new PlaceOrder.Outcome.NumberUsed());
  }

  @Test
  void an_order_whose_channel_was_silent_is_resumed_by_the_same_call() {
    channel.fallSilent(true);
    assertThat(place(NUMBER, TOTAL)).isEqualTo(new PlaceOrder.Outcome.Unknown(order()));
    assertThat(order().isTransforming()).isTrue();
    channel.fallSilent(false);
    assertThat(place(NUMBER, TOTAL)).isInstanceOf(PlaceOrder.Outcome.Waiting.class);
    assertThat(order().isTransforming()).isFalse();
  }

  @Test
  void a_payment_is_posted_once_however_often_and_however_it_is_heard() throws Exception {
    place(NUMBER, TOTAL);
    channel.pay(NUMBER, "42000001", TOTAL, TestGateway.NOW);
    Callable<Object> notice = () -> notice(FakeConnector.notice(NUMBER));
    Callable<Object> query = () -> payments.follow().find(merchant(), NUMBER);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var done : threads.invokeAll(List.of(notice, query, notice, query, notice))) {
        done.get();
      }
    }
    assertThat(order().state()).isEqualTo(OrderState.PAID);
    assertThat(payable()).isEqualTo(-(2590 - 16)); // 0.6 percent are 15.54 fen
    assertThat(notices()).isEqualTo(1);
  }

  @Test
  void a_forged_notice_and_a_wrong_amount_change_nothing() {
    place(NUMBER, TOTAL);
    channel.pay(NUMBER, "42000001", Money.cny(1), TestGateway.NOW);
    assertThat(notice(("forged about " + NUMBER).getBytes(UTF_8))).isFalse();
    assertThat(payments.cases(PaymentCase.Filter.OPEN, Optional.empty(), 10)).isEmpty();
    assertThat(notice(FakeConnector.notice(NUMBER))).isTrue();
    assertThat(order().state()).isEqualTo(OrderState.WAITING);
    assertThat(payable()).isZero();
    assertThat(payments.cases(PaymentCase.Filter.OPEN, Optional.empty(), 10))
        .singleElement()
        .satisfies(one -> assertThat(one.kind()).isEqualTo(PaymentCase.Kind.MISMATCH));
  }

  @Test
  void refunds_take_what_is_left_and_no_more_and_the_books_follow() throws Exception {
    place(NUMBER, TOTAL);
    channel.pay(NUMBER, "42000001", TOTAL, TestGateway.NOW);
    notice(FakeConnector.notice(NUMBER));
    assertThat(refund("R1", 2591)).isInstanceOf(Refunds.Outcome.TooMuch.class);
    assertThat(refund("R1", 590)).isInstanceOf(Refunds.Outcome.Taken.class);
    assertThat(refund("R1", 590)).isInstanceOf(Refunds.Outcome.Taken.class);
    assertThat(refund("R1", 591)).isEqualTo(new Refunds.Outcome.NumberUsed());
    assertThat(refund("R2", 2001)).isInstanceOf(Refunds.Outcome.TooMuch.class);
    payments.refunds().find(merchant(), Optional.of(NUMBER), Optional.of("R1"));
    assertThat(order().refunded()).isEqualTo(590);
    assertThat(payable()).isEqualTo(-(2000 - 12));
    // WeChat Pay takes the next one a minute later: it waits for its turn.
    assertThat(refund("R2", 2000)).isInstanceOf(Refunds.Outcome.Taken.class);
    clock.advance(Duration.ofMinutes(2));
    work();
    clock.advance(Duration.ofMinutes(2));
    work();
    assertThat(order().refunded()).isEqualTo(2590);
    assertThat(order().state()).isEqualTo(OrderState.REFUNDED);
    assertThat(payable()).isZero();
    assertThat(notices()).isEqualTo(3);
  }

  @Test
  void a_refund_that_the_channel_closes_gives_its_reservation_back() {
    place(NUMBER, TOTAL);
    channel.pay(NUMBER, "42000001", TOTAL, TestGateway.NOW);
    notice(FakeConnector.notice(NUMBER));
    refund("R1", 2590);
    channel.refundsEndAs(RefundReport.State.CLOSED);
    payments.refunds().find(merchant(), Optional.of(NUMBER), Optional.of("R1"));
    assertThat(order().reserved()).isZero();
    assertThat(payable()).isEqualTo(-(2590 - 16));
  }

  @Test
  void an_order_that_nobody_pays_is_closed_and_a_late_payment_goes_back() throws Exception {
    place(NUMBER, TOTAL);
    clock.advance(Duration.ofMinutes(3));
    work();
    assertThat(order().state()).isEqualTo(OrderState.CLOSED);
    clock.advance(Duration.ofSeconds(1));
    channel.pay(NUMBER, "42000001", TOTAL, clock.instant());
    notice(FakeConnector.notice(NUMBER));
    assertThat(order().state().isPaid()).isTrue();
    assertThat(payments.cases(PaymentCase.Filter.OPEN, Optional.empty(), 10))
        .singleElement()
        .satisfies(one -> assertThat(one.kind()).isEqualTo(PaymentCase.Kind.LATE_PAYMENT));
    work();
    clock.advance(Duration.ofMinutes(2));
    work();
    assertThat(order().refunded()).isEqualTo(2590);
    assertThat(payable()).isZero();
  }

  @Test
  void a_late_payment_is_kept_where_the_merchant_wants_to_deliver_and_seen_all_the_same()
      throws Exception {
    gateway.setLatePayment(Merchant.LatePayment.DELIVER);
    place(NUMBER, TOTAL);
    clock.advance(Duration.ofMinutes(3));
    work();
    clock.advance(Duration.ofSeconds(1));
    channel.pay(NUMBER, "42000001", TOTAL, clock.instant());
    notice(FakeConnector.notice(NUMBER));
    clock.advance(Duration.ofMinutes(2));
    work();
    assertThat(order().state()).isEqualTo(OrderState.PAID);
    assertThat(order().refunded()).isZero();
    assertThat(payable()).isEqualTo(-(2590 - 16));
    assertThat(notices()).isEqualTo(1);
    assertThat(payments.cases(PaymentCase.Filter.OPEN, Optional.empty(), 10))
        .singleElement()
        .satisfies(one -> assertThat(one.kind()).isEqualTo(PaymentCase.Kind.LATE_PAYMENT));
  }

  @Test
  void a_payment_in_time_that_is_heard_of_late_is_no_late_payment() throws Exception {
    place(NUMBER, TOTAL);
    clock.advance(Duration.ofMinutes(3));
    work();
    channel.pay(NUMBER, "42000001", TOTAL, TestGateway.NOW.plusSeconds(60));
    notice(FakeConnector.notice(NUMBER));
    assertThat(order().state()).isEqualTo(OrderState.PAID);
    assertThat(payments.cases(PaymentCase.Filter.OPEN, Optional.empty(), 10)).isEmpty();
  }

  @Test
  void a_close_is_repeatable_and_never_takes_a_payment_away() {
    place(NUMBER, TOTAL);
    var closed = new FollowOrder.CloseOutcome.Closed();
    assertThat(payments.follow().close(merchant(), NUMBER)).isEqualTo(closed);
    assertThat(payments.follow().close(merchant(), NUMBER)).isEqualTo(closed);
    String other = NUMBER.replace("001", "002");
    place(other, TOTAL);
    channel.pay(other, "42000002", TOTAL, TestGateway.NOW);
    assertThat(payments.follow().close(merchant(), other))
        .isEqualTo(new FollowOrder.CloseOutcome.AlreadyPaid());
    assertThat(payments.follow().close(merchant(), "gz0200abcd-none"))
        .isEqualTo(new FollowOrder.CloseOutcome.NoSuchOrder());
  }

  @Test
  void a_second_payment_of_one_order_goes_back_and_a_person_sees_it() throws Exception {
    place(NUMBER, TOTAL);
    channel.pay(NUMBER, "42000001", TOTAL, TestGateway.NOW);
    notice(FakeConnector.notice(NUMBER));
    channel.pay(NUMBER, "42000002", TOTAL, TestGateway.NOW);
    notice(FakeConnector.notice(NUMBER));
    notice(FakeConnector.notice(NUMBER));
    assertThat(payments.cases(PaymentCase.Filter.OPEN, Optional.empty(), 10))
        .singleElement()
        .satisfies(one -> assertThat(one.kind()).isEqualTo(PaymentCase.Kind.DOUBLE_PAYMENT));
    work();
    clock.advance(Duration.ofMinutes(2));
    work();
    assertThat(payments.listRefunds(PaymentFilter.all(), Optional.empty(), 10)).hasSize(1);
    assertThat(order().refunded()).isZero();
    assertThat(payable()).isEqualTo(-(2590 - 16));
  }

  private PlaceOrder.Outcome place(String number, Money total) {
    return gateway.place(gateway.first(), number, total.cents());
  }

  private Refunds.Outcome refund(String number, long fen) {
    return gateway.refund(gateway.first(), NUMBER, number, fen);
  }

  private boolean notice(byte[] body) {
    return gateway.notice(gateway.first(), NUMBER, body);
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

  /// As an entry: what is owed to the merchant is below zero.
  private long payable() {
    return -gateway.payable();
  }

  private long notices() {
    return gateway.sum("select count(*) as n from merchant_notice");
  }
}
