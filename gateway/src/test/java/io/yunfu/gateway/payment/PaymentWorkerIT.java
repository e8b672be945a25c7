package io.yunfu.gateway.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.kernel.Money;
import io.yunfu.ledger.Ledger;
import io.yunfu.ledger.Leg;
import io.yunfu.ledger.Pocket;
import io.yunfu.ledger.Posting;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What becomes of orders and refunds that nobody asks about any more.
class PaymentWorkerIT {
  private static final String NUMBER = "gz0200abcd20260301000001";
  private static final int TOTAL = 2590;

  private final TestGateway gateway =
      new TestGateway(Optional.of(URI.create("https://merchant.example.test/paid")));
  private final TestGateway.Node node = gateway.first();

  @AfterEach
  void books_are_in_order() {
    assertThat(gateway.findings()).isEmpty();
    gateway.close();
  }

  @Test
  void an_order_whose_create_was_never_answered_is_closed_after_its_time() {
    gateway.wechat.fallSilent(true);
    gateway.place(node, NUMBER, TOTAL);
    gateway.workFor(node, Duration.ofMinutes(2).plusSeconds(10));
    assertThat(gateway.order(NUMBER).state()).isEqualTo(OrderState.SENT);
    gateway.wechat.fallSilent(false);
    gateway.workFor(node, Duration.ofMinutes(10));
    assertThat(gateway.order(NUMBER).state()).isEqualTo(OrderState.CLOSED);
    assertThat(gateway.wechat.isClosed(NUMBER)).isTrue();
  }

  @Test
  void an_order_that_never_reached_the_channel_is_void_after_its_time() {
    gateway.wechat.goDeaf(true);
    gateway.place(node, NUMBER, TOTAL);
    gateway.workFor(node, Duration.ofMinutes(2).plusSeconds(10));
    gateway.wechat.goDeaf(false);
    gateway.workFor(node, Duration.ofMinutes(10));
    assertThat(gateway.order(NUMBER).state()).isEqualTo(OrderState.VOID);
  }

  @Test
  void an_order_whose_end_is_never_told_is_somebodys_to_look_at_until_it_is() {
    gateway.place(node, NUMBER, TOTAL);
    gateway.wechat.goDeaf(true);
    gateway.workFor(node, Duration.ofHours(6));
    assertThat(unresolved(PaymentCase.Filter.OPEN)).isEmpty();
    gateway.workFor(node, Duration.ofDays(2));
    assertThat(unresolved(PaymentCase.Filter.OPEN)).hasSize(1);
    assertThat(gateway.order(NUMBER).state()).isEqualTo(OrderState.WAITING);
    gateway.wechat.goDeaf(false);
    gateway.workFor(node, Duration.ofHours(7));
    assertThat(gateway.order(NUMBER).state()).isEqualTo(OrderState.CLOSED);
    assertThat(unresolved(PaymentCase.Filter.OPEN)).isEmpty();
    assertThat(
            unresolved(
                new PaymentCase.Filter(false, Optional.of(PaymentCase.Kind.UNRESOLVED), 0, 0)))
        .singleElement()
        .satisfies(one -> assertThat(one.closedBy()).contains("channel"));
  }

  private List<PaymentCase> unresolved(PaymentCase.Filter filter) {
    return node.payments.cases(filter, Optional.empty(), 10);
  }

  @Test
  @Timeout(60) // it would go on for ever
  void a_close_that_the_channel_does_not_answer_is_not_asked_for_again_at_once() {
    gateway.place(node, NUMBER, TOTAL);
    gateway.workFor(node, Duration.ofMinutes(3));
    assertThat(gateway.order(NUMBER).closeDueAt()).isPresent();
    gateway.wechat.goDeaf(true);
    int before = gateway.wechat.queries();
    gateway.workFor(node, Duration.ofMinutes(20));
    assertThat(gateway.wechat.queries() - before).as("looks in 20 minutes").isLessThan(25);
    gateway.wechat.goDeaf(false);
    gateway.workFor(node, Duration.ofMinutes(2));
    assertThat(gateway.wechat.isClosed(NUMBER)).isTrue();
    assertThat(gateway.order(NUMBER).closeDueAt()).isEmpty();
  }

