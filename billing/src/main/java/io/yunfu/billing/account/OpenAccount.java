package io.yunfu.billing.account;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.ConstraintViolated;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Ledger;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.Detail;
import io.yunfu.operator.Operator;
import io.yunfu.operator.Outcome;
import java.time.InstantSource;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Opens an owner account without money.
///
/// The directory is written first, then the cell; see [Directory]. Repeated after a crash between
/// the two with the same uin, it opens the account in the cell that was chosen then.
public final class OpenAccount {
  private final Cells cells;
  private final Directory directory;
  private final InstantSource clock;
  private final FreeUins numbers;
  private final AccountStore store = new AccountStore();
  private final Ledger ledger = new Ledger();
  private final AuditLog audit = new AuditLog();

  public OpenAccount(Cells cells, InstantSource clock, RandomGenerator random) {
    this.cells = cells;
    this.directory = new Directory(cells);
    this.clock = clock;
    this.numbers = new FreeUins(directory, random);
  }

  /// A new account.
  ///
  /// @param uin given when it is imported; made here otherwise
  /// @param place where it lives
  public record Command(
      Optional<Uin> uin, String name, Edition edition, Certification certification, Place place) {}

  /// In which cell an account lives. It cannot be moved later.
  public sealed interface Place {
    /// By its number, so that accounts spread evenly.
    record Any() implements Place {}

    record In(CellId cell) implements Place {}

    /// With its future group payer, reseller, member or client.
    record Beside(Uin owner) implements Place {}
  }

  public Outcome<Account, AccountRefused> open(Operator operator, Command command) {
    return open(operator, command, command.uin().orElseGet(numbers::next));
  }

  private Outcome<Account, AccountRefused> open(Operator operator, Command command, Uin uin) {
    Cell wanted;
    switch (command.place()) {
      case Place.Any() -> wanted = cells.all().get((int) (uin.value() % cells.all().size()));
      case Place.In(CellId id) -> {
        if (id.value() >= cells.all().size()) {
          return Outcome.refused(new AccountRefused.NoSuchCell(id));
        }
        wanted = cells.get(id);
      }
      case Place.Beside(Uin other) -> {
        var cell = directory.cellOf(other);
        if (cell.isEmpty()) {
          return Outcome.refused(new AccountRefused.NoSuchAccount(other));
        }
        wanted = cell.get();
      }
    }
    var cell = directory.place(uin, wanted);
    return cell.isEmpty()
        ? Outcome.refused(new AccountRefused.UinTaken(uin))
        : openIn(cell.get(), operator, command, uin);
  }

  private Outcome<Account, AccountRefused> openIn(
      Cell cell, Operator operator, Command command, Uin uin) {
    var owner = new Owner(uin, command.name(), command.edition(), command.certification(), true);
    var account = new Account(owner, cell.id(), Times.micros(clock.instant()));
    try {
      cell.database()
          .execute(tx -> {
            ledger.open(tx, uin, owner.edition().currency());
            store.insert(tx, owner, account.createdAt());
            var detail =
                Detail.of("name", owner.name())
                    .and("edition", owner.edition().code())
                    .and("certification", owner.certification().code())
                    .and("cell", cell.id().value());
            audit.write(
                tx,
                cell.ids(),
                account.createdAt(),
                operator,
                "account.open",
                Accounts.subject(uin),
                detail);
          });
    } catch (ConstraintViolated e) {
      if (e.isDuplicate()) {
        return Outcome.refused(new AccountRefused.UinTaken(uin));
      }
      throw e;
    }
    return Outcome.done(account);
  }
}
