package io.yunfu.server.http;

import static io.yunfu.kernel.Check.require;

import io.yunfu.server.config.DataSize;

/// Requests of one path, or of all paths below it, and who answers them.
///
/// @param path compared with the raw path: what needs decoding to match does not match
/// @param below whether the paths below count too; then `path` ends in `/`
/// @param crossOrigin whether pages of the configured origins may call it
/// @param head whether HEAD is answered like GET, without the body; else it is refused with 405
/// @param everyMethod whether the handler answers OPTIONS and HEAD itself, like all others
public record Route(
    String path,
    boolean below,
    BodyLimit bodyLimit,
    boolean crossOrigin,
    boolean head,
    boolean everyMethod,
    Handler handler) {
  public Route {
    require(path.startsWith("/"), "the path '%s' does not begin with /", path);
    require(!below || path.endsWith("/"), "the path '%s' does not end with /", path);
  }

  /// One path, for any method but OPTIONS and HEAD.
  public static Route at(String path, BodyLimit bodyLimit, Handler handler) {
    return new Route(path, false, bodyLimit, false, false, false, handler);
  }

  /// All paths that begin with this one.
  public static Route below(String path, BodyLimit bodyLimit, Handler handler) {
    return new Route(path, true, bodyLimit, false, false, false, handler);
  }

  /// A page that is only read, such as `/live`: no body is accepted, and HEAD is answered.
  public static Route page(String path, Handler handler) {
    return new Route(path, false, BodyLimit.at(new DataSize(0)), false, true, false, handler);
  }

  /// The same, open to the browsers that the configuration names.
  public Route acrossOrigins() {
    return new Route(path, below, bodyLimit, true, head, everyMethod, handler);
  }

  /// The same, for a handler that lets nobody see anything before it knows who asks, not even which
  /// methods there are.
  public Route withEveryMethod() {
    return new Route(path, below, bodyLimit, crossOrigin, head, true, handler);
  }

  boolean matches(String requested) {
    return below ? requested.startsWith(path) : requested.equals(path);
  }
}
