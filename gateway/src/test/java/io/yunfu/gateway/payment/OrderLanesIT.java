package io.yunfu.gateway.payment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.db.CellLanes;
import io.yunfu.db.DatabaseFailure;
import io.yunfu.db.LaneFull;
import io.yunfu.db.LaneListener;
import io.yunfu.db.LaneTimeout;
import io.yunfu.db.OutcomeUnknown;
import io.yunfu.gateway.Steps;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.Evidence;
import io.yunfu.gateway.channel.Prepaid;
import io.yunfu.gateway.payment.TestGateway.Node;
import io.yunfu.kernel.Uin;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// How orders share their commits: what is written when, with whom, and what becomes of the others
/// when one fails.
class OrderLanesIT {
  private static final int TOTAL = 2590;
  private static final int CALLERS = 24;
  private static final OrderLanes.Settings USUAL = OrderLanes.Settings.DEFAULT;

  private final TestGateway gateway =
      new TestGateway(Optional.of(URI.create("https://merchant.example.test/paid")));
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private int numbers;

  @AfterEach
  void books_are_in_order() {
    threads.close();
    assertThat(gateway.findings()).isEmpty();
    gateway.close();
  }

  /// Keeps a lane's worker from its work until it is opened, so that callers gather behind the
  /// first one.
  private static final class Gate implements CellLanes.Listeners, LaneListener {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch open = new CountDownLatch(1);
    private final List<Integer> batches = Collections.synchronizedList(new ArrayList<>());
    private final List<DoubleSupplier> depths = new ArrayList<>();

    @Override
    public LaneListener of(String lane, DoubleSupplier depth) {
      depths.add(depth);
      return this;
    }

