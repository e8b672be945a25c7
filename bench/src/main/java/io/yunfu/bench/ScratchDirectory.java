package io.yunfu.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// A directory for one run, deleted afterwards.
final class ScratchDirectory implements AutoCloseable {
  private static final String PREFIX = "yunfu-bench-";

  private final Path path;

  ScratchDirectory() throws IOException {
    this.path = Files.createTempDirectory(PREFIX, passable());
  }

  /// In another directory than the system's.
  ScratchDirectory(Path parent) throws IOException {
    this.path = Files.createTempDirectory(parent, PREFIX, passable());
  }

  Path path() {
    return path;
  }

  /// PostgreSQL may have to run as another user, who has to get through to its files.
  private static FileAttribute<?> passable() {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x"));
  }

  @Override
  public void close() throws IOException {
    List<Path> found;
    try (Stream<Path> all = Files.walk(path)) {
      found = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : found) {
      Files.deleteIfExists(each);
    }
  }
}
