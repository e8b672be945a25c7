package io.yunfu.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/// Directories for programs, gone when the tests are over, together with any database that still
/// runs on them.
final class Scratch {
  private static final List<Path> ALL = new CopyOnWriteArrayList<>();
  private static final Path OUTPUTS = Path.of("target", "outputs").toAbsolutePath();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Scratch::removeAll));
  }

  private Scratch() {}

  /// An empty directory. Everybody may pass through it: PostgreSQL does not run as root, so below
  /// root's own directories it would find nothing.
  static Path directory() {
    try {
      Path directory = Files.createTempDirectory("yunfu-acceptance-");
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
      ALL.add(directory);
      return directory.toRealPath();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where the outputs of programs are kept, for a look after a failure.
  static Path outputs() {
    return OUTPUTS;
  }

  /// The main process of the database below a directory, if there is one that runs.
  static Optional<ProcessHandle> database(Path directory) {
    try (Stream<Path> files = Files.find(directory, 4, (file, attributes) -> isPidFile(file))) {
      return files.findFirst().flatMap(Scratch::processOf).filter(Scratch::runs);
    } catch (NoSuchFileException e) {
      return Optional.empty(); // nothing has made it yet
    } catch (UncheckedIOException e) {
      return Optional.empty(); // a directory went while it was being looked into
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All processes of the database below a directory.
  static List<ProcessHandle> databaseProcesses(Path directory) {
    return database(directory).stream()
        .flatMap(main -> Stream.concat(Stream.of(main), main.descendants()))
        .toList();
  }

  /// None of these is left behind.
  static void requireEnded(List<ProcessHandle> processes) {
    assertThat(processes).isNotEmpty();
    long end = System.nanoTime() + Program.PATIENCE.toNanos();
    while (processes.stream().anyMatch(Scratch::runs)) {
      assertThat(System.nanoTime())
          .as("still running: %s", processes.stream().filter(Scratch::runs).toList())
          .isLessThan(end);
      Program.pause();
    }
  }

  /// What has ended counts as alive until its parent has taken note, which is nobody's fault: a
  /// process whose parent is gone waits for the system's first process, and that may take its time.
  private static boolean runs(ProcessHandle process) {
    try {
      Path status = Path.of("/proc", Long.toString(process.pid()), "stat");
      return process.isAlive()
          && !(Files.exists(status) && Files.readString(status).matches("(?s)\\d+ \\(.*\\) Z .*"));
    } catch (IOException e) {
      return process.isAlive();
    }
  }

  private static boolean isPidFile(Path file) {
    return file.endsWith("postmaster.pid");
  }

  private static Optional<ProcessHandle> processOf(Path pidFile) {
    try (Stream<String> lines = Files.lines(pidFile)) {
      return lines.findFirst().flatMap(pid -> ProcessHandle.of(Long.parseLong(pid.strip())));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void removeAll() {
    Program.closeAll();
    ALL.forEach(Scratch::remove);
  }

  private static void remove(Path directory) {
    try {
      List<ProcessHandle> left = databaseProcesses(directory);
      left.forEach(ProcessHandle::destroyForcibly);
      if (!left.isEmpty()) {
        requireEnded(left);
      }
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path visited, IOException e)
                throws IOException {
              Files.deleteIfExists(visited);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException | UncheckedIOException | AssertionError e) {
      // The system clears its temporary directory sooner or later.
    }
  }
}
