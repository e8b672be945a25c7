package io.yunfu.billing.balance;

import io.yunfu.kernel.Money;
import io.yunfu.ledger.Balance;
import io.yunfu.ledger.Leg;
import io.yunfu.ledger.Pocket;
import io.yunfu.operator.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// How a correction is booked. Pure.
final class AdjustDecision {
  private AdjustDecision() {}

  /// @param cents what is added; negative: taken away
  /// @param mayOwe whether what the pocket does not hold may become a debt
  static Outcome<List<Leg>, BalanceRefused> decide(
      Balance balance, Pocket.Kind pocket, long cents, boolean mayOwe, Instant now) {
    return cents > 0
        ? Outcome.done(List.of(leg(balance, pocket, cents)))
        : takeAway(balance, pocket, -cents, mayOwe, now);
  }

  private static Outcome<List<Leg>, BalanceRefused> takeAway(
      Balance balance, Pocket.Kind pocket, long cents, boolean mayOwe, Instant now) {
    long has = balance.in(pocket);
    if (pocket == Pocket.Kind.OWE) {
      throw new IllegalArgumentException("a debt is corrected by topping up or by taking cash");
    }
    if (cents > has && !mayOwe) {
      return Outcome.refused(
          new BalanceRefused.PocketTooSmall(pocket, Money.of(has, balance.currency())));
    }
    Money available = balance.available(now);
    if (cents > available.cents()) {
      return Outcome.refused(new BalanceRefused.NotAvailable(available));
    }
    var legs = new ArrayList<Leg>(2);
    long fromPocket = Math.min(has, cents);
    if (fromPocket > 0) {
      legs.add(leg(balance, pocket, -fromPocket));
    }
    if (cents > fromPocket) {
      legs.add(leg(balance, Pocket.Kind.OWE, fromPocket - cents));
    }
    return Outcome.done(legs);
  }

  private static Leg leg(Balance balance, Pocket.Kind kind, long cents) {
    var own = Pocket.of(balance.owner(), kind);
    var house = Pocket.House.ADJUSTMENT;
    var amount = Money.of(Math.abs(cents), balance.currency());
    return cents > 0 ? new Leg(house, own, amount, "") : new Leg(own, house, amount, "");
  }
}
