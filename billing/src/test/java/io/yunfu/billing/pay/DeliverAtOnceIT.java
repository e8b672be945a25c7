package io.yunfu.billing.pay;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.Given;
import io.yunfu.billing.account.Caller;
import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.audit.BillingAuditStore;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.delivery.Delivery;
import io.yunfu.billing.delivery.DeliveryListener;
import io.yunfu.billing.delivery.DeliveryResult;
import io.yunfu.billing.delivery.DeliverySettings;
import io.yunfu.billing.delivery.HttpProviderCalls;
import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.TestDatabase;
import io.yunfu.db.Transaction;
import io.yunfu.ledger.LedgerAuditStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Purchases of the built-in provider are delivered with their payment; the queue delivers all
/// else, and would have delivered the same.
class DeliverAtOnceIT {
  private static final Instant NOW = Instant.parse("2026-01-01T04:00:00Z");

  private final Cells cells = TestDatabase.cells();
  private final Cell cell = cells.all().getLast();
  private final Given given = new Given(cell, NOW);
  private final PayBatch batch = new PayBatch(true);
  private final Caller owner = given.owner(1000);

  @AfterEach
  void books_and_deliveries_are_in_order() {
    assertThat(cell.database().snapshot(new LedgerAuditStore()::findings)).isEmpty();
    assertThat(cell.database().snapshot(new BillingAuditStore()::findings)).isEmpty();
    cells.close();
  }

  @Test
  void a_purchase_is_delivered_with_its_payment() {
    String deal = given.deal(owner, 60);
    var paid = pay(deal);
    assertThat(status(deal)).isEqualTo(4);
    var made = resources(deal);
    assertThat(made).singleElement().asString().matches("ins-[0-9a-z]{8}");
    assertThat(paid.resources()).contains(made);
    assertThat(
            text(
                "select deal_id || ' ' || state from resource where resource_id = ?",
                made.getFirst()))
        .containsExactly(deal + " active");
    assertThat(queued()).isEmpty();
  }

  @Test
  void the_queue_would_have_made_the_same() {
    String deal = given.deal(owner, 60);
    set(
        "update deal set quantity = 3, total_cost_micro = price_micro * 3, payable = payable * 3",
        deal);
    String other = given.deal(owner, 60);
    pay(deal);
    var made = resources(deal);
    assertThat(made).hasSize(3).doesNotHaveDuplicates();
    // Taken back by hand, and delivered by the queue.
    set("delete from resource", deal);
    set("update deal set status = 2, resource_ids = '{}'", deal);
    cell.database()
        .execute(tx ->
            tx.update(
                "insert into delivery (deal_id, owner_uin, state, next_attempt_at, queued_at)"
                    + " values (?, ?, 'queued', ?, ?)",
                deal,
                owner.owner().value(),
                NOW,
                NOW));
    assertThat(deliver(deal)).isEqualTo(new DeliveryResult.Delivered(made));
    assertThat(status(other)).isEqualTo(1);
  }

  @Test
  void what_needs_somebody_else_or_changes_what_exists_goes_through_the_queue() {
    String purchase = given.deal(owner, 10);
    pay(purchase);
    String resource = resources(purchase).getFirst();
    String renewal = given.bigDeal(new Given.Order(owner).action("renew", resource), 10).getFirst();
    String many = given.deal(owner, 1);
    set("update deal set quantity = 21, total_cost_micro = price_micro * 21, payable = 21", many);
    var paid = pay(renewal, many);
    assertThat(paid.delivered()).isEmpty();
    assertThat(paid.resources()).isEmpty();
    assertThat(queued()).containsExactlyInAnyOrder(renewal, many);
    given.provider("p_cvm", "acme");
    String elsewhere = given.deal(owner, 10);
    assertThat(pay(elsewhere).delivered()).isEmpty();
    assertThat(queued()).contains(elsewhere);
    assertThat(status(elsewhere)).isEqualTo(2);
  }

  @Test
  void a_call_of_which_a_part_waits_names_what_is_delivered() {
    String now = given.deal(owner, 10);
    String later = given.deal(owner, 1);
    set("update deal set quantity = 21, total_cost_micro = price_micro * 21, payable = 21", later);
    var paid = pay(later, now);
    assertThat(paid.delivered()).isEqualTo(Map.of(new DealId(now), resources(now)));
    assertThat(paid.resources()).isEmpty();
  }

  @Test
  void an_id_that_another_deal_has_sends_its_deal_to_the_queue_and_no_other() {
    String unlucky = given.deal(owner, 10);
    String taken = takenFrom(unlucky);
    String lucky = given.deal(owner, 10);
    var outcomes = run(command(unlucky), command(lucky));
    assertThat(((PayOutcome.Paid) outcomes.getFirst()).delivered()).isEmpty();
    assertThat(((PayOutcome.Paid) outcomes.getLast()).resources()).contains(resources(lucky));
    assertThat(status(unlucky)).isEqualTo(2);
    assertThat(resources(unlucky)).isEmpty();
    assertThat(queued()).containsExactly(unlucky);
    assertThat(deliver(unlucky)).isInstanceOf(DeliveryResult.Delivered.class);
    assertThat(resources(unlucky)).doesNotContain(taken).hasSize(1);
  }

