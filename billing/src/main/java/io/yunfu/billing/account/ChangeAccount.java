package io.yunfu.billing.account;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Uin;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.Detail;
import io.yunfu.operator.Operator;
import io.yunfu.operator.Outcome;
import java.time.InstantSource;
import java.util.Optional;

/// Changes the name, the real-name state, or the freeze of an owner account. Its edition, and with
/// it its currency, is for life.
public final class ChangeAccount {
  private final Directory directory;
  private final InstantSource clock;
  private final AccountStore store = new AccountStore();
  private final AuditLog audit = new AuditLog();

  public ChangeAccount(Cells cells, InstantSource clock) {
    this.directory = new Directory(cells);
    this.clock = clock;
  }

  /// What is absent stays as it is.
  ///
  /// @param active false freezes the account: it can neither pay nor be paid for
  public record Command(
      Uin uin,
      Optional<String> name,
      Optional<Certification> certification,
      Optional<Boolean> active) {}

  public Outcome<Account, AccountRefused> change(Operator operator, Command command) {
    var cell = directory.cellOf(command.uin());
    if (cell.isEmpty()) {
      return Outcome.refused(new AccountRefused.NoSuchAccount(command.uin()));
    }
    return cell.get().database().inTransaction(tx -> change(tx, cell.get(), operator, command));
  }

  private Outcome<Account, AccountRefused> change(
      Transaction tx, Cell cell, Operator operator, Command command) {
    var found = store.lock(tx, command.uin(), cell.id());
    if (found.isEmpty()) {
      return Outcome.refused(new AccountRefused.NoSuchAccount(command.uin()));
    }
    Owner before = found.get().owner();
    Certification wanted = command.certification().orElse(before.certification());
    if (!before.certification().mayBecome(wanted)) {
      return Outcome.refused(
          new AccountRefused.CertificationIsFinal(before.certification(), wanted));
    }
    var after =
        new Owner(
            before.uin(),
            command.name().orElse(before.name()),
            before.edition(),
            wanted,
            command.active().orElse(before.active()));
    store.update(tx, after);
    store.announce(tx, after.uin());
    audit.write(
        tx,
        cell.ids(),
        clock.instant(),
        operator,
        "account.change",
        Accounts.subject(after.uin()),
        detail(before, after));
    return Outcome.done(new Account(after, cell.id(), found.get().createdAt()));
  }

  /// Only what became another.
  private static Detail detail(Owner before, Owner after) {
    var detail = Detail.none();
    if (!before.name().equals(after.name())) {
      detail = detail.and("name", after.name()).and("nameBefore", before.name());
    }
    if (before.certification() != after.certification()) {
      detail =
          detail
              .and("certification", after.certification().code())
              .and("certificationBefore", before.certification().code());
    }
    if (before.active() != after.active()) {
      detail = detail.and("active", after.active());
    }
    return detail;
  }
}
