package io.yunfu.server.http;

import io.yunfu.server.config.DataSize;

/// How large a request's body may be, decided before any of it is read. A larger one is not read:
/// the handler is called with {@link Request#oversized()}, and says so in its own words.
@FunctionalInterface
public interface BodyLimit {
  /// The largest body to read of this request.
  ///
  /// @param head the request without its body
  DataSize of(Request head);

  static BodyLimit at(DataSize limit) {
    return head -> limit;
  }
}
