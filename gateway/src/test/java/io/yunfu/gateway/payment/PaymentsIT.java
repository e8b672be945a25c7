package io.yunfu.gateway.payment;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.TestDatabase;
import io.yunfu.gateway.FakeConnector;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.CreateOrder.WechatExtras;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.channel.Payer;
import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.gateway.merchant.ChannelCredentials;
import io.yunfu.gateway.merchant.ManageMerchants;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.merchant.PlacedSubMerchant;
import io.yunfu.gateway.merchant.ShopId;
import io.yunfu.gateway.merchant.SubMerchantId;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Secret;
import io.yunfu.ledger.Finding;
import io.yunfu.ledger.LedgerAuditStore;
import io.yunfu.ledger.Pocket;
import io.yunfu.operator.MasterKey;
import io.yunfu.operator.Operator;
import io.yunfu.testkit.ManualClock;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Orders and refunds on the real database, with a channel in memory: whichever way the channel is
/// heard, money moves once.
class PaymentsIT {
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final Operator ANN = new Operator("ann", "request-1");
  private static final Money TOTAL = Money.cny(2590);
  private static final String NUMBER = "gz0200abcd20260301000001";

  private final Cells cells = TestDatabase.cells();
  private final ManualClock clock = new ManualClock(NOW);
  private final FakeConnector channel = new FakeConnector();
  private final MasterKey masterKey = MasterKey.of(new byte[MasterKey.BYTES]);

  /// So that every lookup is fresh.
  private long ticks;

  private final Merchants merchants =
      new Merchants(cells, masterKey, clock, () -> ticks += Duration.ofSeconds(5).toNanos());

  private final Payments payments =
      new Payments(
          cells,
          merchants,
          Map.of(PayPlatform.WECHAT, channel),
          GatewaySettings.at(URI.create("https://gw.example.test")),
          clock);

  private final ManageMerchants manage =
      new ManageMerchants(
          cells, masterKey, clock, RandomGeneratorFactory.of("L64X128MixRandom").create(7), "gz02");

  private final SubMerchantId sub = new SubMerchantId("gz02Hs4Lt9bYc6FuE2jD");
  private final ShopId shop = new ShopId("gz02Wd5Rf1kPv0NqC8xB");

  @BeforeEach
  void a_merchant_is_there() {
    var notices =
        new Merchant.NoticeSettings(
            Optional.of(URI.create("https://merchant.example.test/paid")),
            Merchant.NoticeKey.PROVIDER,
            Merchant.Acknowledgement.HTTP_200,
            true,
            Merchant.Schedule.STANDARD);
    var provider =
        manage
            .create(
                ANN,
                new ManageMerchants.NewProvider(
                    Optional.empty(), "Provider", Optional.empty(), notices, Optional.empty()))
            .orThrow()
            .merchant();
    var usual = PlacedSubMerchant.Settings.of("gz0200abcd");
    var settings =
        new PlacedSubMerchant.Settings(
            usual.prefixes(),
            true,
            Optional.empty(),
            usual.defaultExpiry(),
            Optional.empty(),
            false,
            false,
            6000,
            Merchant.LatePayment.REFUND);
    manage
        .create(
            ANN,
            new ManageMerchants.NewSubMerchant(
                provider.id(), Optional.of(sub), "Sub", Optional.empty(), settings))
        .orThrow();
    manage
        .create(ANN, new ManageMerchants.NewShop(sub, Optional.of(shop), "Shop", "1", List.of()))
        .orThrow();
    manage
        .setAccount(
            ANN,
            provider.id(),
            new ChannelCredentials.WechatProvider(
                "1900000001",
                List.of("wx00000000000000aa"),
                Secret.of("0123456789abcdefghijklmnopqrstuv"),
                ChannelAccount.SignType.MD5,
                Optional.empty()))
        .orThrow();
    manage
        .setAccount(
            ANN,
            sub,
            new ChannelCredentials.WechatSubMerchant("1900000101", List.of("wx00000000000000bb")))
        .orThrow();
  }

  @AfterEach
  void books_are_in_order() {
    for (Cell cell : cells.all()) {
      List<Finding> findings = cell.database().snapshot(new LedgerAuditStore()::findings);
      assertThat(findings).isEmpty();
    }
    payments.close();
    cells.close();
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
    assertThat(place(NUMBER, TOTAL)).isEqualTo(new PlaceOrder.Outcome.Unknown());
    assertThat(order().isTransforming()).isTrue();
    channel.fallSilent(false);
    assertThat(place(NUMBER, TOTAL)).isInstanceOf(PlaceOrder.Outcome.Waiting.class);
    assertThat(order().isTransforming()).isFalse();
  }

  @Test
  void a_payment_is_posted_once_however_often_and_however_it_is_heard() throws Exception {
    place(NUMBER, TOTAL);
    channel.pay(NUMBER, "42000001", TOTAL, NOW);
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
    channel.pay(NUMBER, "42000001", Money.cny(1), NOW);
    assertThat(notice(("forged about " + NUMBER).getBytes(UTF_8))).isFalse();
    assertThat(payments.cases(true, Optional.empty(), Long.MAX_VALUE, 10)).isEmpty();
    assertThat(notice(FakeConnector.notice(NUMBER))).isTrue();
    assertThat(order().state()).isEqualTo(OrderState.WAITING);
    assertThat(payable()).isZero();
    assertThat(payments.cases(true, Optional.empty(), Long.MAX_VALUE, 10))
        .singleElement()
        .satisfies(one -> assertThat(one.kind()).isEqualTo(PaymentCase.Kind.MISMATCH));
  }

