package io.yunfu.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Balance.Draw;
import io.yunfu.ledger.Balance.TempCredit;
import io.yunfu.ledger.Pocket.House;
import io.yunfu.ledger.Pocket.Kind;
import io.yunfu.testkit.Property;
import java.time.Instant;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BalanceTest {
  private static final Uin OWNER = new Uin(100_000_000_001L);
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void a_payment_takes_gift_then_income_then_cash_then_credit() {
    var balance = new Balance(OWNER, Currency.CNY, 10, 20, 30, 0, 0, 40, List.of());
    assertThat(balance.draw(75, NOW))
        .containsExactly(
            new Draw(Kind.PRESENT, 10),
            new Draw(Kind.INCOME, 20),
            new Draw(Kind.CASH, 30),
            new Draw(Kind.OWE, 15));
    assertThatThrownBy(() -> balance.draw(101, NOW)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void the_vendors_sample_of_the_china_formula_comes_out() {
    // billing.md section 3.2: cash + income + present - frozen - owed.
    var balance =
        new Balance(OWNER, Currency.CNY, 209_512, 0, 1_299_806_668, 0, 1_290_368_738, 0, List.of());
    assertThat(balance.real()).isEqualTo(Money.cny(9_647_442));
  }

  @Test
  void what_is_frozen_cannot_be_spent_and_what_is_owed_takes_room_of_the_credit_line() {
    var balance = new Balance(OWNER, Currency.CNY, 0, 0, 100, 30, 50, 40, List.of());
    assertThat(balance.available(NOW)).isEqualTo(Money.cny(60));
  }

  @Test
  void temporary_credit_counts_from_its_start_until_just_before_its_end() {
    var grant = new TempCredit(1, 100, NOW, NOW.plusSeconds(10));
    var balance = new Balance(OWNER, Currency.CNY, 0, 0, 0, 0, 0, 0, List.of(grant));
    assertThat(balance.available(NOW.minusSeconds(1)).cents()).isZero();
    assertThat(balance.available(NOW).cents()).isEqualTo(100);
    assertThat(balance.available(NOW.plusSeconds(9)).cents()).isEqualTo(100);
    assertThat(balance.available(NOW.plusSeconds(10)).cents()).isZero();
  }

  @Test
  void incoming_money_repays_the_debt_before_it_fills_a_pocket() {
    var balance = new Balance(OWNER, Currency.CNY, 0, 0, 0, 30, 0, 100, List.of());
    var legs = balance.receive(50, House.FUNDING, Kind.CASH, "");
    Balance after = balance;
    for (Leg leg : legs) {
      after = after.after(leg);
    }
    assertThat(after.owe()).isZero();
    assertThat(after.cash()).isEqualTo(20);
    assertThat(after.available(NOW)).isEqualTo(balance.available(NOW).plus(Money.cny(50)));
  }

  @Test
  void a_payment_lowers_what_is_available_by_exactly_its_amount() {
    Property.forAll(
        BalanceTest::any,
        balance -> {
          long cents = Math.max(0, balance.available(NOW).cents());
          Balance after = balance;
          for (Draw draw : balance.draw(cents, NOW)) {
            after =
                after.after(
                    new Leg(
                        Pocket.of(OWNER, draw.kind()), House.REVENUE, Money.cny(draw.cents()), ""));
          }
          assertThat(after.available(NOW))
              .isEqualTo(balance.available(NOW).minus(Money.cny(cents)));
        });
  }

  @Test
  void a_posting_and_its_reversal_leave_every_pocket_where_it_was() {
    Property.forAll(
        BalanceTest::any,
        balance -> {
          var in = balance.receive(77, House.FUNDING, Kind.INCOME, "");
          var posting = new Posting(1, Posting.Kind.RECHARGE, "operator:test", "r", "", NOW, in);
          assertThat(balance.after(posting).after(posting.reversed(2, NOW, "operator:test", "r")))
              .isEqualTo(balance);
        });
  }

  @Test
  void a_leg_in_another_currency_is_refused() {
    var balance = Balance.empty(OWNER, Currency.CNY);
    var leg = new Leg(House.FUNDING, Pocket.of(OWNER, Kind.CASH), Money.usd(1), "");
    assertThatThrownBy(() -> balance.after(leg)).isInstanceOf(IllegalStateException.class);
  }

  private static Balance any(RandomGenerator random) {
    long own = random.nextInt(1000);
    long credit = random.nextInt(1000);
    return new Balance(
        OWNER,
        Currency.CNY,
        random.nextInt(1000),
        random.nextInt(1000),
        own,
        credit == 0 ? 0 : random.nextLong(credit),
        own == 0 ? 0 : random.nextLong(own),
        credit,
        List.of());
  }
}
