package io.yunfu.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// What help says about a value: what it is, what can be typed, what holds without it.
final class Wording {
  /// How the document says that a pattern is for the whole text.
  private static final Pattern WHOLE = Pattern.compile("^\\^\\(\\?:(.*)\\)\\$$");

  private Wording() {}

  /// What stands after the option: `TEXT`, `NUMBER`.
  static String label(Target target) {
    Schema schema = target.schema();
    if (target.isSecret()) {
      return "FILE";
    }
    return switch (schema.kind()) {
      case TEXT ->
          switch (schema.format()) {
            case "date" -> "DAY";
            case "date-time" -> "TIME";
            default -> "TEXT";
          };
      case INTEGER, NUMBER -> "NUMBER";
      case FLAG -> "true|false";
      case LIST -> schema.items().kind().isScalar() ? "TEXT" : "JSON";
      case STRUCTURE, ANY -> "JSON";
    };
  }

  /// The sentences about it, in the order in which a person wants to know them.
  static String about(Target target) {
    Schema schema = target.schema();
    var sentences = new ArrayList<String>();
    if (target.required()) {
      sentences.add(target.path().steps().size() > 1 ? "Required in each." : "Required.");
    }
    sentences.add(target.about());
    if (target.isSecret()) {
      sentences.add("Read from a file, or from the standard input with `-`.");
    }
    sentences.addAll(range(schema));
    if (schema.kind() == Schema.Kind.LIST) {
      sentences.addAll(range(schema.items()));
      sentences.add(
          schema.items().kind().isScalar()
              ? "May be given several times%s."
                  .formatted(schema.bound("maxItems").map(most -> ", up to " + most).orElse(""))
              : "A list in JSON, or part by part as below, N counting from 0%s."
                  .formatted(schema.bound("maxItems").map(most -> "; up to " + most).orElse("")));
    }
    schema
        .fallback()
        .filter(value -> !isEmpty(value))
        .ifPresent(value -> sentences.add("Default: %s.".formatted(plain(value))));
    return String.join(" ", sentences);
  }

  /// The form that it must have, on a line of its own, which no blank of a sentence breaks.
  static Optional<String> form(Target target) {
    Schema schema = target.schema();
    return (schema.kind() == Schema.Kind.LIST ? schema.items() : schema)
        .pattern()
        .map(pattern -> "Form: " + WHOLE.matcher(pattern.pattern()).replaceFirst("$1"));
  }

  private static boolean isEmpty(JsonNode value) {
    return (value.isString() && value.asString().isEmpty())
        || (value.isContainer() && value.isEmpty());
  }

  private static String plain(JsonNode value) {
    if (value.isArray()) {
      return String.join(", ", value.valueStream().map(Wording::plain).toList());
    }
    return value.isString() ? value.asString() : Json.compact(value);
  }

  private static List<String> range(Schema schema) {
    var sentences = new ArrayList<String>();
    if (!schema.choices().isEmpty()) {
      sentences.add(
          "One of: %s."
              .formatted(
                  String.join(
                      ", ",
                      schema.choices().stream()
                          .map(each -> each.isEmpty() ? "'' (empty)" : each)
                          .toList())));
    }
    switch (schema.format()) {
      case "date" -> sentences.add("Such as 2026-01-31.");
      case "date-time" ->
          sentences.add("Such as 2026-01-31T08:00:00Z or 2026-01-31T16:00:00+08:00.");
      default -> {}
    }
    if (schema.kind() == Schema.Kind.INTEGER || schema.kind() == Schema.Kind.NUMBER) {
      schema
          .bound("exclusiveMinimum")
          .ifPresent(least -> sentences.add("More than %s.".formatted(least)));
      var least = schema.bound("minimum");
      var most = schema.bound("maximum");
      if (least.isPresent() && most.isPresent()) {
        sentences.add("%s to %s.".formatted(least.get(), most.get()));
      } else {
        most.ifPresent(value -> sentences.add("At most %s.".formatted(value)));
      }
      schema
          .bound("multipleOf")
          .ifPresent(step -> sentences.add("In steps of %s.".formatted(step)));
    }
    if (schema.bound("maxLength").isPresent()) {
      sentences.add(
          schema
              .bound("minLength")
              .map(
                  least -> "%s to %s characters.".formatted(least, schema.bound("maxLength").get()))
              .orElse("At most %s characters.".formatted(schema.bound("maxLength").get())));
    }
    return sentences;
  }
}
