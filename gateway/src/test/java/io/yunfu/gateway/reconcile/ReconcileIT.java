package io.yunfu.gateway.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.channel.Bill;
import io.yunfu.gateway.channel.BillRow;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.gateway.payment.OrderState;
import io.yunfu.gateway.payment.PaymentCase;
import io.yunfu.gateway.payment.PaymentFilter;
import io.yunfu.gateway.payment.RefundState;
import io.yunfu.gateway.payment.TestGateway;
import io.yunfu.gateway.reconcile.Difference.Kind;
import io.yunfu.gateway.reconcile.Reconciliation.State;
import io.yunfu.kernel.Money;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bills against books, over a fake WeChat Pay: each class of `channels.md` section 8.3 with what
/// follows from it. The first day is the first of March in Beijing.
class ReconcileIT {
  private static final LocalDate DAY = LocalDate.of(2026, 3, 1);
  private static final String ORDER = "gz0200abcd0001";
  private static final String OTHER = "gz0200abcd0002";
  private static final String REFUND = "gz0200abcdR001";

  private TestGateway gateway;
  private TestGateway.Node node;
  private Reconciliations bills;

  @BeforeEach
  void start() {
    gateway = new TestGateway(Optional.of(URI.create("https://merchant.example.test/told")));
    node = gateway.first();
    bills = gateway.reconciliations(node);
  }

  @AfterEach
  void the_books_hold() {
    assertThat(gateway.findings()).isEmpty();
    gateway.close();
  }

  @Test
  void a_day_that_is_equal_is_closed_and_comes_to_the_bill_s_own_sums() {
    pay(ORDER, 10_000);
    pay(OTHER, 333);
    refund(ORDER, REFUND, 4_000);
    write(DAY, payment(ORDER, 10_000), payment(OTHER, 333), refunded(ORDER, REFUND, 4_000));
    run(DAY);
    var day = day(DAY);
    assertThat(day.state()).isEqualTo(State.READ);
    assertThat(day.isClosed()).isTrue();
    assertThat(differences(DAY)).isEmpty();
    assertThat(cases()).isEmpty();
    var totals = bills.totals(day.id());
    assertThat(totals).hasSize(1);
    var sub = totals.getFirst();
    assertThat(sub.merchant()).contains(gateway.merchant(node).number());
    assertThat(sub.payments()).isEqualTo(2);
    assertThat(sub.refunds()).isEqualTo(1);
    assertThat(sub.paid() - sub.refunded()).isEqualTo(day.sums().orElseThrow().amount());
    assertThat(sub.fee()).isEqualTo(day.sums().orElseThrow().fee());
    assertThat(sub.bookedPaid()).isEqualTo(sub.paid());
    assertThat(sub.bookedRefunded()).isEqualTo(sub.refunded());
    assertThat(sub.net()).as("what is owed to the merchant").isEqualTo(gateway.payable());
  }

  @Test
  void b1_a_payment_whose_notice_was_lost_is_found_by_its_bill_once() {
    gateway.place(node, ORDER, 100);
    gateway.wechat.pay(ORDER, "t" + ORDER, Money.cny(100), now());
    assertThat(gateway.order(ORDER).state()).isEqualTo(OrderState.WAITING);
    write(DAY, payment(ORDER, 100));
    run(DAY);
    assertThat(gateway.order(ORDER).state()).isEqualTo(OrderState.PAID);
    assertThat(found(DAY, Kind.B1).state()).isEqualTo(Difference.State.SETTLED);
    assertThat(day(DAY).isClosed()).isTrue();
    assertThat(cases()).isEmpty();
    assertThat(notices()).isEqualTo(1);
    assertThat(gateway.payable()).isEqualTo(99);
    again(DAY);
    assertThat(gateway.payable()).isEqualTo(99);
    assertThat(notices()).isEqualTo(1);
  }