    @Override
    public void waited(Duration time) {
      reached.countDown();
      try {
        open.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void ran(int commands, Duration time, int retries) {
      batches.add(commands);
    }

    void awaitDepth(int depth) throws InterruptedException {
      while (depths.stream().mapToDouble(DoubleSupplier::getAsDouble).sum() < depth) {
        Thread.sleep(1);
      }
    }
  }

  // Commits.

  @Test
  void an_order_is_durable_with_its_question_before_it_is_asked_and_with_its_answer_after() {
    for (int last = 1; last <= 2; last++) {
      String number = number();
      assertThat(livesThrough(last, placing(number))).isFalse();
      assertThat(gateway.order(number).state()).isEqualTo(OrderState.SENT);
      assertThat(attempts(number)).containsExactly("create sent");
      assertThat(gateway.wechat.knows(number)).isFalse();
    }
    String answered = number();
    assertThat(livesThrough(3, placing(answered))).isFalse();
    assertThat(gateway.order(answered).state()).isEqualTo(OrderState.SENT);
    assertThat(attempts(answered)).containsExactly("create sent");
    assertThat(gateway.wechat.knows(answered)).isTrue();
    String written = number();
    assertThat(livesThrough(4, placing(written))).isFalse();
    assertThat(gateway.order(written).state()).isEqualTo(OrderState.WAITING);
    assertThat(attempts(written)).containsExactly("create done");
    assertThat(livesThrough(5, placing(number()))).isTrue();
  }

  @Test
  void whatever_the_channel_says_an_order_is_two_commits() {
    gateway.wechat.refuse(Optional.of(Answer.Reason.WRONG_PARAMETERS));
    String refused = number();
    assertThat(livesThrough(4, placing(refused))).isFalse();
    assertThat(gateway.order(refused).state()).isEqualTo(OrderState.VOID);
    assertThat(attempts(refused)).containsExactly("create refused");
    assertThat(livesThrough(5, placing(number()))).isTrue();
    gateway.wechat.refuse(Optional.empty());
    gateway.wechat.fallSilent(true);
    String silent = number();
    assertThat(livesThrough(4, placing(silent))).isFalse();
    assertThat(gateway.order(silent).state()).isEqualTo(OrderState.SENT);
    assertThat(attempts(silent)).containsExactly("create unknown");
    assertThat(livesThrough(5, placing(number()))).isTrue();
  }

  @Test
  void a_top_up_and_what_is_written_with_it_are_two_commits() {
    Uin owner = gateway.owner(100000000001L);
    Life topUp =
        node -> {
          var wish = gateway.wish(node, number(), TOTAL, "", Optional.of(owner));
          return () -> node.payments.place().place(wish, tx -> {});
        };
    assertThat(livesThrough(4, topUp)).isFalse();
    assertThat(livesThrough(5, topUp)).isTrue();
  }

  @Test
  void a_refund_is_two_commits() {
    Life refund =
        node -> {
          String number = number();
          gateway.place(gateway.first(), number, TOTAL);
          gateway.pay(gateway.first(), number, "42" + number);
          var wish = gateway.refundWish(node, number, "R" + number, 590);
          return () -> node.payments.refunds().refund(wish);
        };
    assertThat(livesThrough(4, refund)).isFalse();
    assertThat(attempts(numbered(numbers))).containsExactly("refund done", "create done");
    assertThat(livesThrough(5, refund)).isTrue();
  }

  // Together.

  @Test
  void orders_that_wait_at_the_same_time_are_one_commit() throws Exception {
    var gate = new Gate();
    try (Node node = gateway.node(channel -> channel, USUAL, gate)) {
      var first = threads.submit(placed(node, number(), TOTAL));
      gate.reached.await();
      var others = waiting(node, Stream.generate(this::number).limit(CALLERS).toList());
      gate.awaitDepth(CALLERS);
      gate.open.countDown();
      assertThat(first.get()).isInstanceOf(PlaceOrder.Outcome.Waiting.class);
      for (var other : others) {
        assertThat(other.get()).isInstanceOf(PlaceOrder.Outcome.Waiting.class);
      }
    }
    assertThat(gate.batches.getFirst()).isEqualTo(1);
    // The first order's answer may be there already, and share their commit.
    assertThat(gate.batches.get(1)).isBetween(CALLERS, CALLERS + 1);
    assertThat(gateway.wechat.creates()).isEqualTo(1 + CALLERS);
    for (int i = 1; i <= numbers; i++) {
      assertThat(gateway.order(numbered(i)).state()).isEqualTo(OrderState.WAITING);
      assertThat(attempts(numbered(i))).containsExactly("create done");
    }
  }

  @Test
  void many_callers_with_orders_of_their_own_are_all_answered_with_what_is_in_the_books()
      throws Exception {
    List<Node> nodes = List.of(gateway.first(), gateway.node(channel -> channel));
    var calls = new ArrayList<Callable<PlaceOrder.Outcome>>();
    for (int i = 0; i < 8 * CALLERS; i++) {
      calls.add(placed(nodes.get(i % 2), number(), TOTAL));
    }
    for (var done : threads.invokeAll(calls)) {
      var order = ((PlaceOrder.Outcome.Waiting) done.get()).order();
      assertThat(order).isEqualTo(gateway.order(order.outTradeNo()));
      assertThat(attempts(order.outTradeNo())).containsExactly("create done");
    }
    nodes.getLast().close();
  }

  @Test
  void of_many_callers_with_the_same_number_one_makes_the_order() throws Exception {
    var gate = new Gate();
    String number = number();
    try (Node node = gateway.node(channel -> channel, USUAL, gate)) {
      var first = threads.submit(placed(node, number(), TOTAL));
      gate.reached.await();
      var others = waiting(node, Collections.nCopies(CALLERS, number));
      gate.awaitDepth(CALLERS);
      gate.open.countDown();
      first.get();
      var orders = new ArrayList<Long>();
      for (var other : others) {
        orders.add(((PlaceOrder.Outcome.Waiting) other.get()).order().id());
      }
      assertThat(orders).containsOnly(gateway.order(number).id());
    }
    assertThat(gate.batches.getFirst()).isEqualTo(1);
    // The first order's answer may be there already, and share their commit.
    assertThat(gate.batches.get(1)).isBetween(CALLERS, CALLERS + 1);
    assertThat(attempts(number)).allMatch("create done"::equals);
  }

  @Test
  void of_many_callers_who_want_different_things_under_one_number_one_gets_it() throws Exception {
    List<Node> nodes = List.of(gateway.first(), gateway.node(channel -> channel));
    String number = number();
    var calls = new ArrayList<Callable<PlaceOrder.Outcome>>();
    for (int i = 0; i < CALLERS; i++) {
      calls.add(placed(nodes.get(i % 2), number, 100 + i));
    }
    var outcomes = new ArrayList<PlaceOrder.Outcome>();
    for (var done : threads.invokeAll(calls)) {
      outcomes.add(done.get());
    }
    assertThat(outcomes).filteredOn(PlaceOrder.Outcome.Waiting.class::isInstance).hasSize(1);
    assertThat(outcomes)
        .filteredOn(new PlaceOrder.Outcome.NumberUsed()::equals)
        .hasSize(CALLERS - 1);
    assertThat(gateway.wechat.creates()).isEqualTo(1);
    nodes.getLast().close();
  }

  @Test
  void an_order_that_cannot_be_written_costs_the_others_nothing() throws Exception {
    var gate = new Gate();
    String poisoned = number();
    try (Node node = gateway.node(channel -> channel, USUAL, gate)) {
      var first = threads.submit(placed(node, number(), TOTAL));
      gate.reached.await();
      // No text of PostgreSQL may hold it, and no caller of the API gets it so far.
      var poison = gateway.wish(node, poisoned, TOTAL, "\0", Optional.empty());
      var failing = threads.submit(() -> node.payments.place().place(poison));
      var others = waiting(node, Stream.generate(this::number).limit(CALLERS).toList());
      gate.awaitDepth(1 + CALLERS);
      gate.open.countDown();
      first.get();
      assertThatThrownBy(failing::get).hasCauseInstanceOf(DatabaseFailure.class);
      for (var other : others) {
        assertThat(other.get()).isInstanceOf(PlaceOrder.Outcome.Waiting.class);
      }
    }
    leftNothing(poisoned);
  }

  // Trouble.

  @Test
  void who_finds_the_lane_full_is_refused_and_nothing_is_asked() throws Exception {
    var gate = new Gate();
    var small = new OrderLanes.Settings(1, 1, 1, USUAL.patience());
    try (Node node = gateway.node(channel -> channel, small, gate)) {
      var first = threads.submit(placed(node, number(), TOTAL));
      gate.reached.await();
      var second = threads.submit(placed(node, number(), TOTAL));
      gate.awaitDepth(1);
      String third = number();
      assertThatThrownBy(() -> gateway.place(node, third, TOTAL)).isInstanceOf(LaneFull.class);
      gate.open.countDown();
      assertThat(first.get()).isInstanceOf(PlaceOrder.Outcome.Waiting.class);
      assertThat(second.get()).isInstanceOf(PlaceOrder.Outcome.Waiting.class);
      leftNothing(third);
      assertThat(gateway.place(node, third, TOTAL)).isInstanceOf(PlaceOrder.Outcome.Waiting.class);
    }
  }

  @Test
  void who_waits_too_long_is_refused_and_nothing_is_asked() throws Exception {
    var gate = new Gate();
    // Long enough for the first, which must not wait too long itself.
    var patient = new OrderLanes.Settings(1, 1, 100, Duration.ofSeconds(2));
    try (Node node = gateway.node(channel -> channel, patient, gate)) {
      var first = threads.submit(placed(node, number(), TOTAL));
      gate.reached.await();
      String second = number();
      assertThatThrownBy(() -> gateway.place(node, second, TOTAL)).isInstanceOf(LaneTimeout.class);
      gate.open.countDown();
      assertThat(first.get()).isInstanceOf(PlaceOrder.Outcome.Waiting.class);
      leftNothing(second);
    }
  }

  @Test
  void an_answer_is_written_also_when_the_lane_is_full_or_closed() throws Exception {
    gateway.wechat.fallSilent(true);
    List<String> orders = Stream.generate(this::number).limit(4).toList();
    orders.forEach(one -> gateway.place(gateway.first(), one, TOTAL));
    var gate = new Gate();
    var small = new OrderLanes.Settings(1, 1, 1, USUAL.patience());
    var lanes = new OrderLanes(gateway.cells.all(), small, gate);
    var first = threads.submit(() -> lanes.end(gateway.cell, end(orders.get(0))));
    gate.reached.await();
    var second = threads.submit(() -> lanes.end(gateway.cell, end(orders.get(1))));
    gate.awaitDepth(1);
    assertThat(lanes.end(gateway.cell, end(orders.get(2)))).contains(OrderState.WAITING);
    assertThat(attempts(orders.get(2))).containsExactly("create done");
    gate.open.countDown();
    assertThat(first.get()).contains(OrderState.WAITING);
    assertThat(second.get()).contains(OrderState.WAITING);
    lanes.close();
    assertThat(lanes.end(gateway.cell, end(orders.get(3)))).contains(OrderState.WAITING);
  }

  @Test
  void an_order_that_was_paid_before_its_answer_was_heard_stays_paid() {
    gateway.wechat.fallSilent(true);
    String number = number();
    gateway.place(gateway.first(), number, TOTAL);
    gateway.pay(gateway.first(), number, "42000001");
    assertThat(run(end(number)).state()).contains(OrderState.PAID);
    PaymentOrder order = gateway.order(number);
    assertThat(order.state()).isEqualTo(OrderState.PAID);
    assertThat(order.transactionId()).contains("42000001");
    assertThat(order.prepaid()).contains("wx" + number);
  }

  @Test
  void a_step_is_read_back_and_changes_nothing_when_it_is_run_again() {
    var batch = new OrderBatch();
    gateway.wechat.goDeaf(true);
    String number = number();
    assertThat(livesThrough(1, placing(number))).isFalse();
    PaymentOrder order = gateway.order(number);
    var end = end(number);
    assertThat(readBack(batch, end)).as("before").isEmpty();
    var waiting = new OrderStep.Done(Optional.of(OrderState.WAITING));
    assertThat(run(end)).isEqualTo(waiting);
    assertThat(readBack(batch, end)).as("after").contains(waiting);
    assertThat(run(end)).as("again").isEqualTo(waiting);

    var begun = begin(order);
    var never = begin(under(gateway.cell.ids().next(), order));
    assertThat(readBack(batch, begun)).contains(new OrderStep.Done(Optional.of(OrderState.SENT)));
    assertThat(readBack(batch, never)).isEmpty();
    assertThat(run(never))
        .as("its number is taken")
        .isEqualTo(new OrderStep.Done(Optional.empty()));
    assertThat(run(begun)).as("again").isEqualTo(new OrderStep.Done(Optional.empty()));
    assertThat(attempts(number)).containsExactly("create done");
  }

  // What is done with them.

  /// What is prepared before anybody counts, and what is done then.
  private interface Life {
    Runnable prepared(Node node);
  }

  private Life placing(String number) {
    return node -> {
      var wish = gateway.wish(node, number, TOTAL, "", Optional.empty());
      return () -> node.payments.place().place(wish);
    };
  }

  /// A program that dies when it has taken so many steps: commits, questions, answers.
  private boolean livesThrough(int last, Life life) {
    var steps = new Steps(last);
    try (Node mortal = gateway.node(steps::around)) {
      Runnable rest = life.prepared(mortal);
      steps.watch(gateway.cell);
      rest.run();
    } catch (Steps.Died e) {
      // As meant.
    } catch (OutcomeUnknown e) {
      assertThat(e).as("died in a lane").hasCauseInstanceOf(Steps.Died.class);
    } finally {
      Steps.release(gateway.cell);
    }
    return !steps.isDead();
  }

  private Callable<PlaceOrder.Outcome> placed(Node node, String number, int fen) {
    return () -> gateway.place(node, number, fen);
  }

  private List<Future<PlaceOrder.Outcome>> waiting(Node node, List<String> orders) {
    return orders.stream().map(one -> threads.submit(placed(node, one, TOTAL))).toList();
  }

  private static OrderStep.Begin begin(PaymentOrder order) {
    long id = order.id();
    return new OrderStep.Begin(
        PaymentStore.Fresh.of(order, new byte[32], TestGateway.NOW),
        new AttemptStore.Question(
            id, id, null, "create", new byte[32], "MD5", "", TestGateway.NOW, TestGateway.NOW));
  }

  private static PaymentOrder under(long id, PaymentOrder order) {
    return new PaymentOrder(
        id,
        order.outTradeNo(),
        order.merchant(),
        order.shop(),
        order.platform(),
        order.subPlatform(),
        order.state(),
        order.isTransforming(),
        order.total(),
        order.details(),
        order.signType(),
        order.prepaid(),
        order.transactionId(),
        order.payment(),
        order.stateText(),
        order.topUp(),
        order.settlement(),
        order.settlementRefunded(),
        order.fee(),
        order.feePpm(),
        order.reserved(),
        order.refunded(),
        order.createdAt(),
        order.updatedAt(),
        order.expiresAt(),
        order.paidAt(),
        order.closedAt(),
        order.closeDueAt(),
        order.askedAt(),
        order.looks(),
        order.reversed());
  }

  /// That the channel knows an order whose create has not been answered.
  private OrderStep.End end(String number) {
    PaymentOrder order = gateway.order(number);
    long question =
        gateway.first().payments.attempts(order.id(), Long.MAX_VALUE, 1).getFirst().id();
    var evidence = new Evidence("create", "channel.test", 200, true, "", 1, Duration.ZERO);
    var answer = new Answer.Done<>(new Prepaid("wx" + number), evidence);
    return new OrderStep.End(
        new AttemptStore.Ended(question, answer, TestGateway.NOW),
        Optional.of(
            new PaymentStore.Known(order.id(), "wx" + number, Optional.empty(), TestGateway.NOW)));
  }

  private OrderStep.Done run(OrderStep step) {
    return gateway
        .cell
        .database()
        .inTransaction(tx -> new OrderBatch().run(tx, List.of(step)))
        .getFirst();
  }

  private Optional<OrderStep.Done> readBack(OrderBatch batch, OrderStep step) {
    return gateway.cell.database().read(tx -> batch.readBack(tx, step));
  }

  private void leftNothing(String number) {
    assertThat(gateway.first().payments.find(number)).isEmpty();
    assertThat(gateway.wechat.knows(number)).isFalse();
  }

  /// The newest first.
  private List<String> attempts(String number) {
    return gateway
        .first()
        .payments
        .attempts(gateway.order(number).id(), Long.MAX_VALUE, 100)
        .stream()
        .map(one -> one.operation() + " " + one.state())
        .toList();
  }

  private String number() {
    return numbered(++numbers);
  }

  private static String numbered(int number) {
    return "gz0200abcd20260301%06d".formatted(number);
  }
}
