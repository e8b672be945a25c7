package io.yunfu.db;

import static io.yunfu.kernel.Check.ensure;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// One row of an answer, read by column name. A reader without `OrNull` in its name refuses a null:
/// that is a mistake of ours, in the SQL or in the schema.
public final class Row {
  private final ResultSet rows;

  Row(ResultSet rows) {
    this.rows = rows;
  }

  public boolean isNull(String column) {
    return get(() -> rows.getObject(column)) == null;
  }

  public long longAt(String column) {
    try {
      long value = rows.getLong(column);
      ensure(value != 0 || !rows.wasNull(), "column %s is null", column);
      return value;
    } catch (SQLException e) {
      throw SqlStates.translate(e);
    }
  }

  public @Nullable Long longOrNull(String column) {
    try {
      long value = rows.getLong(column);
      return value == 0 && rows.wasNull() ? null : Long.valueOf(value);
    } catch (SQLException e) {
      throw SqlStates.translate(e);
    }
  }

  public int intAt(String column) {
    return Math.toIntExact(longAt(column));
  }

  public @Nullable Integer intOrNull(String column) {
    Long value = longOrNull(column);
    return value == null ? null : Integer.valueOf(Math.toIntExact(value));
  }

  public boolean bool(String column) {
    try {
      boolean value = rows.getBoolean(column);
      ensure(value || !rows.wasNull(), "column %s is null", column);
      return value;
    } catch (SQLException e) {
      throw SqlStates.translate(e);
    }
  }

  public String text(String column) {
    return present(column, textOrNull(column));
  }

  public @Nullable String textOrNull(String column) {
    return get(() -> rows.getString(column));
  }

  /// A `timestamptz`, to the microsecond.
  public Instant instant(String column) {
    return present(column, instantOrNull(column));
  }

  public @Nullable Instant instantOrNull(String column) {
    OffsetDateTime value = get(() -> rows.getObject(column, OffsetDateTime.class));
    return value == null ? null : value.toInstant();
  }

  public LocalDate date(String column) {
    return present(column, dateOrNull(column));
  }

  public @Nullable LocalDate dateOrNull(String column) {
    return get(() -> rows.getObject(column, LocalDate.class));
  }

  public byte[] bytes(String column) {
    return present(column, bytesOrNull(column));
  }

  public byte @Nullable [] bytesOrNull(String column) {
    return get(() -> rows.getBytes(column));
  }

  public BigDecimal decimal(String column) {
    return present(column, decimalOrNull(column));
  }

  public @Nullable BigDecimal decimalOrNull(String column) {
    return get(() -> rows.getBigDecimal(column));
  }

  public UUID uuid(String column) {
    return present(column, get(() -> rows.getObject(column, UUID.class)));
  }

  /// A `text[]` without null elements.
  public List<String> texts(String column) {
    return List.of((String[]) array(column));
  }

  /// A `bigint[]` without null elements.
  public List<Long> longs(String column) {
    return List.of((Long[]) array(column));
  }

  private Object array(String column) {
    Array array = present(column, get(() -> rows.getArray(column)));
    return present(column, get(array::getArray));
  }

  private static <T> T present(String column, @Nullable T value) {
    if (value == null) {
      throw new IllegalStateException("column " + column + " is null");
    }
    return value;
  }

  private static <T> @Nullable T get(Getter<T> getter) {
    try {
      return getter.get();
    } catch (SQLException e) {
      throw SqlStates.translate(e);
    }
  }

  private interface Getter<T> {
    @Nullable T get() throws SQLException;
  }
}
