package io.yunfu.db;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The real PostgreSQL, brought along and run beside us, for whoever has none: durable, with
/// checksums, reachable from this machine only and only with a password that is made at the first
/// start.
///
/// What its directory holds:
///
///     lock       held by the process that uses the directory
///     password   for both roles; mode 0600
///     port       the one last used, taken again if it is free
///     runtime/   PostgreSQL's programs, a folder per version
///     yunfu.conf our settings; written at every start
///     data/      PostgreSQL's data directory, with its logs in data/log
///     start.log  what the server said at its last start before it opened its own log
///
/// A server that dies is started again while we live. When we are killed the server lives on; the
/// next start stops it and begins anew, so that it always runs with the settings of this version.
public final class EmbeddedPostgres implements AutoCloseable {
  private static final Duration LONGEST_PAUSE_BEFORE_RESTART = Duration.ofSeconds(5);
  private static final Duration SWEEP_LOGS_EVERY = Duration.ofMinutes(1);
  private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

  private final Path path;
  private final DirectoryLock directoryLock;
  private final PostgresDirectory directory;
  private final String password;
  private final int port;
  private final PostgresProcess server;

  /// Guards the life of the server process.
  private final ReentrantLock life = new ReentrantLock();

  private EmbeddedPostgres(Path path, Path runtimes, DirectoryLock directoryLock)
      throws IOException {
    this.path = path;
    this.directoryLock = directoryLock;
    this.directory = new PostgresDirectory(path, runtimes);
    this.password = directory.password();
    directory.makeData(password);
    this.port = directory.choosePort();
    this.server = directory.server(port);
  }

  /// Starts the database of a directory, and makes it first if need be. Returns when it answers.
  ///
  /// @throws EmbeddedPostgresFailed with what to do about it
  public static EmbeddedPostgres start(Path directory) {
    EmbeddedPostgres postgres = start(directory, directory.resolve("runtime"));
    try {
      postgres.directory.runtime().removeOthers();
    } catch (IOException e) {
      log.warn("Older programs of PostgreSQL are left in {}: {}", directory, e.toString());
    }
    return postgres;
  }

  /// The same with PostgreSQL's programs elsewhere, where several directories can share them.
  public static EmbeddedPostgres start(Path directory, Path runtimes) {
    DirectoryLock lock = null;
    EmbeddedPostgres started = null;
    try {
      Path real = PostgresDirectory.prepared(directory);
      lock = DirectoryLock.take(real);
      EmbeddedPostgres postgres = new EmbeddedPostgres(real, runtimes, lock);
      postgres.server.launch();
      postgres.requireDurable();
      Thread.ofVirtual().name("embedded-postgres-watch").start(postgres::watch);
      log.info("PostgreSQL {} in {} is ready on port {}", postgres.version(), real, postgres.port);
      started = postgres;
      return postgres;
    } catch (AccessDeniedException e) {
      throw new EmbeddedPostgresFailed(
          "The embedded database in %s needs access to %s, which is denied to this user (%s)."
              .formatted(directory, e.getFile(), System.getProperty("user.name")),
          e);
    } catch (IOException e) {
      throw EmbeddedPostgresFailed.explained(directory, "cannot be started: " + e, e);
    } finally {
      if (started == null && lock != null) {
        PostgresProcess.stopQuietly(directory.resolve("data"));
        lock.close();
      }
    }
  }

  /// The database of a directory that another process runs at this moment, for whoever only wants
  /// to look; empty when none does.
  ///
  /// @throws EmbeddedPostgresFailed when its files cannot be read by this user
  public static Optional<DatabaseSettings> runningIn(Path directory) {
    try {
      if (!DirectoryLock.isTaken(directory)) {
        return Optional.empty();
      }
      String port = Files.readString(directory.resolve("port")).strip();
      String password = Files.readString(directory.resolve("password")).strip();
      return Optional.of(
          settings(
              Integer.parseInt(port),
              PostgresDirectory.ROLE,
              PostgresDirectory.DATABASE,
              password));
    } catch (IOException | NumberFormatException e) {
      throw EmbeddedPostgresFailed.explained(
          directory, "is in use, but cannot be reached: " + e, e);
    }
  }

  /// For the application: the owner of the database, no superuser.
  public DatabaseSettings settings() {
    return settings(PostgresDirectory.ROLE, PostgresDirectory.DATABASE);
  }

  /// For maintenance and for tests.
  public DatabaseSettings superuser() {
    return settings(PostgresSettings.SUPERUSER, "postgres");
  }

  /// Such as `18.4.0`.
  public String version() {
    return directory.runtime().version();
  }

  /// Stops the server and waits for its end. Open transactions are rolled back.
  public void stop() {
    if (server.isGivenUp()) {
      return;
    }
    server.giveUp();
    life.lock();
    try {
      server.stop();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw EmbeddedPostgresFailed.explained(path, "cannot be stopped: " + e, e);
    } finally {
      life.unlock();
      directoryLock.close();
    }
  }

  @Override
  public void close() {
    stop();
  }

  private DatabaseSettings settings(String role, String database) {
    return settings(port, role, database, password);
  }

  private static DatabaseSettings settings(
      int port, String role, String database, String password) {
    return DatabaseSettings.of(
            "postgresql://127.0.0.1:%d/%s".formatted(port, database), role, password)
        .withTls(Tls.DISABLED);
  }

  private void requireDurable() {
    try (Connection connection = new Connector(settings(), "public").open();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select current_setting('fsync') = 'on' and current_setting('full_page_writes') = 'on' as durable")) {
      if (!row.next() || !row.getBoolean("durable")) {
        throw EmbeddedPostgresFailed.explained(
            path, "runs without fsync, so it would lose payments", null);
      }
    } catch (SQLException e) {
      throw EmbeddedPostgresFailed.explained(path, "does not answer: " + e.getMessage(), e);
    }
  }

  /// Starts the server again whenever it ends without having been told to.
  private void watch() {
    long pause = 0;
    while (!server.isGivenUp()) {
      try {
        if (server.awaitEnd(SWEEP_LOGS_EVERY)) {
          pause = restart(pause);
        } else {
          server.logs().sweep();
          pause = 0;
        }
      } catch (InterruptedException e) {
        return; // nobody interrupts this thread; stop() has its own way
      }
    }
  }

  /// @param pause how long to wait first, in ms; an unlucky restart doubles it
  /// @return the pause before the next restart
  private long restart(long pause) throws InterruptedException {
    Thread.sleep(pause);
    life.lock();
    try {
      if (!server.isGivenUp()) {
        log.error(
            "PostgreSQL in {} has ended by itself with status {} and is started again: {}",
            path,
            server.exitValue(),
            server.logs().lastWords());
        server.launch();
        log.info("PostgreSQL in {} is ready again", path);
      }
    } catch (IOException | EmbeddedPostgresFailed e) {
      if (!server.isGivenUp()) {
        log.error("PostgreSQL in {} cannot be started again: {}", path, e.getMessage());
      }
    } finally {
      life.unlock();
    }
    return Math.min(LONGEST_PAUSE_BEFORE_RESTART.toMillis(), Math.max(100, pause * 2));
  }
}
