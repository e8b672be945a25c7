package io.yunfu.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// A request as it goes out.
///
/// @param path below the API's base, escaped
/// @param query in order, not escaped
/// @param idempotencyKey with which it can be repeated
record Request(
    Operation operation,
    String path,
    List<Parameter> query,
    Optional<JsonNode> body,
    Optional<String> idempotencyKey) {
  private static final String CURSOR = "cursor";

  /// A name may be there several times.
  record Parameter(String name, String value) {}

  Request {
    query = List.copyOf(query);
  }

  /// The same for another page of a list.
  Request at(String cursor) {
    var others = new ArrayList<>(query);
    others.removeIf(each -> each.name().equals(CURSOR));
    others.add(new Parameter(CURSOR, cursor));
    return new Request(operation, path, others, body, idempotencyKey);
  }

  /// Path and query.
  String target() {
    return query.isEmpty()
        ? path
        : query.stream()
            .map(each -> encoded(each.name()) + "=" + encoded(each.value()))
            .collect(Collectors.joining("&", path + "?", ""));
  }

  /// Everything but letters, digits and `-_` is escaped: also `.`, so that no path climbs.
  static String encoded(String text) {
    var encoded = new StringBuilder();
    for (byte each : text.getBytes(UTF_8)) {
      char c = (char) (each & 0xff);
      if ((c >= '0' && c <= '9')
          || (c >= 'A' && c <= 'Z')
          || (c >= 'a' && c <= 'z')
          || c == '-'
          || c == '_') {
        encoded.append(c);
      } else {
        encoded.append('%').append("%02X".formatted((int) c));
      }
    }
    return encoded.toString();
  }
}
