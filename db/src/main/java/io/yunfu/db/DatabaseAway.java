package io.yunfu.db;

import org.jspecify.annotations.Nullable;

/// The database cannot be reached, or the connection broke before the commit was sent. Nothing
/// changed. It recovers by itself: ask again later.
public final class DatabaseAway extends DatabaseException {
  private static final long serialVersionUID = 1L;

  private final boolean wasConnected;

  DatabaseAway(String message, boolean wasConnected, @Nullable Throwable cause) {
    super(message, cause);
    this.wasConnected = wasConnected;
  }

  /// Whether a connection there was broke, rather than none could be had.
  boolean wasConnected() {
    return wasConnected;
  }
}
