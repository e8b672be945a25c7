package io.yunfu.wire.tc3;

import org.jspecify.annotations.Nullable;

/// A request as it came over the wire, nothing decoded: the signature covers exactly these bytes.
///
/// @param path the path of the request target, still percent-encoded
/// @param query what follows the `?`, still percent-encoded; `null` when there is none
/// @param body shared, not copied: nobody writes to it after this
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; a copy of each body would be waste.
public record ReceivedRequest(
    String method, String path, @Nullable String query, HeaderLookup headers, byte[] body) {

  boolean isGet() {
    return method.equals("GET");
  }

  boolean isPost() {
    return method.equals("POST");
  }

  /// In bytes: a request target is ASCII.
  int targetLength() {
    return path.length() + (query == null ? 0 : 1 + query.length());
  }
}
