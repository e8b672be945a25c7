package io.yunfu.server.api.admin;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a field of a request may hold: how it is told to clients, and how it is read.
interface Type<T> {
  /// As JSON Schema 2020-12.
  ///
  /// @param components takes up schemas that have a name
  ObjectNode schema(Components components);

  /// Reads a value, or adds what is wrong with it.
  ///
  /// @param path of the field
  /// @return null after a mistake
  @Nullable T read(JsonNode json, String path, Mistakes mistakes);
}
