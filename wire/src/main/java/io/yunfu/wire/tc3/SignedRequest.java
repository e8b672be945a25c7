package io.yunfu.wire.tc3;

import java.util.List;

/// A request ready to be sent, by whatever HTTP client: nothing may be re-encoded on the way.
///
/// @param target path and query, percent-encoded
/// @param headers to be sent as they are, `Host` and `Content-Type` among them
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; a copy of each body would be waste.
public record SignedRequest(String method, String target, List<Header> headers, byte[] body) {
  /// One header line.
  public record Header(String name, String value) {}

  public SignedRequest {
    headers = List.copyOf(headers);
  }

  /// The same request as its server sees it, for a test without a socket.
  public ReceivedRequest received() {
    int question = target.indexOf('?');
    return new ReceivedRequest(
        method,
        question < 0 ? target : target.substring(0, question),
        question < 0 ? null : target.substring(question + 1),
        name ->
            headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .toList(),
        body);
  }
}
