package io.yunfu.server.api.admin;

import static io.yunfu.kernel.Check.require;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The path of an operation below `/admin/v1`, with fields in braces: `/accounts/{uin}/keys`.
record PathTemplate(List<String> segments) {
  PathTemplate {
    segments = List.copyOf(segments);
  }

  static PathTemplate parse(String text) {
    require(text.matches("(/([a-z][a-z.-]*|\\{[a-z][A-Za-z]*}))+"), "not a path: %s", text);
    return new PathTemplate(List.of(text.substring(1).split("/", -1)));
  }

  /// The names of the fields, in order.
  List<String> names() {
    return segments.stream().filter(PathTemplate::isField).map(PathTemplate::name).toList();
  }

  /// How many segments are no fields: of two templates that fit, the one with more of them is
  /// meant.
  int fixed() {
    return segments.size() - names().size();
  }

  /// The raw texts of the fields, in order; empty when a path does not fit.
  Optional<List<String>> match(List<String> path) {
    if (path.size() != segments.size()) {
      return Optional.empty();
    }
    var values = new ArrayList<String>();
    for (int i = 0; i < path.size(); i++) {
      if (isField(segments.get(i))) {
        if (path.get(i).isEmpty()) {
          return Optional.empty();
        }
        values.add(path.get(i));
      } else if (!segments.get(i).equals(path.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(values);
  }

  private static boolean isField(String segment) {
    return segment.startsWith("{");
  }

  private static String name(String segment) {
    return segment.substring(1, segment.length() - 1);
  }

  @Override
  public String toString() {
    return "/" + String.join("/", segments);
  }
}
