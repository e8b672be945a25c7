package io.yunfu.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.payment.OrderState;
import io.yunfu.gateway.payment.PaymentFilter;
import io.yunfu.gateway.payment.PaymentOrder;
import io.yunfu.gateway.reconcile.Difference;
import io.yunfu.gateway.reconcile.Reconciliation;
import io.yunfu.gateway.reconcile.Reconciliations;
import io.yunfu.kernel.IdSource;
import io.yunfu.server.CpayWorld.Over;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// The whole gateway against the simulator: a day of sales and a refund over each channel, and then
/// its bill, under each of the bill's faults of `channels.md` section 7.7. Each ends in the class
/// that section 8.3 gives it. Each test has a day of its own.
class BillsIT {
  private static final ZoneOffset BEIJING = ZoneOffset.ofHours(8);

  private static CpayWorld world;
  private static Reconciliations bills;
  private LocalDate day;

  @BeforeAll
  static void start() throws Exception {
    world = CpayTime.world();
    bills = world.server.running().gateway().orElseThrow().reconciliations();
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @BeforeEach
  void it_is_the_noon_of_a_new_day() throws Exception {
    var now = world.sandbox.clock().now().atOffset(BEIJING);
    day = now.toLocalDate().plusDays(1);
    advanceTo(day, LocalTime.NOON);
  }

  @AfterEach
  void the_channel_is_well() {
    world.sandbox.faults().clear();
    assertThat(world.sandbox.proof().holds()).as("the channel's books balance").isTrue();
  }

  @ParameterizedTest
  @EnumSource(Over.class)
  void the_books_are_the_channel_s_summary_to_the_fen(Over over) throws Exception {
    sell(over, 2590);
    refund(sell(over, 2590), 590);
    sell(over, 2590);
    var read = read(over);
    assertThat(read.state()).isEqualTo(Reconciliation.State.READ);
    assertThat(differences(read)).isEmpty();
    assertThat(read.isClosed()).isTrue();
    var sums = read.sums().orElseThrow();
    assertThat(sums.rows()).isEqualTo(4);
    var totals = bills.totals(read.id());
    assertThat(totals).hasSize(1);
    var sub = totals.getFirst();
    assertThat(sub.bookedPaid() - sub.bookedRefunded())
        .isEqualTo(sums.amount())
        .isEqualTo(3 * 2590 - 590);
    assertThat(sub.fee()).isEqualTo(sums.fee());
    assertThat(sub.net()).as("what the channel owes for the day").isEqualTo(net(over));
  }

  @ParameterizedTest
  @EnumSource(Over.class)
  void a_payment_that_nobody_told_of_is_found_by_the_bill(Over over) throws Exception {
    world.sandbox.faults().add("{'channel':'%s','effect':'notify_drop'}".formatted(over.channel()));
    String query = over == Over.WECHAT ? "orderquery" : "alipay.trade.query";
    world
        .sandbox
        .faults()
        .add(
            "{'channel':'%s','op':'%s','effect':{'kind':'http','status':502}}"
                .formatted(over.channel(), query));
    String number = world.number();
    world.paid(over, world.call("official_account_pay", world.pay(over, number, 2590)));
    advanceTo(day.plusDays(1), LocalTime.of(10, 30)); // and its looks come to nothing
    assertThat(order(number).state()).isEqualTo(OrderState.WAITING);
    world.sandbox.faults().clear();
    bills.round();
    assertThat(order(number).state()).isEqualTo(OrderState.PAID);
    var found = differences(read(over));
    assertThat(found).extracting(Difference::kind).containsExactly(Difference.Kind.B1);
    assertThat(found.getFirst().state()).isEqualTo(Difference.State.SETTLED);
    assertThat(read(over).isClosed()).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    // The summary stays that of the right lines, so that the whole is refused.
    "WECHAT,missing_row,UNUSABLE,",
    "WECHAT,extra_row,UNUSABLE,",
    "WECHAT,amount,UNUSABLE,",
    "WECHAT,duplicate,UNUSABLE,",
    "WECHAT,summary_wrong,UNUSABLE,",
    "WECHAT,status,READ,D3",
    "WECHAT,no_bill,DUE,",
    "WECHAT,late,DUE,",
    "WECHAT,comma_in_name,READ,",
    "WECHAT,backtick_in_name,READ,",
    "WECHAT,newline_in_name,READ,",
    "WECHAT,no_bom,READ,",
    "WECHAT,lf,READ,",
    "WECHAT,gbk_name,READ,",
    // The sums follow, so that the lines are held against the books.
    "ALIPAY,missing_row,READ,C1",
    "ALIPAY,extra_row,READ,B2",
    "ALIPAY,amount,READ,D1",
    "ALIPAY,duplicate,READ,E1",
    "ALIPAY,status,READ,D3",
    "ALIPAY,summary_wrong,UNUSABLE,",
    "ALIPAY,no_bill,DUE,",
    "ALIPAY,late,DUE,",
    "ALIPAY,comma_in_name,READ,",
    "ALIPAY,backtick_in_name,READ,",
    "ALIPAY,newline_in_name,READ,",
    "ALIPAY,bom,READ,",
    "ALIPAY,lf,READ,",
    "ALIPAY,gbk_name,READ,",
  })
  void each_fault_of_a_bill_ends_in_its_class(
      Over over, String fault, Reconciliation.State state, String kind) throws Exception {
    String number = sell(over, 2590);
    refund(number, 590);
    world
        .sandbox
        .faults()
        .add(
            "{'channel':'%s','effect':{'kind':'bill','fault':'%s'}}"
                .formatted(over.channel(), fault));
    var read = read(over);
    assertThat(world.sandbox.faults().log()).as("the fault took place").isNotEmpty();
    assertThat(read.state()).isEqualTo(state);
    var found =
        differences(read).stream()
            .map(Difference::kind)
            .filter(one -> one != Difference.Kind.G) // of a row whose amount is another
            .toList();
    assertThat(found).isEqualTo(kind == null ? List.of() : List.of(Difference.Kind.valueOf(kind)));
    assertThat(read.isClosed()).isEqualTo(state == Reconciliation.State.READ && kind == null);
    assertThat(order(number).refunded()).as("nothing goes back by itself").isEqualTo(590);
  }

