package io.yunfu.billing.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.billing.Given;
import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.pay.PayEngine;
import io.yunfu.db.Cell;
import io.yunfu.db.CellLanes;
import io.yunfu.db.Cells;
import io.yunfu.db.ConstraintViolated;
import io.yunfu.db.TestDatabase;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the database refuses by itself, whoever asks for it.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConstraintsIT {
  private static final Instant NOW = Instant.parse("2026-01-01T04:00:00Z");

  private Cells cells;
  private Cell cell;

  @BeforeAll
  void aPaidDealAndAnUnpaidOne() {
    cells = TestDatabase.cells();
    cell = cells.all().getLast();
    var given = new Given(cell, NOW);
    try (var engine =
        new PayEngine(cells.all(), PayEngine.Settings.DEFAULT, CellLanes.Listeners.NONE)) {
      var owner = given.owner(1_000);
      var voucher = given.voucher(owner, 10);
      engine.pay(
          given.payment(owner, AgentPay.SELF, Optional.of(voucher), given.bigDeal(owner, 100)));
      given.bigDeal(owner, 5);
    }
  }

  @AfterAll
  void close() {
    cells.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "update account set cash = -1 | account_cash_check",
        "update account set owe = cash + 1 | account_is_covered",
        "update account set currency = 'EUR' | account_currency_check",
        "insert into leg select posting_id + 1000000000000, line, debit_uin, debit_pocket, credit_uin, credit_pocket,"
            + " amount, currency from leg limit 1 | leg_has_posting",
        "update leg set amount = 0 | leg_amount_check",
        "update leg set credit_uin = debit_uin, credit_pocket = debit_pocket | leg_check",
        "insert into deal select d.* from deal d | deal_pkey",
        "update deal set deal_id = 'what a deal!' where status = 1 | wire_id_check",
        "update deal set deal_id = rpad(deal_id, 65, 'x') where status = 1 | wire_id_check",
        "update deal set status = 4 where status = 1 | deal_is_paid_whole",
        "update deal set real_total_cost = real_total_cost + 1 where status = 4 | deal_is_paid_exactly",
        "update voucher set voucher_id = '' | wire_id_check",
        "update voucher set balance_micro = -1 | voucher_check",
        "insert into resource select 'ins-1', owner_uin, product_code, sub_product_code, 'none', 1, 0, 'active', now(),"
            + " 'none' from deal limit 1 | resource_has_deal",
        "insert into delivery (deal_id, owner_uin, state, next_attempt_at, queued_at)"
            + " values ('none', 1, 'queued', now(), now()) | delivery_has_deal",
      })
  void a_change_that_breaks_a_rule_is_refused(String change, String constraint) {
    assertThatThrownBy(() -> cell.database().execute(tx -> tx.update(change)))
        .isInstanceOfSatisfying(
            ConstraintViolated.class,
            refused -> assertThat(refused.constraint()).isEqualTo(constraint));
  }

  @ParameterizedTest
  @CsvSource({"posting", "deal"})
  void what_others_refer_to_is_never_removed(String table) {
    for (String removal : new String[] {"delete from " + table, "truncate " + table + " cascade"}) {
      assertThatThrownBy(() -> cell.database().execute(tx -> tx.update(removal)))
          .isInstanceOf(ConstraintViolated.class)
          .hasMessageContaining("rows of " + table + " stay");
    }
  }
}
