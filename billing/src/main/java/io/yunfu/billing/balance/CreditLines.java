package io.yunfu.billing.balance;

import static io.yunfu.kernel.Check.require;

import io.yunfu.db.Cells;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Balance;
import io.yunfu.operator.Detail;
import io.yunfu.operator.Operator;
import io.yunfu.operator.Outcome;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Credit: the standing line of an account, and grants for a time.
public final class CreditLines {
  /// All of them are read whenever the account pays.
  public static final int MOST_GRANTS = 100;

  private final Books books;

  public CreditLines(Cells cells, InstantSource clock) {
    this.books = new Books(cells, clock);
  }

  /// Credit for a time.
  ///
  /// @param endsAt from this instant on it is gone; what was spent of it is owed all the same
  /// @param key lets the command be repeated
  public record Grant(
      Uin uin, Money amount, Instant startsAt, Instant endsAt, Optional<String> key) {
    public Grant {
      require(amount.isPositive() && amount.cents() <= TopUp.MOST, "%s cannot be granted", amount);
      require(startsAt.isBefore(endsAt), "a grant ends after it starts");
      startsAt = startsAt.truncatedTo(ChronoUnit.MICROS);
      endsAt = endsAt.truncatedTo(ChronoUnit.MICROS);
    }
  }

  /// Sets the standing line; refused below what is spent of it.
  public Outcome<Balance, BalanceRefused> setLimit(Operator operator, Uin uin, Money limit) {
    require(!limit.isNegative() && limit.cents() <= TopUp.MOST, "%s is no credit limit", limit);
    return books.change(
        operator,
        "credit.set-limit",
        uin,
        Optional.empty(),
        limit,
        Balance.class,
        account -> {
          var other = Books.otherCurrency(account, limit.currency());
          if (other.isPresent()) {
            return Outcome.refused(other.get());
          }
          Balance balance = account.balance();
          long least = Math.max(0, -uncovered(balance) + balance.creditLimit());
          if (limit.cents() < balance.creditLimit() && limit.cents() < least) {
            return Outcome.refused(
                new BalanceRefused.CreditInUse(Money.of(least, balance.currency())));
          }
          books.ledger().setCreditLimit(account.tx(), uin, limit.cents());
          books.write(
              account,
              "credit.set-limit",
              Detail.of("limit", limit)
                  .and("limitBefore", Money.of(balance.creditLimit(), balance.currency())));
          return Outcome.done(again(account));
        });
  }

  public Outcome<Balance, BalanceRefused> grant(Operator operator, Grant command) {
    return books.change(
        operator,
        "credit.grant",
        command.uin(),
        command.key(),
        command,
        Balance.class,
        account -> {
          var other = Books.otherCurrency(account, command.amount().currency());
          if (other.isPresent()) {
            return Outcome.refused(other.get());
          }
          if (account.balance().grants().size() >= MOST_GRANTS) {
            return Outcome.refused(
                new BalanceRefused.TooMany("credit grants of an account", MOST_GRANTS));
          }
          var grant =
              new Balance.TempCredit(
                  account.cell().ids().next(),
                  command.amount().cents(),
                  command.startsAt(),
                  command.endsAt());
          books.ledger().grantTempCredit(account.tx(), command.uin(), grant);
          books.write(
              account,
              "credit.grant",
              Detail.of("grant", grant.id())
                  .and("amount", command.amount())
                  .and("startsAt", grant.startsAt())
                  .and("endsAt", grant.endsAt()));
          return Outcome.done(again(account));
        });
  }

  /// Takes a grant back, or clears away one that has ended; refused while it is spent.
  public Outcome<Balance, BalanceRefused> revoke(Operator operator, Uin uin, long grantId) {
    return books.change(
        operator,
        "credit.revoke",
        uin,
        Optional.empty(),
        grantId,
        Balance.class,
        account -> {
          Balance balance = account.balance();
          var grant = balance.grants().stream().filter(each -> each.id() == grantId).findFirst();
          if (grant.isEmpty()) {
            return Outcome.refused(new BalanceRefused.NoSuchGrant(grantId));
          }
          long missing = grant.get().cents() - uncovered(balance);
          if (missing > 0) {
            return Outcome.refused(
                new BalanceRefused.CreditInUse(Money.of(missing, balance.currency())));
          }
          books.ledger().revokeTempCredit(account.tx(), uin, grantId);
          books.write(account, "credit.revoke", Detail.of("grant", grantId));
          return Outcome.done(again(account));
        });
  }

  private Balance again(Books.Locked account) {
    return books.ledger().balance(account.tx(), account.balance().owner()).orElseThrow();
  }

  /// What is free when all grants count, past and future ones: the rule of the table.
  private static long uncovered(Balance balance) {
    long grants = balance.grants().stream().mapToLong(Balance.TempCredit::cents).sum();
    return balance.present()
        + balance.income()
        + balance.cash()
        + balance.creditLimit()
        + grants
        - balance.owe()
        - balance.frozen();
  }
}
