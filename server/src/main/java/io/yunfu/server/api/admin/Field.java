package io.yunfu.server.api.admin;

import static io.yunfu.kernel.Check.require;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A field of a request, wherever it stands: in the path, in the query or in the body.
sealed interface Field<T> {
  String NAME = "[a-z][A-Za-z0-9]{0,39}";

  String name();

  Type<T> type();

  /// Whole sentences, with the unit.
  String about();

  boolean isRequired();

  /// Its schema with the description.
  default ObjectNode schema(Components components) {
    return type().schema(components).put("description", about());
  }

  /// A field that has to be there.
  static <T> Must<T> must(String name, Type<T> type, String about) {
    return new Must<>(name, type, about, null);
  }

  /// A field that may be left out.
  static <T> May<T> may(String name, Type<T> type, String about) {
    return new May<>(name, type, about, false);
  }

  /// A field that always has a value: the client's, or a default.
  record Must<T>(String name, Type<T> type, String about, @Nullable T fallback)
      implements Field<T> {
    public Must {
      require(name.matches(NAME), "not a name of a field: %s", name);
    }

    /// The same, with this value where it is left out.
    Must<T> or(T value) {
      return new Must<>(name, type, about, value);
    }

    @Override
    public boolean isRequired() {
      return fallback == null;
    }

    @Override
    public ObjectNode schema(Components components) {
      ObjectNode schema = Field.super.schema(components);
      JsonNode value = fallback == null ? null : shown(fallback);
      if (value != null) {
        schema.set("default", value);
      }
      return schema;
    }

    private JsonNode shown(T value) {
      require(type instanceof Shown, "%s cannot have a default", name);
      @SuppressWarnings("unchecked") // a type that is shown shows what it reads
      Shown<T> shown = (Shown<T>) type;
      return shown.json(value);
    }
  }

  /// A field that may be left out.
  ///
  /// @param isSecret whether its value must not be seen, by people or in a list of processes
  record May<T>(String name, Type<T> type, String about, boolean isSecret) implements Field<T> {
    public May {
      require(name.matches(NAME), "not a name of a field: %s", name);
    }

    May<T> secret() {
      return new May<>(name, type, about, true);
    }

    @Override
    public boolean isRequired() {
      return false;
    }

    @Override
    public ObjectNode schema(Components components) {
      ObjectNode schema = Field.super.schema(components);
      return isSecret ? schema.put("format", "password").put("writeOnly", true) : schema;
    }
  }
}
