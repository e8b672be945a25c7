package io.yunfu.billing.product;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.Transaction;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// Products and providers stand in every cell, since deals are joined with them. The first cell has
/// the original; the others have copies.
///
/// A change commits in the first cell, with its audit entry, and is then copied while the original
/// is locked, so that of two changes the later one is copied last. If a cell cannot be reached, the
/// operator gets an error and repeats the change, which copies again; besides, every node copies
/// everything when it starts ([#spread]), which also fills cells that are new.
final class Copies {
  private final Cells cells;

  Copies(Cells cells) {
    this.cells = cells;
  }

  Cell original() {
    return cells.all().getFirst();
  }

  /// @param lock reads the original and keeps it as it is
  /// @param put writes a copy
  <T> void copy(Function<Transaction, Optional<T>> lock, BiConsumer<Transaction, T> put) {
    List<Cell> others = cells.all().subList(1, cells.all().size());
    if (others.isEmpty()) {
      return;
    }
    original()
        .database()
        .execute(tx ->
            lock.apply(tx)
                .ifPresent(value ->
                    others.forEach(
                        cell -> cell.database().execute(other -> put.accept(other, value)))));
  }

  boolean areNeeded() {
    return cells.all().size() > 1;
  }
}
