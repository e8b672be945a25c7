package io.yunfu.ledger;

import static io.yunfu.kernel.Check.require;

import io.yunfu.kernel.Money;

/// One step of a posting: an amount that leaves the credited pocket and arrives in the debited one.
/// Both of its sides are written in one row, so a posting cannot be off balance.
///
/// @param subject what the leg paid for: a deal id, or empty
public record Leg(Pocket debit, Pocket credit, Money amount, String subject) {
  public Leg {
    require(amount.isPositive(), "a leg moves a positive amount, not %s", amount);
    require(!debit.equals(credit), "a leg joins two pockets, not %s with itself", debit);
  }
}
