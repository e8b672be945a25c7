package io.yunfu.db;

import org.jspecify.annotations.Nullable;

/// What is done inside one transaction. It may run more than once (after a deadlock, say), so it
/// changes nothing but the database, and it calls nobody outside.
@FunctionalInterface
public interface Work<T extends @Nullable Object> {
  T run(Transaction tx);
}
