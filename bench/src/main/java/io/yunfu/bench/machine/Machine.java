package io.yunfu.bench.machine;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// What a figure depends on, and a reader has to know.
public final class Machine {
  private static final int FLUSHES = 101;
  private static final int PAGE = 8192;
  private static final Duration LONGEST_COMMAND = Duration.ofSeconds(10);

  private Machine() {}

  /// Such as `2 × Intel Xeon, 24 GB, Linux 6.1.0 (amd64)`.
  public static String description() {
    return "%d × %s, %d GB, %s %s (%s)"
        .formatted(
            Runtime.getRuntime().availableProcessors(),
            processor(),
            memory() >> 30,
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            System.getProperty("os.arch"));
  }

  /// Such as `25.0.1+8 Eclipse Adoptium`.
  public static String java() {
    return Runtime.version() + " " + System.getProperty("java.vendor");
  }

  /// The middle one of some times that 8 KB took to get onto the disk of a directory: the least
  /// that a commit can take.
  public static Duration flushTime(Path directory) {
    long[] nanos = new long[FLUSHES];
    try {
      Path file = Files.createTempFile(directory, "flush", "");
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        ByteBuffer page = ByteBuffer.allocateDirect(PAGE);
        for (int i = 0; i < FLUSHES; i++) {
          page.clear();
          long start = System.nanoTime();
          channel.write(page, (long) i * PAGE);
          channel.force(false);
          nanos[i] = System.nanoTime() - start;
        }
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + directory, e);
    }
    Arrays.sort(nanos);
    return Duration.ofNanos(nanos[FLUSHES / 2]);
  }

  /// The commit of the checkout that this class was built in; empty outside of one.
  public static Optional<String> commit() {
    return checkout()
        .flatMap(root -> output("git", "-C", root.toString(), "rev-parse", "--short=12", "HEAD"))
        .map(commit ->
            checkout()
                .flatMap(root -> output("git", "-C", root.toString(), "status", "--porcelain"))
                .filter(changes -> !changes.isEmpty())
                .map(changes -> commit + " with uncommitted changes")
                .orElse(commit));
  }

  /// The name of a process' program, of other users' processes, too; empty when the system does not
  /// tell.
  public static String nameOf(ProcessHandle process) {
    return lines(Path.of("/proc/" + process.pid() + "/comm")).stream()
        .findFirst()
        .or(() -> process.info().command())
        .orElse("");
  }

  private static Optional<Path> checkout() {
    try {
      Path here =
          Path.of(Machine.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      for (Path path = here; path != null; path = path.getParent()) {
        if (Files.exists(path.resolve(".git")) && Files.exists(path.resolve("yunfu"))) {
          return Optional.of(path);
        }
      }
    } catch (URISyntaxException e) {
      // A class from somewhere else than a file.
    }
    return Optional.empty();
  }

  private static String processor() {
    Optional<String> linux =
        lines(Path.of("/proc/cpuinfo")).stream()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst();
    return linux
        .or(() -> output("sysctl", "-n", "machdep.cpu.brand_string"))
        .orElse("an unknown processor");
  }

  private static long memory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getTotalMemorySize()
        : 0;
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file, UTF_8);
    } catch (IOException e) {
      return List.of();
    }
  }

  /// What a short command prints; empty when it is not there or fails.
  public static Optional<String> output(String... command) {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      String text = new String(process.getInputStream().readAllBytes(), UTF_8).strip();
      boolean ended = process.waitFor(LONGEST_COMMAND.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended) {
        process.destroyForcibly();
      }
      return ended && process.exitValue() == 0 ? Optional.of(text) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
