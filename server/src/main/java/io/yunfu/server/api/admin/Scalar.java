package io.yunfu.server.api.admin;

import static io.yunfu.kernel.Check.require;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A single value: in JSON, in a query or in a path.
final class Scalar<T> implements Type<T>, Shown<T> {
  /// What it is in JSON.
  enum Kind {
    STRING("string"),
    INTEGER("integer"),
    NUMBER("number"),
    BOOLEAN("boolean");

    private final String code;

    Kind(String code) {
      this.code = code;
    }

    /// Whether JSON holds this kind. `1.0` is no integer here.
    private boolean is(JsonNode json) {
      return switch (this) {
        case STRING -> json.isString();
        case INTEGER -> json.isIntegralNumber();
        case NUMBER -> json.isNumber();
        case BOOLEAN -> json.isBoolean();
      };
    }
  }

  private final Kind kind;
  private final Consumer<ObjectNode> rules;
  private final Text must;
  private final Function<String, Optional<T>> parse;
  private final Function<T, JsonNode> show;

  /// @param rules writes the keywords of JSON Schema beside `type`
  /// @param must what it must be: the sentence for a value that is not
  /// @param parse reads the text of a value; empty when it is none
  Scalar(
      Kind kind,
      Consumer<ObjectNode> rules,
      Text must,
      Function<String, Optional<T>> parse,
      Function<T, JsonNode> show) {
    this.kind = kind;
    this.rules = rules;
    this.must = must;
    this.parse = parse;
    this.show = show;
  }

  /// The same values of another type.
  <U> Scalar<U> as(Function<T, U> of, Function<U, T> back) {
    return new Scalar<>(
        kind,
        rules,
        must,
        text -> parse.apply(text).map(of),
        value -> show.apply(back.apply(value)));
  }

  Kind kind() {
    return kind;
  }

  @Override
  public ObjectNode schema(Components components) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", kind.code);
    rules.accept(schema);
    return schema;
  }

  @Override
  public @Nullable T read(JsonNode json, String path, Mistakes mistakes) {
    // A number's own text has an exponent where it is long: it takes no more room than what came.
    String text = kind == Kind.NUMBER && json.isNumber() ? json.decimalValue().toString() : null;
    return kind.is(json)
        ? parse(text == null ? json.asString() : text, path, mistakes)
        : mistake(path, mistakes);
  }

  /// Reads a value of a query or a path.
  @Nullable T parse(String text, String path, Mistakes mistakes) {
    var value = parse.apply(text);
    return value.isPresent() ? value.get() : mistake(path, mistakes);
  }

  private @Nullable T mistake(String path, Mistakes mistakes) {
    mistakes.add(path, must);
    return null;
  }

  @Override
  public JsonNode json(T value) {
    JsonNode json = show.apply(value);
    require(kind.is(json), "%s is no %s", json, kind.code);
    return json;
  }
}
