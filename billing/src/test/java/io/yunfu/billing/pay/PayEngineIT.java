package io.yunfu.billing.pay;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.Given;
import io.yunfu.billing.account.Caller;
import io.yunfu.billing.account.Edition;
import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.audit.BillingAuditStore;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.db.Cell;
import io.yunfu.db.CellLanes;
import io.yunfu.db.Cells;
import io.yunfu.db.TestDatabase;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Money;
import io.yunfu.ledger.Balance;
import io.yunfu.ledger.Finding;
import io.yunfu.ledger.Ledger;
import io.yunfu.ledger.LedgerAuditStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PayEngineIT {
  private static final Instant NOW = Instant.parse("2026-01-01T04:00:00Z");

  private Cells cells;
  private Cell cell;
  private Given given;
  private PayEngine engine;

  @BeforeEach
  void start() {
    cells = TestDatabase.cells();
    cell = cells.all().getLast();
    given = new Given(cell, NOW);
    engine = new PayEngine(cells.all(), PayEngine.Settings.DEFAULT, CellLanes.Listeners.NONE);
  }

  @AfterEach
  void audit() {
    engine.close();
    var findings = new ArrayList<Finding>();
    cell.database()
        .snapshot(tx -> {
          findings.addAll(new LedgerAuditStore().findings(tx));
          findings.addAll(new BillingAuditStore().findings(tx));
          return null;
        });
    cells.close();
    assertThat(findings).isEmpty();
  }

  @Test
  void a_paid_deal_is_debited_once_and_delivered() {
    var owner = given.owner(100);
    var deal = given.deal(owner, 60);
    assertThat(pay(owner, deal)).isInstanceOf(PayOutcome.Paid.class);
    assertThat(balance(owner).cash()).isEqualTo(40);
    assertThat(pay(owner, deal))
        .isEqualTo(new PayOutcome.NotPayable(new DealId(deal), DealStatus.DELIVERED));
    assertThat(balance(owner).cash()).isEqualTo(40);
    assertThat(queued()).isZero();
  }

  @Test
  void a_payment_changes_no_index_of_the_deals() {
    var owner = given.owner(100);
    var payment =
        given.payment(owner, AgentPay.SELF, Optional.empty(), List.of(given.deal(owner, 60)));
    cell.database()
        .execute(tx -> {
          assertThat(new PayBatch(true).run(tx, List.of(payment)).getFirst())
              .isInstanceOf(PayOutcome.Paid.class);
          assertThat(changed(tx, "pg_stat_get_xact_tuples_updated")).isEqualTo(1);
          assertThat(changed(tx, "pg_stat_get_xact_tuples_hot_updated")).isEqualTo(1);
        });
  }

  private static long changed(Transaction tx, String counter) {
    return tx.query("select " + counter + "('deal'::regclass) as rows", row -> row.longAt("rows"))
        .getFirst();
  }

  @Test
  void several_deals_are_one_posting_and_a_refused_call_writes_nothing() {
    var owner = given.owner(100);
    var first = given.deal(owner, 60);
    var second = given.deal(owner, 60);
    assertThat(pay(owner, first, second))
        .isEqualTo(new PayOutcome.BalanceInsufficient(Money.cny(20)));
    assertThat(postings(owner)).isEqualTo(1); // the top-up
    given.topUp(owner, 20);
    assertThat(pay(owner, first, second)).isInstanceOf(PayOutcome.Paid.class);
    assertThat(postings(owner)).isEqualTo(3);
    assertThat(balance(owner).available(NOW)).isEqualTo(Money.cny(0));
  }

  @Test
  void credit_is_spent_last_and_repaid_first() {
    var owner = given.owner(Edition.INTL, 10, 100);
    assertThat(pay(owner, given.deal(owner, 60))).isInstanceOf(PayOutcome.Paid.class);
    assertThat(balance(owner).owe()).isEqualTo(50);
    given.topUp(owner, 70);
    assertThat(balance(owner).owe()).isZero();
    assertThat(balance(owner).cash()).isEqualTo(20);
  }

  @Test
  void a_voucher_is_used_up_over_two_payments() {
    var owner = given.owner(100);
    var voucher = given.voucher(owner, 50);
    var first = given.deal(owner, 30);
    var second = given.bigDeal(owner, 15, 15);
    assertThat(pay(owner, Optional.of(voucher), first)).isInstanceOf(PayOutcome.Paid.class);
    assertThat(pay(owner, Optional.of(voucher), second.toArray(String[]::new)))
        .isInstanceOf(PayOutcome.Paid.class);
    assertThat(balance(owner).cash()).isEqualTo(90);
    var third = given.deal(owner, 1);
    assertThat(pay(owner, Optional.of(voucher), third))
        .isInstanceOf(PayOutcome.VoucherUnusable.class);
  }

  @Test
  void a_group_payer_and_a_reseller_pay_from_their_own_balance() {
    var member = given.owner(0);
    var payer = given.owner(100);
    given.groupPayer(member, payer);
    var client = given.owner(0);
    var reseller = given.owner(100);
    given.reseller(client, reseller);
    assertThat(pay(member, given.deal(member, 10))).isEqualTo(new PayOutcome.GroupPays());
    paid(member, AgentPay.GROUP, given.deal(member, 10));
    paid(payer, AgentPay.GROUP, given.deal(member, 20));
    paid(reseller, AgentPay.RESELLER, given.deal(client, 30));
    var placed = given.bigDeal(new Given.Order(client).placedBy(reseller), 40);
    paid(reseller, AgentPay.RESELLER_ORDER, placed.getFirst());
    assertThat(balance(payer).cash()).isEqualTo(70);
    assertThat(balance(reseller).cash()).isEqualTo(30);
  }

  @Test
  void incomplete_big_deals_and_packages_are_refused_until_they_are_whole() {
    var owner = given.owner(100);
    var big = given.bigDeal(owner, 1, 2, 3);
    assertThat(pay(owner, big.getFirst()))
        .isEqualTo(
            new PayOutcome.BoughtTogether(
                new DealId(big.getFirst()), big.subList(1, 3).stream().map(DealId::new).toList()));
    var one = given.bigDeal(new Given.Order(owner).inPackage("pkg"), 4).getFirst();
    var other = given.bigDeal(new Given.Order(owner).inPackage("pkg"), 5).getFirst();
    assertThat(pay(owner, one)).isInstanceOf(PayOutcome.SoldAsPackage.class);
    assertThat(pay(owner, one, other, big.get(0), big.get(1), big.get(2)))
        .isInstanceOf(PayOutcome.Paid.class);
    assertThat(balance(owner).cash()).isEqualTo(85);
  }

  @Test
  void many_commands_of_one_batch_are_decided_one_after_the_other() {
    var owner = given.owner(100);
    var commands = new ArrayList<PayCommand>();
    for (int i = 0; i < 30; i++) {
      commands.add(command(owner, AgentPay.SELF, Optional.empty(), given.deal(owner, 10)));
    }
    commands.addAll(List.copyOf(commands.subList(0, 3)));
    var outcomes = cell.database().inTransaction(tx -> new PayBatch(true).run(tx, commands));
    assertThat(outcomes.stream().filter(PayOutcome.Paid.class::isInstance)).hasSize(10);
    assertThat(outcomes.subList(0, 10)).allMatch(PayOutcome.Paid.class::isInstance);
    assertThat(outcomes.subList(10, 30)).allMatch(PayOutcome.BalanceInsufficient.class::isInstance);
    assertThat(outcomes.subList(30, 33)).allMatch(PayOutcome.NotPayable.class::isInstance);
    assertThat(balance(owner).cash()).isZero();
  }

  @Test
  void a_command_is_read_back_by_its_posting() {
    var owner = given.owner(100);
    var big = given.bigDeal(owner, 1, 2);
    var paid = command(owner, AgentPay.SELF, Optional.empty(), big.get(1), big.get(0));
    var never = command(owner, AgentPay.SELF, Optional.empty(), big.get(0), big.get(1));
    var outcome = (PayOutcome.Paid) engine.pay(paid);
    var batch = new PayBatch(true);
    Optional<PayOutcome> readBack = cell.database().read(tx -> batch.readBack(tx, paid));
    // Whether it is delivered is read like everything that the queue delivers.
    assertThat(readBack).contains(new PayOutcome.Paid(outcome.deals(), outcome.bigDeals()));
    readBack = cell.database().read(tx -> batch.readBack(tx, never));
    assertThat(readBack).isEmpty();
  }

  private void paid(Caller caller, AgentPay mode, String deal) {
    var outcome = engine.pay(command(caller, mode, Optional.empty(), deal));
    assertThat(outcome).isInstanceOf(PayOutcome.Paid.class);
  }

  private PayOutcome pay(Caller caller, String... deals) {
    return pay(caller, Optional.empty(), deals);
  }

  private PayOutcome pay(Caller caller, Optional<String> voucher, String... deals) {
    return engine.pay(command(caller, AgentPay.SELF, voucher, deals));
  }

  private PayCommand command(
      Caller caller, AgentPay mode, Optional<String> voucher, String... deals) {
    return given.payment(caller, mode, voucher, List.of(deals));
  }

  private Balance balance(Caller owner) {
    return cell.database().read(tx -> new Ledger().balance(tx, owner.owner())).orElseThrow();
  }

  private int postings(Caller owner) {
    return cell.database()
        .read(tx -> new Ledger().postings(tx, owner.owner(), Long.MAX_VALUE, 100))
        .size();
  }

  private long queued() {
    return cell.database()
        .read(tx -> tx.queryOne("select count(*) as n from delivery", row -> row.longAt("n")))
        .orElseThrow();
  }
}
