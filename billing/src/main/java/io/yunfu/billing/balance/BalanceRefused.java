package io.yunfu.billing.balance;

import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Hold;
import io.yunfu.ledger.Pocket;

/// Why money was not moved, or credit not changed.
public sealed interface BalanceRefused {
  record NoSuchAccount(Uin uin) implements BalanceRefused {}

  /// The account has one currency, for life.
  record OtherCurrency(Currency account, Currency given) implements BalanceRefused {}

  /// A correction would take more from a pocket than is in it, and was not allowed to make a debt.
  record PocketTooSmall(Pocket.Kind pocket, Money has) implements BalanceRefused {}

  /// More is asked for than the account may spend.
  record NotAvailable(Money available) implements BalanceRefused {}

  /// Credit cannot shrink below what is spent of it or frozen.
  record CreditInUse(Money least) implements BalanceRefused {}

  record NoSuchGrant(long id) implements BalanceRefused {}

  record NoSuchHold(long id) implements BalanceRefused {}

  /// It was captured or released before.
  record HoldEnded(long id, Hold.State state) implements BalanceRefused {}

  /// More than is held.
  record MoreThanHeld(Money held) implements BalanceRefused {}

  /// The idempotency key came with another request before.
  record KeyReused() implements BalanceRefused {}

  /// A bound on what one account may have.
  record TooMany(String what, int most) implements BalanceRefused {}
}
