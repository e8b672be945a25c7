package io.yunfu.billing.balance;

import static io.yunfu.kernel.Check.ensure;
import static io.yunfu.kernel.Check.require;

import io.yunfu.db.Cells;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Balance;
import io.yunfu.ledger.Hold;
import io.yunfu.ledger.Leg;
import io.yunfu.ledger.Pocket;
import io.yunfu.ledger.Posting;
import io.yunfu.operator.Detail;
import io.yunfu.operator.Operator;
import io.yunfu.operator.Outcome;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// Money set aside: neither spent nor there to be spent, until it is taken or given back. Services
/// that are paid as they are used freeze it before they know what they cost.
public final class Holds {
  private final Books books;

  public Holds(Cells cells, InstantSource clock) {
    this.books = new Books(cells, clock);
  }

  /// What is set aside.
  ///
  /// @param reason for people
  /// @param subject what it is held for, in the operator's words: a resource id, say
  /// @param key lets the command be repeated
  public record Create(Uin uin, Money amount, String reason, String subject, Optional<String> key) {
    public Create {
      require(amount.isPositive() && amount.cents() <= TopUp.MOST, "%s cannot be held", amount);
    }
  }

  /// What is taken of a hold.
  ///
  /// @param amount what is taken, at most what is held; the rest is given back
  /// @param key lets the command be repeated
  public record Capture(Uin uin, long hold, Money amount, String memo, Optional<String> key) {
    public Capture {
      require(amount.isPositive(), "%s cannot be captured", amount);
    }
  }

  /// What a hold was made with.
  public record Held(long hold, Balance balance) {}

  public Outcome<Held, BalanceRefused> create(Operator operator, Create command) {
    return books.change(
        operator,
        "hold.create",
        command.uin(),
        command.key(),
        command,
        Held.class,
        account -> {
          var other = Books.otherCurrency(account, command.amount().currency());
          if (other.isPresent()) {
            return Outcome.refused(other.get());
          }
          Money available = account.balance().available(account.now());
          if (available.compareTo(command.amount()) < 0) {
            return Outcome.refused(new BalanceRefused.NotAvailable(available));
          }
          long id = account.cell().ids().next();
          books
              .ledger()
              .hold(
                  account.tx(),
                  id,
                  command.uin(),
                  command.amount().cents(),
                  command.reason(),
                  command.subject(),
                  account.now());
          books.write(
              account,
              "hold.create",
              Detail.of("hold", id)
                  .and("amount", command.amount())
                  .and("reason", command.reason())
                  .and("subject", command.subject()));
          return Outcome.done(new Held(id, again(account)));
        });
  }

  /// Gives it back.
  public Outcome<Held, BalanceRefused> release(Operator operator, Uin uin, long hold) {
    return books.change(
        operator,
        "hold.release",
        uin,
        Optional.empty(),
        hold,
        Held.class,
        account -> {
          var found = held(account, hold);
          if (found instanceof Outcome.Refused<Hold, BalanceRefused>(BalanceRefused why)) {
            return Outcome.refused(why);
          }
          ensure(
              books.ledger().release(account.tx(), hold, account.now()),
              "hold %d has ended under our lock",
              hold);
          books.write(account, "hold.release", Detail.of("hold", hold));
          return Outcome.done(new Held(hold, again(account)));
        });
  }

  /// Takes it, or part of it, from the pockets in the order of spending.
  public Outcome<Booked, BalanceRefused> capture(Operator operator, Capture command) {
    return books.change(
        operator,
        "hold.capture",
        command.uin(),
        command.key(),
        command,
        Booked.class,
        account -> {
          var other = Books.otherCurrency(account, command.amount().currency());
          if (other.isPresent()) {
            return Outcome.refused(other.get());
          }
          return switch (held(account, command.hold())) {
            case Outcome.Refused<Hold, BalanceRefused>(BalanceRefused why) -> Outcome.refused(why);
            case Outcome.Done<Hold, BalanceRefused>(Hold hold) -> capture(account, command, hold);
          };
        });
  }

  private Outcome<Booked, BalanceRefused> capture(
      Books.Locked account, Capture command, Hold hold) {
    Balance balance = account.balance();
    if (command.amount().cents() > hold.cents()) {
      return Outcome.refused(
          new BalanceRefused.MoreThanHeld(Money.of(hold.cents(), balance.currency())));
    }
    Balance free = released(balance, hold.cents());
    if (free.available(account.now()).compareTo(command.amount()) < 0) {
      // Temporary credit that was held has ended meanwhile.
      return Outcome.refused(new BalanceRefused.NotAvailable(free.available(account.now())));
    }
    var legs =
        free.draw(command.amount().cents(), account.now()).stream()
            .map(draw ->
                new Leg(
                    Pocket.of(balance.owner(), draw.kind()),
                    Pocket.House.REVENUE,
                    Money.of(draw.cents(), balance.currency()),
                    ""))
            .toList();
    var posting = books.posting(account, Posting.Kind.DEDUCT, command.memo(), legs);
    ensure(
        books.ledger().capture(account.tx(), hold.id(), posting, account.now()),
        "hold %d has ended under our lock",
        hold.id());
    books.write(
        account,
        "hold.capture",
        Detail.of("hold", hold.id())
            .and("amount", command.amount())
            .and("memo", command.memo())
            .and("posting", posting.id()));
    return Outcome.done(new Booked(posting.id(), free.after(posting)));
  }

  /// The holds of an account, newest first, ended ones included.
  ///
  /// @param before the last id of the page before
  public List<Hold> list(Uin uin, Optional<Hold.State> state, Optional<Long> before, int limit) {
    long above = before.orElse(Long.MAX_VALUE);
    return books
        .directory()
        .cellOf(uin)
        .map(cell -> cell.database().read(tx -> books.ledger().holds(tx, uin, state, above, limit)))
        .orElse(List.of());
  }

  private Outcome<Hold, BalanceRefused> held(Books.Locked account, long id) {
    // The account is locked, so no hold of it can end meanwhile.
    var found =
        books.ledger().holds(account.tx(), account.balance().owner(), id + 1, 1).stream()
            .filter(hold -> hold.id() == id)
            .findFirst();
    if (found.isEmpty()) {
      return Outcome.refused(new BalanceRefused.NoSuchHold(id));
    }
    return found.get().endedAt() == null
        ? Outcome.done(found.get())
        : Outcome.refused(new BalanceRefused.HoldEnded(id, found.get().state()));
  }

  private Balance again(Books.Locked account) {
    return books.ledger().balance(account.tx(), account.balance().owner()).orElseThrow();
  }

  private static Balance released(Balance balance, long cents) {
    return new Balance(
        balance.owner(),
        balance.currency(),
        balance.present(),
        balance.income(),
        balance.cash(),
        balance.owe(),
        balance.frozen() - cents,
        balance.creditLimit(),
        balance.grants());
  }
}
