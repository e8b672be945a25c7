package io.yunfu.server.observe;

import io.yunfu.db.DatabaseAway;
import io.yunfu.db.DatabaseBusy;
import io.yunfu.db.LaneRefused;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One request that was answered, for the log line, the figures and the trace. It has no place for
/// a body, a signature or a token.
///
/// @param requestId as the answer carries it
/// @param action one that the API has; empty when the request did not get that far
/// @param code `OK`, or the code of the error
/// @param status of HTTP
/// @param account the owner account; empty before the signature is verified
/// @param user who acted for it, or the operator's name; empty likewise
/// @param address the client's
/// @param client the banner that the client sent; empty when it sent none
/// @param bytesIn of target and body
/// @param bytesOut of the body
/// @param fault what went wrong on our side; null when nothing did
/// @param expected whether the fault is one of the surroundings, such as a database that is away:
///   then its message is enough, since every request fails alike
public record Answered(
    String requestId,
    String action,
    String code,
    int status,
    String account,
    String user,
    String address,
    String client,
    long bytesIn,
    long bytesOut,
    Duration took,
    @Nullable Throwable fault,
    boolean expected) {

  public static final String OK = "OK";

  /// Whether a fault is one of the surroundings, so that the reason is worth a line and no stack.
  public static boolean isExpected(Throwable fault) {
    return fault instanceof DatabaseAway
        || fault instanceof DatabaseBusy
        || fault instanceof LaneRefused;
  }
}
