package io.yunfu.server.http;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request as it arrived. Nothing is decoded: path and query are those of the request line, and
/// the body's bytes are the wire's, so that a signature over them can be verified.
///
/// @param method as sent, in its case
/// @param path the raw path, such as `/` or `/admin/v1/accounts`
/// @param query what stands after the first `?`, raw; null when there is no `?`. Bytes outside
///   ASCII, which a target should not have, are taken for UTF-8
/// @param headers of an untrusted peer without `X-Forwarded-For`, `-Host` and `-Proto`
/// @param body empty when there was none, and when it was too large
/// @param oversized whether the body was larger than the route's limit: it was not kept, and the
///   connection closes after the response
/// @param remoteAddress the client's address; behind a trusted proxy the one that it names
/// @param secure whether the client spoke TLS, to us or to a trusted proxy
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy would double a large body
public record Request(
    String method,
    String path,
    @Nullable String query,
    Headers headers,
    byte[] body,
    boolean oversized,
    String remoteAddress,
    boolean secure) {
  private static final byte[] NO_BODY = {};

  /// For tests and for callers inside the process: from loopback, in plain HTTP.
  ///
  /// @param target path and query
  public static Request of(String method, String target, Headers headers, byte[] body) {
    int mark = target.indexOf('?');
    return new Request(
        method,
        mark < 0 ? target : target.substring(0, mark),
        mark < 0 ? null : target.substring(mark + 1),
        headers,
        body,
        false,
        "127.0.0.1",
        false);
  }

  public static Request get(String target, Headers headers) {
    return of("GET", target, headers, NO_BODY);
  }

  /// The `Host` header, raw; some clients put `http://` before it.
  public Optional<String> host() {
    return headers.first("Host");
  }

  /// The first `X-Forwarded-Host`, which is there only if a trusted proxy sent it.
  public Optional<String> forwardedHost() {
    return headers.first("X-Forwarded-Host");
  }

  /// The length in bytes of path and query with the `?`, as a limit on GET counts it.
  public int targetLength() {
    return bytes(path) + (query == null ? 0 : 1 + bytes(query));
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  Request withBody(byte[] bytes) {
    return new Request(method, path, query, headers, bytes, oversized, remoteAddress, secure);
  }

  Request tooLarge() {
    return new Request(method, path, query, headers, NO_BODY, true, remoteAddress, secure);
  }

  /// Method and path alone: query, headers and body may hold secrets.
  @Override
  public String toString() {
    return method + " " + path;
  }
}
