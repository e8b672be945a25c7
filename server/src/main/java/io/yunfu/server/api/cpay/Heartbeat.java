package io.yunfu.server.api.cpay;

import io.yunfu.server.http.Handler;
import io.yunfu.server.http.Request;
import io.yunfu.server.http.Response;
import java.util.Locale;

/// `GET /`, which terminals send about every two minutes to keep their connection open, and whose
/// answer they ignore. The billing API is at the same path: whatever carries a query or a header of
/// API 3.0 is a call of it, if a wrong one. Source: `cloudpay.md` section 1.1.
public final class Heartbeat implements Handler {
  private static final String HEADERS_OF_CALLS = "x-tc-";

  private final Handler calls;

  /// @param calls answers everything else
  public Heartbeat(Handler calls) {
    this.calls = calls;
  }

  @Override
  public Response handle(Request request) {
    return isHeartbeat(request) ? Response.empty(200) : calls.handle(request);
  }

  private static boolean isHeartbeat(Request request) {
    return request.method().equals("GET")
        && request.targetLength() == 1
        && !request.headers().has("Authorization")
        && request.headers().list().stream()
            .noneMatch(field -> field.name().toLowerCase(Locale.ROOT).startsWith(HEADERS_OF_CALLS));
  }
}
