package io.yunfu.db;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The server process of an embedded PostgreSQL: how it starts, how its end is noticed, how it is
/// stopped, also when it is the child of a process that is gone.
final class PostgresProcess {
  /// Recovery after a crash replays `max_wal_size` at most, which takes minutes on a slow disk.
  private static final Duration LONGEST_START = Duration.ofMinutes(15);

  /// How long the processes of a dead server may take to notice, and to let go of its memory.
  private static final Duration LONGEST_AFTERLIFE = Duration.ofSeconds(30);

  /// A fast stop writes all dirty pages first.
  private static final Duration LONGEST_STOP = Duration.ofMinutes(2);

  private static final Duration LOOK_EVERY = Duration.ofMillis(5);

  private static final Logger log = LoggerFactory.getLogger(PostgresProcess.class);

  private final Path directory;
  private final Path data;
  private final PostgresRuntime runtime;
  private final PostgresUser user;
  private final PostgresLogs logs;
  private final int port;

  private volatile boolean givenUp;
  private volatile @Nullable Process process;

  /// Nothing runs yet.
  ///
  /// @param directory holds the data directory
  PostgresProcess(
      Path directory,
      Path data,
      PostgresRuntime runtime,
      PostgresUser user,
      PostgresLogs logs,
      int port) {
    this.directory = directory;
    this.data = data;
    this.runtime = runtime;
    this.user = user;
    this.logs = logs;
    this.port = port;
  }

  /// Starts the server and waits until it is ready, which after a crash includes its recovery.
  void launch() throws IOException {
    long start = System.nanoTime();
    while (true) {
      Optional<PostmasterFile> stale = staleFile();
      Process started = startProcess();
      process = started;
      if (awaitReady(started, stale.map(PostmasterFile::lines))) {
        return;
      }
      if (givenUp) {
        throw new IOException("stopped while it started");
      }
      String said = logs.lastWords();
      boolean afterlife =
          said.contains("pre-existing shared memory")
              || said.contains("postmaster.pid\" already exists");
      if (!afterlife || isOver(start, LONGEST_AFTERLIFE)) {
        throw EmbeddedPostgresFailed.explained(directory, "cannot be started: " + said, null);
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
    for (String setting : PostgresSettings.promises(port)) {
      command.addAll(List.of("-c", setting));
    }
    return Commands.prepared(user.serverCommand(command))
        .redirectErrorStream(true)
        .redirectInput(Path.of("/dev/null").toFile())
        .redirectOutput(logs.atStart().toFile())
        .start();
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
      if (!started.isAlive() || givenUp) {
        return false;
      }
      if (isOver(start, LONGEST_START)) {
        throw EmbeddedPostgresFailed.explained(
            directory, "is not ready after " + LONGEST_START + ": " + logs.lastWords(), null);
      }
      pause(LOOK_EVERY);
    }
  }

  /// What it says.
  PostgresLogs logs() {
    return logs;
  }

  /// Waits for its end, whoever brought it about.
  ///
  /// @return false when it still runs after that time
  boolean awaitEnd(Duration longest) throws InterruptedException {
    Process current = process;
    return current == null || current.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// The status it ended with.
  String exitValue() {
    Process current = process;
    return current == null ? "unknown" : Integer.toString(current.exitValue());
  }

  /// From now on it is not started again, and a start that is under way gives up.
  void giveUp() {
    givenUp = true;
  }

  boolean isGivenUp() {
    return givenUp;
  }

  /// Stops the server and waits for its end.
  void stop() throws IOException, InterruptedException {
    boolean found = stop(data);
    Process ended = process;
    if (ended != null && !found) {
      ended.destroy(); // too young to have told its number
    }
    if (ended != null && !ended.waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
      log.error("PostgreSQL in {} does not stop", data);
    }
  }

  /// Stops what a killed process of ours has left running.
  static void stopOrphan(Path data) throws IOException {
    if (PostmasterFile.in(data).isPresent() && stop(data)) {
      log.info("Stopped the PostgreSQL in {} that outlived its Yunfu", data);
    }
  }

  /// Politely first ("fast": no new work, open transactions are rolled back, all is written), then
  /// at once, which costs a recovery at the next start and no data.
  ///
  /// @return whether there was one
  static boolean stop(Path data) throws IOException {
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

  static void stopQuietly(Path data) {
    try {
      stop(data);
    } catch (IOException | EmbeddedPostgresFailed e) {
      log.warn("PostgreSQL in {} is left running", data, e);
    }
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
}