  @Test
  void a_paid_order_is_not_looked_at_any_more_even_if_it_was_just_being_looked_at() {
    gateway.place(node, NUMBER, TOTAL);
    gateway.pay(node, NUMBER, "42000001");
    // A look that began before the payment sets the time of the next one after it.
    Instant next = gateway.clock.instant();
    long id = gateway.order(NUMBER).id();
    gateway.cell.database().execute(tx -> new PaymentStore().lookAgain(tx, id, next));
    gateway.work(node);
    gateway.clock.advance(Duration.ofDays(1));
    assertThat(gateway.work(node)).isZero();
  }

  @Test
  void refunds_of_one_order_are_sent_a_minute_apart_however_many_wait() {
    gateway.place(node, NUMBER, TOTAL);
    gateway.pay(node, NUMBER, "42000001");
    for (int i = 1; i <= 4; i++) {
      assertThat(gateway.refund(node, NUMBER, "R" + i, 100))
          .isInstanceOf(Refunds.Outcome.Taken.class);
    }
    gateway.workFor(node, Duration.ofMinutes(10));
    List<Instant> sent = sentAt();
    assertThat(sent).hasSize(4);
    for (int i = 1; i < sent.size(); i++) {
      assertThat(Duration.between(sent.get(i - 1), sent.get(i)))
          .isGreaterThanOrEqualTo(GatewaySettings.USUAL_REFUND_SPACING);
    }
    assertThat(gateway.order(NUMBER).refunded()).isEqualTo(400);
  }

  private List<Instant> sentAt() {
    var sent = new ArrayList<Instant>();
    for (int i = 1; i <= 4; i++) {
      String number = "R" + i;
      gateway
          .cell
          .database()
          .read(tx -> new RefundStore().byNumber(tx, number))
          .flatMap(Refund::sentAt)
          .ifPresent(sent::add);
    }
    return sent;
  }

  @Test
  void a_full_refund_gives_all_of_the_fee_back_though_the_rate_has_changed() {
    gateway.place(node, NUMBER, TOTAL);
    gateway.pay(node, NUMBER, "42000001");
    assertThat(gateway.payable()).isEqualTo(TOTAL - 16);
    gateway.setFeePpm(3000);
    gateway.refund(node, NUMBER, "R1", 590);
    gateway.refundNotice(node, NUMBER, "R1");
    assertThat(gateway.payable()).isEqualTo(2000 - 12);
    gateway.refund(node, NUMBER, "R2", 2000);
    gateway.workFor(node, Duration.ofMinutes(10));
    assertThat(gateway.order(NUMBER).refunded()).isEqualTo(TOTAL);
    assertThat(gateway.payable()).isZero();
    assertThat(gateway.clearing()).isZero();
  }

  @Test
  void a_top_up_is_credited_once_and_cannot_be_refunded_here() {
    var owner = gateway.owner(700_000_001);
    gateway.place(node, NUMBER, TOTAL, Optional.of(owner));
    gateway.pay(node, NUMBER, "42000001");
    gateway.notice(node, NUMBER);
    assertThat(cash()).isEqualTo(TOTAL);
    assertThat(gateway.refund(node, NUMBER, "R1", 100))
        .isEqualTo(new Refunds.Outcome.NotRefundable());
  }

  @Test
  void the_fee_of_a_top_up_is_the_house_s() {
    gateway.place(node, NUMBER, TOTAL, Optional.of(gateway.owner(700_000_001)));
    gateway.pay(node, NUMBER, "42000001");
    assertThat(cash()).isEqualTo(TOTAL);
    assertThat(of("fees")).isEqualTo(16);
    assertThat(gateway.clearing()).isEqualTo(TOTAL - 16);
    assertThat(gateway.order(NUMBER).fee()).isEqualTo(16);
    assertThat(gateway.payable()).isZero();
  }

