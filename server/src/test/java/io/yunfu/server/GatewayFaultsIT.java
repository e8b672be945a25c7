package io.yunfu.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.db.Cell;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.payment.OrderState;
import io.yunfu.gateway.payment.PaymentCase;
import io.yunfu.gateway.payment.PaymentFilter;
import io.yunfu.gateway.payment.PaymentOrder;
import io.yunfu.gateway.payment.Payments;
import io.yunfu.gateway.payment.Refund;
import io.yunfu.gateway.payment.RefundFacts;
import io.yunfu.gateway.payment.RefundState;
import io.yunfu.kernel.Money;
import io.yunfu.server.CpayWorld.Over;
import io.yunfu.server.api.cpay.SignedText.Answer;
import io.yunfu.simulator.channel.Payment.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The whole gateway while its channels misbehave: a server as `serve` wires it, on the real
/// database and over real sockets, and the simulator with one fault at each order, then with a
/// random mix of them. The server's clock is the simulator's, which is moved by hand.
///
/// However it went: at the end every order and every refund is final or has a case that a person
/// sees, the channels' books and ours agree to the fen, fees and coupons included, the merchant has
/// heard once of each payment and of each refund that it asked for, and of nothing else, and no
/// audit rule is broken. Source: `channels.md` sections 7.7 and 9 (S10, S14).
///
/// Two merchants in two cells sell: at WeChat Pay one signs with MD5, the other with HMAC-SHA256.
///
/// Left out of that table: `bill`, since it is about files and no payment depends on them; `v3
/// signtest`, since v3 is not spoken.
class GatewayFaultsIT {
  private static final int TOTAL = 2590;
  private static final int PART = 590;

  /// Part of a payment is a coupon of the merchant, at every third order.
  private static final int COUPON = 500;

  /// Refunds whose answer is lost, at each channel.
  private static final int LOST_REFUNDS = 50;

  /// What a transaction is called that a notice speaks of and the channel never made.
  private static final String FOREIGN = "second";

  private static final JsonMapper JSON = new JsonMapper();

  private static final AtomicInteger TURN = new AtomicInteger();

  private static CpayWorld world;
  private static CpayTime time;

  /// Where an order meets its fault.
  private enum At {
    CREATE,
    /// No notice arrives, so that only a look tells of the payment.
    QUERY,
    /// Nobody pays.
    CLOSE,
    REFUND,
    QUERY_REFUND,
    /// At the payment and all that is told of it.
    EVENTS,
    /// Paid when its time is over.
    LATE,
    /// Made while the channel does not listen.
    UNHEARD;

    static final List<At> CALLS = List.of(CREATE, QUERY, CLOSE, REFUND, QUERY_REFUND);

    boolean isPaidInTime() {
      return this != CLOSE && this != LATE;
    }

    /// The channel's name of the call; null where a fault does not meet one.
    @Nullable String operation(Over over) {
      boolean isWechat = over == Over.WECHAT;
      return switch (this) {
        case CREATE -> isWechat ? "unifiedorder" : "alipay.trade.create";
        case QUERY -> isWechat ? "orderquery" : "alipay.trade.query";
        case CLOSE -> isWechat ? "closeorder" : "alipay.trade.close";
        case REFUND -> isWechat ? "refund" : "alipay.trade.refund";
        case QUERY_REFUND -> isWechat ? "refundquery" : "alipay.trade.fastpay.refund.query";
        case EVENTS, LATE, UNHEARD -> null;
      };
    }
  }

  /// One order and what goes wrong with it.
  private static final class Sale {
    final Over over;
    final At at;
    final String effect;
    final String number;
    final boolean coupon;
    volatile @Nullable String reference;

    Sale(Over over, At at, String effect, String number) {
      this.over = over;
      this.at = at;
      this.effect = effect;
      this.number = number;
      this.coupon = number.hashCode() % 3 == 0;
    }

