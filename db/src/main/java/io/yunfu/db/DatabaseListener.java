package io.yunfu.db;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Hears what a [Database] does: for metrics. Called on the thread that asked, so it is quick and
/// throws nothing.
public interface DatabaseListener {
  DatabaseListener NONE = (took, failure) -> {};

  /// A work has ended: a transaction, or a read.
  ///
  /// @param took with the wait for a connection and with every repetition
  /// @param failure null when the database did its part, also where the work itself threw
  void ran(Duration took, @Nullable DatabaseException failure);
}
