package io.yunfu.server.api.admin;

import static io.yunfu.kernel.Check.require;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Several values of one type in a request.
final class ListOf<T> implements Type<List<T>>, Shown<List<T>> {
  private final Type<T> items;
  private final int least;
  private final int most;
  private final Text must;

  private ListOf(Type<T> items, int least, int most) {
    this.items = items;
    this.least = least;
    this.most = most;
    this.must =
        new Text("must be a list of {0} to {1} values", "必须为 {0} 到 {1} 个值的列表").with(least, most);
  }

  static <T> ListOf<T> of(Type<T> items, int least, int most) {
    return new ListOf<>(items, least, most);
  }

  Type<T> items() {
    return items;
  }

  @Override
  public ObjectNode schema(Components components) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "array");
    schema.set("items", items.schema(components));
    if (least > 0) {
      schema.put("minItems", least);
    }
    return schema.put("maxItems", most);
  }

  @Override
  public @Nullable List<T> read(JsonNode json, String path, Mistakes mistakes) {
    if (!json.isArray() || json.size() < least || json.size() > most) {
      mistakes.add(path, must);
      return null;
    }
    var values = new ArrayList<T>(json.size());
    for (int i = 0; i < json.size(); i++) {
      T value = items.read(json.get(i), path + "[" + i + "]", mistakes);
      if (value != null) {
        values.add(value);
      }
    }
    return values.size() == json.size() ? values : null;
  }

  /// The values of a query, where the field stands once for each.
  @Nullable List<T> parse(List<String> texts, String path, Mistakes mistakes) {
    if (!(items instanceof Scalar<T> scalar)) {
      throw new IllegalStateException(path + " cannot stand in a query");
    }
    if (texts.size() < least || texts.size() > most) {
      mistakes.add(path, must);
      return null;
    }
    var values = new ArrayList<T>(texts.size());
    for (String text : texts) {
      T value = scalar.parse(text, path, mistakes);
      if (value != null) {
        values.add(value);
      }
    }
    return values.size() == texts.size() ? values : null;
  }

  @Override
  public JsonNode json(List<T> values) {
    require(items instanceof Shown, "a list of objects is only read");
    @SuppressWarnings("unchecked") // a type that is shown shows what it reads
    Shown<T> shown = (Shown<T>) items;
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    values.forEach(value -> array.add(shown.json(value)));
    return array;
  }
}
