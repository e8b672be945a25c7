package io.yunfu.wire.cpay;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/// A JSON value as it was sent, before its documented type is known. Reading is tolerant where the
/// protocol is: foreign white space counts as a blank, and the last of a doubled member wins.
sealed interface Json {
  record Text(String text) implements Json {}

  /// As written: turned into a number only once the documented type is known, so that nothing is
  /// rounded and `1e999999999` costs nothing.
  record Numeral(String literal) implements Json {}

  record Flag(boolean value) implements Json {}

  record Items(List<Json> items) implements Json {}

  record Fields(Map<String, Json> members) implements Json {}

  record Nothing() implements Json {}

  /// One value and nothing after it; empty when the text is something else, or too deep.
  static Optional<Json> parse(String text) {
    return Reading.whole(text).map(Reading.Whole::value);
  }

  /// Reads with Jackson, which refuses what RFC 8259 does not know, and bounds numbers and names.
  final class Reading {
    /// Unit: levels. Nothing documented is deeper than 5; the reader recurses, so there is a bound.
    private static final int MAX_DEPTH = 64;

    private static final JsonFactory FACTORY = JsonFactory.builder().build();

    private final JsonParser parser;
    private final String text;
    private final Map<String, String> slices = new LinkedHashMap<>();

    /// A value with what a caller may have to know about how it was written.
    ///
    /// @param slices of members of the outermost object that are objects themselves, as they stand
    ///   in the text
    record Whole(Json value, Map<String, String> slices) {}

    private Reading(JsonParser parser, String text) {
      this.parser = parser;
      this.text = text;
    }

    static Optional<Whole> whole(String text) {
      String plain = Texts.withPlainSpaces(text);
      try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), plain)) {
        JsonToken first = parser.nextToken();
        if (first == null) {
          return Optional.empty();
        }
        var reading = new Reading(parser, text);
        Json value = reading.value(first, 1);
        return parser.nextToken() == null
            ? Optional.of(new Whole(value, reading.slices))
            : Optional.empty();
      } catch (JacksonException | TooDeep malformed) {
        return Optional.empty();
      }
    }

    private static final class TooDeep extends RuntimeException {
      private static final long serialVersionUID = 1L;

      TooDeep() {
        super("nested too deep", null, false, false);
      }
    }

    private Json value(JsonToken token, int depth) {
      if (depth > MAX_DEPTH) {
        throw new TooDeep();
      }
      return switch (token) {
        case START_OBJECT -> new Fields(fields(depth));
        case START_ARRAY -> new Items(items(depth));
        case VALUE_STRING -> new Text(parser.getString());
        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Numeral(parser.getString());
        case VALUE_TRUE -> new Flag(true);
        case VALUE_FALSE -> new Flag(false);
        case VALUE_NULL -> new Nothing();
        case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
            throw new IllegalStateException("not the beginning of a value: " + token);
      };
    }

    private Map<String, Json> fields(int depth) {
      Map<String, Json> fields = new LinkedHashMap<>();
      for (String name = parser.nextName(); name != null; name = parser.nextName()) {
        JsonToken token = parser.nextToken();
        boolean isSlice = depth == 1 && token == JsonToken.START_OBJECT;
        int from = isSlice ? offset() : 0;
        fields.put(name, value(token, depth + 1));
        if (isSlice) {
          slices.put(name, text.substring(from, offset() + 1));
        } else if (depth == 1) {
          slices.remove(name);
        }
      }
      return fields;
    }

    private List<Json> items(int depth) {
      List<Json> items = new ArrayList<>();
      for (JsonToken token = parser.nextToken();
          token != JsonToken.END_ARRAY;
          token = parser.nextToken()) {
        items.add(value(token, depth + 1));
      }
      return items;
    }

    /// Where the current token begins.
    private int offset() {
      return Math.toIntExact(parser.currentTokenLocation().getCharOffset());
    }
  }

  /// The value as compact JSON text.
  static void write(JsonGenerator out, Json value) {
    switch (value) {
      case Text(var text) -> out.writeString(text);
      case Numeral(var literal) -> out.writeNumber(literal);
      case Flag(var flag) -> out.writeBoolean(flag);
      case Nothing() -> out.writeNull();
      case Items(var items) -> {
        out.writeStartArray();
        items.forEach(item -> write(out, item));
        out.writeEndArray();
      }
      case Fields(var members) -> {
        out.writeStartObject();
        members.forEach((name, member) -> {
          out.writeName(name);
          write(out, member);
        });
        out.writeEndObject();
      }
    }
  }
}
