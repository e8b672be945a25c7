package io.yunfu.bench;

import io.yunfu.bench.machine.Machine;
import io.yunfu.db.DatabaseSettings;
import io.yunfu.db.LoopbackPorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The production server, `yunfu serve`, in a Java machine of its own, configured by a file.
final class ServerProcess implements Served {
  private static final String MAIN = "io.yunfu.server.Main";
  private static final Duration LONGEST_START = Duration.ofMinutes(2);
  private static final Duration LOOK_EVERY = Duration.ofMillis(5);
  private static final int ANSWER_MILLIS = 2000;

  private final JavaProgram program;
  private final InetSocketAddress address;
  private Duration readyAfter = Duration.ZERO;

  private ServerProcess(JavaProgram program, InetSocketAddress address) {
    this.program = program;
    this.address = address;
  }

  /// Starts it, and waits until it answers.
  ///
  /// @param directory for its configuration and its output
  /// @param masterKey as text
  /// @param more keys of its configuration
  static ServerProcess start(
      Path directory, DatabaseSettings database, String masterKey, Map<String, String> more)
      throws InterruptedException {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("database.url", database.url());
    keys.put("database.user", database.user());
    keys.put("database.password", database.password());
    keys.put("master-key", masterKey);
    // Nothing else is lifted: signatures, books, deliveries, metrics and the log of requests stay.
    keys.put("rate-limit.default", "0");
    keys.putAll(more);
    return start(
        directory,
        keys,
        (output, arguments) ->
            JavaProgram.start(directory, options(), output, false, MAIN, arguments));
  }

  /// What `./yunfu` gives to `serve` and not to a benchmark.
  private static List<String> options() {
    return Arrays.stream(System.getProperty("yunfu.serve.options", "").split(","))
        .filter(option -> !option.isEmpty())
        .toList();
  }

  /// Starts it with the script of a distribution and the embedded database in this directory, which
  /// is made if there is none; nothing is configured but where it listens.
  ///
  /// @param environment what is set in it
  static ServerProcess startPackaged(
      Distribution distribution, Path directory, Map<String, String> environment)
      throws InterruptedException {
    return start(
        directory,
        Map.of(),
        (output, arguments) ->
            JavaProgram.start(distribution, directory, output, environment, arguments));
  }

  /// Where the embedded database of [#startPackaged] is.
  static Path databaseIn(Path directory) {
    return dataIn(directory).resolve("postgres");
  }

  private static Path dataIn(Path directory) {
    return directory.resolve("server");
  }

  /// How the program is started.
  @FunctionalInterface
  private interface Launch {
    JavaProgram with(Path output, List<String> arguments) throws IOException;
  }

  private static ServerProcess start(Path directory, Map<String, String> more, Launch launch)
      throws InterruptedException {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), LoopbackPorts.free());
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("http.host", address.getAddress().getHostAddress());
    keys.put("http.port", Integer.toString(address.getPort()));
    keys.put("data.directory", dataIn(directory).toString());
    keys.putAll(more);
    try {
      Path configuration =
          PrivateFile.write(
              directory.resolve("server.conf"),
              keys.entrySet().stream().map(key -> key.getKey() + " = " + key.getValue()).toList());
      Path output = directory.resolve("server.log");
      List<String> arguments = List.of("serve", "--config", configuration.toString());
      long begin = System.nanoTime();
      var server = new ServerProcess(launch.with(output, arguments), address);
      boolean ready = false;
      try {
        server.awaitReady();
        server.readyAfter = Duration.ofNanos(System.nanoTime() - begin);
        ready = true;
        return server;
      } finally {
        if (!ready) {
          server.close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the server", e);
    }
  }

  private void awaitReady() throws InterruptedException {
    long giveUp = System.nanoTime() + LONGEST_START.toNanos();
    while (!isReady()) {
      if (!program.isAlive() || System.nanoTime() - giveUp > 0) {
        throw new IllegalStateException("the server does not start: " + lastWords());
      }
      Thread.sleep(LOOK_EVERY);
    }
  }

  private boolean isReady() {
    try {
      var page =
          (HttpURLConnection) URI.create("http://" + host() + "/ready").toURL().openConnection();
      page.setConnectTimeout(ANSWER_MILLIS);
      page.setReadTimeout(ANSWER_MILLIS);
      return page.getResponseCode() == HttpURLConnection.HTTP_OK;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public InetSocketAddress address() {
    return address;
  }

  @Override
  public JavaProgram program() {
    return program;
  }

  /// How long it took from the start to the first answer.
  Duration readyAfter() {
    return readyAfter;
  }

  /// What was chosen for its Java machine.
  List<String> javaOptions() {
    return program.options();
  }

  /// What it holds of the machine's memory now, in bytes; empty where the system does not tell.
  Optional<Long> residentBytes() {
    return Machine.output("ps", "-o", "rss=", "-p", Long.toString(program.process().pid()))
        .map(kilobytes -> Long.parseLong(kilobytes.strip()) * 1024);
  }
}
