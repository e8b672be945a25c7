package io.yunfu.db;

import static io.yunfu.kernel.Check.require;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/// Where a PostgreSQL is, who we are there, and how long we wait for it. One value per database
/// server; which schema is used is said when a [Database] is opened.
///
/// @param url `postgresql://host:port/database?option=value` with or without `jdbc:` in front;
///   several hosts may be given, separated by commas. It carries no user and no password.
/// @param password never printed, and never part of an error
/// @param poolSize connections of one [Database] at most
/// @param connectTimeout how long a caller waits for a connection, new or pooled. Short, so that
///   requests fail fast while the database is away.
/// @param statementTimeout after this the server gives up a statement
/// @param lockTimeout after this the server gives up waiting for one row lock
/// @param idleInTransactionTimeout after this the server cuts a transaction that says nothing: a
///   node that hangs must not hold row locks for ever
/// @param applicationName what `pg_stat_activity` shows
public record DatabaseSettings(
    String url,
    String user,
    String password,
    Tls tls,
    int poolSize,
    Duration connectTimeout,
    Duration statementTimeout,
    Duration lockTimeout,
    Duration idleInTransactionTimeout,
    String applicationName) {

  public static final int DEFAULT_POOL_SIZE = 16;
  public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(2);
  public static final Duration DEFAULT_STATEMENT_TIMEOUT = Duration.ofSeconds(10);
  public static final Duration DEFAULT_LOCK_TIMEOUT = Duration.ofSeconds(5);
  public static final Duration DEFAULT_IDLE_IN_TRANSACTION_TIMEOUT = Duration.ofSeconds(30);

  public DatabaseSettings {
    url = checked(url);
    require(!user.isBlank(), "the database user is empty");
    Objects.requireNonNull(password);
    Objects.requireNonNull(tls);
    require(
        poolSize >= 1 && poolSize <= 1000, "a pool has 1 to 1000 connections, not %d", poolSize);
    // HikariCP accepts nothing shorter.
    require(
        connectTimeout.toMillis() >= 250,
        "a connect timeout is 250 ms at least: %s",
        connectTimeout);
    requirePositive("statement", statementTimeout);
    requirePositive("lock", lockTimeout);
    requirePositive("idle in transaction", idleInTransactionTimeout);
    require(!applicationName.isBlank(), "the application name is empty");
  }

  /// All defaults, without TLS wishes of our own.
  public static DatabaseSettings of(String url, String user, String password) {
    return new DatabaseSettings(
        url,
        user,
        password,
        Tls.PREFERRED,
        DEFAULT_POOL_SIZE,
        DEFAULT_CONNECT_TIMEOUT,
        DEFAULT_STATEMENT_TIMEOUT,
        DEFAULT_LOCK_TIMEOUT,
        DEFAULT_IDLE_IN_TRANSACTION_TIMEOUT,
        "yunfu");
  }

  public DatabaseSettings withUrl(String other) {
    return new DatabaseSettings(
        other,
        user,
        password,
        tls,
        poolSize,
        connectTimeout,
        statementTimeout,
        lockTimeout,
        idleInTransactionTimeout,
        applicationName);
  }

  public DatabaseSettings withTls(Tls other) {
    return new DatabaseSettings(
        url,
        user,
        password,
        other,
        poolSize,
        connectTimeout,
        statementTimeout,
        lockTimeout,
        idleInTransactionTimeout,
        applicationName);
  }

  public DatabaseSettings withPoolSize(int other) {
    return new DatabaseSettings(
        url,
        user,
        password,
        tls,
        other,
        connectTimeout,
        statementTimeout,
        lockTimeout,
        idleInTransactionTimeout,
        applicationName);
  }

  public DatabaseSettings withApplicationName(String other) {
    return new DatabaseSettings(
        url,
        user,
        password,
        tls,
        poolSize,
        connectTimeout,
        statementTimeout,
        lockTimeout,
        idleInTransactionTimeout,
        other);
  }

  public DatabaseSettings withTimeouts(Duration connect, Duration statement, Duration lock) {
    return new DatabaseSettings(
        url,
        user,
        password,
        tls,
        poolSize,
        connect,
        statement,
        lock,
        idleInTransactionTimeout,
        applicationName);
  }

  public DatabaseSettings withIdleInTransactionTimeout(Duration other) {
    return new DatabaseSettings(
        url,
        user,
        password,
        tls,
        poolSize,
        connectTimeout,
        statementTimeout,
        lockTimeout,
        other,
        applicationName);
  }

  /// For logs and errors: the address without options and without any secret.
  public String address() {
    int query = url.indexOf('?');
    return (query < 0 ? url : url.substring(0, query)).substring("jdbc:".length());
  }

  @Override
  public String toString() {
    return "DatabaseSettings[%s, user=%s, tls=%s, poolSize=%d]"
        .formatted(address(), user, tls.mode(), poolSize);
  }

  private static String checked(String url) {
    String jdbc = url.startsWith("postgres://") ? "postgresql" + url.substring(8) : url;
    jdbc = jdbc.startsWith("postgresql:") ? "jdbc:" + jdbc : jdbc;
    // The value itself stays out of these messages: it may hold a password where it must not.
    require(
        jdbc.startsWith("jdbc:postgresql://"),
        "a database URL looks like postgresql://host:5432/database");
    String lower = jdbc.toLowerCase(Locale.ROOT);
    int query = lower.indexOf('?');
    String hosts = query < 0 ? lower : lower.substring(0, query);
    require(
        hosts.indexOf('@') < 0,
        "a database URL holds no user and no password: give them in their own settings");
    require(
        query < 0 || !lower.substring(query).matches("(?s).*[?&](user|password|sslpassword)=.*"),
        "a database URL holds no user and no password: give them in their own settings");
    return jdbc;
  }

  private static void requirePositive(String name, Duration timeout) {
    require(
        timeout.toMillis() > 0 && timeout.compareTo(Duration.ofDays(1)) <= 0,
        "the %s timeout is between 1 ms and 1 day: %s",
        name,
        timeout);
  }
}
