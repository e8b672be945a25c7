package io.yunfu.server.http;

import static io.yunfu.kernel.Check.require;

import java.nio.charset.StandardCharsets;

/// What is sent back: exactly these headers and bytes. The server adds `Date`, `Content-Length` and
/// `Connection`, and, for clients that asked, the compression of the body.
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy would double a large body
public record Response(int status, Headers headers, byte[] body) {
  private static final byte[] NO_BODY = {};
  private static final Headers JSON = Headers.of("Content-Type", "application/json");

  public Response {
    require(status >= 200 && status <= 599, "%d is no final status", status);
  }

  /// `Content-Type: application/json` and no charset: one vendor SDK takes a refusal for a success
  /// otherwise (billing, section 1.7, rule 2).
  public static Response json(int status, byte[] body) {
    return new Response(status, JSON, body);
  }

  public static Response json(int status, String body) {
    return json(status, body.getBytes(StandardCharsets.UTF_8));
  }

  public static Response text(int status, String body) {
    return new Response(
        status,
        Headers.of("Content-Type", "text/plain; charset=utf-8"),
        body.getBytes(StandardCharsets.UTF_8));
  }

  public static Response empty(int status) {
    return new Response(status, Headers.NONE, NO_BODY);
  }

  /// A failure on the level of HTTP, outside the envelope of any API.
  static Response failure(int status, String code, String message) {
    return json(
        status, "{\"error\":{\"code\":\"%s\",\"message\":\"%s\"}}".formatted(code, message));
  }

  public Response with(String name, String value) {
    return new Response(status, headers.with(name, value), body);
  }

  @Override
  public String toString() {
    return status + ", " + body.length + " bytes";
  }
}
