package io.yunfu.db;

import static io.yunfu.kernel.Check.ensure;
import static io.yunfu.kernel.Check.require;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A transaction under way, as [Work] sees it. Belongs to one thread and ends with the work.
///
/// Arguments take the place of `?` in order: `Long`, `Integer`, `Short`, `String`, `Boolean`,
/// `Instant` (cut to microseconds), `LocalDate`, `BigDecimal`, `byte[]`, `UUID`, null; as SQL
/// arrays `long[]`, `int[]`, `short[]`, `boolean[]`, `String[]`, `Long[]`, `Integer[]`,
/// `Boolean[]`, `Instant[]`, `LocalDate[]`, `BigDecimal[]`, `byte[][]`, and collections of strings
/// or of longs. An operator that is spelt with a question mark is written `??`.
public final class Transaction {
  /// Rows that [#forEach] holds in memory at a time.
  private static final int FETCH_SIZE = 1000;

  private final Connection connection;
  private final boolean writable;
  private @Nullable DatabaseException failure;

  Transaction(Connection connection, boolean writable) {
    this.connection = connection;
    this.writable = writable;
  }

  public <T> List<T> query(String sql, RowReader<T> reader, @Nullable Object... args) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      Arguments.bind(statement, 1, args);
      try (ResultSet rows = statement.executeQuery()) {
        return read(rows, reader);
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /// The one row, or none.
  ///
  /// @throws IllegalStateException when there are several
  public <T> Optional<T> queryOne(String sql, RowReader<T> reader, @Nullable Object... args) {
    List<T> found = query(sql, reader, args);
    ensure(found.size() <= 1, "%d rows where one was asked for", found.size());
    return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
  }

  /// Runs a statement that changes rows.
  ///
  /// @return how many
  public int update(String sql, @Nullable Object... args) {
    require(writable, "this transaction only reads");
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      Arguments.bind(statement, 1, args);
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /// Gives every row to `consumer`, without holding all of them in memory: for audits and exports.
  /// Not inside [Database#read], which has no transaction to hold the cursor.
  public <T> void forEach(
      String sql, RowReader<T> reader, Consumer<? super T> consumer, @Nullable Object... args) {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      require(!connection.getAutoCommit(), "a cursor needs a transaction");
      statement.setFetchSize(FETCH_SIZE);
      Arguments.bind(statement, 1, args);
      try (ResultSet rows = statement.executeQuery()) {
        Row row = new Row(rows);
        while (rows.next()) {
          consumer.accept(reader.read(row));
        }
      }
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /// Several statements in one round trip.
  public Pipeline pipeline() {
    return new Pipeline(this);
  }

  Connection connection() {
    return connection;
  }

  boolean isWritable() {
    return writable;
  }

  /// The first error of a statement. It aborts the transaction, whatever the work makes of it.
  @Nullable DatabaseException failure() {
    return failure;
  }

  DatabaseException failed(SQLException e) {
    DatabaseException translated = SqlStates.translate(e);
    if (failure == null) {
      failure = translated;
    }
    return translated;
  }

  static <T> List<T> read(ResultSet rows, RowReader<T> reader) throws SQLException {
    List<T> list = new ArrayList<>();
    Row row = new Row(rows);
    while (rows.next()) {
      list.add(reader.read(row));
    }
    return list;
  }
}
