package io.yunfu.bench;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;

/// Picks some members out of a JSON object, which costs half of making a tree of it: the load
/// generator shares the machine with what it measures. All of the text is read, so what is not JSON
/// is noticed wherever it stands.
final class Members {
  private final Map<String, Members> inner = new HashMap<>();
  private final int count;
  private int place = -1;

  /// @param paths the names on the way to each member, with `/` between them
  Members(String... paths) {
    this.count = paths.length;
    for (int i = 0; i < paths.length; i++) {
      Members at = this;
      for (String name : paths[i].split("/", -1)) {
        at = at.inner.computeIfAbsent(name, _ -> new Members());
      }
      at.place = i;
    }
  }

  /// The members as texts, in the order of the paths; empty where there is none, or no scalar. Of
  /// members with the same name the last counts.
  ///
  /// @throws tools.jackson.core.JacksonException if it is not one JSON value
  String[] read(JsonParser parser) {
    String[] found = new String[count];
    Arrays.fill(found, "");
    try (parser) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        object(parser, found);
      } else {
        parser.skipChildren();
      }
      if (parser.nextToken() != null) {
        throw new StreamReadException(parser, "more than one value");
      }
    }
    return found;
  }

  private void object(JsonParser parser, String[] found) {
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      Members wanted = inner.get(name);
      JsonToken value = parser.nextToken();
      if (wanted == null) {
        parser.skipChildren();
      } else if (value == JsonToken.START_OBJECT) {
        wanted.object(parser, found);
      } else if (wanted.place >= 0 && value.isScalarValue()) {
        found[wanted.place] = parser.getString();
      } else {
        parser.skipChildren();
      }
    }
  }
}
