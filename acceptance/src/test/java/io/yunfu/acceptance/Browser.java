package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import tools.jackson.databind.ObjectMapper;

/// A person in front of a real Chromium: scripts in `src/test/browser`, driven by Playwright. Where
/// there is no Chromium or no Node, these tests are skipped and say so; CI has both.
final class Browser {
  private static final Path SCRIPTS = Path.of("src", "test", "browser").toAbsolutePath();
  private static final Path HOME = Path.of("target", "browser").toAbsolutePath();
  private static final List<String> NAMES =
      List.of("chromium", "chromium-browser", "google-chrome", "google-chrome-stable");
  private static final long LONGEST_MINUTES = 4;
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static boolean installed;

  private Browser() {}

  /// Runs a script to its end. It fails the test by failing, and has printed what it saw.
  ///
  /// @param input what it is told, as JSON on its standard input: secrets are no arguments
  static void run(String script, Object input) {
    Path chromium = find(NAMES.toArray(String[]::new)).orElse(null);
    assumeTrue(chromium != null, "there is no Chromium on the PATH (apt install chromium)");
    assumeTrue(
        find("node").isPresent() && find("npm").isPresent(), "there is no Node with npm here");
    install();
    Ended ended =
        start(
            List.of("node", HOME.resolve(script).toString(), String.valueOf(chromium)),
            new ObjectMapper().writeValueAsString(input));
    assertThat(ended.status).as("%s:%n%s", script, ended.output).isZero();
  }

  private static void install() {
    LOCK.lock();
    try {
      if (installed) {
        return;
      }
      Files.createDirectories(HOME);
      try (Stream<Path> files = Files.list(SCRIPTS)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Files.copy(file, HOME.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      Ended ended = start(List.of("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"), "");
      assertThat(ended.status).as("npm ci:%n%s", ended.output).isZero();
      installed = true;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      LOCK.unlock();
    }
  }

  private record Ended(int status, String output) {}

  private static Ended start(List<String> command, String input) {
    try {
      Path output = Files.createTempFile(HOME, "run-", ".out");
      Process process =
          new ProcessBuilder(command)
              .directory(HOME.toFile())
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      try (var stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(UTF_8));
      }
      if (!process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        return new Ended(-1, Files.readString(output, UTF_8) + "\nit did not end");
      }
      return new Ended(process.exitValue(), Files.readString(output, UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Optional<Path> find(String... names) {
    return Stream.of(names)
        .flatMap(name ->
            Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .map(folder -> Path.of(folder, name)))
        .filter(Files::isExecutable)
        .findFirst();
  }
}
