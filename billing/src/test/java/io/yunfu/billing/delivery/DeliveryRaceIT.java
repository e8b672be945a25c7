package io.yunfu.billing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.db.Cells;
import io.yunfu.db.TestDatabase;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Uin;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Whole nodes, one or several, with their loops running, on one database.
class DeliveryRaceIT {
  private static final Duration LONG = Duration.ofSeconds(30);

  private static Cells cells;
  private static Shop shop;

  private final List<Delivery> nodes = new ArrayList<>();
  private final AtomicInteger batches = new AtomicInteger();
  private Uin owner;

  @BeforeAll
  static void open() {
    cells = TestDatabase.cells();
    shop = new Shop(cells.all().getLast());
  }

  @AfterAll
  static void close() {
    cells.close();
  }

  @BeforeEach
  void begin() {
    owner = shop.owner();
  }

  @AfterEach
  void stop() {
    nodes.forEach(Delivery::close);
    shop.sql("delete from delivery");
  }

  @Test
  void a_caller_gets_the_resources_of_its_deals_in_its_order() {
    var node = node();
    node.start();
    var deals = new ArrayList<>(shop.sell(sale(), 5));
    Collections.reverse(deals);
    var results = node.await(deals, LONG);
    assertThat(results.keySet()).containsExactlyElementsOf(deals);
    results.forEach((deal, result) ->
        assertThat(result).isEqualTo(new DeliveryResult.Delivered(shop.resources(deal))));
    assertThat(node.read(deals)).isEqualTo(results);
  }

  @Test
  void a_result_that_is_there_before_its_caller_is_not_lost() throws Exception {
    var node = node();
    node.start();
    var deal = shop.sell(sale());
    node.handOver(List.of(deal));
    for (int i = 0; batches.get() == 0 && i < 1000; i++) {
      Thread.sleep(10);
    }
    int before = batches.get();
    assertThat(node.await(List.of(deal), Duration.ZERO).get(deal))
        .isInstanceOf(DeliveryResult.Delivered.class);
    assertThat(batches.get()).as("nothing was delivered again").isEqualTo(before);
  }

  @Test
  void a_caller_who_comes_much_later_finds_out_as_well() throws Exception {
    var node = node();
    node.start();
    var deal = shop.sell(sale());
    awaitStatus(deal, DealStatus.DELIVERED);
    assertThat(node.await(List.of(deal), LONG).get(deal))
        .isInstanceOf(DeliveryResult.Delivered.class);
  }

  @Test
  void what_another_node_delivers_reaches_the_caller_here() {
    var paid = node();
    node().start();
    var deals = shop.sell(sale().of("p_disk"), 3);
    // Its own loop does not run, as if it were stuck.
    assertThat(paid.await(deals, LONG).values())
        .allMatch(DeliveryResult.Delivered.class::isInstance);
  }

  @Test
  void a_failed_deal_is_told_from_one_that_still_runs() {
    shop.product("p_slow", "slow", "slow-maker");
    var node = node();
    node.start();
    var fails = shop.sell(sale().action("renew"));
    var runs = shop.sell(sale().of("p_slow"));
    var works = shop.sell(sale());
    assertThat(node.await(List.of(fails, runs, works), Duration.ofMillis(500)))
        .containsEntry(fails, new DeliveryResult.Failed())
        .containsEntry(runs, new DeliveryResult.Pending())
        .containsEntry(works, new DeliveryResult.Delivered(shop.resources(works)));
  }

  @Test
  void callers_wait_no_longer_than_they_said_while_nothing_is_delivered() {
    var node = node();
    var deal = shop.sell(sale());
    long began = System.nanoTime();
    assertThat(node.await(List.of(deal), Duration.ofMillis(300)).get(deal))
        .isEqualTo(new DeliveryResult.Pending());
    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isBetween(Duration.ofMillis(300), Duration.ofSeconds(5));
  }

  @Test
  void a_node_that_stops_leaves_its_queue_to_the_others() throws Exception {
    var first = node();
    first.start();
    first.close();
    var deals = shop.sell(sale(), 3);
    first.handOver(deals);
    node().start();
    for (DealId deal : deals) {
      awaitStatus(deal, DealStatus.DELIVERED);
    }
  }

  @Test
  void a_stopping_node_delivers_what_was_handed_over() {
    var node = node();
    var deals = shop.sell(sale(), 20);
    node.handOver(deals);
    node.start();
    node.close();
    assertThat(node.read(deals).values()).allMatch(DeliveryResult.Delivered.class::isInstance);
  }

  @Test
  void several_nodes_and_repeated_payments_deliver_each_deal_once_without_a_deadlock()
      throws Exception {
    var racing = List.of(node(), node(), node());
    racing.forEach(Delivery::start);
    Map<DealId, DeliveryResult> answers = new ConcurrentHashMap<>();
    long deadlocks = deadlocks();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<?>>();
      for (int caller = 0; caller < 8; caller++) {
        int number = caller;
        Callable<?> task = () -> payRepeatedly(racing, number, answers);
        running.add(threads.submit(task));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
    assertThat(answers).hasSize(8 * 20 * 10);
    assertThat(answers.values()).allMatch(DeliveryResult.Delivered.class::isInstance);
    assertThat(shop.holdings(owner)).hasSize(8 * 20 * 10);
    assertThat(shop.count("delivery")).isZero();
    assertThat(deadlocks()).isEqualTo(deadlocks);
  }

  /// Pays ten deals at a time and hands them to two nodes at once, while a repeated payment locks
  /// them.
  private Object payRepeatedly(
      List<Delivery> racing, int caller, Map<DealId, DeliveryResult> answers) {
    for (int i = 0; i < 20; i++) {
      var deals = shop.sell(sale(), 10);
      racing.get((caller + i + 1) % racing.size()).handOver(deals);
      shop.cell
          .database()
          .execute(tx ->
              tx.query(
                  "select 1 as one from deal where deal_id = any (?) order by deal_id for update",
                  row -> row.intAt("one"),
                  (Object) DeliveryStore.values(deals)));
      answers.putAll(racing.get((caller + i) % racing.size()).await(deals, LONG));
    }
    return answers;
  }

  private static long deadlocks() {
    return shop.cell
        .database()
        .read(tx ->
            tx.query(
                    "select deadlocks from pg_stat_database where datname = current_database()",
                    row -> row.longAt("deadlocks"))
                .getFirst());
  }

  private Delivery node() {
    var listener =
        new DeliveryListener() {
          @Override
          public void worked(CellId cell, int deals, int delivered, int failed, Duration took) {
            batches.incrementAndGet();
          }
        };
    var node =
        new Delivery(
            shop.cell,
            name -> Optional.of(paused(name)),
            (endpoint, request, attempt) -> new ProviderAnswer.Abandoned(),
            DeliverySettings.DEFAULT,
            Clock.systemUTC(),
            new Random(1),
            listener);
    nodes.add(node);
    return node;
  }

  private static ProviderEndpoint paused(String name) {
    return new ProviderEndpoint(
        name, URI.create("https://a/"), "secret", Duration.ofSeconds(1), 1, false);
  }

  private Shop.Sale sale() {
    return shop.sale(owner, Instant.now());
  }

  private static void awaitStatus(DealId deal, DealStatus status) throws InterruptedException {
    long deadline = System.nanoTime() + LONG.toNanos();
    while (shop.status(deal) != status && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    assertThat(shop.status(deal)).isEqualTo(status);
  }
}
