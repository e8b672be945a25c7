package io.yunfu.gateway.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.db.OutcomeUnknown;
import io.yunfu.gateway.Steps;
import io.yunfu.gateway.payment.TestGateway.Node;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A program that dies between any two steps of a payment, its notice and its refund, and another
/// that goes on: the end is the same, in our books and in the channel's.
class PaymentCrashIT {
  private static final int TOTAL = 2590;
  private static final int REFUND = 590;

  /// Less the refund, and less 0.6 percent of what is left.
  private static final int OWED = 2000 - 12;

  private final TestGateway gateway =
      new TestGateway(Optional.of(URI.create("https://merchant.example.test/paid")));
  private int owed;

  @AfterEach
  void close() {
    gateway.close();
  }

  @Test
  void whoever_repeats_what_was_cut_short_comes_to_the_same_end() {
    diesAtEveryStep(this::sale, true, this::cameToTheSameEnd);
  }

  @Test
  void if_nobody_repeats_it_workers_come_to_an_end_by_themselves() {
    diesAtEveryStep(this::sale, false, this::cameToAnEnd);
  }

  @Test
  void workers_that_die_while_they_close_and_give_back_leave_it_to_others() {
    diesAtEveryStep(this::latePayment, false, this::cameToAnEnd);
  }

  /// What is tried with one order.
  private interface Life {
    void live(Node node, String number);
  }

  /// What must be true of it in the end.
  private interface End {
    void check(String number);
  }

  private void diesAtEveryStep(Life life, boolean repeated, End end) {
    int last = 1;
    while (diesAt(last, life, repeated, end)) {
      last++;
    }
    assertThat(last).as("steps of a life").isGreaterThan(20);
  }

  /// A life, a program that dies at a step of it, and what the next program makes of it.
  ///
  /// @return whether it died; false: it was through before
  private boolean diesAt(int last, Life life, boolean repeated, End end) {
    String number = "gz0200abcd20260301%06d".formatted(last);
    var steps = new Steps(last);
    try (Node mortal = gateway.node(steps::around)) {
      steps.watch(gateway.cell);
      life.live(mortal, number);
    } catch (Steps.Died e) {
      // As meant.
    } catch (OutcomeUnknown e) {
      assertThat(e).as("died in a lane").hasCauseInstanceOf(Steps.Died.class);
    } finally {
      Steps.release(gateway.cell);
    }
    try (Node next = gateway.node(channel -> channel)) {
      gateway.wechat.tryToPay(number, "42" + number, gateway.clock.instant());
      if (repeated) {
        gateway.clock.advance(Duration.ofSeconds(3));
        life.live(next, number);
      }
      gateway.workFor(next, Duration.ofHours(1));
      assertThat(gateway.findings()).as("died at step %d", last).isEmpty();
      try {
        end.check(number);
        agreesWithTheChannel();
      } catch (AssertionError e) {
        throw new AssertionError("died at step " + last + ": " + e.getMessage(), e);
      }
    }
    return steps.isDead();
  }

  /// Placed, paid, reported, partly refunded, the refund reported.
  private void sale(Node node, String number) {
    gateway.place(node, number, TOTAL);
    gateway.wechat.tryToPay(number, "42" + number, gateway.clock.instant());
    gateway.notice(node, number);
    gateway.refund(node, number, "R" + number, REFUND);
    gateway.refundNotice(node, number, "R" + number);
  }

  /// Placed, closed when its time was over, paid all the same, and given back.
  private void latePayment(Node node, String number) {
    gateway.place(node, number, TOTAL);
    gateway.workFor(node, Duration.ofMinutes(3));
    gateway.wechat.tryToPay(number, "42" + number, gateway.clock.instant());
    gateway.notice(node, number);
    gateway.workFor(node, Duration.ofMinutes(10));
  }

  private void cameToTheSameEnd(String number) {
    PaymentOrder order = gateway.order(number);
    assertThat(order.state()).isEqualTo(OrderState.REFUNDED);
    assertThat(order.refunded()).isEqualTo(REFUND);
    assertThat(order.reserved()).isEqualTo(REFUND);
    owed += OWED;
    assertThat(gateway.payable()).isEqualTo(owed);
    String ofOrder = " where payment_id = " + order.id();
    assertThat(gateway.sum("select count(*) as n from merchant_notice" + ofOrder)).isEqualTo(2);
    assertThat(gateway.sum("select count(*) as n from payment_case" + ofOrder)).isZero();
  }

  /// Whatever the program was at when it died: what was paid is paid, what was not is closed, and
  /// what was written down of a refund has arrived.
  private void cameToAnEnd(String number) {
    var found = gateway.first().payments.find(number);
    if (found.isEmpty()) {
      assertThat(gateway.wechat.knows(number)).isFalse();
      return;
    }
    PaymentOrder order = found.getFirst();
    assertThat(order.state().isPaid()).isEqualTo(gateway.wechat.hasPaid(number));
    assertThat(order.state().isOpen()).isFalse();
    assertThat(order.reserved()).isEqualTo(order.refunded());
    assertThat(gateway.wechat.returned("42" + number)).isEqualTo(order.refunded());
    boolean late =
        gateway.sum(
                "select count(*) as n from payment_case where kind = 'late_payment' and payment_id = "
                    + order.id())
            > 0;
    if (late) {
      assertThat(order.refunded()).isEqualTo(TOTAL);
    }
  }

  /// To the fen, its own reckoning of fees included.
  private void agreesWithTheChannel() {
    long held = gateway.wechat.holds() - gateway.wechat.fees(TestGateway.FEE_PPM).cents();
    assertThat(gateway.clearing()).isEqualTo(held);
    assertThat(gateway.payable()).isEqualTo(held);
  }
}