    /// The rule, with the order's number; a call goes wrong twice, an event as long as it lasts.
    void misbehave() {
      String operation = at.operation(over);
      world
          .sandbox
          .faults()
          .add(
              "{'channel':'%s',%s'match':{'number':'%s'},'times':%d,'effect':%s}"
                  .formatted(
                      over.channel(),
                      operation == null ? "" : "'op':'" + operation + "',",
                      number,
                      operation == null ? 0 : 2,
                      effect.replace("%s", number)));
      if (at == At.QUERY || at == At.QUERY_REFUND) {
        world
            .sandbox
            .faults()
            .add(
                "{'channel':'%s','match':{'number':'%s'},'effect':'notify_drop'}"
                    .formatted(over.channel(), number));
      }
      if (at == At.QUERY_REFUND) { // which nobody asks for when the answer to the refund arrives
        world
            .sandbox
            .faults()
            .add(
                "{'channel':'%s','op':'%s','match':{'number':'%s'},'times':2,'effect':'reset_after'}"
                    .formatted(over.channel(), At.REFUND.operation(over), number));
      }
    }

    @Override
    public String toString() {
      return over.channel() + " " + at + " " + effect;
    }
  }

  @BeforeAll
  static void start() throws Exception {
    world = CpayTime.world();
    time = CpayTime.of(world);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @TestFactory
  Stream<DynamicTest> one_fault_at_a_time_ends_well() throws Exception {
    List<Sale> sales = sales();
    sales.addAll(unheard());
    sales.stream().filter(sale -> sale.at != At.UNHEARD).forEach(Sale::misbehave);
    together(sales, GatewayFaultsIT::place);
    together(
        sales,
        sale -> {
          if (sale.at.isPaidInTime() && !sale.effect.equals(At.CLOSE.name())) {
            pay(sale);
          }
        });
    time.pass(Duration.ofSeconds(11));
    time.pass(Duration.ofSeconds(10));
    together(
        sales,
        sale -> {
          if (sale.at == At.CLOSE) {
            close(sale);
          } else if (sale.at.isPaidInTime()) {
            refund(sale.number, 1, PART);
          }
        });
    time.pass(Duration.ofSeconds(11));
    time.pass(Duration.ofSeconds(60));
    time.pass(Duration.ofMinutes(6));
    together(
        sales,
        sale -> {
          if (sale.at == At.LATE) {
            pay(sale);
          }
        });
    time.pass(Duration.ofSeconds(11));
    becomeWell();
    Map<String, Long> told = told();
    return Stream.concat(
        sales.stream()
            .map(sale ->
                DynamicTest.dynamicTest(
                    sale.toString(),
                    () -> {
                      assertThat(seen(sale)).as("the fault took place").isTrue();
                      ends(sale, told);
                    })),
        Stream.of(
            DynamicTest.dynamicTest("books", GatewayFaultsIT::the_books_agree),
            DynamicTest.dynamicTest("audit", GatewayFaultsIT::no_rule_is_broken)));
  }

  /// Orders that meet a channel which does not listen, each in another call; that concerns all
  /// orders of a channel, so these come first.
  private static List<Sale> unheard() throws Exception {
    List<Sale> all = new ArrayList<>();
    for (Over over : Over.values()) {
      for (At at : At.CALLS) {
        all.add(sale(over, At.UNHEARD, at.name()));
      }
    }
    var known = all.stream().filter(sale -> !sale.effect.equals(At.CREATE.name())).toList();
    together(known, GatewayFaultsIT::place);
    together(
        known,
        sale -> {
          if (sale.effect.equals(At.QUERY.name())) {
            world
                .sandbox
                .faults()
                .add(
                    "{'channel':'%s','match':{'number':'%s'},'effect':'notify_drop'}"
                        .formatted(sale.over.channel(), sale.number));
          }
          if (!sale.effect.equals(At.CLOSE.name())) {
            pay(sale);
          }
        });
    time.pass(Duration.ofSeconds(1));
    together(
        known,
        sale -> {
          if (sale.effect.equals(At.QUERY_REFUND.name())) {
            refund(sale.number, 1, PART);
          }
        });
    for (Over over : Over.values()) {
      world
          .sandbox
          .faults()
          .add("{'channel':'%s','effect':{'kind':'refuse','ms':3000}}".formatted(over.channel()));
    }
    together(all, GatewayFaultsIT::callsNobody);
    long end = System.nanoTime() + CpayTime.LONG.toNanos();
    while (all.stream().anyMatch(sale -> sale.reference == null)) {
      assertThat(System.nanoTime()).as("they listen again").isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(50);
      together(all, GatewayFaultsIT::place);
    }
    return all;
  }

  /// A call that the channel cannot hear, and what the caller is told then.
  private static void callsNobody(Sale sale) {
    String silent = "103/90032";
    switch (At.valueOf(sale.effect)) {
      case CREATE -> {
        String text = world.pay(sale.over, sale.number, TOTAL);
        assertThat(world.call("official_account_pay", text).numbers()).isEqualTo(silent);
      }
      case CLOSE -> {
        String text = CpayWorld.query(sale.number);
        assertThat(world.call("close_order", text).numbers()).isEqualTo(silent);
      }
      case REFUND -> {
        String text = CpayWorld.refund(sale.number, "R1", PART);
        assertThat(world.call("refund", text).numbers()).isEqualTo(silent);
      }
      case QUERY -> {
        Answer answer = world.call("query_order", CpayWorld.query(sale.number));
        JsonNode order = answer.content().get("query_order").get("order_content");
        assertThat(sale.over.state(order)).as("as it was known").isNotEqualTo(sale.over.paid);
      }
      case QUERY_REFUND -> {
        String text = CpayWorld.query(sale.number);
        assertThat(world.call("query_refund_order", text).numbers()).isEqualTo("0/0");
      }
      case EVENTS, LATE, UNHEARD -> throw new AssertionError(sale);
    }
  }

  /// Whether the fault of that order took place: one that never does shows nothing.
  private static boolean seen(Sale sale) {
    String operation = sale.at.operation(sale.over);
    return sale.at == At.UNHEARD
        || world.sandbox.faults().log().stream()
            .anyMatch(applied ->
                sale.number.equals(applied.occasion().number())
                    && (operation == null || operation.equals(applied.occasion().op())));
  }

  /// Every effect, at every operation or event that it concerns.
  private static List<Sale> sales() {
    List<Sale> sales = new ArrayList<>();
    for (Over over : Over.values()) {
      for (String effect : ofCalls(over)) {
        for (At at : At.CALLS) {
          sales.add(sale(over, at, effect));
        }
      }
      for (String effect : ofEvents(over)) {
        sales.add(sale(over, At.EVENTS, effect));
      }
      sales.add(sale(over, At.LATE, "'late_payment'"));
      for (int i = 0; i < LOST_REFUNDS; i++) { // in the channel's books there is one of each
        sales.add(sale(over, At.REFUND, "'timeout_after'"));
      }
    }
    return sales;
  }

  /// Of the two merchants in turn, but where a signature is to be taken for a weaker one: there of
  /// the one that uses the stronger.
  private static Sale sale(Over over, At at, String effect) {
    boolean needsHmac = effect.contains("md5_for_hmac_order") || effect.contains("other_alg");
    boolean other = needsHmac || TURN.getAndIncrement() % 2 == 1;
    String prefix = other ? CpayWorld.OTHER_PREFIX : CpayWorld.PREFIX;
    return new Sale(over, at, effect, world.number(prefix));
  }

  private static List<String> ofCalls(Over over) {
    List<String> effects = new ArrayList<>();
    effects.addAll(
        List.of(
            "{'kind':'delay','ms':300}",
            "'reset_before'",
            "'reset_after'",
            "'timeout_before'",
            "'timeout_after'",
            "{'kind':'http','status':500}",
            "{'kind':'http','status':502,'commit':true}",
            "{'kind':'http','status':503}",
            "{'kind':'http','status':504,'commit':true}"));
    List<String> codes =
        over == Over.WECHAT
            ? List.of("SYSTEMERROR", "BANKERROR", "BIZERR_NEED_RETRY")
            : List.of("20000", "ACQ.SYSTEM_ERROR");
    for (String code : codes) {
      effects.add("{'kind':'error','code':'%s'}".formatted(code));
      effects.add("{'kind':'error','code':'%s','commit':true}".formatted(code));
    }
    for (String fault : List.of("bad", "missing", "other_alg", "other_key", "lower_case")) {
      effects.add("{'kind':'sign','fault':'%s'}".formatted(fault));
    }
    String amount = over == Over.WECHAT ? "total_fee" : "total_amount";
    effects.add("{'kind':'mutate','field':'out_trade_no','value':'another'}");
    effects.add("{'kind':'mutate','field':'%s','value':'1'}".formatted(amount));
    for (String what :
        List.of("truncated", "empty", "bom", "gbk", "huge", "slow", "chunked", "gzip_header")) {
      effects.add("{'kind':'garbage','what':'%s'}".formatted(what));
    }
    if (over == Over.ALIPAY) {
      effects.add("{'kind':'error','code':'40005'}");
      effects.add("{'kind':'clock_skew','seconds':3600}");
    } else {
      effects.add("{'kind':'mutate','field':'mch_id','value':'1900000009'}");
    }
    return effects;
  }

  private static List<String> ofEvents(Over over) {
    List<String> effects = new ArrayList<>();
    effects.addAll(
        List.of(
            "'refund_change'",
            "'refund_close'",
            "'notify_drop'",
            "{'kind':'notify_drop','deliveries':2}",
            "{'kind':'notify_delay','ms':900000}",
            "{'kind':'notify_dup','copies':50}",
            "{'kind':'notify_reorder','how':'refund_before_pay'}",
            "{'kind':'notify_reorder','how':'old_after_new'}",
            "{'kind':'notify_mutate','field':'out_trade_no','value':'nobodys'}",
            "{'kind':'notify_sign','fault':'bad'}",
            "{'kind':'notify_sign','fault':'missing'}",
            "{'kind':'notify_sign','fault':'stale_key'}",
            "{'kind':'notify_sign','fault':'md5_for_hmac_order'}",
            "'notify_extra'",
            "{'kind':'notify_extra','coupons':3}",
            "'notify_xxe'",
            "'notify_billion_laughs'",
            "'notify_deep'",
            "'notify_big'"));
    if (over == Over.WECHAT) {
      effects.add("'double_payment'");
      effects.add("{'kind':'notify_mutate','field':'total_fee','value':'1'}");
      effects.add("{'kind':'notify_mutate','field':'sub_mch_id','value':'1900000999'}");
      effects.add("{'kind':'notify_mutate','field':'appid','value':'wx00000000000000zz'}");
      effects.add("{'kind':'notify_mutate','field':'transaction_id','value':'42second%s'}");
    } else {
      effects.add("{'kind':'double_payment','user':'carol'}");
      effects.add("{'kind':'notify_mutate','field':'total_amount','value':'0.01'}");
      effects.add("{'kind':'notify_mutate','field':'app_id','value':'2021000000000009'}");
      effects.add("{'kind':'notify_mutate','field':'trade_no','value':'2026second%s'}");
    }
    return effects;
  }

  @Test
  void a_random_mix_of_faults_ends_well() throws Exception {
    long seed = Long.getLong("property.seed", System.nanoTime());
    try {
      mix(RandomGeneratorFactory.of("L64X128MixRandom").create(seed));
    } catch (Throwable e) {
      throw new AssertionError("fails for -Dproperty.seed=" + seed + ": " + e.getMessage(), e);
    }
  }

  private static void mix(RandomGenerator random) throws Exception {
    List<Sale> sales = new ArrayList<>();
    for (Over over : Over.values()) {
      for (String effect : ofCalls(over)) {
        boolean slow = effect.contains("timeout") || effect.contains("slow");
        add(over, Optional.empty(), effect, slow ? 0.003 : 0.01);
      }
      add(over, Optional.empty(), "'late_payment'", 0.3);
      for (int i = 0; i < 30; i++) {
        Sale sale = sale(over, At.EVENTS, "mix");
        sales.add(sale);
        happenings(sale, i);
      }
    }
    together(sales, GatewayFaultsIT::place);
    for (int turn = 1; turn <= 9; turn++) {
      List<Sale> paying = some(sales, random, 0.4);
      List<Sale> refunding = some(sales, random, 0.3);
      List<Sale> closing = some(sales, random, 0.05);
      int part = turn;
      together(paying, GatewayFaultsIT::pay);
      together(closing, GatewayFaultsIT::close);
      together(refunding, sale -> refund(sale.number, part, PART));
      time.pass(Duration.ofSeconds(62));
    }
    becomeWell();
    Map<String, Long> told = told();
    for (Sale sale : sales) {
      ends(sale, told);
    }
    the_books_agree();
    no_rule_is_broken();
  }

  /// What can happen to an order. Of a second payment only its notice tells: where that is lost
  /// too, only the channel's bill does. So with those that are paid twice no notice is lost for
  /// good.
  private static void happenings(Sale sale, int which) {
    boolean isTwice = which % 6 == 0;
    boolean isForeign = which % 6 == 1;
    for (String effect : ofEvents(sale.over)) {
      boolean losesNotices =
          effect.startsWith("'notify_drop'")
              || Stream.of("notify_mutate", "notify_sign", "xxe", "laughs", "deep", "big")
                  .anyMatch(effect::contains);
      if (effect.contains("double_payment")) {
        if (isTwice) {
          add(sale.over, Optional.of(sale.number), effect, 1);
        }
      } else if (effect.contains(FOREIGN)) {
        if (isForeign) {
          add(sale.over, Optional.of(sale.number), effect.replace("%s", sale.number), 1);
        }
      } else if (!(isTwice && losesNotices)) {
        add(sale.over, Optional.of(sale.number), effect, 0.04);
      }
    }
  }

  private static List<Sale> some(List<Sale> sales, RandomGenerator random, double share) {
    return sales.stream().filter(_ -> random.nextDouble() < share).toList();
  }

  /// @param number of one order; empty: of all
  private static void add(Over over, Optional<String> number, String effect, double probability) {
    String match = number.map(one -> "'number':'" + one + "',").orElse("");
    world
        .sandbox
        .faults()
        .add(
            "{'channel':'%s','match':{%s'probability':%s},'effect':%s}"
                .formatted(over.channel(), match, probability, effect));
  }

  /// Asks until the order can be paid, as a merchant's program does.
  private static void place(Sale sale) {
    for (int i = 0; i < 4 && sale.reference == null; i++) {
      Answer answer = world.call("official_account_pay", world.pay(sale.over, sale.number, TOTAL));
      if (answer.numbers().equals("0/0")) {
        sale.reference = sale.over.reference(answer.content().get("official_account_pay"));
      }
    }
  }

  private static void pay(Sale sale) {
    if (sale.reference != null) {
      Action how = sale.coupon ? new Action.Coupon(Money.cny(COUPON), false) : new Action.Success();
      var _ = world.sandbox.pay(sale.over.channel(), sale.reference, "alice", how);
    }
  }

  /// Repeats while it is told that nothing is known: on a slow machine a channel may keep silent
  /// without any fault. An order that stays open would expire at the channel, and never be closed.
  private static void close(Sale sale) {
    for (int i = 0; i < 20; i++) {
      String numbers = world.call("close_order", CpayWorld.query(sale.number)).numbers();
      if (i >= 2 && !numbers.startsWith("103/")) {
        return;
      }
    }
  }

  /// Asks twice, as a merchant's program does that did not understand.
  private static void refund(String number, int which, int fen) {
    String text = CpayWorld.refund(number, "R" + which, fen);
    if (!world.call("refund", text).numbers().equals("0/0")) {
      world.call("refund", text);
    }
  }

  /// No fault is left, and time goes on until nothing is planned any more.
  private static void becomeWell() throws InterruptedException {
    world.sandbox.faults().clear();
    time.passToTheEnd();
  }

  /// What is neither final nor in a list that a person sees would be lost.
  private static void ends(Sale sale, Map<String, Long> told) {
    String number = sale.number;
    PaymentOrder order = payments().find(number).getFirst();
    var open =
        payments()
            .cases(
                new PaymentCase.Filter(true, Optional.empty(), 0, order.id()),
                Optional.empty(),
                100);
    assertThat(order.state().isOpen() && open.isEmpty()).as("%s, %s", order, open).isFalse();
    List<Refund> refunds = refunds(order);
    for (Refund refund : refunds) {
      boolean hasCase =
          open.stream().anyMatch(each -> each.refund().equals(Optional.of(refund.id())));
      assertThat(refund.state().isFinal() || hasCase).as("%s, %s", refund, open).isTrue();
      boolean isTold = refund.state() == RefundState.SUCCESS && !refund.details().own();
      assertThat(told.getOrDefault(refund.outRefundNo(), 0L))
          .as("notices of the %s", refund)
          .isEqualTo(isTold ? 1 : 0);
    }
    if (sale.at == At.REFUND && sale.effect.equals("'timeout_after'")) {
      assertThat(order.refunded()).isEqualTo(PART);
    }
    assertThat(told.getOrDefault(number, 0L))
        .as("notices of the payment of %s", order)
        .isEqualTo(order.state().isPaid() ? 1 : 0);
    assertThat(order.state()).isNotEqualTo(OrderState.SENT);
  }

  private static List<Refund> refunds(PaymentOrder order) {
    PaymentFilter<RefundState> filter =
        new PaymentFilter<>(
            0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), order.id());
    return payments().listRefunds(filter, Optional.empty(), 100);
  }