  @Test
  void b1_a_payment_of_a_closed_order_is_a_late_one() {
    gateway.place(node, ORDER, 100);
    gateway.workFor(node, Duration.ofMinutes(10));
    assertThat(gateway.order(ORDER).state()).isEqualTo(OrderState.CLOSED);
    gateway.wechat.pay(ORDER, "t" + ORDER, Money.cny(100), now());
    write(DAY, payment(ORDER, 100));
    run(DAY);
    assertThat(gateway.order(ORDER).paidAt()).isPresent();
    assertThat(cases())
        .extracting(PaymentCase::kind)
        .containsExactly(PaymentCase.Kind.LATE_PAYMENT);
    assertThat(found(DAY, Kind.B1).state()).isEqualTo(Difference.State.SETTLED);
  }

  @Test
  void b1_what_the_channel_does_not_confirm_changes_nothing_and_a_person_sees_it() {
    gateway.place(node, ORDER, 100);
    write(DAY, payment(ORDER, 100));
    run(DAY);
    assertThat(gateway.order(ORDER).state()).isEqualTo(OrderState.WAITING);
    assertThat(gateway.payable()).isZero();
    var one = onlyCase(PaymentCase.Kind.BILL_UNCONFIRMED);
    assertThat(one.outTradeNo()).contains(ORDER);
    assertThat(found(DAY, Kind.B1).caseId()).contains(one.id());
    assertThat(day(DAY).isClosed()).isFalse();
    node.payments.closeCase(TestGateway.ANN, one.id(), "a mistake of theirs");
    assertThat(day(DAY).isClosed()).as("decided").isTrue();
  }

  @Test
  void b1_while_the_channel_is_silent_the_day_comes_again() {
    gateway.place(node, ORDER, 100);
    gateway.wechat.pay(ORDER, "t" + ORDER, Money.cny(100), now());
    write(DAY, payment(ORDER, 100));
    gateway.clock.set(morningAfter(DAY));
    gateway.wechat.queriesAreSilent(true);
    bills.round();
    assertThat(gateway.order(ORDER).state()).isEqualTo(OrderState.WAITING);
    assertThat(day(DAY).dueAt()).contains(now().plus(Duration.ofMinutes(15)));
    gateway.wechat.queriesAreSilent(false);
    gateway.clock.advance(Duration.ofMinutes(15));
    bills.round();
    assertThat(gateway.order(ORDER).state()).isEqualTo(OrderState.PAID);
    assertThat(day(DAY).isClosed()).isTrue();
    assertThat(openCases()).isEmpty();
  }

  @Test
  void b1_a_refund_that_nobody_asked_for_here_is_shown() {
    pay(ORDER, 100);
    write(DAY, payment(ORDER, 100), refunded(ORDER, "theirs", 40));
    run(DAY);
    assertThat(found(DAY, Kind.B1).state()).isEqualTo(Difference.State.OPEN);
    assertThat(onlyCase(PaymentCase.Kind.CHANNEL_REFUND).outTradeNo()).contains(ORDER);
  }

  @Test
  void b2_what_nobody_knows_is_shown_and_never_given_back() {
    write(DAY, payment("nobody_knows", 100), refunded("nobody_knows", "nor_this", 1));
    run(DAY);
    assertThat(differences(DAY)).extracting(Difference::kind).containsExactly(Kind.B2, Kind.B2);
    assertThat(cases())
        .hasSize(2)
        .allMatch(one -> one.kind() == PaymentCase.Kind.BILL_UNKNOWN)
        .allMatch(one -> one.payment().isEmpty())
        .allMatch(one -> one.reconciliation().equals(Optional.of(day(DAY).id())));
    assertThat(gateway.sum("select count(*) as n from payment_refund")).isZero();
    assertThat(gateway.sum("select count(*) as n from leg")).isZero();
  }

