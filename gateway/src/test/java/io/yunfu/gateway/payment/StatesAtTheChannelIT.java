package io.yunfu.gateway.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.payment.FollowOrder.CloseOutcome;
import io.yunfu.kernel.Money;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What becomes of an order while its channel says neither that it waits nor that it is paid.
class StatesAtTheChannelIT {
  private static final String NUMBER = "gz0200abcd20260301000001";
  private static final int TOTAL = 2590;

  private final TestGateway gateway =
      new TestGateway(Optional.of(URI.create("https://merchant.example.test/paid")));
  private final TestGateway.Node node = gateway.first();

  @BeforeEach
  void an_order_waits() {
    assertThat(gateway.place(node, NUMBER, TOTAL)).isInstanceOf(PlaceOrder.Outcome.Waiting.class);
  }

  @AfterEach
  void books_are_in_order() {
    assertThat(gateway.findings()).isEmpty();
    gateway.close();
  }

  @Test
  void while_the_channel_takes_it_in_it_is_being_accepted_and_nobody_makes_it_again() {
    gateway.wechat.say(NUMBER, OrderReport.State.ACCEPTED, "being accepted");
    PaymentOrder taken = ask();
    assertThat(taken.stateNumber(false)).isEqualTo(12);
    assertThat(taken.isTransforming()).isFalse();
    assertThat(taken.stateText()).isEqualTo("being accepted");
    assertThat(gateway.place(node, NUMBER, TOTAL)).isInstanceOf(PlaceOrder.Outcome.Waiting.class);
    gateway.workFor(node, Duration.ofSeconds(70));
    assertThat(gateway.wechat.creates()).isEqualTo(1);
    gateway.wechat.say(NUMBER, OrderReport.State.WAITING, "waits");
    assertThat(ask().stateNumber(false)).isEqualTo(6);
  }

  @Test
  void an_order_that_is_being_accepted_is_paid_closed_and_expires_like_one_that_waits() {
    gateway.wechat.say(NUMBER, OrderReport.State.ACCEPTED, "");
    assertThat(ask().stateNumber(false)).isEqualTo(12);
    gateway.pay(node, NUMBER, "42000001");
    assertThat(gateway.order(NUMBER).stateNumber(false)).isEqualTo(3);
    String second = "gz0200abcd20260301000002";
    gateway.place(node, second, TOTAL);
    gateway.wechat.say(second, OrderReport.State.ACCEPTED, "");
    gateway.workFor(node, Duration.ofMinutes(10));
    assertThat(gateway.order(second).stateNumber(false)).isEqualTo(7);
    assertThat(gateway.wechat.isClosed(second)).isTrue();
  }

  @Test
  void an_order_that_its_seller_has_undone_is_reversed_and_can_still_be_paid_late() {
    gateway.wechat.say(NUMBER, OrderReport.State.REVERSED, "reversed");
    PaymentOrder reversed = ask();
    assertThat(reversed.stateNumber(false)).isEqualTo(8);
    assertThat(reversed.state()).isEqualTo(OrderState.CLOSED);
    assertThat(reversed.payment()).isEmpty();
    assertThat(gateway.place(node, NUMBER, TOTAL))
        .isEqualTo(new PlaceOrder.Outcome.ClosedOrExpired());
    assertThat(close()).isEqualTo(new CloseOutcome.Closed());
    assertThat(gateway.findings()).isEmpty();
    gateway.pay(node, NUMBER, "42000001");
    assertThat(gateway.order(NUMBER).stateNumber(false)).isEqualTo(3);
    assertThat(gateway.order(NUMBER).payment()).isPresent();
  }

  @Test
  void a_failed_attempt_to_pay_waits_with_the_channel_s_words() {
    gateway.wechat.say(NUMBER, OrderReport.State.WAITING, "the bank failed");
    PaymentOrder failed = ask();
    assertThat(failed.stateNumber(false)).isEqualTo(6);
    assertThat(failed.stateText()).isEqualTo("the bank failed");
    gateway.pay(node, NUMBER, "42000001");
    assertThat(gateway.order(NUMBER).stateText()).isEmpty();
  }

