package io.yunfu.server.api.admin;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What a client gave for the fields of an object, or of a whole request.
final class Given {
  private static final Text NOT_TWICE = new Text("is given twice", "重复给出");

  private final String prefix;
  private final IdentityHashMap<Field<?>, Object> values = new IdentityHashMap<>();

  /// @param prefix stands before each field's name in its path
  Given(String prefix) {
    this.prefix = prefix;
  }

  <T> T get(Field.Must<T> field) {
    T value = value(field);
    T fallback = value == null ? field.fallback() : value;
    if (fallback == null) {
      throw new IllegalStateException("nobody has read " + field.name());
    }
    return fallback;
  }

  <T> Optional<T> get(Field.May<T> field) {
    return Optional.ofNullable(value(field));
  }

  boolean has(Field<?> field) {
    return values.containsKey(field);
  }

  /// An objection against one field, once all of them are well by themselves.
  Refused wrong(Field<?> field, Text text) {
    return Refused.mistaken(List.of(new Mistake(prefix + field.name(), text)));
  }

  void read(Field<?> field, JsonNode json, Mistakes mistakes) {
    put(field, field.type().read(json, prefix + field.name(), mistakes));
  }

  /// Reads a field of a path or a query.
  void parse(Field<?> field, List<String> texts, Mistakes mistakes) {
    String path = prefix + field.name();
    switch (field.type()) {
      case Scalar<?> scalar when texts.size() == 1 ->
          put(field, scalar.parse(texts.getFirst(), path, mistakes));
      case ListOf<?> list -> put(field, list.parse(texts, path, mistakes));
      default -> mistakes.add(path, NOT_TWICE);
    }
  }

  /// Takes over what was given elsewhere in the same request.
  void addAll(Given other) {
    values.putAll(other.values);
  }

  private void put(Field<?> field, @Nullable Object value) {
    if (value != null) {
      values.put(field, value);
    }
  }

  @SuppressWarnings("unchecked") // only the field's own type has put it there
  private <T> @Nullable T value(Field<T> field) {
    return (T) values.get(field);
  }
}
