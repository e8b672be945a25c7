package io.yunfu.db;

import org.jspecify.annotations.Nullable;

/// Any other error of the database or of our SQL; a bug or a wrong set-up. Nothing changed.
public final class DatabaseFailure extends DatabaseException {
  private static final long serialVersionUID = 1L;

  private final String sqlState;

  DatabaseFailure(String message, String sqlState, @Nullable Throwable cause) {
    super(message, cause);
    this.sqlState = sqlState;
  }

  /// PostgreSQL, appendix A; empty where the error did not come from the server.
  public String sqlState() {
    return sqlState;
  }
}
