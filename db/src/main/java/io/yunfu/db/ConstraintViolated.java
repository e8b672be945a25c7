package io.yunfu.db;

import org.jspecify.annotations.Nullable;

/// A constraint of the schema refused the write (SQLSTATE class 23). Nothing changed.
public final class ConstraintViolated extends DatabaseException {
  private static final long serialVersionUID = 1L;

  private final String constraint;
  private final String sqlState;

  ConstraintViolated(
      String message, String constraint, String sqlState, @Nullable Throwable cause) {
    super(message, cause);
    this.constraint = constraint;
    this.sqlState = sqlState;
  }

  /// Its name in the schema; the column's name for `not null`.
  public String constraint() {
    return constraint;
  }

  /// A primary key or unique constraint: the row is there already.
  public boolean isDuplicate() {
    return sqlState.equals(SqlStates.UNIQUE_VIOLATION);
  }
}
