package io.yunfu.cli;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Makes a request of what was typed. Checks only what the request could not be made without: the
/// server judges values, in both languages, and names all that is wrong at once.
final class RequestBuilder {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,19}");
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,40}(\\.[0-9]{1,40})?");

  private final Operation operation;
  private final ObjectNode body;
  private final Map<Field, List<String>> texts = new HashMap<>();
  private final Deque<String> positions = new ArrayDeque<>();
  private final Set<FieldPath> given = new HashSet<>();

  RequestBuilder(Operation operation) {
    this.operation = operation;
    this.body = JSON.objectNode();
  }

  /// A whole body; what options say wins over it. Call it first.
  void body(String json) {
    if (!operation.hasBody()) {
      throw new Misused("%s takes no body.".formatted(operation.id()));
    }
    try {
      if (Json.MAPPER.readTree(json) instanceof ObjectNode object) {
        body.setAll(object);
        return;
      }
    } catch (JacksonException e) {
      var at = e.getLocation();
      throw new Misused(
          "--json: not well-formed near line %d, column %d."
              .formatted(at == null ? 1 : at.getLineNr(), at == null ? 1 : at.getColumnNr()));
    }
    throw new Misused("--json: must be an object, in braces.");
  }

  /// What an option says.
  ///
  /// @param values one for each time that it was given
  void set(Target target, List<String> values) {
    if (!given.add(target.path())) {
      throw new Misused("%s is given twice.".formatted(target.option()));
    }
    if (target.field().place() != Field.Place.BODY) {
      texts.put(target.field(), List.copyOf(values));
    } else {
      target.path().put(body, value(target, values));
    }
  }

  /// A field of the path, given without its name.
  void position(String value) {
    positions.add(value);
  }

  /// @throws Misused if something is missing that it cannot be sent without
  Request build(Optional<String> idempotencyKey) {
    String path = operation.path();
    for (Field field : operation.fields(Field.Place.PATH)) {
      path = path.replace("{" + field.name() + "}", Request.encoded(pathValue(field)));
    }
    if (!positions.isEmpty()) {
      throw new Misused("Nothing takes '%s'.".formatted(positions.getFirst()));
    }
    var missing = new ArrayList<String>();
    for (Field field : operation.fields()) {
      switch (field.place()) {
        case PATH -> {}
        case QUERY -> {
          if (field.required() && !texts.containsKey(field)) {
            missing.add(Target.of(field).option());
          }
        }
        case BODY -> {
          if (body.has(field.name())) {
            collectMissing(Target.of(field), body.get(field.name()), missing);
          } else if (field.required()) {
            missing.add(Target.of(field).option());
          }
        }
      }
    }
    if (!missing.isEmpty()) {
      throw new Misused("Missing: " + String.join(", ", missing));
    }
    return new Request(
        operation,
        path,
        query(),
        operation.hasBody() ? Optional.of(body) : Optional.empty(),
        idempotencyKey);
  }

  /// An empty or a foreign one would make another address, and so perhaps another operation.
  private String pathValue(Field field) {
    Target target = Target.of(field);
    List<String> said = texts.get(field);
    String value = said == null ? positions.poll() : said.getFirst();
    if (value == null) {
      throw new Misused("Missing: " + target.option());
    }
    boolean fits =
        field
            .schema()
            .pattern()
            .map(pattern -> pattern.matcher(value).matches())
            .orElse(!value.isEmpty() && !value.equals(".") && !value.equals(".."));
    if (!fits) {
      throw new Misused("%s cannot be '%s'.".formatted(target.option(), value));
    }
    return value;
  }

  private List<Request.Parameter> query() {
    return operation.fields(Field.Place.QUERY).stream()
        .flatMap(field ->
            texts.getOrDefault(field, List.of()).stream()
                .map(value -> new Request.Parameter(field.name(), value)))
        .toList();
  }

  private static JsonNode value(Target target, List<String> values) {
    if (target.schema().kind() != Schema.Kind.LIST) {
      return value(target, target.schema().kind(), values.getFirst());
    }
    if (values.getFirst().startsWith("[")) {
      if (values.size() > 1) {
        throw new Misused("%s: give all of it in one list.".formatted(target.option()));
      }
      return json(target, values.getFirst(), "a list such as [\"…\", \"…\"]");
    }
    Schema.Kind item = target.schema().items().kind();
    if (!item.isScalar()) {
      throw new Misused(
          "%s: give JSON, a list in [brackets], or single values such as %s."
              .formatted(target.option(), firstPart(target)));
    }
    return JSON.arrayNode().addAll(values.stream().map(each -> value(target, item, each)).toList());
  }

  private static JsonNode value(Target target, Schema.Kind kind, String text) {
    return switch (kind) {
      case TEXT -> JSON.stringNode(text);
      case INTEGER -> {
        if (!INTEGER.matcher(text).matches()) {
          throw not(target, "a whole number", text);
        }
        yield JSON.numberNode(new BigInteger(text));
      }
      case NUMBER -> {
        if (!NUMBER.matcher(text).matches()) {
          throw not(target, "a number", text);
        }
        yield JSON.numberNode(new BigDecimal(text));
      }
      case FLAG ->
          switch (text) {
            case "true" -> JSON.booleanNode(true);
            case "false" -> JSON.booleanNode(false);
            default -> throw not(target, "true or false", text);
          };
      case LIST -> json(target, text, "a list in [brackets]");
      case STRUCTURE -> {
        if (!text.startsWith("{")) {
          throw not(target, "JSON in {braces}", text);
        }
        yield json(target, text, "JSON in {braces}");
      }
      case ANY -> json(target, text, "JSON");
    };
  }

  private static JsonNode json(Target target, String text, String what) {
    try {
      return Json.MAPPER.readTree(text);
    } catch (JacksonException e) {
      throw not(target, what, text);
    }
  }

  private static Misused not(Target target, String what, String text) {
    return new Misused("%s must be %s, not '%s'.".formatted(target.option(), what, text));
  }

  private static String firstPart(Target target) {
    FieldPath first = target.path().with(0);
    return target.schema().items().properties().keySet().stream()
        .findFirst()
        .map(name -> first.with(name).option())
        .orElse(first.option());
  }

  /// What is needed further down, where something was given at all; and items that were left out
  /// between others. What JSON says that is of another kind is the server's to refuse.
  private static void collectMissing(Target target, JsonNode value, List<String> missing) {
    Schema schema = target.schema();
    switch (schema.kind()) {
      case LIST -> {
        for (int i = 0; i < value.size() && value.isArray(); i++) {
          FieldPath item = target.path().with(i);
          if (value.get(i).isNull()) {
            missing.add(item.option());
          } else {
            collectMissing(
                new Target(target.field(), item, schema.items(), target.about(), true),
                value.get(i),
                missing);
          }
        }
      }
      case STRUCTURE -> {
        if (!value.isObject()) {
          return;
        }
        schema
            .properties()
            .forEach((name, part) -> {
              var inside =
                  new Target(
                      target.field(),
                      target.path().with(name),
                      part,
                      part.about(),
                      schema.required().contains(name));
              if (value.has(name)) {
                collectMissing(inside, value.get(name), missing);
              } else if (inside.required()) {
                missing.add(inside.option());
              }
            });
      }
      default -> {}
    }
  }

  /// The options that make a body, as help shows them and tests read them back.
  static List<String> options(Operation operation, JsonNode example) {
    var words = new ArrayList<String>();
    for (Map.Entry<String, JsonNode> part : example.properties()) {
      words(operation, FieldPath.of(part.getKey()), part.getValue(), words);
    }
    return words;
  }

  private static void words(
      Operation operation, FieldPath path, JsonNode value, List<String> words) {
    if (value.isObject() && !value.isEmpty()) {
      value
          .properties()
          .forEach(part -> words(operation, path.with(part.getKey()), part.getValue(), words));
    } else if (value.isArray()
        && !value.isEmpty()
        && value.valueStream().allMatch(JsonNode::isObject)) {
      for (int i = 0; i < value.size(); i++) {
        words(operation, path.with(i), value.get(i), words);
      }
    } else if (value.isArray()
        && !value.isEmpty()
        && value.valueStream().allMatch(JsonNode::isString)) {
      value.forEach(item -> add(path.option(), item.asString(), words));
    } else if (operation.target(path.option()).isEmpty()) {
      add(path.option() + Target.FILE, "FILE", words); // a secret
    } else {
      add(path.option(), value.isString() ? value.asString() : Json.compact(value), words);
    }
  }

  private static void add(String option, String value, List<String> words) {
    words.add(option + "=" + value);
  }

  /// A word as a shell wants it typed.
  static String quoted(String word) {
    return word.matches("[A-Za-z0-9_@%+=:,./-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }

  static String quoted(List<String> words) {
    return words.stream().map(RequestBuilder::quoted).collect(Collectors.joining(" "));
  }
}
