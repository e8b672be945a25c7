package io.yunfu.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Where a value stands in a body. The API writes `bigDeals[0].payUntil`, the command line
/// `--big-deals.0.pay-until`.
///
/// @param steps names, and indices as digits, which no name of the API consists of
record FieldPath(List<String> steps) {
  FieldPath {
    steps = List.copyOf(steps);
  }

  static FieldPath of(String name) {
    return new FieldPath(List.of(name));
  }

  FieldPath with(String step) {
    var longer = new ArrayList<>(steps);
    longer.add(step);
    return new FieldPath(longer);
  }

  FieldPath with(int index) {
    return with(Integer.toString(index));
  }

  /// As an option.
  String option() {
    return "--" + String.join(".", steps.stream().map(FieldPath::dashed).toList());
  }

  /// `payUntil` is `pay-until` on a command line.
  static String dashed(String name) {
    var text = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      if (i > 0 && Character.isUpperCase(c)) {
        text.append('-');
      }
      text.append(i > 0 ? Character.toLowerCase(c) : c);
    }
    return text.toString();
  }

  static boolean isIndex(String step) {
    return step.matches("0|[1-9][0-9]{0,6}");
  }

  /// Puts a value there, and makes what has to be around it. A list that gets a later item before
  /// an earlier one has JSON's null in its place meanwhile.
  void put(ObjectNode body, JsonNode value) {
    put(body, 0, value);
  }

  private void put(JsonNode at, int depth, JsonNode value) {
    String step = steps.get(depth);
    if (depth == steps.size() - 1) {
      set(at, step, value);
      return;
    }
    boolean isList = isIndex(steps.get(depth + 1));
    JsonNode next = at instanceof ArrayNode ? at.path(Integer.parseInt(step)) : at.path(step);
    if (isList ? !next.isArray() : !next.isObject()) {
      next = isList ? JsonNodeFactory.instance.arrayNode() : JsonNodeFactory.instance.objectNode();
      set(at, step, next);
    }
    put(next, depth + 1, value);
  }

  private static void set(JsonNode at, String step, JsonNode value) {
    switch (at) {
      case ArrayNode list -> {
        int index = Integer.parseInt(step);
        while (list.size() <= index) {
          list.addNull();
        }
        list.set(index, value);
      }
      case ObjectNode object -> object.set(step, value);
      default -> throw new IllegalStateException("no value has parts of its own: " + at);
    }
  }

  /// As the API writes it.
  @Override
  public String toString() {
    var text = new StringBuilder();
    for (String step : steps) {
      if (isIndex(step)) {
        text.append('[').append(step).append(']');
      } else {
        text.append(text.isEmpty() ? "" : ".").append(step);
      }
    }
    return text.toString();
  }
}
