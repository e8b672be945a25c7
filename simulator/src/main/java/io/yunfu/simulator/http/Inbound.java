package io.yunfu.simulator.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A request as it arrived.
///
/// @param id finds it again in the record of requests and in the log of faults
/// @param query what stands after the `?`, raw; null when there is none
/// @param body the bytes of the wire
/// @param certificate what the client showed in the TLS handshake; checked by nobody yet
@SuppressWarnings("ArrayRecordComponent") // never compared; a copy would double a large body
public record Inbound(
    String id,
    Port listener,
    String method,
    String path,
    @Nullable String query,
    List<Header> headers,
    byte[] body,
    Optional<X509Certificate> certificate) {
  public Inbound {
    headers = List.copyOf(headers);
  }

  public Optional<String> header(String name) {
    return headers.stream()
        .filter(field -> field.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }

  /// Path and query as they stood in the request line.
  public String target() {
    return query == null ? path : path + "?" + query;
  }

  public String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  /// The parameters of the query, decoded as UTF-8; the last of a name counts.
  public Map<String, String> parameters() {
    return form(query == null ? "" : query);
  }

  /// The parameters of a body that is a form.
  public Map<String, String> form() {
    return form(text());
  }

  private static Map<String, String> form(String text) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : text.split("&", -1)) {
      if (!pair.isEmpty()) {
        int equals = pair.indexOf('=');
        parameters.put(
            decoded(equals < 0 ? pair : pair.substring(0, equals)),
            equals < 0 ? "" : decoded(pair.substring(equals + 1)));
      }
    }
    return parameters;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text; // a stray per cent sign stands for itself
    }
  }
}