  @Test
  void c1_a_payment_that_the_channel_denies_is_shown_at_once() {
    pay(ORDER, 100);
    gateway.wechat.forget(ORDER);
    write(DAY);
    run(DAY);
    assertThat(found(DAY, Kind.C1).state()).isEqualTo(Difference.State.OPEN);
    onlyCase(PaymentCase.Kind.BILL_ABSENT);
    assertThat(gateway.order(ORDER).state())
        .as("nothing that is paid becomes unpaid")
        .isEqualTo(OrderState.PAID);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void c1_what_the_channel_confirms_waits_for_the_bill_of_the_next_day(boolean isThere) {
    pay(ORDER, 100);
    write(DAY);
    run(DAY);
    assertThat(found(DAY, Kind.C1).state()).isEqualTo(Difference.State.WAITS);
    assertThat(cases()).isEmpty();
    assertThat(day(DAY).isClosed()).isFalse();
    if (isThere) {
      write(DAY.plusDays(1), payment(ORDER, 100));
    } else {
      write(DAY.plusDays(1));
    }
    run(DAY.plusDays(1));
    assertThat(day(DAY).isClosed()).isEqualTo(isThere);
    if (isThere) {
      assertThat(cases()).isEmpty();
    } else {
      onlyCase(PaymentCase.Kind.BILL_ABSENT);
    }
    assertThat(differences(DAY.plusDays(1))).isEmpty();
  }

  @Test
  void a_payment_that_stood_in_the_bill_of_the_day_before_is_not_looked_for() {
    gateway.clock.set(Beijing.startOf(DAY.plusDays(1)));
    pay(ORDER, 100);
    write(DAY, payment(ORDER, 100));
    write(DAY.plusDays(1));
    run(DAY);
    run(DAY.plusDays(1));
    assertThat(differences(DAY)).isEmpty();
    assertThat(differences(DAY.plusDays(1))).isEmpty();
  }

  @Test
  void c2_a_refund_that_is_in_no_bill_waits_for_the_next_and_is_shown_then() {
    pay(ORDER, 100);
    refund(ORDER, REFUND, 40);
    write(DAY, payment(ORDER, 100));
    run(DAY);
    assertThat(found(DAY, Kind.C2).state()).isEqualTo(Difference.State.WAITS);
    write(DAY.plusDays(1));
    run(DAY.plusDays(1));
    onlyCase(PaymentCase.Kind.BILL_ABSENT);
  }

  @Test
  void d1_another_amount_is_shown() {
    pay(ORDER, 100);
    write(DAY, payment(ORDER, 101));
    run(DAY);
    found(DAY, Kind.D1);
    assertThat(onlyCase(PaymentCase.Kind.BILL_DIFFERS).detail()).contains("101", "100");
  }

  @ParameterizedTest
  @CsvSource({
    "1900000199,wx00000000000000aa,CNY",
    "1900000101,wx00000000000000cc,CNY",
    "1900000101,wx00000000000000aa,USD"
  })
  void d2_another_merchant_app_or_currency_is_shown(String sub, String app, String currency) {
    pay(ORDER, 100);
    write(
        DAY,
        row(BillRow.Kind.PAY, ORDER, "t" + ORDER, "", 100, "SUCCESS", sub, app, currency, 1000));
    run(DAY);
    found(DAY, Kind.D2);
    onlyCase(PaymentCase.Kind.BILL_DIFFERS);
  }

  @Test
  void d3_a_payment_that_the_bill_calls_revoked_is_shown() {
    pay(ORDER, 100);
    write(DAY, row(BillRow.Kind.PAY, ORDER, "t" + ORDER, "", 100, "REVOKED"));
    run(DAY);
    assertThat(differences(DAY)).extracting(Difference::kind).containsExactly(Kind.D3);
    onlyCase(PaymentCase.Kind.BILL_DIFFERS);
  }

  @Test
  void d3_a_payment_that_stands_there_as_a_refund_is_shown_once() {
    pay(ORDER, 100);
    write(DAY, row(BillRow.Kind.REFUND, ORDER, "t" + ORDER, "", 100, "SUCCESS"));
    run(DAY);
    assertThat(differences(DAY)).extracting(Difference::kind).containsExactly(Kind.D3);
  }

  @Test
  void d3_a_refund_that_is_done_there_and_not_here_is_asked_about() {
    pay(ORDER, 100);
    gateway.refund(node, ORDER, REFUND, 40);
    assertThat(refundState(REFUND)).isEqualTo(RefundState.ACCEPTED);
    write(DAY, payment(ORDER, 100), refunded(ORDER, REFUND, 40));
    run(DAY);
    assertThat(refundState(REFUND)).isEqualTo(RefundState.SUCCESS);
    assertThat(found(DAY, Kind.D3).state()).isEqualTo(Difference.State.SETTLED);
    assertThat(day(DAY).isClosed()).isTrue();
  }

  @Test
  void d3_a_refund_that_failed_there_and_is_done_here_is_shown() {
    pay(ORDER, 100);
    refund(ORDER, REFUND, 40);
    write(
        DAY, payment(ORDER, 100), row(BillRow.Kind.REFUND, ORDER, "t" + ORDER, REFUND, 40, "FAIL"));
    run(DAY);
    assertThat(found(DAY, Kind.D3).state()).isEqualTo(Difference.State.OPEN);
    onlyCase(PaymentCase.Kind.BILL_DIFFERS);
  }

  @Test
  void a_refund_that_was_under_way_when_the_bill_was_drawn_up_is_no_difference() {
    pay(ORDER, 100);
    refund(ORDER, REFUND, 40);
    write(
        DAY,
        payment(ORDER, 100),
        row(BillRow.Kind.REFUND, ORDER, "t" + ORDER, REFUND, 40, "PROCESSING"));
    run(DAY);
    assertThat(differences(DAY)).isEmpty();
  }

  @Test
  void e1_a_second_payment_goes_back_once() {
    pay(ORDER, 100);
    gateway.wechat.pay(ORDER, "second", Money.cny(100), now());
    write(DAY, payment(ORDER, 100), row(BillRow.Kind.PAY, ORDER, "second", "", 100, "SUCCESS"));
    run(DAY);
    again(DAY);
    var one = onlyCase(PaymentCase.Kind.DOUBLE_PAYMENT);
    assertThat(found(DAY, Kind.E1).caseId()).contains(one.id());
    gateway.workFor(node, Duration.ofMinutes(10));
    assertThat(gateway.wechat.returned("second")).isEqualTo(100);
    assertThat(gateway.wechat.returned("t" + ORDER)).isZero();
    assertThat(gateway.sum("select count(*) as n from payment_refund")).isEqualTo(1);
  }

  @Test
  void e1_e2_what_stands_there_twice_is_shown_and_nothing_goes_back() {
    pay(ORDER, 100);
    refund(ORDER, REFUND, 40);
    write(
        DAY,
        payment(ORDER, 100),
        payment(ORDER, 100),
        refunded(ORDER, REFUND, 40),
        refunded(ORDER, REFUND, 40));
    run(DAY);
    assertThat(differences(DAY)).extracting(Difference::kind).containsExactly(Kind.E1, Kind.E2);
    assertThat(cases()).extracting(PaymentCase::kind).containsOnly(PaymentCase.Kind.BILL_DUPLICATE);
    assertThat(gateway.sum("select count(*) as n from payment_refund")).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"60000,0", "61000,0", "59000,0", "61001,1", "58999,1"})
  void g_a_fee_that_is_more_than_a_fen_off_is_noted_and_nothing_else(long fee, int noted) {
    pay(ORDER, 10_000);
    write(
        DAY,
        row(
            BillRow.Kind.PAY,
            ORDER,
            "t" + ORDER,
            "",
            10_000,
            "SUCCESS",
            "1900000101",
            "wx00000000000000aa",
            "CNY",
            fee));
    run(DAY);
    assertThat(differences(DAY))
        .hasSize(noted)
        .allMatch(one -> one.state() == Difference.State.NOTED);
    assertThat(day(DAY).isClosed()).isTrue();
    assertThat(cases()).isEmpty();
  }

