package io.yunfu.server.api.admin;

import static io.yunfu.kernel.Check.require;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The named schemas of the OpenAPI document, gathered while it is written.
final class Components {
  private static final String PLACE = "#/components/schemas/";

  private final Map<String, ObjectNode> schemas = new TreeMap<>();

  /// A reference to a named schema, which is written at its first mention.
  ObjectNode reference(String name, Supplier<ObjectNode> schema) {
    ObjectNode written = schema.get();
    ObjectNode before = schemas.putIfAbsent(name, written);
    require(before == null || before.equals(written), "two schemas are named %s", name);
    return JsonNodeFactory.instance.objectNode().put("$ref", PLACE + name);
  }

  ObjectNode all() {
    ObjectNode all = JsonNodeFactory.instance.objectNode();
    schemas.forEach(all::set);
    return all;
  }
}
