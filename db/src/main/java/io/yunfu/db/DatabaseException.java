package io.yunfu.db;

import org.jspecify.annotations.Nullable;

/// Trouble with the database, told apart by what the caller may conclude. Only [OutcomeUnknown]
/// leaves open whether something changed; after all others nothing did.
public abstract sealed class DatabaseException extends RuntimeException
    permits ConstraintViolated, DatabaseAway, DatabaseBusy, DatabaseFailure, OutcomeUnknown {
  private static final long serialVersionUID = 1L;

  DatabaseException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