  @Test
  void refunds_take_what_is_left_and_no_more_and_the_books_follow() throws Exception {
    place(NUMBER, TOTAL);
    channel.pay(NUMBER, "42000001", TOTAL, NOW);
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
    channel.pay(NUMBER, "42000001", TOTAL, NOW);
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
    assertThat(payments.cases(true, Optional.empty(), Long.MAX_VALUE, 10))
        .singleElement()
        .satisfies(one -> assertThat(one.kind()).isEqualTo(PaymentCase.Kind.LATE_PAYMENT));
    work();
    clock.advance(Duration.ofMinutes(2));
    work();
    assertThat(order().refunded()).isEqualTo(2590);
    assertThat(payable()).isZero();
  }

  @Test
  void a_payment_in_time_that_is_heard_of_late_is_no_late_payment() throws Exception {
    place(NUMBER, TOTAL);
    clock.advance(Duration.ofMinutes(3));
    work();
    channel.pay(NUMBER, "42000001", TOTAL, NOW.plusSeconds(60));
    notice(FakeConnector.notice(NUMBER));
    assertThat(order().state()).isEqualTo(OrderState.PAID);
    assertThat(payments.cases(true, Optional.empty(), Long.MAX_VALUE, 10)).isEmpty();
  }

  @Test
  void a_close_is_repeatable_and_never_takes_a_payment_away() {
    place(NUMBER, TOTAL);
    var closed = new FollowOrder.CloseOutcome.Closed();
    assertThat(payments.follow().close(merchant(), NUMBER)).isEqualTo(closed);
    assertThat(payments.follow().close(merchant(), NUMBER)).isEqualTo(closed);
    String other = NUMBER.replace("001", "002");
    place(other, TOTAL);
    channel.pay(other, "42000002", TOTAL, NOW);
    assertThat(payments.follow().close(merchant(), other))
        .isEqualTo(new FollowOrder.CloseOutcome.AlreadyPaid());
    assertThat(payments.follow().close(merchant(), "gz0200abcd-none"))
        .isEqualTo(new FollowOrder.CloseOutcome.NoSuchOrder());
  }

  @Test
  void a_second_payment_of_one_order_goes_back_and_a_person_sees_it() throws Exception {
    place(NUMBER, TOTAL);
    channel.pay(NUMBER, "42000001", TOTAL, NOW);
    notice(FakeConnector.notice(NUMBER));
    channel.pay(NUMBER, "42000002", TOTAL, NOW);
    notice(FakeConnector.notice(NUMBER));
    notice(FakeConnector.notice(NUMBER));
    assertThat(payments.cases(true, Optional.empty(), Long.MAX_VALUE, 10))
        .singleElement()
        .satisfies(one -> assertThat(one.kind()).isEqualTo(PaymentCase.Kind.DOUBLE_PAYMENT));
    work();
    clock.advance(Duration.ofMinutes(2));
    work();
    assertThat(payments.listRefunds(0, Optional.of(RefundState.SUCCESS), Long.MAX_VALUE, 10))
        .hasSize(1);
    assertThat(order().refunded()).isZero();
    assertThat(payable()).isEqualTo(-(2590 - 16));
  }

  private PlaceOrder.Outcome place(String number, Money total) {
    return payments
        .place()
        .place(
            new PlaceOrder.Command(
                merchant(),
                shop,
                PayPlatform.WECHAT,
                100,
                number,
                total,
                Optional.empty(),
                Optional.of("goods"),
                "",
                "",
                WechatExtras.NONE,
                Optional.empty(),
                Optional.empty(),
                new Payer.WechatUser(Optional.empty(), Optional.of("oTest")),
                terminal(),
                "nonce",
                Optional.empty()));
  }

  private Refunds.Outcome refund(String number, long fen) {
    return payments
        .refunds()
        .refund(
            new Refunds.Command(
                merchant(),
                NUMBER,
                number,
                TOTAL,
                Money.cny(fen),
                new RefundDetails(
                    "", Optional.empty(), Optional.empty(), terminal(), "nonce", false)));
  }

  private static OrderDetails.Terminal terminal() {
    return new OrderDetails.Terminal(
        Optional.empty(),
        Optional.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty(),
        "198.51.100.7",
        Optional.empty());
  }

  private boolean notice(byte[] body) {
    var address = new NoticeAddress(PayPlatform.WECHAT, ChannelNotice.Kind.PAYMENT, order().id());
    return payments.notices().hear(address, body).orElseThrow().taken();
  }

  /// What workers do by themselves, once and to its end.
  private void work() {
    for (Cell cell : cells.all()) {
      var now = clock.instant();
      var store = new PaymentStore();
      cell.database()
          .inTransaction(tx -> store.claim(tx, now, now.plusSeconds(90), 100))
          .forEach(id -> payments.workers().get(cell.id().value()).workOrder(id));
      var refunds = new RefundStore();
      cell.database()
          .inTransaction(tx -> refunds.claim(tx, now, now.plusSeconds(90), 100))
          .forEach(one -> payments.workers().get(cell.id().value()).workRefund(one));
    }
  }

  private PaymentOrder order() {
    return payments.find(NUMBER).getFirst();
  }

  private Merchant merchant() {
    return merchants.find(sub).orElseThrow();
  }

  /// As an entry: what is owed to the merchant is below zero.
  private long payable() {
    var pocket = new Pocket.Payable(merchant().number());
    return sums(
        "select coalesce(sum(amount), 0) as n from entry where uin = %d and pocket = '%s'"
            .formatted(pocket.uin(), pocket.code()));
  }

  private long notices() {
    return sums("select count(*) as n from merchant_notice");
  }

  private long sums(String sql) {
    return cells.all().stream()
        .mapToLong(
            cell -> cell.database().read(tx -> tx.query(sql, row -> row.longAt("n"))).getFirst())
        .sum();
  }
}
