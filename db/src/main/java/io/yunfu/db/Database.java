package io.yunfu.db;

import static io.yunfu.kernel.Check.require;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/// One schema of one PostgreSQL, through a pool of connections whose search path is that schema
/// alone. Opens nothing before it is needed, so it can be made while the database is away.
public final class Database implements AutoCloseable {
  /// How often a work is tried that loses conflicts (deadlock, serialization failure) or whose
  /// connection breaks before the commit.
  static final int ATTEMPTS = 6;

  /// The pause before the second attempt is up to this long, and doubles from there.
  private static final Duration FIRST_PAUSE = Duration.ofMillis(4);

  /// Who waits for a connection of the pool looks up this often, to see whether the database is
  /// away. HikariCP accepts nothing shorter.
  private static final Duration LOOK_UP_EVERY = Duration.ofMillis(250);

  private static final String SESSION = "select pid from pg_stat_activity where pid = ?";

  /// Connections that stay open when there is nothing to do.
  private static final int IDLE_CONNECTIONS = 2;

  private final DatabaseSettings settings;
  private final String schema;
  private final RandomGenerator random;
  private final Connector connector;
  private final HikariDataSource pool;
  private final Workers workers;

  /// Whether this thread is in a work of this database.
  private final ThreadLocal<Boolean> holding = ThreadLocal.withInitial(() -> false);

  private volatile DatabaseListener listener = DatabaseListener.NONE;

  Database(DatabaseSettings settings, String schema, RandomGenerator random) {
    require(schema.matches("[a-z_][a-z0-9_]{0,62}"), "not a schema name: %s", schema);
    this.settings = settings;
    this.schema = schema;
    this.random = random;
    this.connector = new Connector(settings, schema);
    this.pool = pool(settings, schema, connector);
    this.workers = new Workers(schema, settings.poolSize());
  }

  public static Database open(DatabaseSettings settings, String schema) {
    return new Database(settings, schema, new SecureRandom());
  }

  public String schema() {
    return schema;
  }

  /// Runs `work` in a transaction (read committed) and commits it. A work that loses a conflict, or
  /// whose connection breaks before the commit is sent, runs again on a fresh transaction, a
  /// bounded number of times. An exception from `work` rolls back and is passed on.
  ///
  /// A work does not ask its own database again: as many works as the pool has connections would
  /// wait for each other.
  ///
  /// @throws IllegalArgumentException when it does
  /// @throws DatabaseAway the database cannot be reached; nothing changed
  /// @throws DatabaseBusy no time for us, or a conflict too often; nothing changed
  /// @throws OutcomeUnknown the connection broke during the commit
  /// @throws ConstraintViolated a constraint refused a write; nothing changed
  /// @throws DatabaseFailure any other error; nothing changed
  public <T extends @Nullable Object> T inTransaction(Work<T> work) {
    return repeated(
        connection -> transaction(connection, work, Connection.TRANSACTION_READ_COMMITTED));
  }

  /// [#inTransaction] for a work without an answer.
  public void execute(Consumer<Transaction> work) {
    this.<@Nullable Void>inTransaction(tx -> {
      work.accept(tx);
      return null;
    });
  }

  /// [#inTransaction] over a connection of its own, opened for it: for what a work may need that
  /// holds a connection of the pool. Taken from the pool, the last connections would wait for each
  /// other.
  <T extends @Nullable Object> T inTransactionBeside(Work<T> work) {
    return heard(() ->
        attempts(
            this::beside,
            connection -> transaction(connection, work, Connection.TRANSACTION_READ_COMMITTED)));
  }

  /// Runs `work`, which only reads, without a transaction: each statement sees what was committed
  /// when it began.
  public <T extends @Nullable Object> T read(Work<T> work) {
    return repeated(connection -> {
      Transaction tx = new Transaction(connection, false);
      connection.setAutoCommit(true);
      return work.run(tx);
    });
  }

