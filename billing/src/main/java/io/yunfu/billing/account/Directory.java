package io.yunfu.billing.account;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Uin;
import java.util.Collection;
import java.util.Optional;

/// Tells in which cell something lives. It is the only thing that cells share.
///
/// Order of writing, everywhere: first the directory, then the cell. A crash between the two leaves
/// an entry that points to nothing: a number or a name that is taken and not used. Repeating the
/// command finds the entry, goes to the same cell and finishes there. The other order could leave
/// an owner that nobody finds, and open a second one of the same number in another cell.
public final class Directory {
  private final Cells cells;
  private final DirectoryStore store = new DirectoryStore();

  public Directory(Cells cells) {
    this.cells = cells;
  }

  /// Kinds of ids that may come from elsewhere; the code is the one in the table.
  public enum Foreign {
    DEAL("deal"),
    BIG_DEAL("big_deal"),
    VOUCHER("voucher");

    private final String code;

    Foreign(String code) {
      this.code = code;
    }

    String code() {
      return code;
    }
  }

  /// The cell of an owner. There may be no such owner in it, see above.
  public Optional<Cell> cellOf(Uin owner) {
    return cell(cells.directory().read(tx -> store.cellOfOwner(tx, owner)));
  }

  /// The cell of an API key, disabled ones included.
  public Optional<Cell> cellOfKey(String secretId) {
    return cell(cells.directory().read(tx -> store.cellOfKey(tx, secretId)));
  }

  /// The cell of an imported id.
  public Optional<Cell> cellOf(Foreign kind, String id) {
    return cell(cells.directory().read(tx -> store.cellOfForeign(tx, kind.code(), id)));
  }

  /// An id that was not made here.
  public record ForeignId(Foreign kind, String id) {}

  /// Takes ids that were not made here for a cell, all or none. Those that the cell has already
  /// stay its own.
  ///
  /// @return the first that another cell has; nothing is written then
  public Optional<ForeignId> take(Collection<ForeignId> ids, Cell cell) {
    if (ids.isEmpty()) {
      return Optional.empty();
    }
    String[] kinds = ids.stream().map(id -> id.kind().code()).toArray(String[]::new);
    String[] names = ids.stream().map(ForeignId::id).toArray(String[]::new);
    return cells
        .directory()
        .inTransaction(tx -> {
          store.lockNumbers(tx);
          var elsewhere = store.takenElsewhere(tx, kinds, names, cell.id());
          if (elsewhere.isEmpty()) {
            store.takeForeign(tx, kinds, names, cell.id());
          }
          return ids.stream().filter(id -> elsewhere.contains(id.id())).findFirst();
        });
  }

  /// Whether one of these ids, which were made here, came from elsewhere before, as an id of
  /// whatever kind.
  public boolean knowsAny(Collection<String> ids) {
    return cells.directory().read(tx -> store.knowsAny(tx, ids));
  }

  /// Whether a number is given out, to an owner or to a sub-user.
  boolean isTaken(Uin uin) {
    return cells
        .directory()
        .read(tx -> store.cellOfOwner(tx, uin).isPresent() || store.isSubUser(tx, uin));
  }

  /// Puts a new owner into a cell, or finds the cell it was put into before.
  ///
  /// @return empty when the number belongs to a sub-user
  Optional<Cell> place(Uin owner, Cell wanted) {
    return cell(
        cells
            .directory()
            .inTransaction(tx -> {
              store.lockNumbers(tx);
              if (store.isSubUser(tx, owner)) {
                return Optional.empty();
              }
              store.placeOwner(tx, owner, wanted.id());
              return store.cellOfOwner(tx, owner);
            }));
  }

  /// Takes a number for a sub-user, or finds that it was taken for it before.
  ///
  /// @return false when somebody else has it
  boolean placeSubUser(Uin user, Uin owner) {
    return cells
        .directory()
        .inTransaction(tx -> {
          store.lockNumbers(tx);
          if (store.cellOfOwner(tx, user).isPresent()) {
            return false;
          }
          store.placeSubUser(tx, user, owner);
          return store.ownerOfSubUser(tx, user).equals(Optional.of(owner));
        });
  }

  /// Takes a secret id for a cell, or finds that it was taken for it before.
  ///
  /// @return false when another cell has it
  boolean placeKey(String secretId, Cell cell) {
    return cells
        .directory()
        .inTransaction(tx -> {
          store.placeKey(tx, secretId, cell.id());
          return store.cellOfKey(tx, secretId).equals(Optional.of(cell.id()));
        });
  }

  private Optional<Cell> cell(Optional<CellId> id) {
    return id.map(cells::get);
  }
}
