package io.yunfu.db;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/// What an error of the driver means for us. Source of the codes: PostgreSQL, appendix A.
final class SqlStates {
  static final String UNIQUE_VIOLATION = "23505";

  private static final String SERIALIZATION_FAILURE = "40001";
  private static final String DEADLOCK = "40P01";
  private static final String LOCK_NOT_AVAILABLE = "55P03";
  private static final String QUERY_CANCELED = "57014";
  private static final String TOO_MANY_CONNECTIONS = "53300";
  private static final String IN_FAILED_TRANSACTION = "25P02";
  private static final String READ_ONLY_TRANSACTION = "25006";
  private static final String IDLE_IN_TRANSACTION = "25P03";
  private static final String TRANSACTION_TIMEOUT = "25P04";
  private static final String NO_SUCH_STATEMENT = "26000";
  private static final String FEATURE_NOT_SUPPORTED = "0A000";

  private SqlStates() {}

  /// An error of a statement, or of a commit that the server surely refused.
  static DatabaseException translate(SQLException e) {
    String state = state(e);
    if (lostConnection(e)) {
      return new DatabaseAway("The connection to the database is lost: " + e.getMessage(), true, e);
    }
    if (state.startsWith("23")) {
      return new ConstraintViolated(text(e), constraint(e), state, e);
    }
    return switch (state) {
      case SERIALIZATION_FAILURE, DEADLOCK -> new DatabaseBusy(text(e), true, e);
      case LOCK_NOT_AVAILABLE, QUERY_CANCELED, TOO_MANY_CONNECTIONS ->
          new DatabaseBusy(text(e), false, e);
      default -> new DatabaseFailure(text(e) + " [" + state + "]", state, e);
    };
  }

  /// An error of a commit. Only where the server itself said that it refused, with an error that
  /// leaves the session alive, is it known that nothing changed.
  static DatabaseException translateCommit(SQLException e, int session) {
    ServerErrorMessage server = serverError(e);
    boolean refused =
        state(e).equals(IN_FAILED_TRANSACTION)
            || (server != null && "ERROR".equals(server.getSeverity()) && !lostConnection(e));
    return refused
        ? translate(e)
        : new OutcomeUnknown(
            "The connection was lost during the commit: " + e.getMessage(), session, e);
  }

  /// The session is gone: broken socket (class 08), the server shuts down, was killed, or is just
  /// starting (57P01 to 57P05), or it cut us for idling (25P03, 25P04), or an I/O error came from
  /// the driver without any code.
  static boolean lostConnection(SQLException e) {
    String state = state(e);
    ServerErrorMessage server = serverError(e);
    return state.startsWith("08")
        || state.startsWith("57P0")
        || state.equals(IDLE_IN_TRANSACTION)
        || state.equals(TRANSACTION_TIMEOUT)
        || (server != null
            && ("FATAL".equals(server.getSeverity()) || "PANIC".equals(server.getSeverity())));
  }

  /// A prepared statement that does not fit the schema any more, since another node has migrated
  /// it; or a server that has become a standby, while another is the primary now.
  static boolean freshConnectionHeals(@Nullable Throwable e) {
    if (!(e instanceof SQLException sql)) {
      return false;
    }
    ServerErrorMessage server = serverError(sql);
    return state(sql).equals(NO_SUCH_STATEMENT)
        || state(sql).equals(READ_ONLY_TRANSACTION)
        || (state(sql).equals(FEATURE_NOT_SUPPORTED)
            && server != null
            && "RevalidateCachedQuery".equals(server.getRoutine()));
  }

  /// Too many clients: the server is there and answers, it only has no place for us.
  static boolean tooManyConnections(SQLException e) {
    return state(e).equals(TOO_MANY_CONNECTIONS);
  }

  private static String state(SQLException e) {
    String state = e.getSQLState();
    return state == null ? "" : state;
  }

  private static String text(SQLException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }

  private static String constraint(SQLException e) {
    ServerErrorMessage server = serverError(e);
    String name = server == null ? null : server.getConstraint();
    String column = server == null ? null : server.getColumn();
    return name != null ? name : column != null ? column : "";
  }

  private static @Nullable ServerErrorMessage serverError(SQLException e) {
    return e instanceof PSQLException p ? p.getServerErrorMessage() : null;
  }
}