  @Test
  void r_a_refund_without_an_end_is_asked_about_every_day() {
    pay(ORDER, 100);
    gateway.wechat.refundsEndAs(RefundReport.State.PROCESSING);
    gateway.refund(node, ORDER, REFUND, 40);
    for (int i = 0; i < 5; i++) {
      write(DAY.plusDays(i));
    }
    write(
        DAY,
        payment(ORDER, 100),
        row(BillRow.Kind.REFUND, ORDER, "t" + ORDER, REFUND, 40, "PROCESSING"));
    for (int i = 0; i < 4; i++) {
      run(DAY.plusDays(i));
    }
    assertThat(differences(DAY.plusDays(2))).isEmpty();
    assertThat(found(DAY.plusDays(3), Kind.R).state()).isEqualTo(Difference.State.OPEN);
    gateway.wechat.refundsEndAs(RefundReport.State.SUCCESS);
    run(DAY.plusDays(4));
    assertThat(refundState(REFUND)).isEqualTo(RefundState.SUCCESS);
    assertThat(day(DAY.plusDays(3)).isClosed()).isTrue();
  }

  @Test
  void f_a_bill_that_cannot_be_used_is_refused_as_a_whole_and_asked_for_again() {
    gateway.place(node, ORDER, 100);
    gateway.wechat.pay(ORDER, "t" + ORDER, Money.cny(100), now());
    write(DAY, payment(ORDER, 100), payment("nobody_knows", 1));
    gateway.wechat.bills.say(DAY, new Bill.Unusable("总交易单数 is not the sum of the lines"));
    run(DAY);
    assertThat(day(DAY).state()).isEqualTo(State.UNUSABLE);
    assertThat(gateway.order(ORDER).state()).isEqualTo(OrderState.WAITING);
    assertThat(differences(DAY)).isEmpty();
    assertThat(gateway.sum("select count(*) as n from bill_row")).isZero();
    assertThat(onlyCase(PaymentCase.Kind.BILL_UNUSABLE).detail()).contains("总交易单数");
    assertThat(day(DAY).dueAt()).contains(now().plus(Duration.ofMinutes(15)));
    write(DAY, payment(ORDER, 100));
    gateway.clock.advance(Duration.ofMinutes(15));
    bills.round();
    assertThat(day(DAY).isClosed()).isTrue();
    assertThat(openCases()).isEmpty();
  }

