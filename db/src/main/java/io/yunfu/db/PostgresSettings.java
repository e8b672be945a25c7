package io.yunfu.db;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;

/// How the embedded PostgreSQL is set up: what its files say when it is made, what is written at
/// every start, and what nobody can take back.
final class PostgresSettings {
  static final String SUPERUSER = "postgres";

  /// How often a password is hashed before it is kept. More often makes guessing slower, and every
  /// sign-in with it: in a Java machine that has just started, the usual 4096 take a tenth of a
  /// second. A password of 256 random bits is not guessed at any speed.
  static final int PASSWORD_ITERATIONS = 1;

  private PostgresSettings() {}

  /// On the command line, so that no configuration file can take them back.
  static List<String> promises(int port) {
    return List.of(
        "listen_addresses=127.0.0.1",
        "port=" + port,
        "unix_socket_directories=",
        "fsync=on",
        "synchronous_commit=on",
        "full_page_writes=on",
        "password_encryption=scram-sha-256",
        "logging_collector=on",
        "log_destination=stderr",
        "log_directory=log",
        "log_filename=postgres-%Y%m%d-%H%M%S.log",
        "log_rotation_size=16MB",
        "log_rotation_age=1d");
  }

  /// `pg_hba.conf`.
  static final String ACCESS =
      """
      # Written by Yunfu. From this machine only, and never without a password.
      host all all 127.0.0.1/32 scram-sha-256
      host replication %s 127.0.0.1/32 scram-sha-256
      """
          .formatted(SUPERUSER);

  /// `postgresql.conf`, as it is made; from then on it is the operator's.
  static final String OPERATOR_SETTINGS =
      """
      # Yunfu's own settings come first; what is written below them is yours and is kept.
      include '../yunfu.conf'
      """;

  private static final long MEGABYTE = 1 << 20;

  /// `yunfu.conf`. Sane on a small machine; the operator's file has the last word on these.
  ///
  /// @param memory of the machine or its container, in bytes: PostgreSQL takes a sixteenth for
  ///   pages when it needs them, and may count on a quarter, which is mostly the system's cache
  static String atEveryStart(long memory) {
    long pages = Math.clamp(memory / 16 / MEGABYTE, 128, 2048);
    long cache = Math.max(memory / 4 / MEGABYTE, pages);
    return """
    # Written by Yunfu at every start. Your own settings go into postgresql.conf.
    max_connections = 200
    shared_buffers = %dMB
    huge_pages = off
    work_mem = 8MB
    maintenance_work_mem = 64MB
    effective_cache_size = %dMB
    random_page_cost = 1.1
    jit = off
    # Requests are short and machines small; parallel workers would also need more shared memory than
    # a container gives by default.
    max_parallel_workers_per_gather = 0
    max_parallel_maintenance_workers = 0
    wal_compression = off
    min_wal_size = 128MB
    max_wal_size = 2GB
    checkpoint_timeout = 15min
    # Notices within this time that a client was killed while its session waits for a lock.
    client_connection_check_interval = %s
    tcp_keepalives_idle = 60
    timezone = 'UTC'
    log_timezone = 'UTC'
    log_line_prefix = '%%m [%%p] %%a '
    # Details hold values of rows, which do not belong in a log.
    log_error_verbosity = terse
    lc_messages = 'C'
    lc_monetary = 'C'
    lc_numeric = 'C'
    lc_time = 'C'
    datestyle = 'iso, ymd'
    """
        // Only Linux lets a process see that the other side is gone.
        .formatted(
            pages, cache, System.getProperty("os.name", "").startsWith("Linux") ? "10s" : "0");
  }

  /// What the machine has, or what the container may take, in bytes.
  static long memory() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
  }
}
