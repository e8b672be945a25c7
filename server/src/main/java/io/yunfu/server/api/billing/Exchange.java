package io.yunfu.server.api.billing;

import io.yunfu.billing.account.Caller;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One request and what became of it, for the log line and for metrics. It holds no secret and
/// nothing of any body.
///
/// @param action a known one; empty when the request did not get that far, so that the number of
///   different values is bounded
/// @param code `OK`, or the code of the error
/// @param caller null until the signature is verified
/// @param address the client's
/// @param mode how the parameters came, such as `JSON`; empty when that was not found out
/// @param client the banner that the client sent; null when it sent none
/// @param fault what went wrong on our side; null when nothing did
public record Exchange(
    String requestId,
    String action,
    String code,
    @Nullable Caller caller,
    String address,
    String mode,
    @Nullable String client,
    int requestBytes,
    int responseBytes,
    Duration took,
    @Nullable Throwable fault) {

  public static final String OK = "OK";
}
