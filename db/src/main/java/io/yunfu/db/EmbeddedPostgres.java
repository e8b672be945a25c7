package io.yunfu.db;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
  /// Owns nothing but its database.
  private static final String ROLE = "yunfu";

  private static final String SUPERUSER = "postgres";
  private static final String DATABASE = "yunfu";

  /// Programs, a fresh data directory, and its first log segments.
  private static final long SPACE_FOR_FIRST_START = 200L << 20;

  /// Outside of the ranges that Linux and macOS take for outgoing connections, so that nobody has
  /// taken our port when a dead server is started again.
  private static final int FIRST_PORT = 20_000;

  private static final int PORTS = 10_000;

  /// Recovery after a crash replays `max_wal_size` at most, which takes minutes on a slow disk.
  private static final Duration LONGEST_START = Duration.ofMinutes(15);

  /// How long the processes of a dead server may take to notice, and to let go of its memory.
  private static final Duration LONGEST_AFTERLIFE = Duration.ofSeconds(30);

  /// A fast stop writes all dirty pages first.
  private static final Duration LONGEST_STOP = Duration.ofMinutes(2);

  private static final Duration LOOK_EVERY = Duration.ofMillis(5);
  private static final Duration LONGEST_PAUSE_BEFORE_RESTART = Duration.ofSeconds(5);

  /// Together with `log_rotation_size` this bounds what the logs take.
  private static final int LOG_FILES = 8;

  private static final Duration SWEEP_LOGS_EVERY = Duration.ofMinutes(1);

  /// In the log of a running server, what tells why it ended.
  private static final Pattern GRAVE =
      Pattern.compile(
          "(FATAL|PANIC): (?!.*(not yet accepting|terminating connection|starting up|shutting down))");

  /// In the log of the start, all but the farewell to that log.
  private static final Pattern START =
      Pattern.compile("^(?!.*(redirecting log output|Future log output)).+");

  private static final Logger log = LoggerFactory.getLogger(EmbeddedPostgres.class);

  private final Path directory;
  private final Path data;
  private final DirectoryLock directoryLock;
  private final PostgresRuntime runtime;
  private final PostgresUser user;
  private final String password;
  private final int port;

  /// Guards the life of the server process.
  private final ReentrantLock life = new ReentrantLock();

  private volatile boolean stopping;
  private volatile @Nullable Process process;

  private EmbeddedPostgres(Path directory, Path runtimes, DirectoryLock directoryLock)
      throws IOException {
    this.directory = directory;
    this.data = directory.resolve("data");
    this.directoryLock = directoryLock;
    requireSpaceForFirstStart();
    this.runtime = PostgresRuntime.unpackedIn(runtimes.toAbsolutePath().normalize());
    requireSameMajorVersion();
    this.user = PostgresUser.choose(directory, data);
    stopOrphan(data);
    takeBack();
    writeSettings();
    this.password = password();
    if (!Files.isDirectory(data)) {
      initialize();
    }
    this.port = choosePort();
  }

  /// Starts the database of a directory, and makes it first if need be. Returns when it answers.
  ///
  /// @throws EmbeddedPostgresFailed with what to do about it
  public static EmbeddedPostgres start(Path directory) {
    EmbeddedPostgres postgres = start(directory, directory.resolve("runtime"));
    try {
      postgres.runtime.removeOthers();
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
      Path real = prepared(directory);
      lock = DirectoryLock.take(real);
      EmbeddedPostgres postgres = new EmbeddedPostgres(real, runtimes, lock);
      postgres.launch();
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
      throw explained(directory, "cannot be started: " + e, e);
    } finally {
      if (started == null && lock != null) {
        stopQuietly(directory.resolve("data"));
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
      return Optional.of(settings(Integer.parseInt(port), ROLE, DATABASE, password));
    } catch (IOException | NumberFormatException e) {
      throw explained(directory, "is in use, but cannot be reached: " + e, e);
    }
  }

  /// For the application: the owner of the database, no superuser.
  public DatabaseSettings settings() {
    return settings(ROLE, DATABASE);
  }

  /// For maintenance and for tests.
  public DatabaseSettings superuser() {
    return settings(SUPERUSER, "postgres");
  }

  /// Such as `18.4.0`.
  public String version() {
    return runtime.version();
  }

  /// Stops the server and waits for its end. Open transactions are rolled back.
  public void stop() {
    if (stopping) {
      return;
    }
    stopping = true;
    life.lock();
    try {
      boolean found = stopServer(data);
      Process ended = process;
      if (ended != null && !found) {
        ended.destroy(); // too young to have told its number
      }
      if (ended != null && !ended.waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
        log.error("PostgreSQL in {} does not stop", data);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw explained(directory, "cannot be stopped: " + e, e);
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

  // The directory.

  private static Path prepared(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      Modes.makeFolders(directory.toAbsolutePath());
      // Others, PostgreSQL's user among them, may pass to what they know the name of.
      Modes.set(directory, "rwx--x--x");
    }
    return directory.toRealPath();
  }

  private void requireSpaceForFirstStart() throws IOException {
    long space = Files.getFileStore(directory).getUsableSpace();
    if (!Files.isDirectory(data) && space < SPACE_FOR_FIRST_START) {
      throw new EmbeddedPostgresFailed(
          "No space for a new database: %s has %d MB left, and %d MB are needed."
              .formatted(directory, space >> 20, SPACE_FOR_FIRST_START >> 20));
    }
  }

  private void requireSameMajorVersion() throws IOException {
    Path file = data.resolve("PG_VERSION");
    if (!Files.exists(file)) {
      return;
    }
    String found = Files.readString(file).strip();
    if (!found.equals(Integer.toString(runtime.majorVersion()))) {
      throw new EmbeddedPostgresFailed(
          "The database in %s was made by PostgreSQL %s, but this version of Yunfu brings PostgreSQL %s. Use a Yunfu that fits it, or move the data with pg_dump and pg_restore (or pg_upgrade)."
              .formatted(directory, found, runtime.version()));
    }
  }

  private String password() throws IOException {
    Path file = directory.resolve("password");
    if (Files.exists(file)) {
      return Files.readString(file).strip();
    }
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    String fresh = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    Path draft = directory.resolve("password.new");
    Files.deleteIfExists(draft);
    Files.createFile(
        draft, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(draft, fresh + "\n");
    if (Files.isDirectory(data)) {
      // The password was lost, say when the data came back from a backup. Who can write here owns
      // the data anyway, so the roles get the new one.
      setPasswords(data, fresh);
    }
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
    return fresh;
  }

  /// Makes the data directory under another name, so that what has the right name is whole.
  private void initialize() throws IOException {
    Path fresh = directory.resolve("data.new");
    Trees.delete(fresh);
    Files.createDirectory(
        fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    if (!user.isSelf()) {
      Modes.give(fresh, user.uid(), user.gid());
    }
    runAsUser(
        List.of(
            runtime.program("initdb"),
            "--pgdata=" + fresh,
            "--username=" + SUPERUSER,
            // Nobody comes in until pg_hba.conf is ours.
            "--auth=reject",
            "--encoding=UTF8",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--locale=C",
            "--data-checksums",
            "--no-instructions"),
        "");
    Files.writeString(fresh.resolve("pg_hba.conf"), ACCESS);
    Files.writeString(fresh.resolve("postgresql.conf"), OPERATOR_SETTINGS);
    runSingle(
        fresh,
        "create role %s login\ncreate database %s owner %s\nrevoke all on database %s from public\n"
            .formatted(ROLE, DATABASE, ROLE, DATABASE));
    setPasswords(fresh, password);
    Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
  }

  private void setPasswords(Path cluster, String secret) throws IOException {
    runSingle(
        cluster,
        "alter role %s password '%s'\nalter role %s password '%s'\n"
            .formatted(SUPERUSER, secret, ROLE, secret));
  }

  /// Runs statements, one a line, without a server.
  private void runSingle(Path cluster, String statements) throws IOException {
    String output =
        runAsUser(
            List.of(
                runtime.program("postgres"),
                "--single",
                "-D",
                cluster.toString(),
                "-c",
                "password_encryption=scram-sha-256",
                "-c",
                "logging_collector=off",
                // Statements hold passwords.
                "-c",
                "log_min_error_statement=panic",
                "postgres"),
            statements);
    if (output.contains("ERROR:") || output.contains("FATAL:")) {
      throw explained(directory, "cannot be set up: " + output, null);
    }
  }

  private String runAsUser(List<String> command, String input) throws IOException {
    Commands.Result result = Commands.run(user.command(command), input);
    if (!result.succeeded()) {
      throw explained(
          directory,
          "cannot be made: " + Path.of(command.getFirst()).getFileName() + ": " + result.output(),
          null);
    }
    return result.output();
  }

  /// Data that root has copied here, say from a backup, becomes PostgreSQL's again.
  private void takeBack() throws IOException {
    if (Files.isDirectory(data)) {
      if (!user.isSelf() && Modes.ownerOf(data) == 0) {
        Trees.give(data, user.uid(), user.gid());
      }
      Modes.set(data, "rwx------");
    }
  }

  /// Outside of the data directory: root writes nothing where another user could put a link.
  private void writeSettings() throws IOException {
    Path settings = directory.resolve("yunfu.conf");
    Files.writeString(settings, SETTINGS);
    Modes.set(settings, "rw-r--r--");
  }

  private int choosePort() throws IOException {
    Path file = directory.resolve("port");
    if (Files.exists(file)) {
      String last = Files.readString(file).strip();
      if (last.matches("[0-9]{4,5}") && isFree(Integer.parseInt(last))) {
        return Integer.parseInt(last);
      }
    }
    SecureRandom random = new SecureRandom();
    int chosen = FIRST_PORT + random.nextInt(PORTS);
    for (int tries = 0; tries < PORTS && !isFree(chosen); tries++) {
      chosen = FIRST_PORT + (chosen + 1 - FIRST_PORT) % PORTS;
    }
    Files.writeString(file, chosen + "\n");
    return chosen;
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true); // as PostgreSQL does
      socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  // The server.

  /// Starts the server and waits until it is ready, which after a crash includes its recovery.
  private void launch() throws IOException {
    long start = System.nanoTime();
    while (true) {
      Optional<PostmasterFile> stale = staleFile();
      Process started = startProcess();
      process = started;
      if (awaitReady(started, stale.map(PostmasterFile::lines))) {
        return;
      }
      if (stopping) {
        throw new IOException("stopped while it started");
      }
      String said = lastWords();
      boolean afterlife =
          said.contains("pre-existing shared memory")
              || said.contains("postmaster.pid\" already exists");
      if (!afterlife || isOver(start, LONGEST_AFTERLIFE)) {
        throw explained(directory, "cannot be started: " + said, null);
      }
      pause(Duration.ofMillis(100));
    }
  }

  /// What a dead server has left behind, in a state in which a new one accepts it.
  private Optional<PostmasterFile> staleFile() throws IOException {
    Optional<PostmasterFile> stale = PostmasterFile.in(data);
    if (stale.isPresent() && isSomeoneElses(stale.get())) {
      stale.get().disown(user);
      stale = PostmasterFile.in(data);
    }
    return stale;
  }

  private static boolean isSomeoneElses(PostmasterFile file) throws IOException {
    return file.pid() > 0
        && ProcessHandle.of(file.pid()).map(ProcessHandle::isAlive).orElse(false)
        && file.server().isEmpty();
  }

  private Process startProcess() throws IOException {
    List<String> command = new ArrayList<>(List.of(runtime.program("postgres")));
    command.addAll(List.of("-D", data.toString()));
    for (String setting : promises()) {
      command.addAll(List.of("-c", setting));
    }
    return Commands.prepared(user.serverCommand(command))
        .redirectErrorStream(true)
        .redirectInput(Path.of("/dev/null").toFile())
        .redirectOutput(directory.resolve("start.log").toFile())
        .start();
  }

  /// On the command line, so that no configuration file can take them back.
  private List<String> promises() {
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

  /// @param stale what the file held before, when it was left behind
  /// @return false when the process has ended instead
  private boolean awaitReady(Process started, Optional<List<String>> stale) throws IOException {
    long start = System.nanoTime();
    while (true) {
      Optional<PostmasterFile> file = PostmasterFile.in(data);
      if (file.isPresent()
          && file.get().isReady()
          && !stale.equals(Optional.of(file.get().lines()))) {
        return true;
      }
      if (!started.isAlive() || stopping) {
        return false;
      }
      if (isOver(start, LONGEST_START)) {
        throw explained(
            directory, "is not ready after " + LONGEST_START + ": " + lastWords(), null);
      }
      pause(LOOK_EVERY);
    }
  }

  private void requireDurable() {
    try (Connection connection = new Connector(settings(), "public").open();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select current_setting('fsync') = 'on' and current_setting('full_page_writes') = 'on' as durable")) {
      if (!row.next() || !row.getBoolean("durable")) {
        throw explained(directory, "runs without fsync, so it would lose payments", null);
      }
    } catch (SQLException e) {
      throw explained(directory, "does not answer: " + e.getMessage(), e);
    }
  }

  /// Starts the server again whenever it ends without having been told to.
  private void watch() {
    long pause = 0;
    while (!stopping) {
      try {
        Process current = process;
        if (current == null
            || current.waitFor(SWEEP_LOGS_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
          pause = restart(pause);
        } else {
          sweepLogs();
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
      if (!stopping) {
        log.error(
            "PostgreSQL in {} has ended by itself with status {} and is started again: {}",
            data,
            process == null ? "unknown" : process.exitValue(),
            lastWords());
        launch();
        log.info("PostgreSQL in {} is ready again", data);
      }
    } catch (IOException | EmbeddedPostgresFailed e) {
      if (!stopping) {
        log.error("PostgreSQL in {} cannot be started again: {}", data, e.getMessage());
      }
    } finally {
      life.unlock();
    }
    return Math.min(LONGEST_PAUSE_BEFORE_RESTART.toMillis(), Math.max(100, pause * 2));
  }

  /// Stops what a killed process of ours has left running.
  static void stopOrphan(Path data) throws IOException {
    if (PostmasterFile.in(data).isPresent() && stopServer(data)) {
      log.info("Stopped the PostgreSQL in {} that outlived its Yunfu", data);
    }
  }

  /// Politely first ("fast": no new work, open transactions are rolled back, all is written), then
  /// at once, which costs a recovery at the next start and no data.
  ///
  /// @return whether there was one
  private static boolean stopServer(Path data) throws IOException {
    Optional<PostmasterFile> file = PostmasterFile.in(data);
    Optional<ProcessHandle> server = file.isPresent() ? file.get().server() : Optional.empty();
    if (server.isEmpty()) {
      return false;
    }
    for (String signal : List.of("INT", "QUIT", "KILL")) {
      Commands.run(List.of("/bin/sh", "-c", "kill -" + signal + " " + server.get().pid()));
      long start = System.nanoTime();
      while (!isOver(start, LONGEST_STOP)) {
        if (file.get().server().isEmpty()) {
          return true;
        }
        pause(LOOK_EVERY);
      }
    }
    throw new EmbeddedPostgresFailed(
        "The PostgreSQL process %d, which uses %s, does not end."
            .formatted(server.get().pid(), data));
  }

  private static void stopQuietly(Path data) {
    try {
      stopServer(data);
    } catch (IOException | EmbeddedPostgresFailed e) {
      log.warn("PostgreSQL in {} is left running", data, e);
    }
  }

  // What the server says.

  private String lastWords() {
    try {
      List<String> words = new ArrayList<>(lastLines(directory.resolve("start.log"), START));
      for (Path file : logs().limit(1).toList()) {
        words.addAll(lastLines(file, GRAVE));
      }
      return words.isEmpty() ? "it said nothing" : String.join(" | ", words);
    } catch (IOException e) {
      return "its log cannot be read: " + e;
    }
  }

  private static List<String> lastLines(Path file, Pattern which) throws IOException {
    if (!Files.exists(file)) {
      return List.of();
    }
    List<String> lines =
        new String(Files.readAllBytes(file), UTF_8)
            .lines()
            .filter(line -> which.matcher(line).find())
            .toList();
    return lines.subList(Math.max(0, lines.size() - 4), lines.size());
  }

  /// PostgreSQL's own logs, the newest first.
  private Stream<Path> logs() throws IOException {
    Path folder = data.resolve("log");
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return Stream.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> file.getFileName().toString().matches("postgres-[0-9-]+\\.log"))
          .sorted(Comparator.reverseOrder())
          .toList()
          .stream();
    }
  }

  private void sweepLogs() {
    try {
      for (Path old : logs().skip(LOG_FILES).toList()) {
        Files.deleteIfExists(old);
      }
    } catch (IOException e) {
      log.warn("Old logs of PostgreSQL cannot be deleted: {}", e.toString());
    }
  }

  private static EmbeddedPostgresFailed explained(
      Path directory, String what, @Nullable Throwable cause) {
    String why =
        what.contains("No space left on device")
            ? " Make space on the disk of this directory."
            : what.contains("error while loading shared libraries")
                ? " Install the missing library with the system's package manager."
                : what.contains("could not resize shared memory")
                        || what.contains("could not map anonymous shared memory")
                    ? " This machine or container has too little memory for PostgreSQL."
                    : "";
    return new EmbeddedPostgresFailed(
        "The embedded database in %s %s.%s".formatted(directory, what, why), cause);
  }

  private static boolean isOver(long start, Duration longest) {
    return System.nanoTime() - start > longest.toNanos();
  }

  private static void pause(Duration duration) throws IOException {
    try {
      Thread.sleep(duration);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static final String ACCESS =
      """
      # Written by Yunfu. From this machine only, and never without a password.
      host all all 127.0.0.1/32 scram-sha-256
      host replication %s 127.0.0.1/32 scram-sha-256
      """
          .formatted(SUPERUSER);

  private static final String OPERATOR_SETTINGS =
      """
      # Yunfu's own settings come first; what is written below them is yours and is kept.
      include '../yunfu.conf'
      """;

  /// Sane on a small machine; the operator's file has the last word on these.
  private static final String SETTINGS =
      """
      # Written by Yunfu at every start. Your own settings go into postgresql.conf.
      max_connections = 200
      shared_buffers = 256MB
      huge_pages = off
      work_mem = 8MB
      maintenance_work_mem = 64MB
      effective_cache_size = 1GB
      random_page_cost = 1.1
      jit = off
      # Requests are short and machines small; parallel workers would also need more shared memory than
      # a container gives by default.
      max_parallel_workers_per_gather = 0
      max_parallel_maintenance_workers = 0
      wal_compression = on
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
          .formatted(System.getProperty("os.name", "").startsWith("Linux") ? "10s" : "0");
}
