package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.bench.machine.CpuTime;
import io.yunfu.bench.machine.Machine;
import io.yunfu.db.DatabaseSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The production server, `yunfu serve`, in a Java machine of its own: the same jars and the same
/// options as ours, configured by a file.
final class ServerProcess implements AutoCloseable {
  private static final String MAIN = "io.yunfu.server.Main";
  private static final Duration LONGEST_START = Duration.ofMinutes(2);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(60);
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);
  private static final int ANSWER_MILLIS = 2000;

  private final Process process;
  private final InetSocketAddress address;
  private final Path output;

  private ServerProcess(Process process, InetSocketAddress address, Path output) {
    this.process = process;
    this.address = address;
    this.output = output;
  }

  /// Starts it, and waits until it answers.
  ///
  /// @param directory for its configuration and its output
  /// @param masterKey as text
  /// @param more keys of its configuration
  static ServerProcess start(
      Path directory, DatabaseSettings database, String masterKey, Map<String, String> more)
      throws InterruptedException {
    Path output = directory.resolve("server.log");
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), freePort());
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("http.host", address.getAddress().getHostAddress());
    keys.put("http.port", Integer.toString(address.getPort()));
    keys.put("data.directory", directory.resolve("server").toString());
    keys.put("database.url", database.url());
    keys.put("database.user", database.user());
    keys.put("database.password", database.password());
    keys.put("master-key", masterKey);
    // Nothing else is lifted: signatures, books, deliveries, metrics and the log of requests stay.
    keys.put("rate-limit.default", "0");
    keys.putAll(more);
    try {
      Path configuration = write(directory.resolve("server.conf"), keys);
      var server = new ServerProcess(launch(configuration, directory, output), address, output);
      boolean ready = false;
      try {
        server.awaitReady();
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

  private static Process launch(Path configuration, Path directory, Path output)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("-X") || argument.startsWith("--enable-native"))
        .forEach(command::add);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN));
    command.addAll(List.of("serve", "--config", configuration.toString()));
    var builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("YUNFU_"));
    return builder
        .directory(directory.toFile())
        .redirectErrorStream(true)
        .redirectOutput(output.toFile())
        .start();
  }

  /// Readable by us alone: it holds secrets.
  private static Path write(Path file, Map<String, String> keys) throws IOException {
    Files.deleteIfExists(file);
    Files.createFile(
        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    return Files.write(
        file,
        keys.entrySet().stream().map(key -> key.getKey() + " = " + key.getValue()).toList(),
        UTF_8);
  }

  private static int freePort() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port", e);
    }
  }

  private void awaitReady() throws InterruptedException {
    long giveUp = System.nanoTime() + LONGEST_START.toNanos();
    while (!isReady()) {
      if (!process.isAlive() || System.nanoTime() - giveUp > 0) {
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

  InetSocketAddress address() {
    return address;
  }

  /// What clients put into the `Host` header.
  String host() {
    return address.getAddress().getHostAddress() + ":" + address.getPort();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  Duration cpuTime() {
    return CpuTime.of(process.toHandle());
  }

  /// What it holds of the machine's memory now, in bytes; empty where the system does not tell.
  Optional<Long> residentBytes() {
    return Machine.output("ps", "-o", "rss=", "-p", Long.toString(process.pid()))
        .map(kilobytes -> Long.parseLong(kilobytes.strip()) * 1024);
  }

  /// The end of what it printed.
  String lastWords() {
    try {
      List<String> lines = Files.readString(output, UTF_8).lines().toList();
      return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
    } catch (IOException e) {
      return "it said nothing";
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
