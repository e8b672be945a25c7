package io.yunfu.db;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Rows that are written together, column by column: the arguments of a statement over `unnest`.
public final class Columns<T> {
  private final List<T> rows;

  public Columns(List<T> rows) {
    this.rows = rows;
  }

  public long[] longs(ToLongFunction<? super T> column) {
    long[] values = new long[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.applyAsLong(rows.get(i));
    }
    return values;
  }

  public int[] ints(ToIntFunction<? super T> column) {
    int[] values = new int[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.applyAsInt(rows.get(i));
    }
    return values;
  }

  /// For `smallint`; unit and range are the column's.
  public short[] shorts(ToIntFunction<? super T> column) {
    short[] values = new short[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = (short) column.applyAsInt(rows.get(i));
    }
    return values;
  }

  public boolean[] booleans(Predicate<? super T> column) {
    boolean[] values = new boolean[rows.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.test(rows.get(i));
    }
    return values;
  }

  public @Nullable String[] texts(Function<? super T, @Nullable String> column) {
    return fill(new @Nullable String[rows.size()], column);
  }

  public @Nullable Long[] longsOrNull(Function<? super T, @Nullable Long> column) {
    return fill(new @Nullable Long[rows.size()], column);
  }

  public @Nullable Instant[] times(Function<? super T, @Nullable Instant> column) {
    return fill(new @Nullable Instant[rows.size()], column);
  }

  public byte[][] bytes(Function<? super T, byte[]> column) {
    byte[][] values = new byte[rows.size()][];
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(rows.get(i));
    }
    return values;
  }

  private <V> @Nullable V[] fill(
      @Nullable V[] values, Function<? super T, ? extends @Nullable V> column) {
    for (int i = 0; i < values.length; i++) {
      values[i] = column.apply(rows.get(i));
    }
    return values;
  }
}