  @Test
  void while_the_payer_is_at_it_nobody_closes_it_here_or_there() {
    gateway.wechat.say(NUMBER, OrderReport.State.PAYING, "is paying");
    assertThat(close()).isEqualTo(new CloseOutcome.Undecided());
    assertThat(gateway.order(NUMBER).stateNumber(false)).isEqualTo(6);
    // Its time is over, and the payer still is.
    gateway.workFor(node, Duration.ofMinutes(20));
    assertThat(gateway.order(NUMBER).stateNumber(false)).isEqualTo(6);
    assertThat(gateway.wechat.isClosed(NUMBER)).isFalse();
    gateway.wechat.pay(NUMBER, "42000001", Money.cny(TOTAL), gateway.clock.instant());
    gateway.workFor(node, Duration.ofHours(1));
    assertThat(gateway.order(NUMBER).stateNumber(false)).isEqualTo(3);
    assertThat(node.payments.cases(PaymentCase.Filter.OPEN, Optional.empty(), 10)).isEmpty();
  }

  @Test
  void a_payer_who_gives_up_after_its_time_leaves_it_to_be_closed() {
    gateway.wechat.say(NUMBER, OrderReport.State.PAYING, "is paying");
    gateway.workFor(node, Duration.ofMinutes(5));
    gateway.wechat.say(NUMBER, OrderReport.State.WAITING, "");
    gateway.workFor(node, Duration.ofHours(1));
    assertThat(gateway.order(NUMBER).stateNumber(false)).isEqualTo(7);
    assertThat(gateway.wechat.isClosed(NUMBER)).isTrue();
  }

  @Test
  void a_close_is_unknown_until_the_channel_takes_it_where_the_operator_wants_that() {
    try (var patient = gateway.waitingForCloses()) {
      assertThat(close(patient)).isEqualTo(new CloseOutcome.Undecided());
      assertThat(gateway.order(NUMBER).stateNumber(false)).isEqualTo(6);
      gateway.clock.advance(GatewaySettings.USUAL_CLOSE_AFTER.minusSeconds(1));
      assertThat(close(patient)).isEqualTo(new CloseOutcome.Undecided());
      assertThat(gateway.wechat.isClosed(NUMBER)).isFalse();
      gateway.clock.advance(Duration.ofSeconds(1));
      assertThat(close(patient)).isEqualTo(new CloseOutcome.Closed());
      assertThat(gateway.wechat.isClosed(NUMBER)).isTrue();
      assertThat(gateway.order(NUMBER).stateNumber(false)).isEqualTo(7);
    }
  }

  @Test
  void a_close_is_unknown_too_while_an_order_that_expired_can_be_paid_at_the_channel() {
    try (var patient = gateway.waitingForCloses()) {
      gateway.workFor(patient, Duration.ofSeconds(125));
      assertThat(gateway.order(NUMBER).stateNumber(false)).isEqualTo(7);
      assertThat(close(patient)).isEqualTo(new CloseOutcome.Undecided());
      assertThat(close(node))
          .as("where a close counts at once")
          .isEqualTo(new CloseOutcome.Closed());
      gateway.workFor(patient, Duration.ofMinutes(5));
      assertThat(gateway.wechat.isClosed(NUMBER)).isTrue();
      assertThat(close(patient)).isEqualTo(new CloseOutcome.Closed());
    }
  }

  @Test
  void who_pays_while_a_close_waits_is_not_late() {
    try (var patient = gateway.waitingForCloses()) {
      close(patient);
      gateway.wechat.pay(NUMBER, "42000001", Money.cny(TOTAL), gateway.clock.instant());
      assertThat(close(patient)).isEqualTo(new CloseOutcome.AlreadyPaid());
      assertThat(node.payments.cases(PaymentCase.Filter.OPEN, Optional.empty(), 10)).isEmpty();
    }
  }

  @Test
  void an_order_is_refunded_from_its_first_refund_or_where_wanted_when_all_has_gone_back() {
    gateway.pay(node, NUMBER, "42000001");
    assertThat(numbers()).isEqualTo("3 3");
    gateway.refund(node, NUMBER, "R1", 590);
    assertThat(numbers()).as("taken").isEqualTo("4 3");
    gateway.refundNotice(node, NUMBER, "R1");
    assertThat(numbers()).as("arrived").isEqualTo("4 3");
    gateway.refund(node, NUMBER, "R2", 2000);
    gateway.workFor(node, Duration.ofMinutes(10));
    assertThat(numbers()).as("all of it").isEqualTo("4 4");
  }

