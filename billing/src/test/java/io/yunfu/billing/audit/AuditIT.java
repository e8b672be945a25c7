package io.yunfu.billing.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.Given;
import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.pay.PayEngine;
import io.yunfu.billing.pay.PayOutcome;
import io.yunfu.db.Cell;
import io.yunfu.db.CellLanes;
import io.yunfu.db.Cells;
import io.yunfu.db.TestDatabase;
import io.yunfu.ledger.Finding;
import io.yunfu.ledger.Ledger;
import io.yunfu.ledger.LedgerAuditStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// An audit that finds nothing proves nothing unless it finds what is broken: each rule is broken
/// once, behind the program's back, and must be named.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AuditIT {
  private static final Instant NOW = Instant.parse("2026-01-01T04:00:00Z");

  private Cells cells;
  private Cell cell;

  @BeforeAll
  void books() {
    cells = TestDatabase.cells();
    cell = cells.all().getLast();
    var given = new Given(cell, NOW);
    try (var engine =
        new PayEngine(cells.all(), PayEngine.Settings.DEFAULT, CellLanes.Listeners.NONE)) {
      var owner = given.owner(1_000);
      var voucher = given.voucher(owner, 10);
      var deals = given.bigDeal(owner, 100, 50);
      assertThat(engine.pay(given.payment(owner, AgentPay.SELF, Optional.of(voucher), deals)))
          .isInstanceOf(PayOutcome.Paid.class);
      given.bigDeal(owner, 5, 5);
      cell.database()
          .execute(
              tx -> new Ledger().hold(tx, cell.ids().next(), owner.owner(), 7, "test", "", NOW));
    }
  }

  @AfterAll
  void close() {
    cells.close();
  }

  @Test
  void sound_books_have_no_findings() {
    assertThat(findings("select 1")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "update account set cash = cash + 1 | Every balance is the sum of its entries",
        "update leg set amount = amount + 1 where debit_pocket = 'cash' | Every balance is the sum of its entries",
        "update leg set posting_id = posting_id + 1000000000000 | Every leg has its posting",
        "update leg set currency = 'USD' | Every entry belongs to an account, in its currency",
        "update account set frozen = frozen + 1 | What is frozen is the sum of the holds",
        "update account set temp_credit = 9 | Temporary credit is the sum of its grants",
        "update leg set amount = amount - 1 where debit_pocket = 'voucher'"
            + " | A paid deal was charged exactly its price, once",
        "update deal set status = 7, posting_id = null, payer_uin = null, paid_at = null, real_total_cost = null,"
            + " voucher_decline = null where posting_id is not null | Only paid deals were charged",
        "update deal set payer_uin = 1 where posting_id is not null | A paid deal was charged to its payer",
        "update posting set kind = 'adjust' where kind = 'deduct' | Every payment has its posting",
        "update deal set big_deal_id = (select min(big_deal_id) from deal) | Deals of one big deal are paid together",
        "update deal set big_deal_size = 3 where status = 1 | A big deal holds as many deals as it says",
        "update deal set package_id = 'p' where status = 1"
            + " | A deal, its big deal and its creator belong together",
        "update voucher set balance_micro = balance_micro + 1, status = 'unUsed'"
            + " | What a voucher lost is what it paid",
        "delete from voucher_usage | What vouchers paid for a deal is written on it",
        "update deal set status = 2 where status = 4 | What was paid is delivered, or waits where somebody sees it",
        "update resource set made_by = 'another' | A resource has been made once, by a delivered deal of its owner",
        "update resource set deal_id = 'another' | A resource has been made once, by a delivered deal of its owner",
        "alter table delivery disable trigger delivery_has_deal; insert into delivery (deal_id, owner_uin, state,"
            + " next_attempt_at, queued_at) values ('another', 1, 'queued', now(), now())"
            + " | What was paid is delivered, or waits where somebody sees it",
        "delete from deal_due | What is not paid is looked at when its time is over",
        "insert into resource select 'ins-x', owner_uin, product_code, sub_product_code, deal_id, 1, 0, 'active', now(),"
            + " deal_id from deal where status = 1 limit 1 | A resource has been made once, by a delivered deal of its owner",
      })
  void a_broken_rule_is_named(String damage, String rule) {
    assertThat(findings(damage)).extracting(Finding::rule).contains(rule);
  }

  /// What is found after some damage, which is undone again.
  private List<Finding> findings(String damage) {
    var found = new ArrayList<Finding>();
    try {
      cell.database()
          .inTransaction(tx -> {
            if (damage.startsWith("select")) {
              tx.query(damage, row -> row);
            } else {
              tx.update(damage);
            }
            found.addAll(new LedgerAuditStore().findings(tx));
            found.addAll(new BillingAuditStore().findings(tx));
            throw new Undo();
          });
    } catch (Undo e) {
      // As meant.
    }
    return found;
  }

  private static final class Undo extends RuntimeException {
    private static final long serialVersionUID = 1;
  }
}
