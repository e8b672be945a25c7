package io.yunfu.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/// The admin API's own description, OpenAPI 3.1, as this version was built with it. The server
/// serves the same one: a test of the server compares the two byte by byte.
///
/// It is not asked of the server: help has to work without one, and a command line that changes
/// with the server that it talks to cannot be relied on in scripts.
final class Document {
  private static final String NAME = "admin.openapi.json";
  private static final String JSON_TYPE = "application/json";

  private final String base;
  private final List<Area> areas;

  private Document(String base, List<Area> areas) {
    this.base = base;
    this.areas = areas;
  }

  static Document bundled() {
    try (InputStream in = Document.class.getResourceAsStream(NAME)) {
      if (in == null) {
        throw new IllegalStateException("built without " + NAME);
      }
      return of(Json.MAPPER.readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Document of(JsonNode json) {
    var operations = new ArrayList<Operation>();
    for (Map.Entry<String, JsonNode> path : json.path("paths").properties()) {
      for (Map.Entry<String, JsonNode> method : path.getValue().properties()) {
        operations.add(operation(method.getKey(), path.getKey(), method.getValue(), json));
      }
    }
    List<Area> areas =
        json.path("tags")
            .valueStream()
            .map(tag -> {
              String name = tag.path("name").asString();
              return new Area(
                  name,
                  tag.path("description").asString(""),
                  operations.stream().filter(each -> each.area().equals(name)).toList());
            })
            .toList();
    return new Document(json.path("servers").path(0).path("url").asString(), areas);
  }

  /// What comes between the server's address and an operation's path: `/admin/v1`.
  String base() {
    return base;
  }

  List<Area> areas() {
    return areas;
  }

  List<Operation> operations() {
    return areas.stream().flatMap(area -> area.operations().stream()).toList();
  }

  Optional<Area> area(String name) {
    return areas.stream().filter(area -> area.name().equals(name)).findFirst();
  }

  private static Operation operation(String method, String path, JsonNode json, JsonNode document) {
    var fields = new ArrayList<Field>();
    boolean repeatable = false;
    for (JsonNode declared : json.path("parameters")) {
      JsonNode parameter =
          declared.has("$ref") ? Schema.resolved(declared.path("$ref"), document) : declared;
      switch (parameter.path("in").asString()) {
        case "path" -> fields.add(field(parameter, Field.Place.PATH, document));
        case "query" -> fields.add(field(parameter, Field.Place.QUERY, document));
        case "header" -> repeatable |= parameter.path("name").asString().equals("Idempotency-Key");
        default -> throw new IllegalStateException("no place for " + parameter);
      }
    }
    JsonNode content = json.path("requestBody").path("content").path(JSON_TYPE);
    if (content.has("schema")) {
      Schema body = Schema.of(content.path("schema"), document);
      body.properties()
          .forEach((name, schema) ->
              fields.add(
                  new Field(
                      name,
                      Field.Place.BODY,
                      schema,
                      schema.about(),
                      body.required().contains(name))));
    }
    return new Operation(
        json.path("operationId").asString(),
        method.toUpperCase(Locale.ROOT),
        path,
        json.path("summary").asString(),
        json.path("description").asString(""),
        fields,
        json.has("requestBody"),
        repeatable,
        Optional.ofNullable(content.get("example")),
        json.path("x-columns").valueStream().map(JsonNode::asString).toList(),
        refusals(json.path("responses")));
  }

  private static Field field(JsonNode parameter, Field.Place place, JsonNode document) {
    return new Field(
        parameter.path("name").asString(),
        place,
        Schema.of(parameter.path("schema"), document),
        parameter.path("description").asString(""),
        parameter.path("required").asBoolean(false));
  }

  private static List<String> refusals(JsonNode responses) {
    return responses
        .valueStream()
        .filter(response -> response.has("x-codes"))
        .flatMap(response -> Stream.of(response.path("description").asString("").split("\n+", -1)))
        .map(line -> line.replace("`", ""))
        .toList();
  }
}
