package io.yunfu.db;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.ssl.DefaultJavaSSLFactory;
import org.slf4j.LoggerFactory;

/// Opens connections for one pool, and knows whether the database can be reached at all.
///
/// After a failure to connect the database counts as away. From then on one thread probes it, all
/// who want a connection of the pool fail at once instead of queueing up, and the pool's own filler
/// thread waits here. So requests fail fast, a database that comes back is not met by a storm, and
/// the pool is of use again a moment after the first probe that passes.
final class Connector implements DataSource, AutoCloseable {
  /// The oldest version whose behaviour is tested.
  static final int OLDEST_MAJOR_VERSION = 15;

  /// From the open socket to the first query. Longer than callers wait, since the pool opens
  /// connections beside them and a busy machine needs its time.
  static final Duration LONGEST_LOGIN = Duration.ofSeconds(30);

  /// Between two probes while the database is away.
  private static final Duration PROBE_EVERY = Duration.ofMillis(200);

  /// The driver would take the JVM's time zone, which is none of the database's business.
  private static final String GREETING =
      "select pg_backend_pid(), set_config('timezone', 'UTC', false)";

  private static final org.slf4j.Logger log = LoggerFactory.getLogger(Connector.class);

  private final DatabaseSettings settings;
  private final String schema;
  private final PGSimpleDataSource source;

  /// By the driver's connections; those that are closed go by themselves.
  private final Map<Connection, Integer> sessions =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  /// Why the database is away; null while it is not.
  private volatile @Nullable SQLException away;

  private volatile boolean closed;

  /// Threads that open a connection for the pool. Guarded by `lock`.
  private final Set<Thread> opening = new HashSet<>();

  Connector(DatabaseSettings settings, String schema) {
    this.settings = settings;
    this.schema = schema;
    this.source = source(settings, schema);
  }

  /// Why the database is away; null while it is not.
  @Nullable SQLException away() {
    return away;
  }

  /// For the pool. Waits while the database is away. A pool that has been closed gets nothing, also
  /// when it was closed while it waited: nobody would close that connection.
  @Override
  public Connection getConnection() throws SQLException {
    awaitReachable();
    try {
      return openOrMarkAway();
    } finally {
      endOpening();
    }
  }

  /// One beside those of the pool, which its user closes. Waits for no database that is away.
  Connection beside() throws SQLException {
    SQLException reason = away;
    if (reason != null) {
      throw reason;
    }
    return openOrMarkAway();
  }

  private Connection openOrMarkAway() throws SQLException {
    Connection connection;
    try {
      connection = open();
    } catch (SQLException e) {
      if (!SqlStates.tooManyConnections(e)) {
        markAway(e);
      }
      throw e;
    }
    if (closed) {
      connection.close();
      throw poolIsClosed();
    }
    return connection;
  }

