package io.yunfu.billing.balance;

import io.yunfu.billing.account.Accounts;
import io.yunfu.billing.account.Directory;
import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Balance;
import io.yunfu.ledger.Ledger;
import io.yunfu.ledger.Leg;
import io.yunfu.ledger.Posting;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.Detail;
import io.yunfu.operator.Once;
import io.yunfu.operator.Operator;
import io.yunfu.operator.Outcome;
import io.yunfu.operator.Repeatable;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// What all changes of a balance have in common: find the cell, lock the account, let a decision be
/// made, write it with its audit entry, and give a repeated command its first answer.
final class Books {
  private final Directory directory;
  private final InstantSource clock;
  private final Once once;
  private final Ledger ledger = new Ledger();
  private final AuditLog audit = new AuditLog();

  Books(Cells cells, InstantSource clock) {
    this.directory = new Directory(cells);
    this.clock = clock;
    this.once = new Once(clock);
  }

  /// An account that is locked, and all that a change of it needs.
  record Locked(Transaction tx, Cell cell, Balance balance, Instant now, Operator operator) {}

  /// Decides and writes, inside the transaction. A refusal has written nothing.
  @FunctionalInterface
  interface Change<T> {
    Outcome<T, BalanceRefused> make(Locked account);
  }

  /// @param action names the operation, for the audit log and as the scope of the key
  /// @param command what is asked for; its text tells one request from another
  <T> Outcome<T, BalanceRefused> change(
      Operator operator,
      String action,
      Uin uin,
      Optional<String> key,
      Object command,
      Class<T> answer,
      Change<T> change) {
    var cell = directory.cellOf(uin);
    if (cell.isEmpty()) {
      return Outcome.refused(new BalanceRefused.NoSuchAccount(uin));
    }
    return once.run(
        cell.get().database(),
        new Repeatable(action + "/" + uin, key, command),
        answer,
        new BalanceRefused.KeyReused(),
        tx -> {
          var balance = ledger.lock(tx, uin);
          if (balance.isEmpty()) {
            return Outcome.refused(new BalanceRefused.NoSuchAccount(uin));
          }
          Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
          return change.make(new Locked(tx, cell.get(), balance.get(), now, operator));
        });
  }

  /// Writes a posting of this kind.
  Booked post(Locked account, Posting.Kind kind, String memo, List<Leg> legs) {
    var posting = posting(account, kind, memo, legs);
    ledger.post(account.tx(), List.of(posting));
    return new Booked(posting.id(), account.balance().after(posting));
  }

  Posting posting(Locked account, Posting.Kind kind, String memo, List<Leg> legs) {
    var operator = account.operator();
    return new Posting(
        account.cell().ids().next(),
        kind,
        operator.actor(),
        operator.requestId(),
        memo,
        account.now(),
        legs);
  }

  void write(Locked account, String action, Detail detail) {
    audit.write(
        account.tx(),
        account.cell().ids(),
        account.now(),
        account.operator(),
        action,
        Accounts.subject(account.balance().owner()),
        detail);
  }

  Ledger ledger() {
    return ledger;
  }

  Directory directory() {
    return directory;
  }

  static Optional<BalanceRefused> otherCurrency(Locked account, Currency given) {
    Currency currency = account.balance().currency();
    return currency == given
        ? Optional.empty()
        : Optional.of(new BalanceRefused.OtherCurrency(currency, given));
  }
}
