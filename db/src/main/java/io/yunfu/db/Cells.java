package io.yunfu.db;

import static io.yunfu.kernel.Check.require;

import io.yunfu.kernel.CellId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// All cells of the installation and their directory, with schemas that fit this program.
///
/// Several nodes may start at the same time: one migrates, the others wait for it. The number of
/// cells may grow from one start to the next; it never shrinks, since owners live in them. A node
/// that runs does not see cells that were added after its start; restart it.
public final class Cells implements AutoCloseable {
  private static final String DIRECTORY = "directory";
  private static final String COUNT = "select count(*) as cells from cell";
  private static final String REGISTER =
      """
      insert into cell (cell_id, created_at)
      select cell_id, now() from unnest(?::int[]) as cell_id
      on conflict do nothing
      """;

  private final Database directory;
  private final List<Cell> cells;

  private Cells(Database directory, List<Cell> cells) {
    this.directory = directory;
    this.cells = List.copyOf(cells);
  }

  /// Brings all schemas up to date, and opens them.
  ///
  /// @param count how many cells there shall be
  /// @throws DatabaseAway when there is no database; ask again later
  /// @throws SchemaUnfit when the schemas are newer than this program, or there are more cells
  public static Cells open(DatabaseSettings settings, int count) {
    require(count >= 1 && count <= CellId.MAX + 1, "1 to %d cells, not %d", CellId.MAX + 1, count);
    List<CellId> ids = IntStream.range(0, count).mapToObj(CellId::new).toList();
    prepare(settings, ids);
    List<Cell> cells = new ArrayList<>();
    for (CellId id : ids) {
      Database database = Database.open(settings, id.schema());
      cells.add(new Cell(id, database, new IdBlocks(database, id, IdBlocks.BLOCK)));
    }
    var opened = new Cells(Database.open(settings, DIRECTORY), cells);
    try {
      opened.directory.awaitFirstConnection();
      cells.forEach(cell -> cell.database().awaitFirstConnection());
      return opened;
    } catch (DatabaseException e) {
      opened.close();
      throw e;
    }
  }

  /// On one connection that waits with patience: a start does not fail because the machine is busy
  /// or another node migrates.
  private static void prepare(DatabaseSettings settings, List<CellId> ids) {
    DatabaseSettings patient =
        settings.withTimeouts(
            Connector.LONGEST_LOGIN, Migrations.LONGEST_MIGRATION, Migrations.LONGEST_MIGRATION);
    try (Connection connection = new Connector(patient, DIRECTORY).open()) {
      Migrations migrations = new Migrations(settings, connection);
      migrations.migrate(DIRECTORY, List.of(DIRECTORY));
      Transaction tx = new Transaction(connection, true);
      requireEnough(tx, ids.size());
      migrations.migrate("cell", ids.stream().map(CellId::schema).toList());
      tx.update(REGISTER, ids.stream().mapToInt(CellId::value).toArray());
    } catch (SQLException e) {
      DatabaseException translated = SqlStates.translate(e);
      throw translated instanceof DatabaseAway
          ? new DatabaseAway(
              "The database %s is away: %s".formatted(settings.address(), e.getMessage()), false, e)
          : translated;
    }
  }

  public Database directory() {
    return directory;
  }

  /// In the order of their numbers.
  public List<Cell> all() {
    return cells;
  }

  /// One of them.
  ///
  /// @throws IllegalArgumentException for a cell that this node does not know
  public Cell get(CellId id) {
    require(id.value() < cells.size(), "%s is none of the %d cells of this node", id, cells.size());
    return cells.get(id.value());
  }

  @Override
  public void close() {
    cells.forEach(cell -> cell.database().close());
    directory.close();
  }

  private static void requireEnough(Transaction tx, int count) {
    long found = tx.query(COUNT, row -> row.longAt("cells")).getFirst();
    if (found > count) {
      throw new SchemaUnfit(
          "The database has %d cells, but %d %s configured. Cells can be added, never taken away."
              .formatted(found, count, count == 1 ? "is" : "are"));
    }
  }
}