  /// Runs `work`, which only reads, on one state of the whole schema (repeatable read): for audits,
  /// and for lists that must fit together.
  public <T extends @Nullable Object> T snapshot(Work<T> work) {
    return repeated(
        connection -> transaction(connection, work, Connection.TRANSACTION_REPEATABLE_READ));
  }

  /// Asks the database for a sign of life.
  ///
  /// @throws DatabaseException when there is none
  public void ping() {
    read(tx -> tx.query("select 1 as one", row -> row.intAt("one")));
  }

  /// Waits until the pool has its first connection, with the patience of a start and not with that
  /// of a request: on a busy machine, signing in takes longer than a request should wait.
  ///
  /// @throws DatabaseAway when the database cannot be reached
  void awaitFirstConnection() {
    long start = System.nanoTime();
    while (true) {
      try {
        ping();
        return;
      } catch (DatabaseBusy e) {
        if (System.nanoTime() - start > Connector.LONGEST_LOGIN.toNanos()) {
          throw e;
        }
      }
    }
  }

  /// Whether a session is still there, by the server's number for it.
  boolean hasSession(int session) {
    return !read(tx -> tx.query(SESSION, row -> row.intAt("pid"), session)).isEmpty();
  }

  /// After which the server cuts a transaction of ours that says nothing.
  Duration idleInTransactionTimeout() {
    return settings.idleInTransactionTimeout();
  }

  /// Why the database counts as away right now, for the health page; null while it does not.
  public @Nullable String awayBecause() {
    SQLException away = connector.away();
    return away == null ? null : String.valueOf(away.getMessage());
  }

  /// The pool at this moment: for metrics.
  public Connections connections() {
    HikariPoolMXBean state = pool.getHikariPoolMXBean();
    return new Connections(
        state.getActiveConnections(),
        state.getIdleConnections(),
        state.getThreadsAwaitingConnection() + workers.waiting(),
        settings.poolSize());
  }

  /// Tells this one, from now on, and no other.
  public void listen(DatabaseListener one) {
    listener = one;
  }

  /// A pool at one moment.
  ///
  /// @param waiting threads that wait for a connection
  public record Connections(int active, int idle, int waiting, int most) {}

  @Override
  public void close() {
    connector.close();
    pool.close();
  }

  private interface Attempt<T extends @Nullable Object> {
    T run(Connection connection) throws SQLException;
  }

  private interface Source {
    Connection connection() throws SQLException;
  }

  private <T extends @Nullable Object> T repeated(Attempt<T> attempt) {
    return heard(() -> workers.run(() -> ofPool(attempt), settings.connectTimeout()));
  }

  private <T extends @Nullable Object> T ofPool(Attempt<T> attempt) {
    require(!holding.get(), "a work of %s asks it for a second connection", schema);
    holding.set(true);
    try {
      return attempts(this::connection, attempt);
    } finally {
      holding.remove();
    }
  }

  /// The listener is told by the thread that asks.
  private <T extends @Nullable Object> T heard(Supplier<T> work) {
    long start = System.nanoTime();
    @Nullable DatabaseException failure = null;
    try {
      return work.get();
    } catch (DatabaseException e) {
      failure = e;
      throw e;
    } finally {
      listener.ran(Duration.ofNanos(System.nanoTime() - start), failure);
    }
  }

  private <T extends @Nullable Object> T attempts(Source source, Attempt<T> attempt) {
    for (int number = 1; ; number++) {
      try (Connection connection = source.connection()) {
        try {
          return attempt.run(connection);
        } catch (SQLException e) {
          throw SqlStates.translate(e);
        } catch (DatabaseFailure e) {
          // One beside the pool ends with its work anyway.
          if (SqlStates.freshConnectionHeals(e.getCause())
              && !(connection instanceof PGConnection)) {
            pool.evictConnection(connection);
          }
          throw e;
        }
      } catch (SQLException e) {
        throw SqlStates.translate(
            e); // of close(), after all else went well: cannot be, see HikariCP
      } catch (DatabaseException e) {
        if (number == ATTEMPTS || !mayRepeat(e) || !pause(number)) {
          throw e;
        }
      }
    }
  }

