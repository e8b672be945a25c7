package io.yunfu.db;

import org.jspecify.annotations.Nullable;

/// The connection broke while the commit was under way: all of the transaction holds, or nothing of
/// it. Whoever must know reads it back, by the key that makes the command idempotent.
public final class OutcomeUnknown extends DatabaseException {
  private static final long serialVersionUID = 1L;

  private final int session;

  OutcomeUnknown(String message, int session, @Nullable Throwable cause) {
    super(message, cause);
    this.session = session;
  }

  /// The server's number of the session that was to commit.
  int session() {
    return session;
  }
}