  /// How often the merchant was told of each payment and each refund, by their numbers.
  private static Map<String, Long> told() {
    return world.heard.stream()
        .map(notice -> JSON.readTree(JSON.readTree(notice).get("request_content").stringValue()))
        .map(told ->
            told.has("refund_order_content")
                ? told.get("refund_order_content").get(0).get("out_refund_no").stringValue()
                : told.get("order_content").get("out_trade_no").stringValue())
        .collect(Collectors.groupingBy(number -> number, Collectors.counting()));
  }

  /// What the channel holds for the sellers, fees taken off, and what we say it does.
  private static void the_books_agree() {
    assertThat(world.sandbox.proof().holds()).isTrue();
    for (Over over : Over.values()) {
      assertThat(world.ours(over) + seenToByPeople(over))
          .as(
              "%s: refunds %s, cases %s",
              over.channel(),
              payments().listRefunds(PaymentFilter.all(), Optional.empty(), 10_000).stream()
                  .filter(refund -> refund.state() != RefundState.SUCCESS)
                  .toList(),
              payments().cases(PaymentCase.Filter.OPEN, Optional.empty(), 10_000))
          .isEqualTo(world.theirs(over));
    }
  }

  /// What is not where both say, and a person knows: what the channel has taken for a refund that
  /// did not arrive, and what it keeps of second payments that did not go back.
  private static long seenToByPeople(Over over) {
    PayPlatform platform = over == Over.WECHAT ? PayPlatform.WECHAT : PayPlatform.ALIPAY;
    var ofChannel =
        new PaymentFilter<RefundState>(
            0, Optional.empty(), Optional.of(platform), Optional.empty(), Optional.empty(), 0);
    Map<Long, Long> abnormal = new HashMap<>();
    long sum = 0;
    for (Refund refund : payments().listRefunds(ofChannel, Optional.empty(), 10_000)) {
      boolean isOfSecond = refund.transactionId().isPresent();
      PaymentOrder order = payments().find(refund.payment()).orElseThrow();
      boolean isOfForeign = refund.transactionId().filter(GatewayFaultsIT::isForeign).isPresent();
      if (isOfSecond && order.transactionId().filter(GatewayFaultsIT::isForeign).isPresent()) {
        // What the channel has really taken went back as a second payment.
        sum -= refund.state() == RefundState.SUCCESS ? left(order) : 0;
      } else if (refund.state() == RefundState.ABNORMAL && !isOfSecond) {
        abnormal.merge(refund.payment(), settlement(refund), Long::sum);
      } else if (refund.state() == RefundState.FAILED && isOfSecond && !isOfForeign) {
        sum += lessFee(refund.amount().cents());
      }
    }
    for (var one : abnormal.entrySet()) {
      PaymentOrder order = payments().find(one.getKey()).orElseThrow();
      long left = order.settlement() - order.settlementRefunded();
      sum += lessFee(left - one.getValue()) - lessFee(left);
    }
    return sum;
  }

  private static boolean isForeign(String transaction) {
    return transaction.contains(FOREIGN);
  }

  /// What we say that the channel holds of an order, in fen.
  private static long left(PaymentOrder order) {
    return lessFee(order.settlement() - order.settlementRefunded());
  }

  /// What the channel has said that it takes for a refund, in fen.
  private static long settlement(Refund refund) {
    return refund.facts().flatMap(RefundFacts::settlement).orElse(refund.amount()).cents();
  }

  /// What a merchant gets of so much, in fen.
  private static long lessFee(long fen) {
    return fen - Math.round(fen * (CpayWorld.FEE_PPM / 1e6));
  }

  private static void no_rule_is_broken() {
    for (Cell cell : world.server.running().cells().all()) {
      assertThat(Verify.findings(cell)).isEmpty();
    }
  }

  private static Payments payments() {
    return world.server.running().gateway().orElseThrow().payments();
  }

  private static <T> void together(List<T> all, Consumer<T> each) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> begun = new ArrayList<>();
      for (T one : all) {
        begun.add(threads.submit(() -> each.accept(one)));
      }
      for (Future<?> one : begun) {
        one.get();
      }
    }
  }
}
