package io.yunfu.db;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// Databases for tests: the production engine with its production settings, one server per test
/// JVM, started by the first test that needs it and deleted when the JVM ends. Each test class (or
/// test) takes a fresh database of its own; it is copied from a migrated one, which takes a small
/// part of a second.
///
///     static final Cells cells = TestDatabase.cells();
///
/// Closing what it gives is polite, not necessary.
///
/// With `TEST_DATABASE_URL` in the environment the tests run on that PostgreSQL instead, as its
/// superuser `TEST_DATABASE_USER` with `TEST_DATABASE_PASSWORD`; what they make there is dropped
/// when the JVM ends.
public final class TestDatabase {
  /// How many cells the general suite runs with: `-Dyunfu.test.cells=2`.
  private static final int CELLS = Integer.getInteger("yunfu.test.cells", 1);

  /// Small, since many test classes share one server.
  private static final int POOL_SIZE = 8;

  /// A machine that builds and tests many modules at a time is slow, not broken.
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final String PREFIX = "yunfu-test-";

  /// What the databases of this JVM are called, each with a number behind it.
  private static final String NAMES = "test_" + ProcessHandle.current().pid() + "_";

  private static final Path TEMPORARY = Path.of(System.getProperty("java.io.tmpdir"));

  private static final ReentrantLock lock = new ReentrantLock();
  private static final Map<Integer, String> templates = new HashMap<>();
  private static final AtomicInteger count = new AtomicInteger();
  private static Server server;

  private TestDatabase() {}

  /// As many freshly migrated cells as the suite runs with.
  public static Cells cells() {
    return cells(CELLS);
  }

  /// So many freshly migrated cells in a database of their own.
  public static Cells cells(int cells) {
    return Cells.open(settings(cells), cells);
  }

  /// A fresh database that has so many cells already; 0: an empty one.
  public static DatabaseSettings settings(int cells) {
    lock.lock();
    try {
      Server running = server();
      return cells == 0 ? create(running, "template1") : create(running, template(running, cells));
    } finally {
      lock.unlock();
    }
  }

  private static Server server() {
    lock.lock();
    try {
      if (server == null) {
        server = System.getenv("TEST_DATABASE_URL") == null ? Server.embedded() : Server.external();
      }
      return server;
    } finally {
      lock.unlock();
    }
  }

  /// A PostgreSQL, by the two roles under which the tests use it.
  ///
  /// @param superuser in the maintenance database
  /// @param owner of the databases of the tests; no superuser
  private record Server(DatabaseSettings superuser, DatabaseSettings owner) {
    static Server embedded() {
      EmbeddedPostgres started = start();
      return new Server(started.superuser(), started.settings());
    }

    static Server external() {
      var superuser =
          DatabaseSettings.of(
              System.getenv("TEST_DATABASE_URL"),
              System.getenv().getOrDefault("TEST_DATABASE_USER", "postgres"),
              System.getenv().getOrDefault("TEST_DATABASE_PASSWORD", ""));
      String role = NAMES + "owner";
      String password = UUID.randomUUID().toString();
      execute(superuser, "create role %s login password '%s'".formatted(role, password));
      Runtime.getRuntime().addShutdownHook(new Thread(() -> dropAll(superuser, role)));
      return new Server(
          superuser, DatabaseSettings.of(superuser.url(), role, password).withTls(superuser.tls()));
    }

    private static void dropAll(DatabaseSettings superuser, String role) {
      for (int number = 1; number <= count.get(); number++) {
        execute(superuser, "drop database if exists %s%d with (force)".formatted(NAMES, number));
      }
      execute(superuser, "drop role " + role);
    }
  }

  /// Runs one statement as superuser in the maintenance database.
  public static void asSuperuser(String sql) {
    execute(server().superuser, sql);
  }

  private static void execute(DatabaseSettings superuser, String sql) {
    try (Connection connection = new Connector(superuser, "public").open();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /// Where tests that start servers of their own find PostgreSQL's programs unpacked already.
  static Path runtimes() {
    return shared().resolve("runtime");
  }

  /// A fresh directory that PostgreSQL's user may pass through, deleted when the JVM ends.
  public static Path directory() {
    Path directory = emptyDirectory();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(directory)));
    return directory;
  }

  private static Path emptyDirectory() {
    try {
      Path directory =
          Files.createTempDirectory(TEMPORARY, PREFIX + ProcessHandle.current().pid() + "-");
      Modes.set(directory, "rwx--x--x");
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String template(Server running, int cells) {
    return templates.computeIfAbsent(
        cells,
        number -> {
          DatabaseSettings settings = create(running, "template1");
          Cells.open(settings, number).close();
          String name = nameOf(settings);
          // A database is only copied while nobody is connected. A pool that was closed a moment
          // ago
          // may still be at it, on a busy machine for long.
          asSuperuser("alter database " + name + " with allow_connections false");
          asSuperuser(
              "select pg_terminate_backend(pid, 10000) from pg_stat_activity where datname = '%s'"
                  .formatted(name));
          return name;
        });
  }

  private static DatabaseSettings create(Server running, String template) {
    String name = NAMES + count.incrementAndGet();
    asSuperuser(
        "create database %s template %s owner %s".formatted(name, template, running.owner.user()));
    String url = running.owner.url();
    return running
        .owner
        .withUrl(url.replaceFirst("(//[^/]*/)[^?]*", "$1" + name))
        .withPoolSize(POOL_SIZE)
        .withTimeouts(
            PATIENCE,
            DatabaseSettings.DEFAULT_STATEMENT_TIMEOUT,
            DatabaseSettings.DEFAULT_LOCK_TIMEOUT);
  }

  private static String nameOf(DatabaseSettings settings) {
    return settings.url().replaceFirst(".*/([^/?]*).*", "$1");
  }

  private static EmbeddedPostgres start() {
    sweep();
    Path directory = emptyDirectory();
    EmbeddedPostgres started = EmbeddedPostgres.start(directory, runtimes());
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              started.stop();
              remove(directory);
            }));
    return started;
  }

  /// What killed test JVMs have left behind, servers included.
  private static void sweep() {
    try (Stream<Path> old = Files.list(TEMPORARY)) {
      for (Path directory : old.filter(TestDatabase::isLeftBehind).toList()) {
        PostgresProcess.stopOrphan(directory.resolve("data"));
        Trees.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isLeftBehind(Path directory) {
    if (!directory.getFileName().toString().startsWith(PREFIX) || !Files.isWritable(directory)) {
      return false;
    }
    String pid =
        directory.getFileName().toString().replaceFirst("^" + PREFIX, "").replaceFirst("-.*", "");
    return pid.matches("[0-9]{1,10}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
  }

  /// Of this user alone: programs that others could replace must not be run.
  private static Path shared() {
    Path folder = TEMPORARY.resolve("yunfu-tests-of-" + System.getProperty("user.name"));
    try {
      Files.createDirectories(folder);
      Modes.set(folder, "rwx--x--x"); // fails when it is somebody else's
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void remove(Path directory) {
    try {
      PostgresProcess.stopOrphan(directory.resolve("data"));
      Trees.delete(directory);
    } catch (IOException | EmbeddedPostgresFailed e) {
      System.err.println("left behind: " + directory + ": " + e);
    }
  }
}
