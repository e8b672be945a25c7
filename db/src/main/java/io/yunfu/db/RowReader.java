package io.yunfu.db;

/// Makes a value of one row. It keeps nothing of the row itself, which is gone after the call.
@FunctionalInterface
public interface RowReader<T> {
  T read(Row row);
}
