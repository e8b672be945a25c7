package io.yunfu.server.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// Holds JSON against JSON Schema 2020-12, as far as our document goes. A keyword that it does not
/// know fails, and so does a property that the schema does not name.
final class JsonSchema {
  private static final Set<String> SAYS_NOTHING =
      Set.of("description", "format", "default", "writeOnly", "additionalProperties", "required");

  private final JsonNode document;

  JsonSchema(JsonNode document) {
    this.document = document;
  }

  /// What a reference leads to.
  JsonNode resolved(JsonNode schema) {
    if (schema == null || !schema.has("$ref")) {
      return schema;
    }
    JsonNode there = document.at(schema.get("$ref").asString().substring(1));
    assertThat(there.isMissingNode()).as(schema.toString()).isFalse();
    return there;
  }

  void require(JsonNode json, JsonNode schema) {
    require(json, schema, "$");
  }

  private void require(JsonNode json, JsonNode referred, String where) {
    JsonNode schema = resolved(referred);
    schema.propertyStream().forEach(rule -> require(json, schema, rule, where));
    if (json.isObject() && schema.has("properties")) {
      for (String name : json.propertyNames()) {
        assertThat(schema.get("properties").has(name))
            .as("%s.%s is described", where, name)
            .isTrue();
      }
      if (schema.has("required")) {
        schema
            .get("required")
            .forEach(name ->
                assertThat(json.has(name.asString())).as("%s.%s is there", where, name).isTrue());
      }
    }
    if (schema.has("format") && json.isString()) {
      switch (schema.get("format").asString()) {
        case "date-time" ->
            assertThat(OffsetDateTime.parse(json.asString()).getOffset()).hasToString("Z");
        case "date" -> assertThat(LocalDate.parse(json.asString())).isNotNull();
        case "password", "int64" -> {}
        default -> throw new AssertionError(schema);
      }
    }
  }

  private void require(
      JsonNode json, JsonNode schema, Map.Entry<String, JsonNode> rule, String where) {
    JsonNode value = rule.getValue();
    String keyword = rule.getKey();
    switch (keyword) {
      case "type" ->
          assertThat(isA(value.asString(), json)).as("%s is %s: %s", where, value, json).isTrue();
      case "enum" -> assertThat(value.valueStream()).as(where).contains(json);
      case "pattern" ->
          assertThat(Pattern.compile(value.asString()).matcher(json.asString()).find())
              .as("%s is like %s: %s", where, value, json)
              .isTrue();
      case "minLength" -> assertThat(length(json)).as(where).isGreaterThanOrEqualTo(value.asInt());
      case "maxLength" -> assertThat(length(json)).as(where).isLessThanOrEqualTo(value.asInt());
      case "minimum" ->
          assertThat(json.decimalValue()).as(where).isGreaterThanOrEqualTo(value.decimalValue());
      case "maximum" ->
          assertThat(json.decimalValue()).as(where).isLessThanOrEqualTo(value.decimalValue());
      case "exclusiveMinimum" ->
          assertThat(json.decimalValue()).as(where).isGreaterThan(value.decimalValue());
      case "multipleOf" ->
          assertThat(json.decimalValue().remainder(value.decimalValue()))
              .as(where)
              .isEqualByComparingTo(BigDecimal.ZERO);
      case "minItems" -> assertThat(json.size()).as(where).isGreaterThanOrEqualTo(value.asInt());
      case "maxItems" -> assertThat(json.size()).as(where).isLessThanOrEqualTo(value.asInt());
      case "items" -> {
        for (int i = 0; i < json.size(); i++) {
          require(json.get(i), value, where + "[" + i + "]");
        }
      }
      case "properties" ->
          value
              .propertyStream()
              .filter(property -> json.has(property.getKey()))
              .forEach(property ->
                  require(
                      json.get(property.getKey()),
                      property.getValue(),
                      where + "." + property.getKey()));
      default -> assertThat(SAYS_NOTHING).as("%s of %s", keyword, schema).contains(keyword);
    }
  }

  private static int length(JsonNode json) {
    return json.asString().codePointCount(0, json.asString().length());
  }

  private static boolean isA(String type, JsonNode json) {
    return switch (type) {
      case "object" -> json.isObject();
      case "array" -> json.isArray();
      case "string" -> json.isString();
      case "integer" -> json.isIntegralNumber();
      case "number" -> json.isNumber();
      case "boolean" -> json.isBoolean();
      default -> throw new AssertionError(type);
    };
  }
}
