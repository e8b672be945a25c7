package io.yunfu.bench;

import io.yunfu.bench.machine.CpuTime;
import io.yunfu.bench.machine.Machine;
import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.Database;
import io.yunfu.db.DatabaseSettings;
import io.yunfu.db.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The one database of a run, with one cell: an embedded PostgreSQL with its production settings,
/// or one that is given.
final class BenchDatabase implements AutoCloseable {
  /// Making deals and auditing them takes longer than a request may.
  private static final Duration PATIENCE = Duration.ofHours(1);

  /// A database under load lets newcomers wait.
  private static final Duration TO_CONNECT = Duration.ofSeconds(30);

  private static final List<String> SHOWN =
      List.of(
          "fsync",
          "synchronous_commit",
          "full_page_writes",
          "wal_compression",
          "shared_buffers",
          "max_wal_size");

  private final Optional<EmbeddedPostgres> embedded;
  private final DatabaseSettings settings;
  private final Cells cells;

  private BenchDatabase(Optional<EmbeddedPostgres> embedded, DatabaseSettings settings) {
    this.embedded = embedded;
    this.settings = settings.withApplicationName("yunfu-bench");
    this.cells =
        Cells.open(this.settings.withTimeouts(TO_CONNECT, PATIENCE, settings.lockTimeout()), 1);
  }

  /// Starts an embedded database in a directory.
  static BenchDatabase embedded(Path directory) {
    EmbeddedPostgres postgres = EmbeddedPostgres.start(directory);
    boolean whole = false;
    try {
      var database = new BenchDatabase(Optional.of(postgres), postgres.settings());
      whole = true;
      return database;
    } finally {
      if (!whole) {
        postgres.close();
      }
    }
  }

  /// Uses a database that runs elsewhere.
  static BenchDatabase external(DatabaseSettings settings) {
    return new BenchDatabase(Optional.empty(), settings);
  }

  /// What a program needs to connect to it.
  DatabaseSettings settings() {
    return settings;
  }

  /// Connections like those of a server, but so many.
  Cells open(int connections) {
    return Cells.open(
        settings
            .withPoolSize(connections)
            .withTimeouts(TO_CONNECT, settings.statementTimeout(), settings.lockTimeout()),
        1);
  }

  /// All of it.
  Cells cells() {
    return cells;
  }

  Database directory() {
    return cells.directory();
  }

  Cell cell() {
    return cells.all().getFirst();
  }

  /// Bytes written to the log so far.
  long walPosition() {
    return one("select (pg_current_wal_lsn() - '0/0')::bigint::text");
  }

  /// Paid deals whose delivery may begin now. What the baseline has paid is due tomorrow.
  long deliveriesDue() {
    return one(
        """
        select count(*)::text from delivery
         where state <> 'failed' and next_attempt_at < now() + interval '1 hour'
        """);
  }

  /// Checkpoints that the server has made so far. Source: PostgreSQL 17 or newer.
  long checkpoints() {
    return one("select (num_timed + num_requested)::text from pg_stat_checkpointer");
  }

  /// How often autovacuum has worked on a table so far.
  long autovacuums() {
    return one(
        "select coalesce(sum(autovacuum_count + autoanalyze_count), 0)::text from pg_stat_all_tables");
  }

  private long one(String sql) {
    return Long.parseLong(text(sql));
  }

  private String text(String sql) {
    return cell()
        .database()
        .read(tx -> tx.query("select (" + sql + ") as value", row -> row.text("value")))
        .getFirst();
  }

  String version() {
    return text("select current_setting('server_version')");
  }

  /// The settings that a figure depends on.
  String description() {
    var shown = new StringBuilder("PostgreSQL ").append(version());
    for (String name : SHOWN) {
      shown
          .append(", ")
          .append(name)
          .append(' ')
          .append(text("select current_setting('" + name + "')"));
    }
    return shown.toString();
  }

  /// The process that all others of the server are children of; empty when it is on another
  /// machine.
  Optional<ProcessHandle> postmaster() {
    long backend = one("select pg_backend_pid()::text");
    return ProcessHandle.of(backend)
        .filter(process -> Machine.nameOf(process).contains("postgres"))
        .flatMap(ProcessHandle::parent);
  }

  /// Processor time of all processes of the server so far.
  static Duration cpuTime(Optional<ProcessHandle> postmaster) {
    return postmaster.map(CpuTime::ofFamily).orElse(Duration.ZERO);
  }

  /// Gives the planner its statistics and the index-only scans their maps, as autovacuum would a
  /// little later, in the middle of a measurement.
  void settle() {
    settle(List.of("account", "owner", "api_key", "big_deal", "deal", "delivery"));
  }

  /// The same for the tables that only payments fill.
  void settleAll() {
    settle();
    settle(List.of("posting", "leg", "resource"));
  }

  private void settle(List<String> tables) {
    try (Connection connection = connect(settings);
        Statement statement = connection.createStatement()) {
      statement.execute("set search_path to " + cell().id().schema());
      statement.execute("set statement_timeout = 0");
      for (String table : tables) {
        statement.execute("vacuum (analyze) " + table);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("cannot vacuum: " + e.getMessage(), e);
    }
  }

  /// Writes everything out, so that each run begins with the same debt.
  ///
  /// @return whether this role may
  boolean checkpoint() {
    try (Connection connection =
            connect(embedded.map(EmbeddedPostgres::superuser).orElse(settings));
        Statement statement = connection.createStatement()) {
      statement.execute("checkpoint");
      return true;
    } catch (SQLException e) {
      return false;
    }
  }

  private static Connection connect(DatabaseSettings to) throws SQLException {
    return DriverManager.getConnection(to.url(), to.user(), to.password());
  }

  @Override
  public void close() {
    try {
      cells.close();
    } finally {
      embedded.ifPresent(EmbeddedPostgres::close);
    }
  }
}
