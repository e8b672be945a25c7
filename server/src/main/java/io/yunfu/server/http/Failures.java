package io.yunfu.server.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/// What a client gets that does not speak HTTP well enough to reach a handler: a status, one fixed
/// sentence as JSON, and nothing of what it sent.
final class Failures extends ErrorHandler {
  private static final Map<Integer, String> SENTENCES =
      Map.of(
          400, "The request is not well-formed HTTP.",
          408, "The request did not arrive in time.",
          414, "The request target is too long.",
          417, "The expectation is not known.",
          426, "Only HTTP/1.1 is spoken here.",
          431, "The request headers are too large.",
          505, "Only HTTP/1.1 is spoken here.");

  private final BooleanSupplier closed;

  /// @param closed whether nobody is let in any more: then nothing is answered either, and the
  ///   connection ends
  Failures(BooleanSupplier closed) {
    this.closed = closed;
  }

  @Override
  public boolean errorPageForMethod(String method) {
    return true;
  }

  @Override
  protected void generateResponse(
      Request request,
      Response response,
      int status,
      @Nullable String message,
      @Nullable Throwable cause,
      Callback done) {
    if (closed.getAsBoolean()) {
      request.getConnectionMetaData().getConnection().getEndPoint().close();
      done.failed(new IOException("the server stops"));
      return;
    }
    byte[] body = body(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CONTENT_LENGTH, body.length);
    response.write(true, ByteBuffer.wrap(body), done);
  }

  private static byte[] body(int status) {
    return io.yunfu.server.http.Response.failure(
            status,
            status < 500 ? "BadRequest" : "InternalError",
            SENTENCES.getOrDefault(
                status,
                status < 500 ? "The request cannot be served." : "Internal error, please retry."))
        .body();
  }
}
