package io.yunfu.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// One value of the API, as the document describes it.
final class Schema {
  /// What can be typed for it.
  enum Kind {
    TEXT,
    INTEGER,
    NUMBER,
    FLAG,
    LIST,
    STRUCTURE,
    /// Nothing is said about it.
    ANY;

    boolean isScalar() {
      return this != LIST && this != STRUCTURE;
    }
  }

  /// Where a list says nothing of its length. Keeps a mistyped index from making a huge body.
  private static final int MOST_ITEMS = 10_000;

  private final ObjectNode json;
  private final JsonNode document;

  private Schema(ObjectNode json, JsonNode document) {
    this.json = json;
    this.document = document;
  }

  /// @param document where references lead
  static Schema of(JsonNode json, JsonNode document) {
    if (!(json instanceof ObjectNode object)) {
      return new Schema(JsonNodeFactory.instance.objectNode(), document);
    }
    JsonNode reference = object.get("$ref");
    if (reference == null) {
      return new Schema(object, document);
    }
    // What stands beside a reference wins: the description of this use of the type.
    ObjectNode merged = JsonNodeFactory.instance.objectNode();
    merged.setAll((ObjectNode) resolved(reference, document));
    object.properties().stream()
        .filter(each -> !each.getKey().equals("$ref"))
        .forEach(each -> merged.set(each.getKey(), each.getValue()));
    return of(merged, document);
  }

  /// What a reference such as `#/components/schemas/Account` leads to.
  static JsonNode resolved(JsonNode reference, JsonNode document) {
    return document.requiredAt(reference.asString().substring(1));
  }

  Kind kind() {
    return switch (json.path("type").asString("")) {
      case "string" -> Kind.TEXT;
      case "integer" -> Kind.INTEGER;
      case "number" -> Kind.NUMBER;
      case "boolean" -> Kind.FLAG;
      case "array" -> Kind.LIST;
      case "object" -> json.has("properties") ? Kind.STRUCTURE : Kind.ANY;
      default -> Kind.ANY;
    };
  }

  String about() {
    return json.path("description").asString("");
  }

  String format() {
    return json.path("format").asString("");
  }

  /// Whether it is sent and never shown again: a key, a password.
  boolean isSecret() {
    return json.path("writeOnly").asBoolean(false) || format().equals("password");
  }

  /// Of a list.
  Schema items() {
    return of(json.path("items"), document);
  }

  /// Of a list: how many it takes at most.
  int mostItems() {
    return json.path("maxItems").asInt(MOST_ITEMS);
  }

  Map<String, Schema> properties() {
    var properties = new LinkedHashMap<String, Schema>();
    json.path("properties")
        .properties()
        .forEach(each -> properties.put(each.getKey(), of(each.getValue(), document)));
    return properties;
  }

  Set<String> required() {
    return json.path("required").valueStream().map(JsonNode::asString).collect(Collectors.toSet());
  }

  List<String> choices() {
    return json.path("enum").valueStream().map(JsonNode::asString).toList();
  }

  Optional<JsonNode> fallback() {
    return Optional.ofNullable(json.get("default"));
  }

  Optional<Pattern> pattern() {
    return Optional.ofNullable(json.get("pattern")).map(text -> Pattern.compile(text.asString()));
  }

  Optional<JsonNode> bound(String name) {
    return Optional.ofNullable(json.get(name));
  }
}