  @Test
  void f_another_bill_of_the_same_day_is_not_believed_until_a_person_says_so() {
    pay(ORDER, 100);
    write(DAY, payment(ORDER, 100));
    run(DAY);
    String hash = day(DAY).sha256().orElseThrow();
    write(DAY, payment(ORDER, 101));
    again(DAY);
    assertThat(day(DAY).state()).isEqualTo(State.CHANGED);
    assertThat(day(DAY).sha256()).contains(hash);
    assertThat(bills.totals(day(DAY).id()).getFirst().paid()).isEqualTo(100);
    onlyCase(PaymentCase.Kind.BILL_UNUSABLE);
    bills.runAgain(TestGateway.ANN, day(DAY).id(), true);
    bills.round();
    assertThat(day(DAY).state()).isEqualTo(State.READ);
    assertThat(bills.totals(day(DAY).id()).getFirst().paid()).isEqualTo(101);
    found(DAY, Kind.D1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_bill_that_does_not_come_is_asked_for_until_the_evening(boolean hasPayment) {
    if (hasPayment) {
      pay(ORDER, 100);
    }
    gateway.clock.set(morningAfter(DAY).minus(Duration.ofMinutes(6))); // 10:04
    bills.round();
    assertThat(bills.list(Reconciliation.Filter.ALL, Optional.empty(), 10))
        .as("the day before at WeChat Pay, and Alipay's, whose bill is to be there")
        .extracting(Reconciliation::day)
        .containsExactlyInAnyOrder(DAY.minusDays(1), DAY);
    gateway.clock.set(morningAfter(DAY));
    while (gateway.clock.instant().isBefore(Beijing.startOf(DAY.plusDays(2)))) {
      bills.round();
      gateway.clock.advance(Duration.ofMinutes(5));
    }
    assertThat(gateway.wechat.bills.asked())
        .as("two days, every quarter of an hour")
        .isBetween(2 * 51, 2 * 53);
    assertThat(day(DAY).state()).isEqualTo(hasPayment ? State.MISSING : State.EMPTY);
    assertThat(day(DAY).isClosed()).isEqualTo(!hasPayment);
    assertThat(openCases()).hasSize(hasPayment ? 1 : 0);
  }

  @Test
  void late_bills_are_counted() {
    gateway.clock.set(morningAfter(DAY));
    bills.round();
    assertThat(bills.open(gateway.cell)).isEqualTo(new OpenReconciliations(0, 0, 0));
    gateway.clock.advance(Duration.ofHours(1));
    bills.round();
    assertThat(bills.open(gateway.cell).late()).as("WeChat Pay's and Alipay's").isEqualTo(2);
    write(DAY, payment("nobody_knows", 1));
    gateway.clock.advance(Duration.ofMinutes(15));
    bills.round();
    assertThat(bills.open(gateway.cell)).isEqualTo(new OpenReconciliations(1, 0, 1));
  }

  @Test
  void a_day_can_be_run_any_number_of_times() {
    pay(ORDER, 100);
    write(DAY, payment(ORDER, 101), payment("nobody_knows", 1));
    run(DAY);
    var first = differences(DAY);
    var cases = cases();
    long legs = gateway.sum("select count(*) as n from leg");
    for (int i = 0; i < 3; i++) {
      again(DAY);
    }
    assertThat(differences(DAY)).isEqualTo(first);
    assertThat(cases()).isEqualTo(cases);
    assertThat(gateway.sum("select count(*) as n from leg")).isEqualTo(legs);
    assertThat(gateway.sum("select count(*) as n from bill_row")).isEqualTo(2);
    assertThat(day(DAY).run()).isEqualTo(4);
  }

  @Test
  void of_several_nodes_one_fetches_a_bill() throws Exception {
    pay(ORDER, 100);
    write(DAY, payment(ORDER, 100));
    gateway.clock.set(morningAfter(DAY));
    bills.round(); // plans, and fetches once
    int before = gateway.wechat.bills.asked();
    bills.runAgain(TestGateway.ANN, day(DAY).id(), false);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> rounds = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        var other = gateway.reconciliations(node);
        rounds.add(threads.submit(other::round));
      }
      for (Future<?> round : rounds) {
        round.get();
      }
    }
    assertThat(gateway.wechat.bills.asked() - before).isEqualTo(1);
    assertThat(day(DAY).isClosed()).isTrue();
  }

