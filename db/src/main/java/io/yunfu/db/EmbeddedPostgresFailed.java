package io.yunfu.db;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The embedded database cannot be started or used. The message is for the operator: it says what
/// is wrong and what to do about it.
public final class EmbeddedPostgresFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  EmbeddedPostgresFailed(String message) {
    this(message, null);
  }

  EmbeddedPostgresFailed(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /// @param what happened to the database of that directory
  static EmbeddedPostgresFailed explained(Path directory, String what, @Nullable Throwable cause) {
    String why =
        what.contains("No space left on device")
            ? " Make space on the disk of this directory."
            : what.contains("error while loading shared libraries")
                ? " Install the missing library with the system's package manager."
                : what.contains("could not resize shared memory")
                        || what.contains("could not map anonymous shared memory")
                    ? " This machine or container has too little memory for PostgreSQL."
                    : "";
    return new EmbeddedPostgresFailed(
        "The embedded database in %s %s.%s".formatted(directory, what, why), cause);
  }
}
