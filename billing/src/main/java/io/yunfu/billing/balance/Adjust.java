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
import java.util.Locale;
import java.util.Optional;

/// The operator puts a balance right, upwards or downwards. It says why, and takes nothing that is
/// not there: neither what is frozen, nor, unless it says so, more than the pocket holds.
public final class Adjust {
  private static final String ACTION = "balance.adjust";

  private final Books books;

  public Adjust(Cells cells, InstantSource clock) {
    this.books = new Books(cells, clock);
  }

  /// What is put right.
  ///
  /// @param pocket cash, income or present
  /// @param amount negative to take away
  /// @param mayOwe whether a downward correction may take more than the pocket holds, on credit
  /// @param reason for the statement and the audit log; not empty
  /// @param key lets the command be repeated
  public record Command(
      Uin uin,
      Pocket.Kind pocket,
      Money amount,
      boolean mayOwe,
      String reason,
      Optional<String> key) {
    public Command {
      require(!amount.isZero(), "a correction is not zero");
      require(Math.abs(amount.cents()) <= TopUp.MOST, "%s is too much at once", amount);
      require(pocket != Pocket.Kind.OWE, "a debt has no correction of its own");
      require(!reason.isBlank(), "a correction has a reason");
    }
  }

  public Outcome<Booked, BalanceRefused> adjust(Operator operator, Command command) {
    return books.change(
        operator,
        ACTION,
        command.uin(),
        command.key(),
        command,
        Booked.class,
        account -> {
          var other = Books.otherCurrency(account, command.amount().currency());
          if (other.isPresent()) {
            return Outcome.refused(other.get());
          }
          var decision =
              AdjustDecision.decide(
                  account.balance(),
                  command.pocket(),
                  command.amount().cents(),
                  command.mayOwe(),
                  account.now());
          return switch (decision) {
            case Outcome.Refused<List<Leg>, BalanceRefused>(BalanceRefused why) ->
                Outcome.refused(why);
            case Outcome.Done<List<Leg>, BalanceRefused>(List<Leg> legs) ->
                Outcome.done(book(account, command, legs));
          };
        });
  }

  private Booked book(Books.Locked account, Command command, List<Leg> legs) {
    var booked = books.post(account, Posting.Kind.ADJUST, command.reason(), legs);
    books.write(
        account,
        ACTION,
        Detail.of("pocket", command.pocket().name().toLowerCase(Locale.ROOT))
            .and("amount", command.amount())
            .and("reason", command.reason())
            .and("posting", booked.posting()));
    return booked;
  }
}
