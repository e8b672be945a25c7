package io.yunfu.cli;

import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// JSON as the command line reads and writes it: no digit of a number is lost, and a name that is
/// there twice is refused.
final class Json {
  static final JsonMapper MAPPER =
      JsonMapper.builder(
              JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private Json() {}

  /// For people: a line for each value.
  static String indented(JsonNode json) {
    return MAPPER.writer().with(SerializationFeature.INDENT_OUTPUT).writeValueAsString(json);
  }

  /// On one line.
  static String compact(JsonNode json) {
    return MAPPER.writeValueAsString(json);
  }
}
