package io.yunfu.server.api.admin;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Writes the declared operations as an OpenAPI 3.1 document.
final class OpenApi {
  private static final String ABOUT =
      """
      What an operator does with Yunfu, over HTTP. Every request carries `Authorization: Bearer TOKEN`; \
      without a token nothing here is reachable, this document included.

      Amounts are whole numbers of the smallest unit (fen, cent) of the `currency` that stands beside them; \
      a field whose name ends in `Micro` counts millionths of it. Ids are texts, times are ISO 8601 in UTC. \
      What is absent in an answer has no value. An unknown field is refused.

      A list is answered page by page: `next` is the `cursor` of the next page, and absent on the last one. \
      An operation that takes `Idempotency-Key` can be repeated with the same key for 30 days: it is carried out once, \
      and its first answer is given again.\
      """;

  private static final String SCHEMAS = "#/components/schemas/";
  private static final String RESPONSES = "#/components/responses/";
  private static final String PARAMETERS = "#/components/parameters/";
  private static final String COMMON = "Error";
  private static final String JSON_TYPE = "application/json";

  private final List<Area> areas;
  private final Components components = new Components();

  OpenApi(List<Area> areas) {
    this.areas = areas;
  }

  ObjectNode document() {
    ObjectNode document = object();
    document.put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "Yunfu admin API")
        .put("version", "1")
        .put("description", ABOUT);
    document.putArray("servers").addObject().put("url", Operations.BASE);
    document.putArray("security").addObject().putArray("token");
    ArrayNode tags = document.putArray("tags");
    ObjectNode paths = document.putObject("paths");
    for (Area area : areas) {
      tags.addObject().put("name", area.name()).put("description", area.about());
      for (Operation operation : area.operations()) {
        paths
            .withObjectProperty(operation.path().toString())
            .set(operation.method().name().toLowerCase(Locale.ROOT), written(area, operation));
      }
    }
    document.set("components", written());
    return document;
  }

  private ObjectNode written(Area area, Operation operation) {
    ObjectNode json = object();
    json.put("operationId", operation.id());
    json.putArray("tags").add(area.name());
    json.put("summary", operation.summary());
    if (!operation.description().isEmpty()) {
      json.put("description", operation.description());
    }
    ArrayNode parameters = JsonNodeFactory.instance.arrayNode();
    operation.pathFields().forEach(field -> parameters.add(parameter(field, "path")));
    operation.query().forEach(field -> parameters.add(parameter(field, "query")));
    if (operation.isRepeatable()) {
      parameters.addObject().put("$ref", PARAMETERS + RequestReader.IDEMPOTENCY_KEY);
    }
    if (!parameters.isEmpty()) {
      json.set("parameters", parameters);
    }
    if (!operation.body().isEmpty()) {
      json.set("requestBody", body(operation));
    }
    json.set("responses", responses(operation));
    if (operation.isPaged()) {
      ArrayNode columns = json.putArray("x-columns");
      operation.columns().forEach(columns::add);
    }
    return json;
  }

  private ObjectNode parameter(Field<?> field, String in) {
    ObjectNode json = object();
    json.put("name", field.name()).put("in", in);
    if (field.isRequired()) {
      json.put("required", true);
    }
    ObjectNode schema = field.schema(components);
    json.put("description", field.about());
    schema.remove("description");
    json.set("schema", schema);
    return json;
  }

  private ObjectNode body(Operation operation) {
    ObjectNode body = object();
    body.put("required", operation.body().stream().anyMatch(Field::isRequired));
    ObjectNode content = body.putObject("content").putObject(JSON_TYPE);
    content.set("schema", Structure.schemaOf("", operation.body(), components));
    operation.example().ifPresent(example -> content.set("example", example));
    return body;
  }

  private ObjectNode responses(Operation operation) {
    ObjectNode responses = object();
    ObjectNode success = responses.putObject(Integer.toString(operation.status()));
    success.put("description", operation.status() == 201 ? "It was made." : "It was done.");
    success.set("headers", requestId());
    success
        .putObject("content")
        .putObject(JSON_TYPE)
        .set("schema", operation.answerSchema(components));
    Map<Integer, List<ErrorCode>> own = new TreeMap<>();
    operation
        .refusals()
        .forEach(code -> own.computeIfAbsent(code.status(), unseen -> new ArrayList<>()).add(code));
    own.forEach((status, codes) -> {
      Errors.COMMON.stream().filter(code -> code.status() == status).forEach(codes::add);
      responses.set(Integer.toString(status), error(codes));
    });
    responses.putObject("default").put("$ref", RESPONSES + COMMON);
    return responses;
  }

  /// Some codes, each with its status and its sentence.
  private static ObjectNode error(List<ErrorCode> codes) {
    var sorted =
        codes.stream()
            .sorted(Comparator.comparingInt(ErrorCode::status).thenComparing(ErrorCode::code))
            .toList();
    String text =
        sorted.stream()
            .map(code ->
                "%d `%s`: %s"
                    .formatted(code.status(), code.code(), code.text().with(HOLES).english()))
            .collect(Collectors.joining("\n\n"));
    ObjectNode error = object().put("description", text);
    error.set("headers", requestId());
    error
        .putObject("content")
        .putObject(JSON_TYPE)
        .set("schema", object().put("$ref", SCHEMAS + "Error"));
    ArrayNode list = JsonNodeFactory.instance.arrayNode();
    sorted.forEach(code -> list.add(code.code()));
    error.set("x-codes", list);
    return error;
  }

  private static final Object[] HOLES = {"…", "…", "…", "…"};

  private ObjectNode written() {
    ObjectNode json = object();
    json.putObject("securitySchemes")
        .putObject("token")
        .put("type", "http")
        .put("scheme", "bearer")
        .put("description", "The token that the first start printed, or one of `tokens.create`.");
    ObjectNode parameters = json.putObject("parameters");
    ObjectNode key = parameters.putObject(RequestReader.IDEMPOTENCY_KEY);
    key.put("name", RequestReader.IDEMPOTENCY_KEY)
        .put("in", "header")
        .put(
            "description",
            "Lets the request be repeated without being carried out twice: a text of your own for each command.")
        .putObject("schema")
        .put("type", "string")
        .put("pattern", "^(?:" + RequestReader.KEY.pattern() + ")$");
    json.putObject("responses").set(COMMON, error(Errors.COMMON));
    components.reference("Error", OpenApi::errorSchema);
    json.set("schemas", components.all());
    return json;
  }

  private static ObjectNode errorSchema() {
    ObjectNode schema = object().put("type", "object");
    schema.put("description", "Why a request was not carried out.");
    ObjectNode error = schema.putObject("properties").putObject("error");
    error.put("type", "object");
    ObjectNode properties = error.putObject("properties");
    text(properties, "code", "Which error it is; stays the same in all languages.");
    text(
        properties,
        "message",
        "A sentence for people, in the language of `Accept-Language`: English or Chinese.");
    text(
        properties,
        "field",
        "The path of the field that is to blame, such as `bigDeals[0].deals[2].quantity`.");
    ObjectNode mistakes =
        properties
            .putObject("mistakes")
            .put("type", "array")
            .put(
                "description",
                "Of `InvalidRequest`: everything that is wrong, the first one included.")
            .putObject("items");
    mistakes.put("type", "object");
    ObjectNode mistake = mistakes.putObject("properties");
    text(mistake, "field", "Its path; empty for the body as a whole.");
    text(mistake, "message", "What is wrong with it.");
    mistakes.putArray("required").add("field").add("message");
    text(properties, "requestId", "Finds the line of the log.");
    error.putArray("required").add("code").add("message").add("requestId");
    schema.putArray("required").add("error");
    return schema;
  }

  private static void text(ObjectNode properties, String name, String about) {
    properties.putObject(name).put("type", "string").put("description", about);
  }

  private static ObjectNode requestId() {
    ObjectNode headers = object();
    headers
        .putObject("X-Request-Id")
        .put("description", "Finds the line of the log, and the entries of the audit log.")
        .putObject("schema")
        .put("type", "string");
    return headers;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }
}