  private String numbers() {
    PaymentOrder order = gateway.order(NUMBER);
    return order.stateNumber(false) + " " + order.stateNumber(true);
  }

  @Test
  void the_channel_is_asked_about_one_order_once_in_a_second_whoever_asks() {
    int before = gateway.wechat.queries();
    for (int i = 0; i < 5; i++) {
      find();
    }
    assertThat(gateway.wechat.queries() - before).isEqualTo(1);
    gateway.clock.advance(Duration.ofMillis(999));
    find();
    assertThat(gateway.wechat.queries() - before).isEqualTo(1);
    gateway.clock.advance(Duration.ofMillis(1));
    find();
    assertThat(gateway.wechat.queries() - before).isEqualTo(2);
    // Another order has a turn of its own.
    gateway.place(node, "gz0200abcd20260301000002", TOTAL);
    node.payments.follow().find(gateway.merchant(node), "gz0200abcd20260301000002");
    assertThat(gateway.wechat.queries() - before).isEqualTo(3);
  }

  @Test
  void a_refusal_for_our_set_up_is_the_caller_s_to_hear_and_the_operator_s_to_put_right() {
    gateway.wechat.refuse(Optional.of(Answer.Reason.NEEDS_ACTION), true);
    String second = "gz0200abcd20260301000002";
    assertThat(gateway.place(node, second, TOTAL))
        .isEqualTo(
            new PlaceOrder.Outcome.ChannelRefused(Answer.Reason.NEEDS_ACTION, "REFUSED", "no"));
    assertThat(gateway.order(second).stateNumber(false)).isEqualTo(11);
    assertThat(misconfigured()).isEqualTo(1);
    gateway.wechat.refuse(Optional.empty(), false);
    gateway.pay(node, NUMBER, "42000001");
    gateway.wechat.refuse(Optional.of(Answer.Reason.NEEDS_ACTION), true);
    assertThat(gateway.refund(node, NUMBER, "R1", 100))
        .isInstanceOf(Refunds.Outcome.ChannelRefused.class);
    assertThat(misconfigured()).isEqualTo(2);
    gateway.wechat.refuse(Optional.of(Answer.Reason.NEEDS_ACTION), false);
    gateway.refund(node, NUMBER, "R2", 100);
    gateway.place(node, "gz0200abcd20260301000003", TOTAL);
    assertThat(misconfigured()).as("what is the payer's or the merchant's matter").isEqualTo(2);
  }

  private int misconfigured() {
    var filter = new PaymentCase.Filter(true, Optional.of(PaymentCase.Kind.MISCONFIGURED), 0, 0);
    return node.payments.cases(filter, Optional.empty(), 10).size();
  }

  @Test
  void an_order_has_fifty_refunds_and_no_more() {
    gateway.pay(node, NUMBER, "42000001");
    for (int i = 1; i <= 50; i++) {
      assertThat(gateway.refund(node, NUMBER, "R" + i, 1))
          .as("refund %d", i)
          .isInstanceOf(Refunds.Outcome.Taken.class);
    }
    assertThat(gateway.refund(node, NUMBER, "R51", 1))
        .isEqualTo(new Refunds.Outcome.NotRefundable());
    assertThat(gateway.refund(node, NUMBER, "R50", 1)).isInstanceOf(Refunds.Outcome.Taken.class);
    gateway.workFor(node, Duration.ofHours(2));
    assertThat(gateway.order(NUMBER).refunded()).isEqualTo(50);
    assertThat(gateway.refund(node, NUMBER, "R51", 1))
        .isEqualTo(new Refunds.Outcome.NotRefundable());
  }

  private PaymentOrder ask() {
    gateway.clock.advance(Duration.ofSeconds(1));
    return find();
  }

  private PaymentOrder find() {
    return node.payments.follow().find(gateway.merchant(node), NUMBER).orElseThrow();
  }

  private CloseOutcome close() {
    return close(node);
  }

  private CloseOutcome close(TestGateway.Node program) {
    return program.payments.follow().close(gateway.merchant(program), NUMBER);
  }
}
