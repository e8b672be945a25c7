package io.yunfu.channels.alipay;

import io.yunfu.channels.Unreadable;
import io.yunfu.kernel.Money;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The fields of an answer's node, or of a notice: the same names, the same texts. An empty value
/// is none at all.
///
/// Amounts and times that cannot be read make the whole message unreadable, since money is never
/// guessed. Lists that cannot be read are left out: they decorate.
///
/// @param texts fields with one value
/// @param lists fields with a list of objects, each with its texts
record Fields(Map<String, String> texts, Map<String, List<Fields>> lists) {

  /// An answer's node. Lists come as arrays.
  static Fields of(JsonNode node) {
    Map<String, String> texts = new LinkedHashMap<>();
    Map<String, List<Fields>> lists = new LinkedHashMap<>();
    for (var field : node.properties()) {
      JsonNode value = field.getValue();
      if (value.isArray()) {
        lists.put(field.getKey(), objects(value));
        texts.put(field.getKey(), value.toString());
      } else if (value.isNumber()) {
        texts.put(field.getKey(), value.decimalValue().toPlainString());
      } else if (value.isString() || value.isBoolean()) {
        texts.put(field.getKey(), value.asString());
      }
    }
    return new Fields(texts, lists);
  }

  /// A notice's parameters. Lists come as JSON text.
  static Fields of(Map<String, String> parameters) {
    Map<String, List<Fields>> lists = new LinkedHashMap<>();
    parameters.forEach((name, value) -> {
      if (name.endsWith("_list") && value.startsWith("[")) {
        try {
          lists.put(name, objects(Json.MAPPER.readTree(value)));
        } catch (JacksonException e) {
          // Decoration; the text stays.
        }
      }
    });
    return new Fields(Map.copyOf(parameters), lists);
  }

  private static List<Fields> objects(JsonNode array) {
    return array.valueStream().filter(JsonNode::isObject).map(Fields::of).toList();
  }

  /// The first of some names that has a value. Notices spell inside lists what answers spell
  /// otherwise: `fundChannel`, `fund_channel`.
  Optional<String> text(String... names) {
    return Stream.of(names)
        .map(name -> texts.getOrDefault(name, ""))
        .filter(value -> !value.isEmpty())
        .findFirst();
  }

  String need(String name) {
    return text(name).orElseThrow(() -> new Unreadable(name + " is missing"));
  }

  Optional<Money> amount(String... names) {
    return text(names).map(text -> Yuan.parse(names[0], text));
  }

  Optional<Instant> time(String name) {
    return text(name).map(text -> BeijingTime.parse(name, text));
  }

  List<Fields> list(String name) {
    return lists.getOrDefault(name, List.of());
  }
}