  /// Opens a connection at once, or fails: for start-up and for probes.
  Connection open() throws SQLException {
    Connection connection = source.getConnection();
    try {
      requireVersion(connection.getMetaData().getDatabaseMajorVersion());
      greet(connection);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  void requireVersion(int found) throws SQLException {
    if (found < OLDEST_MAJOR_VERSION) {
      throw new SQLException(
          "PostgreSQL %d at %s is too old: Yunfu needs version %d or newer"
              .formatted(found, settings.address(), OLDEST_MAJOR_VERSION),
          "0A000");
    }
  }

  private void greet(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(GREETING)) {
      row.next();
      sessions.put(connection, row.getInt(1));
    }
  }

  /// The server's number of the session behind a connection of the pool; 0 when it is not known.
  int session(Connection pooled) throws SQLException {
    return sessions.getOrDefault(pooled.unwrap(Connection.class), 0);
  }

  private void awaitReachable() throws SQLException {
    lock.lock();
    try {
      while (away != null && !closed) {
        changed.await();
      }
      if (closed) {
        throw poolIsClosed();
      }
      opening.add(Thread.currentThread());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SQLException("interrupted while the database was away", "08001", e);
    } finally {
      lock.unlock();
    }
  }

  private void endOpening() {
    lock.lock();
    try {
      opening.remove(Thread.currentThread());
    } finally {
      lock.unlock();
    }
  }

  private SQLException poolIsClosed() {
    return new SQLException("the pool of " + schema + " is closed", "08003");
  }

  private void markAway(SQLException why) {
    lock.lock();
    try {
      if (away != null || closed) {
        return;
      }
      away = why;
      log.warn("The database {} ({}) is away: {}", settings.address(), schema, why.getMessage());
      Thread.ofVirtual().name("database-probe-" + schema).start(this::probe);
    } finally {
      lock.unlock();
    }
  }

  private void probe() {
    while (true) {
      lock.lock();
      try {
        long left = PROBE_EVERY.toNanos();
        while (left > 0 && !closed) {
          left = changed.awaitNanos(left);
        }
        if (closed) {
          return;
        }
      } catch (InterruptedException e) {
        return; // nobody interrupts it; close() has its own way
      } finally {
        lock.unlock();
      }
      try (Connection _ = open()) {
        markBack();
        return;
      } catch (SQLException e) {
        away = e; // the newest reason is the one to show
      }
    }
  }

  private void markBack() {
    lock.lock();
    try {
      away = null;
      changed.signalAll();
      log.info("The database {} ({}) is back", settings.address(), schema);
    } finally {
      lock.unlock();
    }
  }

  /// Ends the wait of those who wait here, whether for a database that is away or for one that does
  /// not answer. Comes before the pool's own end, which waits for its fillers.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      opening.forEach(Thread::interrupt);
    } finally {
      lock.unlock();
    }
  }

  private static PGSimpleDataSource source(DatabaseSettings settings, String schema) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(settings.url());
    source.setUser(settings.user());
    source.setPassword(settings.password());
    source.setApplicationName(settings.applicationName());
    source.setCurrentSchema(schema);
    source.setOptions(options(settings));
    // Several hosts in the URL are a cluster: only its primary takes writes.
    source.setTargetServerType("primary");
    source.setTcpKeepAlive(true);
    source.setConnectTimeout(seconds(settings.connectTimeout()));
    source.setLoginTimeout(seconds(LONGEST_LOGIN));
    // A server that hangs or a network that swallows packets: the server's own time-out comes
    // first.
    source.setSocketTimeout(seconds(settings.statementTimeout()) + 5);
    // All statements are constants of ours, so each is prepared at its first use.
    source.setPrepareThreshold(1);
    // By itself the driver sends them as text; see Arguments.
    source.setBinaryTransferEnable("TIMESTAMPTZ_ARRAY");
    // The details of an error hold values of the row, which do not belong in a log.
    source.setLogServerErrorDetail(false);
    source.setGssEncMode("disable");
    tls(source, settings.tls());
    return source;
  }

  private static void tls(PGSimpleDataSource source, Tls tls) {
    source.setSslMode(tls.mode().wire());
    if (tls.rootCertificate() != null) {
      source.setSslRootCert(tls.rootCertificate().toString());
    } else if (tls.mode().verifies()) {
      // By itself the driver would look for a file in the home of whoever runs us.
      source.setSslfactory(DefaultJavaSSLFactory.class.getName());
    }
    if (tls.clientCertificate() != null) {
      source.setSslCert(tls.clientCertificate().toString());
    }
    if (tls.clientKey() != null) {
      source.setSslKey(tls.clientKey().toString());
    }
    if (tls.clientKeyPassword() != null) {
      source.setSslPassword(tls.clientKeyPassword());
    }
  }

  private static String options(DatabaseSettings settings) {
    return "-c statement_timeout=%d -c lock_timeout=%d -c idle_in_transaction_session_timeout=%d"
        .formatted(
            settings.statementTimeout().toMillis(),
            settings.lockTimeout().toMillis(),
            settings.idleInTransactionTimeout().toMillis());
  }

  /// The driver counts in seconds, and 0 means for ever.
  private static int seconds(Duration duration) {
    return (int) Math.max(1, (duration.toMillis() + 999) / 1000);
  }

  // What the interface asks for besides, and nobody uses.

  @Override
  public Connection getConnection(String user, String password) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public @Nullable PrintWriter getLogWriter() {
    return null;
  }

  @Override
  public void setLogWriter(@Nullable PrintWriter out) {}

  @Override
  public void setLoginTimeout(int seconds) {}

  /// How long a pool that is closed waits for its fillers, in seconds.
  @Override
  public int getLoginTimeout() {
    return seconds(LONGEST_LOGIN);
  }

  @Override
  public Logger getParentLogger() throws SQLFeatureNotSupportedException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public <T> T unwrap(Class<T> type) throws SQLException {
    throw new SQLFeatureNotSupportedException();
  }

  @Override
  public boolean isWrapperFor(Class<?> type) {
    return false;
  }
}
