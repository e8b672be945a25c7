package io.yunfu.db;

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
}
