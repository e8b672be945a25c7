package io.yunfu.billing.balance;

import static io.yunfu.kernel.Check.require;

import io.yunfu.db.Cells;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Leg;
import io.yunfu.ledger.Pocket;
import io.yunfu.ledger.Posting;
import io.yunfu.operator.Detail;
import io.yunfu.operator.Operator;
import io.yunfu.operator.Outcome;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Money comes into an account: topped up, transferred in as earnings, or as a gift. What comes
/// from outside repays first what the account owes. A gift does not: it is no money, and a debt
/// that it repaid would have turned it into some.
public final class TopUp {
  /// A bound far above any payment and far below an overflow: 1e12 of the main unit.
  public static final long MOST = 100_000_000_000_000L;

  private final Books books;

  public TopUp(Cells cells, InstantSource clock) {
    this.books = new Books(cells, clock);
  }

  /// What kind of money it is.
  public enum Kind {
    CASH("cash"),
    INCOME("income"),
    GIFT("gift");

    private final String code;

    Kind(String code) {
      this.code = code;
    }

    /// As the operator writes it.
    public String code() {
      return code;
    }
  }

  /// What comes in.
  ///
  /// @param memo where it came from, in the operator's words: a transfer's number, say
  /// @param key lets the command be repeated
  public record Command(Uin uin, Kind kind, Money amount, String memo, Optional<String> key) {
    public Command {
      require(
          amount.isPositive() && amount.cents() <= MOST, "%s cannot be topped up at once", amount);
    }

    /// Cash, without any words.
    public static Command cash(Uin uin, Money amount) {
      return new Command(uin, Kind.CASH, amount, "", Optional.empty());
    }
  }

  public Outcome<Booked, BalanceRefused> topUp(Operator operator, Command command) {
    String action = "balance." + (command.kind() == Kind.GIFT ? "gift" : "top-up");
    return books.change(
        operator,
        action,
        command.uin(),
        command.key(),
        command,
        Booked.class,
        account -> {
          var other = Books.otherCurrency(account, command.amount().currency());
          if (other.isPresent()) {
            return Outcome.refused(other.get());
          }
          var booked =
              books.post(account, Posting.Kind.RECHARGE, command.memo(), legs(account, command));
          books.write(
              account,
              action,
              Detail.of("kind", command.kind().code())
                  .and("amount", command.amount())
                  .and("memo", command.memo())
                  .and("posting", booked.posting()));
          return Outcome.done(booked);
        });
  }

  private static List<Leg> legs(Books.Locked account, Command command) {
    var balance = account.balance();
    long cents = command.amount().cents();
    return switch (command.kind()) {
      case CASH -> balance.receive(cents, Pocket.House.FUNDING, Pocket.Kind.CASH, "");
      case INCOME -> balance.receive(cents, Pocket.House.FUNDING, Pocket.Kind.INCOME, "");
      case GIFT ->
          List.of(
              new Leg(
                  Pocket.House.GIFT,
                  Pocket.of(balance.owner(), Pocket.Kind.PRESENT),
                  command.amount(),
                  ""));
    };
  }
}
