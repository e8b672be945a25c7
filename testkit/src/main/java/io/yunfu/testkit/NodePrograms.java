package io.yunfu.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/// Programs for Node that use packages of npm: the scripts of a folder `src/test/NAME`, run from
/// `target/NAME`, where the packages of its lock file are put once.
public final class NodePrograms {
  private static final long LONGEST_MINUTES = 4;

  private final Path scripts;
  private final Path home;

  /// The lock file of the packages that are installed, so that they are fetched once.
  private final Path installed;

  private final ReentrantLock lock = new ReentrantLock();

  public NodePrograms(String name) {
    scripts = Path.of("src", "test", name).toAbsolutePath();
    home = Path.of("target", name).toAbsolutePath();
    installed = home.resolve("node_modules").resolve("installed.json");
  }

  /// Runs a script to its end.
  ///
  /// @param input what it is told on its standard input: secrets are no arguments
  /// @throws AssertionError with what it printed, when it fails or does not end within minutes;
  ///   with what to install, when there is no Node
  public void run(
      String script, List<String> arguments, Map<String, String> environment, String input) {
    Path node = Prerequisite.NODE.need();
    install();
    var command = new ArrayList<>(List.of(node.toString(), home.resolve(script).toString()));
    command.addAll(arguments);
    start(script, command, environment, input);
  }

  /// One at a time, among the test JVMs of the module too.
  private void install() {
    lock.lock();
    try {
      Files.createDirectories(home);
      try (FileChannel others = FileChannel.open(home.resolve("lock"), CREATE, WRITE);
          FileLock _ = others.lock()) {
        installAlone();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lock.unlock();
    }
  }

  private void installAlone() throws IOException {
    try (Stream<Path> files = Files.list(scripts)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        copyIfOther(file, home.resolve(file.getFileName()));
      }
    }
    Path packages = home.resolve("package-lock.json");
    if (!isSame(packages, installed)) {
      var command = List.of("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts");
      start("npm ci", command, Map.of(), "");
      copyIfOther(packages, installed);
    }
  }

  /// Another JVM may be reading what is there.
  private static void copyIfOther(Path from, Path to) throws IOException {
    if (!isSame(from, to)) {
      Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static boolean isSame(Path one, Path other) throws IOException {
    return Files.exists(other) && Files.mismatch(one, other) == -1;
  }

  private void start(
      String what, List<String> command, Map<String, String> environment, String input) {
    try {
      Path output = Files.createTempFile(home, "run-", ".out");
      var builder =
          new ProcessBuilder(command)
              .directory(home.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(UTF_8));
      }
      if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError(what + " did not end:\n" + Files.readString(output, UTF_8));
      }
      if (process.exitValue() != 0) {
        throw new AssertionError(what + ":\n" + Files.readString(output, UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
