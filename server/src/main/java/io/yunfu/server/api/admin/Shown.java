package io.yunfu.server.api.admin;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What a field of an answer holds: how it is told to clients, and how it is written.
interface Shown<T> {
  /// As JSON Schema 2020-12.
  ///
  /// @param components takes up schemas that have a name
  ObjectNode schema(Components components);

  JsonNode json(T value);
}
