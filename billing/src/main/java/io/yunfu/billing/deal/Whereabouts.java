package io.yunfu.billing.deal;

import io.yunfu.billing.account.Directory;
import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.function.Function;

/// Finds what an id names when nobody says whose it is: for the operator, who sees all cells. An
/// imported id is in the directory, one that was made here says its cell; only for ids of nothing
/// are all cells asked.
public final class Whereabouts {
  private final Cells cells;
  private final Directory directory;

  public Whereabouts(Cells cells) {
    this.cells = cells;
    this.directory = new Directory(cells);
  }

  /// The first answer of the cells, the likeliest asked first.
  ///
  /// @param look asks one cell
  public <T> Optional<T> find(Directory.Foreign kind, String id, Function<Cell, Optional<T>> look) {
    var likely = new LinkedHashSet<Cell>();
    directory.cellOf(kind, id).ifPresent(likely::add);
    if (Ids.looksOurs(id) && Ids.cellOf(id).value() < cells.all().size()) {
      likely.add(cells.get(Ids.cellOf(id)));
    }
    likely.addAll(cells.all());
    return likely.stream().flatMap(cell -> look.apply(cell).stream()).findFirst();
  }
}
