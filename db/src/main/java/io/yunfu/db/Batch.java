package io.yunfu.db;

import java.util.List;
import java.util.Optional;

/// What a [Lane] does with the commands that it has taken together.
///
/// A command is idempotent by a key of its own: run a second time, after it took effect, it changes
/// nothing.
public interface Batch<C, R> {
  /// Locks, decides and writes for all commands, in their order. May run again with the same or
  /// with fewer commands, always in a new transaction, so it changes nothing but the database.
  ///
  /// @return one result per command, in their order
  List<R> run(Transaction tx, List<C> commands);

  /// What became of a command whose commit was never answered. Only reads.
  ///
  /// @return its result when it took effect; empty when it left nothing behind, so that it may run
  ///   again
  Optional<R> readBack(Transaction tx, C command);
}
