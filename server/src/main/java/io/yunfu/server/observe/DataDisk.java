package io.yunfu.server.observe;

import java.nio.file.Path;
import java.util.Optional;

/// The disk of an embedded database. Without space for its next log segments PostgreSQL stops; a
/// node says so before, and says why afterwards.
///
/// @param directory somewhere on it
public record DataDisk(Path directory) implements Health.Check {
  /// Two segments of PostgreSQL's log.
  private static final long LEAST_FREE = 32L << 20;

  /// In bytes; 0 also when it cannot be asked.
  long free() {
    return directory.toFile().getUsableSpace();
  }

  @Override
  public Optional<String> trouble() {
    long free = free();
    return free >= LEAST_FREE
        ? Optional.empty()
        : Optional.of("%d MB are left on the disk of %s".formatted(free >> 20, directory));
  }
}