  @Test
  void a_bill_of_many_lines_is_read_whole() {
    var rows = new ArrayList<BillRow>();
    for (int i = 0; i < 1_201; i++) {
      rows.add(payment("nobody_knows_" + i, i + 1));
    }
    gateway.wechat.bills.write(DAY, rows);
    run(DAY);
    assertThat(bills.totals(day(DAY).id()).getFirst().payments()).isEqualTo(1_201);
    assertThat(bills.totals(day(DAY).id()).getFirst().paid()).isEqualTo(1_201 * 1_202 / 2);
    assertThat(day(DAY).open()).isEqualTo(1_201);
  }

  @Test
  void days_that_were_slept_through_are_caught_up() {
    write(DAY);
    write(DAY.plusDays(3));
    run(DAY);
    run(DAY.plusDays(3));
    assertThat(
            bills.list(Reconciliation.Filter.ALL, Optional.empty(), 20).stream()
                .filter(one -> one.platform() == PayPlatform.WECHAT)
                .map(Reconciliation::day))
        .containsExactlyInAnyOrder(DAY, DAY.plusDays(1), DAY.plusDays(2), DAY.plusDays(3));
  }

  @Test
  void alipay_has_a_bill_of_each_sub_merchant() {
    gateway.placeAtAlipay(node, ORDER, 100);
    gateway.alipay.pay(ORDER, now());
    var trade = gateway.order(ORDER).transactionId().orElseThrow();
    gateway.alipay.bills.write(
        DAY,
        List.of(
            new BillRow(
                BillRow.Kind.PAY,
                trade,
                ORDER,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "CNY",
                100,
                100,
                1000,
                now(),
                "SUCCESS")));
    run(DAY);
    assertThat(gateway.order(ORDER).state()).isEqualTo(OrderState.PAID);
    var day =
        bills.list(Reconciliation.Filter.ALL, Optional.empty(), 20).stream()
            .filter(one -> one.platform() == PayPlatform.ALIPAY)
            .findFirst()
            .orElseThrow();
    assertThat(day.account()).isEqualTo("2088000000000101");
    assertThat(day.isClosed()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void the_workers_fetch_by_themselves_where_they_are_to(boolean enabled) throws Exception {
    pay(ORDER, 100);
    write(DAY, payment(ORDER, 100));
    gateway.clock.set(morningAfter(DAY));
    try (var running = gateway.reconciliations(node, enabled)) {
      running.start();
      for (int i = 0; i < 600 && enabled && !isRead(); i++) {
        Thread.sleep(50);
      }
    }
    assertThat(isRead()).isEqualTo(enabled);
  }

  private boolean isRead() {
    return bills.list(Reconciliation.Filter.ALL, Optional.empty(), 10).stream()
        .anyMatch(one -> one.state() == State.READ);
  }

  @Test
  void b1_what_stays_unconfirmed_is_asked_about_with_every_later_bill() {
    gateway.place(node, ORDER, 100);
    write(DAY, payment(ORDER, 100));
    run(DAY);
    onlyCase(PaymentCase.Kind.BILL_UNCONFIRMED);
    gateway.wechat.pay(ORDER, "t" + ORDER, Money.cny(100), now());
    write(DAY.plusDays(1));
    run(DAY.plusDays(1));
    assertThat(gateway.order(ORDER).paidAt()).isPresent();
    assertThat(found(DAY, Kind.B1).state()).isEqualTo(Difference.State.SETTLED);
    assertThat(openCases()).isEmpty();
    assertThat(day(DAY).isClosed()).isTrue();
  }

  @Test
  void a_coupon_of_the_merchant_is_in_the_bill_as_it_is_in_the_books() {
    gateway.place(node, ORDER, 1000);
    gateway.payWithCoupon(node, ORDER, "t" + ORDER, 100);
    var usual = payment(ORDER, 1000);
    var settled =
        new BillRow(
            usual.kind(),
            usual.transactionId(),
            usual.outTradeNo(),
            usual.refundId(),
            usual.outRefundNo(),
            usual.subMerchant(),
            usual.appId(),
            usual.currency(),
            1000,
            900,
            5000,
            usual.at(),
            usual.status());
    write(DAY, settled);
    run(DAY);
    assertThat(differences(DAY)).isEmpty();
    var totals = bills.totals(day(DAY).id()).getFirst();
    assertThat(totals.bookedPaid()).isEqualTo(900).isEqualTo(totals.paidSettlement());
    assertThat(totals.net()).isEqualTo(gateway.payable());
    write(DAY, usual);
    bills.runAgain(TestGateway.ANN, day(DAY).id(), true);
    bills.round();
    assertThat(found(DAY, Kind.D1).detail()).contains("settles 1000", "and 900");
  }

  @ParameterizedTest
  @EnumSource(RefundState.class)
  void a_bill_that_says_success_agrees_with_nothing_else(RefundState state) {
    assertThat(Verdict.agree("SUCCESS", state)).isEqualTo(state == RefundState.SUCCESS);
    assertThat(Verdict.agree("FAIL", state)).isEqualTo(state == RefundState.FAILED);
  }

  // --- the day ---------------------------------------------------------------------------------

  private void pay(String number, long fen) {
    gateway.place(node, number, fen);
    gateway.pay(node, number, "t" + number);
  }

  private void refund(String number, String refund, long fen) {
    gateway.refund(node, number, refund, fen);
    gateway.refundNotice(node, number, refund);
    assertThat(refundState(refund)).isEqualTo(RefundState.SUCCESS);
  }

  private RefundState refundState(String refund) {
    var filter =
        new PaymentFilter<RefundState>(
            0, Optional.empty(), Optional.empty(), Optional.of(refund), Optional.empty(), 0);
    return node.payments.listRefunds(filter, Optional.empty(), 1).getFirst().state();
  }

  private void write(LocalDate day, BillRow... rows) {
    gateway.wechat.bills.write(day, List.of(rows));
  }

  private BillRow payment(String number, long fen) {
    return row(BillRow.Kind.PAY, number, "t" + number, "", fen, "SUCCESS");
  }

  private BillRow refunded(String number, String refund, long fen) {
    return row(BillRow.Kind.REFUND, number, "t" + number, refund, fen, "SUCCESS");
  }

  private BillRow row(
      BillRow.Kind kind,
      String number,
      String transaction,
      String refund,
      long fen,
      String status) {
    long fee = Math.round(fen * (TestGateway.FEE_PPM / 1e6)) * 1000;
    return row(
        kind,
        number,
        transaction,
        refund,
        fen,
        status,
        "1900000101",
        "wx00000000000000aa",
        "CNY",
        fee);
  }

  private BillRow row(
      BillRow.Kind kind,
      String number,
      String transaction,
      String refund,
      long fen,
      String status,
      String sub,
      String app,
      String currency,
      long fee) {
    return new BillRow(
        kind,
        transaction,
        number,
        Optional.of("r" + refund).filter(_ -> !refund.isEmpty()),
        Optional.of(refund).filter(text -> !text.isEmpty()),
        Optional.of(sub),
        Optional.of(app),
        currency,
        fen,
        fen,
        fee,
        now(),
        status);
  }

  private Instant now() {
    return gateway.clock.instant();
  }

  private static Instant morningAfter(LocalDate day) {
    return Beijing.startOf(day.plusDays(1)).plus(Duration.ofMinutes(10 * 60 + 10));
  }

  /// The day after, when bills are there.
  private void run(LocalDate day) {
    gateway.clock.set(morningAfter(day));
    bills.round();
  }

  private void again(LocalDate day) {
    assertThat(bills.runAgain(TestGateway.ANN, day(day).id(), false)).isTrue();
    bills.round();
  }

  private Reconciliation day(LocalDate day) {
    var filter =
        new Reconciliation.Filter(
            Optional.of(PayPlatform.WECHAT),
            Optional.empty(),
            Optional.of(day),
            Optional.empty(),
            false);
    return bills.list(filter, Optional.empty(), 1).getFirst();
  }

  private List<Difference> differences(LocalDate day) {
    return bills.differences(day(day).id(), false, 0, 10_000);
  }

  private Difference found(LocalDate day, Kind kind) {
    var found = differences(day).stream().filter(one -> one.kind() == kind).toList();
    assertThat(found).hasSize(1);
    return found.getFirst();
  }

  private List<PaymentCase> cases() {
    return node.payments.cases(
        new PaymentCase.Filter(false, Optional.empty(), 0, 0), Optional.empty(), 10_000);
  }

  private List<PaymentCase> openCases() {
    return node.payments.cases(PaymentCase.Filter.OPEN, Optional.empty(), 10_000);
  }

  private PaymentCase onlyCase(PaymentCase.Kind kind) {
    assertThat(openCases()).extracting(PaymentCase::kind).containsExactly(kind);
    return openCases().getFirst();
  }

  private long notices() {
    return gateway.sum("select count(*) as n from merchant_notice");
  }
}
