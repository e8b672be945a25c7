package io.yunfu.simulator.json;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON as people read it: records with snake case names, times as text.
public final class Json {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .disable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(DateTimeFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  private Json() {}

  public static byte[] bytes(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  public static String text(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  public static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  public static ArrayNode array(Collection<?> values) {
    return MAPPER.valueToTree(values);
  }

  public static JsonNode tree(Object value) {
    return MAPPER.valueToTree(value);
  }

  /// Reads any JSON.
  ///
  /// @throws BadInput if it is no JSON
  public static JsonNode read(byte[] text) {
    try {
      return MAPPER.readTree(text);
    } catch (JacksonException e) {
      throw new BadInput("this is not JSON: " + e.getOriginalMessage());
    }
  }

  /// Whether the text is one JSON object, and nothing beside it.
  public static boolean isObject(String text) {
    try (JsonParser parser = MAPPER.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return false;
      }
      parser.skipChildren();
      return parser.nextToken() == null;
    } catch (JacksonException e) {
      return false;
    }
  }

  /// Reads any JSON.
  ///
  /// @throws BadInput if it is no JSON
  public static JsonNode read(String text) {
    return read(text.getBytes(StandardCharsets.UTF_8));
  }
}