  /// @return the number of the order, which is paid
  private static String sell(Over over, int fen) throws Exception {
    String number = world.number();
    world.paid(over, world.call("official_account_pay", world.pay(over, number, fen)));
    pass(Duration.ofSeconds(1));
    assertThat(order(number).state()).isEqualTo(OrderState.PAID);
    return number;
  }

  private static void refund(String number, int fen) throws Exception {
    pass(Duration.ofMinutes(2));
    world.call("refund", CpayWorld.refund(number, "R", fen));
    pass(Duration.ofMinutes(10));
    assertThat(order(number).refunded()).isEqualTo(fen);
  }

  /// The morning after, when bills are there.
  private Reconciliation read(Over over) throws Exception {
    if (world.sandbox.clock().now().isBefore(at(day.plusDays(1), LocalTime.of(10, 30)))) {
      advanceTo(day.plusDays(1), LocalTime.of(10, 30));
      bills.round();
    }
    var filter =
        new Reconciliation.Filter(
            Optional.of(over == Over.WECHAT ? PayPlatform.WECHAT : PayPlatform.ALIPAY),
            Optional.empty(),
            Optional.of(day),
            Optional.empty(),
            false);
    var merchant =
        world
            .server
            .running()
            .gateway()
            .orElseThrow()
            .merchants()
            .find(CpayWorld.SUB)
            .orElseThrow();
    return bills.list(filter, Optional.empty(), 10).stream()
        .filter(one -> IdSource.cellOf(one.id()).equals(merchant.cell()))
        .findFirst()
        .orElseThrow();
  }

  private static List<Difference> differences(Reconciliation one) {
    return bills.differences(one.id(), false, 0, 100);
  }

  /// By our books, for the orders of the day.
  private long net(Over over) {
    var platform = over == Over.WECHAT ? PayPlatform.WECHAT : PayPlatform.ALIPAY;
    var payments = world.server.running().gateway().orElseThrow().payments();
    return payments.list(PaymentFilter.<OrderState>all(), Optional.empty(), 1000).stream()
        .filter(one -> one.platform() == platform)
        .filter(
            one -> one.paidAt().filter(at -> !at.isBefore(at(day, LocalTime.MIDNIGHT))).isPresent())
        .mapToLong(one -> one.total().cents() - one.refunded() - one.fee())
        .sum();
  }

  private static PaymentOrder order(String number) {
    return world.server.running().gateway().orElseThrow().payments().find(number).getFirst();
  }

  private static void advanceTo(LocalDate day, LocalTime time) throws Exception {
    pass(Duration.between(world.sandbox.clock().now(), at(day, time)));
  }

  private static void pass(Duration time) throws Exception {
    CpayTime.of(world).pass(time);
  }

  private static Instant at(LocalDate day, LocalTime time) {
    return day.atTime(time).toInstant(BEIJING);
  }
}
