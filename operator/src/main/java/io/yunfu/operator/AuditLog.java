package io.yunfu.operator;

import io.yunfu.db.Cells;
import io.yunfu.db.Database;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.IdSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The log of every change that an operator made.
///
/// A change and its entry are written by the same transaction, so there is neither a change without
/// an entry nor an entry without its change. That is why every cell has a log of its own, and the
/// directory one for what belongs to no cell; a list merges them.
public final class AuditLog {
  /// Before everything that can be asked for, and after it; PostgreSQL's own infinities are no
  /// instants.
  public static final Instant BEGINNING = Instant.parse("2000-01-01T00:00:00Z");

  public static final Instant END = Instant.parse("9999-12-31T00:00:00Z");

  private final AuditStore store = new AuditStore();

  /// What to list. An action such as `account` stands for all that begin with `account.`.
  ///
  /// @param from inclusive
  /// @param until exclusive
  public record Filter(
      Optional<String> actor,
      Optional<String> action,
      Optional<String> subject,
      Optional<String> requestId,
      Instant from,
      Instant until) {
    public static final Filter ALL =
        new Filter(
            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), BEGINNING, END);
  }

  /// Writes an entry inside the transaction of its change.
  ///
  /// @param ids of the cell; for the directory, those of its first cell
  public void write(
      Transaction tx,
      IdSource ids,
      Instant at,
      Operator operator,
      String action,
      String subject,
      Detail detail) {
    store.insert(
        tx,
        new AuditEntry(
            ids.next(),
            at,
            operator.actor(),
            action,
            subject,
            operator.requestId(),
            detail.json()));
  }

  /// The newest entries of all cells and of the directory, after a position when there is one.
  public List<AuditEntry> list(
      Cells cells, Filter filter, Optional<AuditEntry.Position> after, int limit) {
    var before = after.orElse(new AuditEntry.Position(END, Long.MAX_VALUE));
    var logs = new ArrayList<Database>();
    logs.add(cells.directory());
    cells.all().forEach(cell -> logs.add(cell.database()));
    return logs.stream()
        .flatMap(log -> log.read(tx -> store.list(tx, filter, before, limit)).stream())
        .sorted(Comparator.comparing(AuditEntry::at).thenComparingLong(AuditEntry::id).reversed())
        .limit(limit)
        .toList();
  }
}
