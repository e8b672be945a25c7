package io.yunfu.billing.pay;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.Given;
import io.yunfu.billing.account.Caller;
import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.audit.BillingAuditStore;
import io.yunfu.billing.deal.DealId;
import io.yunfu.db.Cell;
import io.yunfu.db.CellLanes;
import io.yunfu.db.Cells;
import io.yunfu.db.DatabaseSettings;
import io.yunfu.db.TestDatabase;
import io.yunfu.ledger.Finding;
import io.yunfu.ledger.Ledger;
import io.yunfu.ledger.LedgerAuditStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Several nodes on one database, and everybody wants the same rows.
class PayRaceIT {
  private static final Instant NOW = Instant.parse("2026-01-01T04:00:00Z");
  private static final int NODES = 3;

  private final List<Cells> nodes = new ArrayList<>();
  private final List<PayEngine> engines = new ArrayList<>();
  private Cell cell;
  private Given given;

  @BeforeEach
  void start() {
    int count = Integer.getInteger("yunfu.test.cells", 1);
    DatabaseSettings settings = TestDatabase.settings(count);
    for (int i = 0; i < NODES; i++) {
      Cells cells = Cells.open(settings, count);
      nodes.add(cells);
      // Small batches and two workers a node, so that lanes meet often.
      var bounds = new PayEngine.Settings(2, 8, 4096, Duration.ofSeconds(60), true);
      engines.add(new PayEngine(cells.all(), bounds, CellLanes.Listeners.NONE));
    }
    cell = nodes.getFirst().all().getLast();
    given = new Given(cell, NOW);
  }

  @AfterEach
  void audit() {
    engines.forEach(PayEngine::close);
    var findings = new ArrayList<Finding>();
    cell.database()
        .snapshot(tx -> {
          findings.addAll(new LedgerAuditStore().findings(tx));
          findings.addAll(new BillingAuditStore().findings(tx));
          return null;
        });
    nodes.forEach(Cells::close);
    assertThat(findings).isEmpty();
  }

  @Test
  void a_deal_that_everybody_pays_is_paid_once() throws Exception {
    var owner = given.owner(1_000_000);
    var deals = new ArrayList<String>();
    for (int i = 0; i < 20; i++) {
      deals.add(given.deal(owner, 100));
    }
    var outcomes = new ConcurrentLinkedQueue<PayOutcome>();
    race(
        12,
        (random, engine) -> {
          for (int i = 0; i < 30; i++) {
            outcomes.add(engine.pay(command(owner, AgentPay.SELF, deals.get(random.nextInt(20)))));
          }
        });
    long paid = outcomes.stream().filter(PayOutcome.Paid.class::isInstance).count();
    long refused = outcomes.stream().filter(PayOutcome.NotPayable.class::isInstance).count();
    assertThat(paid).isLessThanOrEqualTo(20);
    assertThat(paid + refused).isEqualTo(outcomes.size());
    assertThat(cash(owner)).isEqualTo(1_000_000 - 100 * paid);
  }

  @Test
  void a_hot_account_is_never_overdrawn() throws Exception {
    var owner = given.owner(1_000);
    var deals = new ConcurrentLinkedQueue<String>();
    for (int i = 0; i < 200; i++) {
      deals.add(given.deal(owner, 10));
    }
    var paid = new ConcurrentLinkedQueue<String>();
    race(
        12,
        (random, engine) -> {
          for (String deal = deals.poll(); deal != null; deal = deals.poll()) {
            if (engine.pay(command(owner, AgentPay.SELF, deal)) instanceof PayOutcome.Paid) {
              paid.add(deal);
            }
          }
        });
    assertThat(paid).hasSize(100);
    assertThat(cash(owner)).isZero();
  }

  @Test
  void a_client_and_its_reseller_who_pay_the_same_deals_both_ways_never_pay_twice()
      throws Exception {
    var reseller = given.owner(100_000);
    var clients = List.of(given.owner(100_000), given.owner(100_000));
    var deals = new ArrayList<List<String>>();
    for (Caller client : clients) {
      given.reseller(client, reseller);
      var own = new ArrayList<String>();
      for (int i = 0; i < 15; i++) {
        own.add(given.deal(client, 10));
      }
      deals.add(own);
    }
    var paid = new ConcurrentLinkedQueue<DealId>();
    race(
        12,
        (random, engine) -> {
          for (int i = 0; i < 25; i++) {
            int which = random.nextInt(2);
            boolean byReseller = random.nextBoolean();
            var caller = byReseller ? reseller : clients.get(which);
            var mode = byReseller ? AgentPay.RESELLER : AgentPay.SELF;
            // Two deals in any order, so that careless locking would deadlock.
            var first = deals.get(which).get(random.nextInt(15));
            var second = deals.get(which).get(random.nextInt(15));
            if (engine.pay(command(caller, mode, first, second)) instanceof PayOutcome.Paid done) {
              paid.addAll(done.deals());
            }
          }
        });
    assertThat(paid).doesNotHaveDuplicates();
    assertThat(cash(reseller) + cash(clients.get(0)) + cash(clients.get(1)))
        .isEqualTo(300_000 - 10L * paid.size());
  }

  private interface Racer {
    void run(SplittableRandom random, PayEngine engine);
  }

  private void race(int callers, Racer racer) throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var running = new ArrayList<Future<?>>();
      for (int i = 0; i < callers; i++) {
        var random = new SplittableRandom(i);
        var engine = engines.get(i % NODES);
        running.add(threads.submit(() -> racer.run(random, engine)));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
  }

  private PayCommand command(Caller caller, AgentPay mode, String... deals) {
    return given.payment(caller, mode, Optional.empty(), List.of(deals));
  }

  private long cash(Caller owner) {
    return cell.database().read(tx -> new Ledger().balance(tx, owner.owner())).orElseThrow().cash();
  }
}
