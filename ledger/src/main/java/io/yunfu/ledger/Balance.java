package io.yunfu.ledger;

import static io.yunfu.kernel.Check.ensure;
import static io.yunfu.kernel.Check.require;

import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Pocket.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// What an owner has, in cents of its currency. A value: moving money gives another balance.
///
/// @param present gift balance
/// @param income earnings transferred in
/// @param cash topped-up money
/// @param owe spent on credit and not yet repaid
/// @param frozen the sum of all holds
/// @param creditLimit the standing credit line
/// @param grants temporary credit, past and future grants included
public record Balance(
    Uin owner,
    Currency currency,
    long present,
    long income,
    long cash,
    long owe,
    long frozen,
    long creditLimit,
    List<TempCredit> grants) {

  /// Credit that can be spent from `startsAt` until just before `endsAt`.
  public record TempCredit(long id, long cents, Instant startsAt, Instant endsAt) {
    boolean isValidAt(Instant now) {
      return !now.isBefore(startsAt) && now.isBefore(endsAt);
    }
  }

  /// A part of a payment and the pocket that it comes from.
  public record Draw(Kind kind, long cents) {}

  public Balance {
    grants = List.copyOf(grants);
    require(
        present >= 0 && income >= 0 && cash >= 0 && owe >= 0, "a pocket of %s is negative", owner);
    require(
        frozen >= 0 && creditLimit >= 0, "frozen and credit limit of %s are not negative", owner);
  }

  public static Balance empty(Uin owner, Currency currency) {
    return new Balance(owner, currency, 0, 0, 0, 0, 0, 0, List.of());
  }

  /// The temporary credit that is valid at this instant.
  public long tempCredit(Instant now) {
    return grants.stream().filter(grant -> grant.isValidAt(now)).mapToLong(TempCredit::cents).sum();
  }

  /// The whole credit line at this instant.
  public long credit(Instant now) {
    return Math.addExact(creditLimit, grants.isEmpty() ? 0 : tempCredit(now));
  }

  /// Cash, income and present less what is frozen and owed: `RealBalance` of
  /// DescribeAccountBalance. Can be negative.
  public Money real() {
    return Money.of(own() - frozen - owe, currency);
  }

  /// What a payment may spend at this instant: `RealCreditBalance` of DescribeAccountBalance.
  /// Negative only when temporary credit has ended that was spent.
  public Money available(Instant now) {
    return Money.of(Math.addExact(own(), credit(now)) - owe - frozen, currency);
  }

  /// How a payment of this many cents is taken, in the one order of spending: present, income,
  /// cash, then credit (`billing.md` section 4.3: gift and income before cash are documented, gift
  /// first and credit last are ours).
  ///
  /// @throws IllegalArgumentException when the amount is negative or more than [#available]
  public List<Draw> draw(long cents, Instant now) {
    require(cents >= 0, "a payment is not negative: %d", cents);
    require(cents == 0 || cents <= available(now).cents(), "%s cannot pay %d", this, cents);
    var draws = new ArrayList<Draw>(2);
    long rest = cents;
    rest = take(draws, Kind.PRESENT, present, rest);
    rest = take(draws, Kind.INCOME, income, rest);
    rest = take(draws, Kind.CASH, cash, rest);
    take(draws, Kind.OWE, Long.MAX_VALUE, rest);
    return draws;
  }

  /// How this many incoming cents are booked: first they repay what is owed, the rest goes into the
  /// pocket.
  public List<Leg> receive(long cents, Pocket.House from, Kind into, String subject) {
    require(cents > 0, "what comes in is positive: %d", cents);
    require(into != Kind.OWE, "money cannot be received into a debt");
    long repaid = Math.min(owe, cents);
    var legs = new ArrayList<Leg>(2);
    if (repaid > 0) {
      legs.add(new Leg(from, Pocket.of(owner, Kind.OWE), Money.of(repaid, currency), subject));
    }
    if (cents > repaid) {
      legs.add(new Leg(from, Pocket.of(owner, into), Money.of(cents - repaid, currency), subject));
    }
    return legs;
  }

  /// This balance after a leg that touches it; the same one after a leg that does not.
  public Balance after(Leg leg) {
    return moved(leg.debit(), leg.amount(), 1).moved(leg.credit(), leg.amount(), -1);
  }

  public Balance after(Posting posting) {
    Balance balance = this;
    for (Leg leg : posting.legs()) {
      balance = balance.after(leg);
    }
    return balance;
  }

  /// The cents in one pocket.
  public long in(Kind kind) {
    return switch (kind) {
      case PRESENT -> present;
      case INCOME -> income;
      case CASH -> cash;
      case OWE -> owe;
    };
  }

  Balance with(List<TempCredit> newGrants) {
    return new Balance(owner, currency, present, income, cash, owe, frozen, creditLimit, newGrants);
  }

  private long own() {
    return Math.addExact(Math.addExact(present, income), cash);
  }

  private static long take(List<Draw> draws, Kind kind, long has, long wanted) {
    long part = Math.min(has, wanted);
    if (part > 0) {
      draws.add(new Draw(kind, part));
    }
    return wanted - part;
  }

  private Balance moved(Pocket pocket, Money amount, int debitSign) {
    if (!(pocket instanceof Pocket.Owned(Uin uin, Kind kind)) || !uin.equals(owner)) {
      return this;
    }
    ensure(
        amount.currency() == currency,
        "%s does not belong into an account in %s",
        amount,
        currency);
    long change =
        Math.multiplyExact(debitSign, kind == Kind.OWE ? amount.cents() : -amount.cents());
    return switch (kind) {
      case PRESENT -> with(Math.addExact(present, change), income, cash, owe);
      case INCOME -> with(present, Math.addExact(income, change), cash, owe);
      case CASH -> with(present, income, Math.addExact(cash, change), owe);
      case OWE -> with(present, income, cash, Math.addExact(owe, change));
    };
  }

  private Balance with(long newPresent, long newIncome, long newCash, long newOwe) {
    return new Balance(
        owner, currency, newPresent, newIncome, newCash, newOwe, frozen, creditLimit, grants);
  }
}
