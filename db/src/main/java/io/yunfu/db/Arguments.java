package io.yunfu.db;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
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
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/// Binds Java values to the `?` of a statement. Numbers, booleans, bytes and arrays travel in
/// binary, and arrays of `unnest` and `any` cost no text on either side.
final class Arguments {
  /// PostgreSQL's, 2000-01-01T00:00:00Z, in seconds since that of Java.
  private static final long EPOCH = 946_684_800;

  /// The server's number of the type.
  private static final int TIMESTAMPTZ = 1184;

  /// Bytes before the first element of an array of one dimension.
  private static final int ARRAY_HEAD = 5 * Integer.BYTES;

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
      case Instant[] v -> statement.setObject(index, new Times(v));
      // The driver has no binary form of it.
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

  private static @Nullable Object[] texts(@Nullable LocalDate[] values) {
    @Nullable Object[] texts = new String[values.length];
    for (int i = 0; i < values.length; i++) {
      LocalDate value = values[i];
      texts[i] = value == null ? null : value.toString();
    }
    return texts;
  }

  /// What PostgreSQL can store, cut and not rounded, so that a time never moves into the future.
  private static Instant micros(Instant value) {
    return value.truncatedTo(ChronoUnit.MICROS);
  }

  /// `timestamptz[]` in the binary form of the server, which the driver lacks: as text a time costs
  /// either side as much as a dozen numbers do. Source: `array_recv` and `timestamptz_recv` of
  /// PostgreSQL. The driver sends it so where [Connector] has it do so.
  @SuppressWarnings("serial") // nobody writes it down
  private static final class Times extends PGobject implements PGBinaryObject {
    private final byte[] array;

    Times(@Nullable Instant[] values) {
      this.type = "timestamptz[]";
      boolean hasNulls = false;
      int size = ARRAY_HEAD;
      for (Instant value : values) {
        hasNulls |= value == null;
        size += value == null ? Integer.BYTES : Integer.BYTES + Long.BYTES;
      }
      ByteBuffer bytes =
          ByteBuffer.allocate(size)
              .putInt(1) // dimension
              .putInt(hasNulls ? 1 : 0)
              .putInt(TIMESTAMPTZ)
              .putInt(values.length)
              .putInt(1); // the first index
      for (Instant value : values) {
        if (value == null) {
          bytes.putInt(-1);
        } else {
          bytes.putInt(Long.BYTES).putLong(sinceEpoch(value));
        }
      }
      this.array = bytes.array();
    }

    /// Microseconds since PostgreSQL's epoch.
    private static long sinceEpoch(Instant value) {
      return Math.addExact(
          Math.multiplyExact(value.getEpochSecond() - EPOCH, 1_000_000L), value.getNano() / 1000);
    }

    @Override
    public int lengthInBytes() {
      return array.length;
    }

    @Override
    public void toBytes(byte[] target, int offset) {
      System.arraycopy(array, 0, target, offset, array.length);
    }

    @Override
    public void setByteValue(byte[] value, int offset) {
      throw new UnsupportedOperationException("only sent");
    }
  }
}