  private <T extends @Nullable Object> T transaction(
      Connection connection, Work<T> work, int isolation) throws SQLException {
    boolean writable = isolation == Connection.TRANSACTION_READ_COMMITTED;
    connection.setAutoCommit(false);
    if (!writable) {
      connection.setReadOnly(true);
      connection.setTransactionIsolation(isolation);
    }
    Transaction tx = new Transaction(connection, writable);
    T result;
    try {
      result = work.run(tx);
    } catch (Throwable e) {
      rollback(connection, e);
      // The work may have wrapped the error that decides whether it runs again.
      DatabaseException failure = tx.failure();
      if (failure != null && failure != e && mayRepeat(failure) && !(e instanceof Error)) {
        failure.addSuppressed(e);
        throw failure;
      }
      throw e;
    }
    DatabaseException failure = tx.failure();
    if (failure != null) {
      rollback(connection, failure);
      throw failure;
    }
    int session = connector.session(connection);
    try {
      connection.commit();
    } catch (SQLException e) {
      throw SqlStates.translateCommit(e, session);
    }
    return result;
  }

  private static void rollback(Connection connection, Throwable because) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      because.addSuppressed(e); // the connection is broken, so the server has rolled back
    }
  }

  private Connection connection() throws SQLException {
    SQLException away = connector.away();
    if (away != null) {
      throw awayBecause(away);
    }
    long start = System.nanoTime();
    while (true) {
      try {
        return pool.getConnection();
      } catch (SQLTransientConnectionException e) {
        SQLException reason = connector.away();
        if (reason != null) {
          throw awayBecause(reason);
        }
        if (System.nanoTime() - start > settings.connectTimeout().toNanos()) {
          throw new DatabaseBusy(
              "No connection to the database became free within " + settings.connectTimeout(),
              false,
              e);
        }
      }
    }
  }

  private Connection beside() throws SQLException {
    try {
      return connector.beside();
    } catch (SQLException e) {
      SQLException away = connector.away();
      if (away != null) {
        throw awayBecause(away);
      }
      throw e;
    }
  }

  private DatabaseAway awayBecause(SQLException reason) {
    return new DatabaseAway(
        "The database %s is away: %s".formatted(settings.address(), reason.getMessage()),
        false,
        reason);
  }

  /// Nothing changed, and the same work may well pass at once.
  private static boolean mayRepeat(DatabaseException e) {
    return switch (e) {
      case DatabaseBusy busy -> busy.isConflict();
      case DatabaseFailure failure -> SqlStates.freshConnectionHeals(failure.getCause());
      // Lost on the way: the pool has other connections, or says at once that there are none.
      case DatabaseAway away -> away.wasConnected();
      case ConstraintViolated violated -> false;
      case OutcomeUnknown unknown -> false;
    };
  }

  /// Waits a random time, so that two who collided do not collide again.
  private boolean pause(int number) {
    long longest = FIRST_PAUSE.toNanos() << (number - 1);
    try {
      Thread.sleep(Duration.ofNanos(random.nextLong(longest)));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static HikariDataSource pool(
      DatabaseSettings settings, String schema, Connector connector) {
    HikariConfig config = new HikariConfig();
    config.setPoolName(schema);
    config.setDataSource(connector);
    config.setMaximumPoolSize(settings.poolSize());
    config.setMinimumIdle(Math.min(IDLE_CONNECTIONS, settings.poolSize()));
    config.setConnectionTimeout(LOOK_UP_EVERY.toMillis());
    config.setValidationTimeout(settings.connectTimeout().toMillis());
    config.setAutoCommit(false);
    // Negative: do not wait for the first connection here.
    config.setInitializationFailTimeout(-1);
    return new HikariDataSource(config);
  }
}