  @Test
  void a_top_up_with_a_coupon_of_the_operator_credits_what_was_ordered() {
    gateway.place(node, NUMBER, TOTAL, Optional.of(gateway.owner(700_000_001)));
    gateway.payWithCoupon(node, NUMBER, "42000001", 500);
    assertThat(cash()).isEqualTo(TOTAL);
    assertThat(of("gift")).isEqualTo(500);
    assertThat(of("fees")).isEqualTo(13); // of 2090
    assertThat(gateway.clearing()).isEqualTo(2090 - 13);
  }

  @Test
  void a_top_up_repays_a_debt_with_the_channel_s_money_and_then_with_the_coupon() {
    var owner = gateway.owner(700_000_001);
    var spent =
        new Leg(Pocket.of(owner, Pocket.Kind.OWE), Pocket.House.REVENUE, Money.cny(2200), "");
    gateway
        .cell
        .database()
        .execute(tx -> {
          tx.update("update account set credit_limit = 5000");
          long id = gateway.cell.ids().next();
          new Ledger()
              .post(
                  tx,
                  List.of(
                      new Posting(
                          id,
                          Posting.Kind.DEDUCT,
                          "operator:ann",
                          "r1",
                          "",
                          TestGateway.NOW,
                          List.of(spent))));
        });
    gateway.place(node, NUMBER, TOTAL, Optional.of(owner));
    gateway.payWithCoupon(node, NUMBER, "42000001", 500);
    assertThat(cash()).isEqualTo(390);
  }

  private long cash() {
    return gateway.sum("select coalesce(sum(cash), 0) as n from account");
  }

  private long of(String pocket) {
    return gateway.sum(
        "select coalesce(sum(amount), 0) as n from entry where uin = 0 and pocket = '%s'"
            .formatted(pocket));
  }

  @Test
  void with_a_coupon_of_the_merchant_the_books_show_what_the_channel_owes_and_takes_back() {
    gateway.place(node, NUMBER, TOTAL);
    gateway.payWithCoupon(node, NUMBER, "42000001", 500);
    assertThat(gateway.payable()).isEqualTo(2090 - 13);
    assertThat(gateway.clearing()).isEqualTo(2090 - 13);
    long before = 2090;
    int n = 0;
    // Of 590 fen the coupon gets 113.9, of 591 all in all 114.09.
    for (long[] step : new long[][] {{590, 2090 - 477}, {1, 2090 - 477}, {1999, 0}}) {
      gateway.refund(node, NUMBER, "R" + ++n, step[0]);
      gateway.workFor(node, Duration.ofMinutes(5));
      long left = step[1];
      assertThat(gateway.order(NUMBER).settlementRefunded()).isEqualTo(2090 - left);
      assertThat(gateway.clearing()).isEqualTo(left - Fees.of(left, TestGateway.FEE_PPM));
      assertThat(gateway.clearing())
          .isEqualTo(gateway.wechat.holds() - gateway.wechat.fees(TestGateway.FEE_PPM).cents());
      assertThat(left).isLessThanOrEqualTo(before);
      before = left;
    }
    assertThat(gateway.order(NUMBER).refunded()).isEqualTo(TOTAL);
    assertThat(gateway.payable()).isZero();
  }

  @Test
  void a_settlement_above_the_total_is_a_person_s_to_look_at() {
    gateway.place(node, NUMBER, TOTAL);
    gateway.payWithCoupon(node, NUMBER, "42000001", -1);
    assertThat(gateway.order(NUMBER).state()).isEqualTo(OrderState.WAITING);
    assertThat(node.payments.cases(PaymentCase.Filter.OPEN, Optional.empty(), 10))
        .extracting(PaymentCase::kind)
        .containsExactly(PaymentCase.Kind.MISMATCH);
  }
}