  /// Among ten million resources it happens twice a minute under load.
  @Test
  void it_is_sent_to_the_queue_without_a_look_through_all_resources() {
    String unlucky = given.deal(owner, 10);
    takenFrom(unlucky);
    long scans =
        cell.database()
            .inTransaction(tx -> {
              tx.update("set local enable_seqscan = off"); // they are few in this test
              long before = scans(tx);
              batch.run(tx, List.of(command(unlucky)));
              return scans(tx) - before;
            });
    assertThat(queued()).containsExactly(unlucky);
    assertThat(scans).isZero();
  }

  @Test
  void a_refused_call_delivers_nothing() {
    String deal = given.deal(owner, 2000);
    assertThat(run(command(deal)).getFirst()).isInstanceOf(PayOutcome.BalanceInsufficient.class);
    assertThat(status(deal)).isEqualTo(1);
    assertThat(text("select resource_id from resource where deal_id = ?", deal)).isEmpty();
  }

  @Test
  void it_can_be_switched_off() {
    String deal = given.deal(owner, 60);
    var outcomes =
        cell.database().inTransaction(tx -> new PayBatch(false).run(tx, List.of(command(deal))));
    assertThat(((PayOutcome.Paid) outcomes.getFirst()).delivered()).isEmpty();
    assertThat(status(deal)).isEqualTo(2);
    assertThat(queued()).containsExactly(deal);
  }

  /// Of all resources, as this session has counted them.
  private static long scans(Transaction tx) {
    return tx.queryOne(
            """
            select seq_scan from pg_stat_xact_user_tables
             where schemaname = current_schema() and relname = 'resource'
            """,
            row -> row.longAt("seq_scan"))
        .orElseThrow();
  }

  /// Gives the id that a deal's first resource would get to another deal's.
  private String takenFrom(String deal) {
    String other = given.deal(owner, 10);
    pay(other);
    String taken = idOf(deal);
    set("update resource set resource_id = '" + taken + "'", other);
    set("update deal set resource_ids = '{" + taken + "}'", other);
    return taken;
  }

  /// The id that the first resource of a deal gets: found by paying it, and taking that back.
  private String idOf(String deal) {
    class TakenBack extends RuntimeException {
      private static final long serialVersionUID = 1;
    }

    var id = new ArrayList<String>();
    try {
      cell.database()
          .execute(tx -> {
            var paid = (PayOutcome.Paid) batch.run(tx, List.of(command(deal))).getFirst();
            id.addAll(paid.resources().orElseThrow());
            throw new TakenBack();
          });
    } catch (TakenBack e) {
      assertThat(status(deal)).isEqualTo(1);
    }
    return id.getFirst();
  }

  private DeliveryResult deliver(String deal) {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    try (var calls = new HttpProviderCalls(false, clock);
        var delivery =
            new Delivery(
                cell,
                name -> Optional.empty(),
                calls,
                DeliverySettings.DEFAULT,
                clock,
                new SplittableRandom(1),
                DeliveryListener.NONE)) {
      delivery.start();
      var id = new DealId(deal);
      return delivery.await(List.of(id), Duration.ofSeconds(30)).get(id);
    }
  }

  private PayOutcome.Paid pay(String... deals) {
    return (PayOutcome.Paid) run(command(deals)).getFirst();
  }

  private List<PayOutcome> run(PayCommand... commands) {
    return cell.database().inTransaction(tx -> batch.run(tx, List.of(commands)));
  }

  private PayCommand command(String... deals) {
    return given.payment(owner, AgentPay.SELF, Optional.empty(), List.of(deals));
  }

  private int status(String deal) {
    return cell.database()
        .read(tx ->
            tx.query("select status from deal where deal_id = ?", row -> row.intAt("status"), deal))
        .getFirst();
  }

  private List<String> resources(String deal) {
    return cell.database()
        .read(tx ->
            tx.query(
                "select resource_ids from deal where deal_id = ?",
                row -> row.texts("resource_ids"),
                deal))
        .getFirst();
  }

  private List<String> queued() {
    return cell.database()
        .read(tx ->
            tx.query("select deal_id from delivery order by deal_id", row -> row.text("deal_id")));
  }

  private List<String> text(String sql, String argument) {
    String named = "select x.* from (" + sql + ") as x (text)";
    return cell.database().read(tx -> tx.query(named, row -> row.text("text"), argument));
  }

  private void set(String change, String deal) {
    cell.database().execute(tx -> tx.update(change + " where deal_id = ?", deal));
  }
}
