package io.yunfu.server.api.admin;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An object in a request, made of fields.
///
/// @param name of its schema
/// @param make makes the value once every field is well; may object by [Given#wrong]
record Structure<T>(String name, String about, List<Field<?>> fields, Function<Given, T> make)
    implements Type<T> {
  private static final Text NO_OBJECT = new Text("must be an object", "必须为对象");
  private static final Text UNKNOWN = new Text("is no field of this request", "不是该请求的字段");
  private static final Text MISSING = new Text("is missing", "缺少该字段");

  Structure {
    fields = List.copyOf(fields);
  }

  @Override
  public ObjectNode schema(Components components) {
    return components.reference(name, () -> schemaOf(about, fields, components));
  }

  @Override
  public @Nullable T read(JsonNode json, String path, Mistakes mistakes) {
    int before = mistakes.count();
    Given given = fieldsOf(json, path, fields, mistakes);
    if (given == null || mistakes.count() > before) {
      return null;
    }
    try {
      return make.apply(given);
    } catch (Refused refused) {
      refused.mistakes().forEach(mistake -> mistakes.add(mistake.field(), mistake.text()));
      return null;
    }
  }

  /// Reads the fields of an object.
  ///
  /// @param path of the object; empty for the body
  /// @return null when it is no object
  static @Nullable Given fieldsOf(
      JsonNode json, String path, List<Field<?>> fields, Mistakes mistakes) {
    if (!json.isObject()) {
      mistakes.add(path, NO_OBJECT);
      return null;
    }
    Map<String, Field<?>> byName = new HashMap<>();
    fields.forEach(field -> byName.put(field.name(), field));
    String prefix = path.isEmpty() ? "" : path + ".";
    for (String name : json.propertyNames()) {
      if (!byName.containsKey(name)) {
        mistakes.add(prefix + cut(name), UNKNOWN);
      }
    }
    var given = new Given(prefix);
    for (Field<?> field : fields) {
      JsonNode value = json.get(field.name());
      if (value != null) {
        given.read(field, value, mistakes);
      } else if (field.isRequired()) {
        mistakes.add(prefix + field.name(), MISSING);
      }
    }
    return given;
  }

  /// A missing field of a path or a query.
  static Text missing() {
    return MISSING;
  }

  static Text unknown() {
    return UNKNOWN;
  }

  static ObjectNode schemaOf(String about, List<Field<?>> fields, Components components) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    if (!about.isEmpty()) {
      schema.put("description", about);
    }
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = JsonNodeFactory.instance.arrayNode();
    for (Field<?> field : fields) {
      properties.set(field.name(), field.schema(components));
      if (field.isRequired()) {
        required.add(field.name());
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema.put("additionalProperties", false);
  }

  /// A name that the client chose.
  static String cut(String name) {
    return new Text("{0}", "{0}").with(name).english();
  }
}
