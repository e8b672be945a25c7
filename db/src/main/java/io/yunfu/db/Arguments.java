package io.yunfu.db;

import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Binds Java values to the `?` of a statement. Numbers, booleans, bytes and arrays travel in
/// binary, and arrays of `unnest` and `any` cost no text on either side.
final class Arguments {
  private Arguments() {}

  /// Binds `values` to the parameters from `first` on (they count from 1).
  ///
  /// @return the first parameter that is still free
  static int bind(PreparedStatement statement, int first, @Nullable Object[] values)
      throws SQLException {
    int index = first;
    for (Object value : values) {
      bindOne(statement, index++, value);
    }
    return index;
  }

  private static void bindOne(PreparedStatement statement, int index, @Nullable Object value)
      throws SQLException {
    switch (value) {
      case null -> statement.setNull(index, Types.NULL);
      case Long v -> statement.setLong(index, v);
      case Integer v -> statement.setInt(index, v);
      case String v -> statement.setString(index, v);
      case Boolean v -> statement.setBoolean(index, v);
      case Short v -> statement.setShort(index, v);
      case Instant v -> statement.setObject(index, micros(v).atOffset(ZoneOffset.UTC));
      case LocalDate v -> statement.setObject(index, v);
      case BigDecimal v -> statement.setBigDecimal(index, v);
      case byte[] v -> statement.setBytes(index, v);
      case UUID v -> statement.setObject(index, v);
      case long[] v -> statement.setObject(index, v);
      case int[] v -> statement.setObject(index, v);
      case short[] v -> statement.setObject(index, v);
      case boolean[] v -> statement.setObject(index, v);
      // With a type of their own; null elements are allowed.
      case String[] v -> array(statement, index, "text", v);
      case Long[] v -> array(statement, index, "int8", v);
      case Integer[] v -> array(statement, index, "int4", v);
      case Boolean[] v -> array(statement, index, "bool", v);
      case byte[][] v -> array(statement, index, "bytea", v);
      // The driver has no binary form of these two.
      case Instant[] v -> array(statement, index, "timestamptz", texts(v));
      case LocalDate[] v -> array(statement, index, "date", texts(v));
      case BigDecimal[] v -> array(statement, index, "numeric", v);
      case Collection<?> v -> bindCollection(statement, index, v);
      default ->
          throw new IllegalArgumentException(
              "argument %d has no form in SQL: %s".formatted(index, value.getClass().getName()));
    }
  }

  /// Of strings or of longs. An empty one has no type of its own; the server takes it from the
  /// statement.
  private static void bindCollection(PreparedStatement statement, int index, Collection<?> values)
      throws SQLException {
    if (values.isEmpty()) {
      statement.setObject(index, "{}", Types.OTHER);
    } else if (values.stream().allMatch(String.class::isInstance)) {
      array(statement, index, "text", values.toArray(new String[0]));
    } else if (values.stream().allMatch(Long.class::isInstance)) {
      statement.setObject(index, values.stream().mapToLong(v -> (Long) v).toArray());
    } else {
      throw new IllegalArgumentException(
          "argument %d: a collection holds strings or longs only".formatted(index));
    }
  }

  private static void array(
      PreparedStatement statement, int index, String type, @Nullable Object[] values)
      throws SQLException {
    statement.setArray(index, statement.getConnection().createArrayOf(type, values));
  }

  private static @Nullable Object[] texts(@Nullable Object[] values) {
    @Nullable Object[] texts = new String[values.length];
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      texts[i] =
          value == null
              ? null
              : value instanceof Instant at ? micros(at).toString() : value.toString();
    }
    return texts;
  }

  /// What PostgreSQL can store, cut and not rounded, so that a time never moves into the future.
  private static Instant micros(Instant value) {
    return value.truncatedTo(ChronoUnit.MICROS);
  }
}
