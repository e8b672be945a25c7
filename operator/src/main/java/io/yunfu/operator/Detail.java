package io.yunfu.operator;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// What an audit row says of a change, besides who, when and to what. Never a secret: whoever adds
/// a field answers for that.
public final class Detail {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Map<String, Object> fields;

  private Detail(Map<String, Object> fields) {
    this.fields = fields;
  }

  public static Detail none() {
    return new Detail(new LinkedHashMap<>());
  }

  public static Detail of(String name, Object value) {
    return none().and(name, value);
  }

  /// The same with one more field. Numbers, booleans and lists stay what they are; an absent value
  /// is left out; everything else becomes its text.
  public Detail and(String name, Object value) {
    var more = new LinkedHashMap<>(fields);
    switch (value) {
      case Optional<?> maybe when maybe.isEmpty() -> {}
      case Optional<?> maybe -> more.put(name, plain(maybe.get()));
      default -> more.put(name, plain(value));
    }
    return new Detail(more);
  }

  String json() {
    return JSON.writeValueAsString(fields);
  }

  private static Object plain(Object value) {
    return switch (value) {
      case Number number -> number;
      case Boolean bool -> bool;
      case Collection<?> list -> List.copyOf(list.stream().map(Detail::plain).toList());
      default -> value.toString();
    };
  }
}
