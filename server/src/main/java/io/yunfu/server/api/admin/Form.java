package io.yunfu.server.api.admin;

import static io.yunfu.kernel.Check.require;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// An object in an answer, made of properties. A property without a value is left out.
final class Form<T> implements Shown<T> {
  private final String name;
  private final String about;
  private final List<Property<T, ?>> properties;

  private record Property<T, V>(
      String name, Shown<V> type, String about, boolean always, Function<T, Optional<V>> value) {
    void write(T whole, ObjectNode json) {
      value.apply(whole).ifPresent(part -> json.set(name, type.json(part)));
    }
  }

  private Form(String name, String about, List<Property<T, ?>> properties) {
    this.name = name;
    this.about = about;
    this.properties = List.copyOf(properties);
  }

  /// Without any properties yet.
  ///
  /// @param name of its schema
  static <T> Form<T> of(String name, String about) {
    return new Form<>(name, about, List.of());
  }

  /// The same with one more property, which is always there.
  <V> Form<T> with(String property, Shown<V> type, String text, Function<T, V> value) {
    return and(
        new Property<>(property, type, text, true, whole -> Optional.of(value.apply(whole))));
  }

  /// The same with one more property, which may be absent.
  <V> Form<T> maybe(String property, Shown<V> type, String text, Function<T, Optional<V>> value) {
    return and(new Property<>(property, type, text, false, value));
  }

  /// The same under another name, about something that holds one of these.
  <U> Form<U> in(String otherName, String text, Function<U, T> part) {
    var all = new ArrayList<Property<U, ?>>();
    properties.forEach(property -> all.add(inside(property, part)));
    return new Form<>(otherName, text, all);
  }

  private static <U, T, V> Property<U, V> inside(Property<T, V> property, Function<U, T> part) {
    return new Property<>(
        property.name,
        property.type,
        property.about,
        property.always,
        whole -> property.value.apply(part.apply(whole)));
  }

  private Form<T> and(Property<T, ?> property) {
    require(property.name.matches(Field.NAME), "not a name of a property: %s", property.name);
    require(!has(property.name), "%s has two %s", name, property.name);
    var more = new ArrayList<>(properties);
    more.add(property);
    return new Form<>(name, about, more);
  }

  boolean has(String property) {
    return properties.stream().anyMatch(each -> each.name.equals(property));
  }

  @Override
  public ObjectNode schema(Components components) {
    return components.reference(name, () -> written(components));
  }

  private ObjectNode written(Components components) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    schema.put("description", about);
    ObjectNode all = schema.putObject("properties");
    ArrayNode required = JsonNodeFactory.instance.arrayNode();
    for (Property<T, ?> property : properties) {
      all.set(property.name, property.type.schema(components).put("description", property.about));
      if (property.always) {
        required.add(property.name);
      }
    }
    if (!required.isEmpty()) {
      schema.set("required", required);
    }
    return schema;
  }

  @Override
  public ObjectNode json(T value) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    properties.forEach(property -> property.write(value, json));
    return json;
  }

  /// A list of these in an answer.
  static <T> Shown<List<T>> list(Shown<T> items) {
    return new Shown<>() {
      @Override
      public ObjectNode schema(Components components) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "array");
        schema.set("items", items.schema(components));
        return schema;
      }

      @Override
      public JsonNode json(List<T> values) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        values.forEach(value -> array.add(items.json(value)));
        return array;
      }
    };
  }
}
