package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// The packaged program as a process of its own, started the way a person starts it: by its script.
/// What it prints is kept, so that the last test can look for secrets in all of it.
final class Program implements AutoCloseable {
  static final Path HOME = Path.of("..", "dist", "target", "yunfu").toAbsolutePath().normalize();

  /// As many cells as the suite runs with.
  static final int CELLS = Integer.getInteger("yunfu.test.cells", 1);

  /// A bound for whatever has to happen sooner or later. Generous, since machines that run tests
  /// are busy; nothing is asserted about how soon.
  static final Duration PATIENCE = Duration.ofMinutes(4);

  private static final Duration LOOK_EVERY = Duration.ofMillis(25);

  /// Starts are many and lives short, so the second compiler would never earn its time.
  private static final String JAVA_OPTIONS = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m";

  private static final List<Program> ALL = new CopyOnWriteArrayList<>();

  /// How a program ended, and all it has printed.
  record Ended(int status, String out, String err) {}

  private final List<String> arguments;
  private final Path out;
  private final Path err;
  private final Process process;

  private Program(Path directory, Map<String, String> environment, List<String> arguments) {
    this.arguments = List.copyOf(arguments);
    try {
      Path outputs = Files.createDirectories(Scratch.outputs());
      out = Files.createTempFile(outputs, arguments.getFirst() + "-", ".out");
      err = Files.createTempFile(outputs, arguments.getFirst() + "-", ".err");
      var builder =
          new ProcessBuilder(HOME.resolve("yunfu").toString())
              .directory(directory.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.command().addAll(arguments);
      builder.environment().keySet().removeIf(name -> name.startsWith("YUNFU_"));
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      builder.environment().put("YUNFU_JAVA_OPTS", JAVA_OPTIONS);
      // What a server does for its next start is its own test's business, and outlives most
      // servers.
      builder.environment().put("YUNFU_AOT_CACHE", "off");
      builder.environment().putAll(environment);
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// @param directory where it is started; relative paths of its own begin here
  static Program start(Path directory, Map<String, String> environment, String... arguments) {
    var program = new Program(directory, environment, List.of(arguments));
    ALL.add(program);
    return program;
  }

  /// For a command that keeps books: with as many cells as the suite runs with.
  static Map<String, String> withCells(Map<String, String> environment) {
    var all = new HashMap<String, String>(environment);
    all.put("YUNFU_CELLS_COUNT", Integer.toString(CELLS));
    return all;
  }

  /// Starts it and waits for its end.
  static Ended run(Path directory, Map<String, String> environment, String... arguments) {
    try (Program program = start(directory, environment, arguments)) {
      return program.ended();
    }
  }

  /// Every program of this run, whether it still runs or not.
  static List<Program> all() {
    return List.copyOf(ALL);
  }

  long pid() {
    return process.pid();
  }

  /// Whether it stands in for the channels.
  boolean isSimulator() {
    return arguments.getFirst().equals("simulator");
  }

  /// Whether it is `yunfu admin`.
  boolean isCommand() {
    return arguments.getFirst().equals("admin");
  }

  boolean isAlive() {
    return process.isAlive();
  }

  String out() {
    return read(out);
  }

  String err() {
    return read(err);
  }

  /// Waits until something has become true, but no longer than the program lives.
  void await(String what, Supplier<Boolean> condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.get()) {
      if (!isAlive() && !condition.get()) {
        throw new AssertionError("%s ended before %s\n%s".formatted(this, what, output()));
      }
      if (System.nanoTime() > end) {
        throw new AssertionError("%s: in vain for %s\n%s".formatted(this, what, output()));
      }
      pause();
    }
  }

  /// Waits for its end, which something else has brought about.
  Ended ended() {
    try {
      assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
          .as("%s ends\n%s", this, output())
          .isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    return new Ended(process.exitValue(), out(), err());
  }

  /// SIGTERM, as an operator or a supervisor does it.
  void terminate() {
    assertThat(process.supportsNormalTermination()).isTrue();
    process.destroy();
  }

  /// SIGKILL to the program alone: what it has started lives on.
  void kill() {
    process.destroyForcibly();
    Ended ended = ended();
    assertThat(ended.status).as("killed").isNotZero();
  }

  /// What it has started and what those have started, while it lives.
  List<ProcessHandle> descendants() {
    return process.descendants().toList();
  }

  static void pause() {
    try {
      Thread.sleep(LOOK_EVERY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// Ends whatever a test has left running.
  static void closeAll() {
    ALL.forEach(Program::close);
  }

  /// Nothing of it is left behind. Not the way to end it in a test.
  @Override
  public void close() {
    List<ProcessHandle> left = descendants();
    process.destroyForcibly();
    left.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public String toString() {
    return "yunfu " + String.join(" ", arguments);
  }

  private String output() {
    return "--- out\n" + out() + "--- err\n" + err();
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
