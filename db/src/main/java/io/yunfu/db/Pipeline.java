package io.yunfu.db;

import static io.yunfu.kernel.Check.ensure;
import static io.yunfu.kernel.Check.require;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Several statements that travel together: one round trip, answers in order. The server runs them
/// one after the other, so a later one sees what an earlier one wrote.
///
///     var pipeline = tx.pipeline();
///     var accounts = pipeline.query(LOCK_ACCOUNTS, AccountStore::account, uins);
///     var deals = pipeline.query(LOCK_DEALS, DealStore::deal, ids);
///     pipeline.run();
///     … accounts.rows(), deals.rows()
///
/// The texts together are what the server prepares, so use few different combinations. An error of
/// one statement is the error of all, and aborts the transaction.
public final class Pipeline {
  private final Transaction tx;
  private final List<Step> steps = new ArrayList<>();
  private boolean ran;

  Pipeline(Transaction tx) {
    this.tx = tx;
  }

  /// Adds a statement that answers rows: `select`, or any other with `returning`.
  public <T> Rows<T> query(String sql, RowReader<T> reader, @Nullable Object... args) {
    Rows<T> rows = new Rows<>(reader);
    add(sql, args, rows);
    return rows;
  }

  /// Adds a statement that changes rows.
  public Count update(String sql, @Nullable Object... args) {
    require(tx.isWritable(), "this transaction only reads");
    Count count = new Count();
    add(sql, args, count);
    return count;
  }

  /// The same, for a statement whose count says nothing.
  public Pipeline add(String sql, @Nullable Object... args) {
    update(sql, args);
    return this;
  }

  /// Sends what was added and reads all answers. Does nothing when nothing was added.
  public void run() {
    require(!ran, "a pipeline runs once");
    ran = true;
    if (steps.isEmpty()) {
      return;
    }
    try (PreparedStatement statement = tx.connection().prepareStatement(text())) {
      int index = 1;
      for (Step step : steps) {
        index = Arguments.bind(statement, index, step.args);
      }
      boolean isRows = statement.execute();
      for (Step step : steps) {
        step.answer.take(statement, isRows);
        isRows = statement.getMoreResults();
      }
    } catch (SQLException e) {
      throw tx.failed(e);
    }
  }

  private void add(String sql, @Nullable Object[] args, Answer answer) {
    require(!ran, "a pipeline runs once");
    steps.add(new Step(sql, args, answer));
  }

  private String text() {
    if (steps.size() == 1) {
      return steps.getFirst().sql;
    }
    int length = 0;
    for (Step step : steps) {
      length += step.sql.length() + 2;
    }
    StringBuilder text = new StringBuilder(length);
    for (Step step : steps) {
      text.append(step.sql).append("\n;");
    }
    return text.toString();
  }

  private static final class Step {
    final String sql;
    final @Nullable Object[] args;
    final Answer answer;

    Step(String sql, @Nullable Object[] args, Answer answer) {
      this.sql = sql;
      this.args = args;
      this.answer = answer;
    }
  }

  /// What one statement answers.
  public abstract static sealed class Answer {
    private Answer() {}

    abstract void take(PreparedStatement statement, boolean isRows) throws SQLException;
  }

  /// What a query of the pipeline answered; there after [Pipeline#run].
  public static final class Rows<T> extends Answer {
    private final RowReader<T> reader;
    private @Nullable List<T> rows;

    private Rows(RowReader<T> reader) {
      this.reader = reader;
    }

    public List<T> rows() {
      List<T> known = rows;
      if (known == null) {
        throw new IllegalStateException("the pipeline has not run");
      }
      return known;
    }

    @Override
    void take(PreparedStatement statement, boolean isRows) throws SQLException {
      ensure(isRows, "a query of the pipeline answered no rows");
      try (ResultSet set = statement.getResultSet()) {
        rows = Transaction.read(set, reader);
      }
    }
  }

  /// How many rows a statement of the pipeline changed; there after [Pipeline#run].
  public static final class Count extends Answer {
    private int count = -1;

    private Count() {}

    public int count() {
      ensure(count >= 0, "the pipeline has not run");
      return count;
    }

    @Override
    void take(PreparedStatement statement, boolean isRows) throws SQLException {
      ensure(!isRows, "an update of the pipeline answered rows");
      count = statement.getUpdateCount();
    }
  }
}
