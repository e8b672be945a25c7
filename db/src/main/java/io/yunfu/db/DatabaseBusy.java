package io.yunfu.db;

import org.jspecify.annotations.Nullable;

/// The database is there but had no time: no free connection, a statement or lock time-out, or one
/// lost conflict (deadlock, serialization) after the other. Nothing changed. Ask again later.
public final class DatabaseBusy extends DatabaseException {
  private static final long serialVersionUID = 1L;

  private final boolean conflict;

  DatabaseBusy(String message, boolean conflict, @Nullable Throwable cause) {
    super(message, cause);
    this.conflict = conflict;
  }

  /// Whether other transactions were in the way, so that the same work may well pass at once.
  public boolean isConflict() {
    return conflict;
  }
}
