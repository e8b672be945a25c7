package io.yunfu.simulator.json;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The members of one JSON object, taken one by one. What nobody took is unknown and refused by
/// [#done], since a misspelt wish that is silently ignored costs an afternoon.
public final class Fields {
  private final JsonNode object;
  private final String path;
  private final Set<String> taken = new HashSet<>();

  private Fields(JsonNode object, String path) {
    if (!object.isObject()) {
      throw new BadInput((path.isEmpty() ? "the body" : path) + " must be an object");
    }
    this.object = object;
    this.path = path;
  }

  /// The members of the object that this text is.
  ///
  /// @throws BadInput if it is no JSON object
  public static Fields of(byte[] text) {
    return new Fields(Json.read(text), "");
  }

  public static Fields of(JsonNode node) {
    return new Fields(node, "");
  }

  public Optional<String> text(String name) {
    JsonNode value = take(name);
    if (value == null) {
      return Optional.empty();
    }
    if (!value.isString() && !value.isNumber()) {
      throw wrong(name, "a text");
    }
    return Optional.of(value.asString());
  }

  public String needText(String name) {
    return text(name).orElseThrow(() -> missing(name));
  }

  public String text(String name, String otherwise) {
    return text(name).orElse(otherwise);
  }

  public OptionalLong number(String name) {
    JsonNode value = take(name);
    if (value == null) {
      return OptionalLong.empty();
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw wrong(name, "a whole number");
    }
    return OptionalLong.of(value.longValue());
  }

  public long number(String name, long otherwise) {
    return number(name).orElse(otherwise);
  }

  /// A whole number within bounds, both included.
  public int number(String name, int otherwise, int least, int most) {
    long value = number(name, otherwise);
    if (value < least || value > most) {
      throw wrong(name, "a whole number from " + least + " to " + most);
    }
    return (int) value;
  }

  public OptionalDouble decimal(String name) {
    JsonNode value = take(name);
    if (value == null) {
      return OptionalDouble.empty();
    }
    if (!value.isNumber()) {
      throw wrong(name, "a number");
    }
    return OptionalDouble.of(value.doubleValue());
  }

  /// A decimal number, exact, as text or as number.
  public Optional<BigDecimal> exact(String name) {
    JsonNode value = take(name);
    if (value == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new BigDecimal(value.asString()));
    } catch (NumberFormatException e) {
      throw wrong(name, "a decimal number");
    }
  }

  public boolean flag(String name, boolean otherwise) {
    JsonNode value = take(name);
    if (value == null) {
      return otherwise;
    }
    if (!value.isBoolean()) {
      throw wrong(name, "true or false");
    }
    return value.booleanValue();
  }

  /// A duration in milliseconds; the name ends with `_ms`.
  public Optional<Duration> milliseconds(String name) {
    OptionalLong value = number(name);
    if (value.isPresent() && value.getAsLong() < 0) {
      throw wrong(name, "not negative");
    }
    return value.isPresent() ? Optional.of(Duration.ofMillis(value.getAsLong())) : Optional.empty();
  }

  /// An instant in RFC 3339, such as `2026-01-01T12:00:00+08:00`.
  public Optional<Instant> instant(String name) {
    return text(name)
        .map(text -> {
          try {
            return java.time.OffsetDateTime.parse(text).toInstant();
          } catch (DateTimeParseException e) {
            throw wrong(name, "a time such as 2026-01-01T12:00:00+08:00");
          }
        });
  }

  /// One of an enum's constants, spelt in lower case.
  public <E extends Enum<E>> Optional<E> choice(String name, Class<E> type) {
    return text(name)
        .map(text -> {
          for (E constant : type.getEnumConstants()) {
            if (spelling(constant).equals(text)) {
              return constant;
            }
          }
          var all = new ArrayList<String>();
          for (E constant : type.getEnumConstants()) {
            all.add(spelling(constant));
          }
          throw wrong(name, "one of " + String.join(", ", all));
        });
  }

  /// How a constant is spelt in JSON: `NOTIFY_DROP` is `notify_drop`.
  public static String spelling(Enum<?> constant) {
    return constant.name().toLowerCase(java.util.Locale.ROOT);
  }

  public List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (JsonNode each : array(name)) {
      if (!each.isString()) {
        throw wrong(name, "a list of texts");
      }
      texts.add(each.stringValue());
    }
    return texts;
  }

  public List<Fields> objects(String name) {
    List<Fields> objects = new ArrayList<>();
    for (JsonNode each : array(name)) {
      objects.add(new Fields(each, at(name) + "[" + objects.size() + "]"));
    }
    return objects;
  }

  public Optional<Fields> object(String name) {
    JsonNode value = take(name);
    return value == null ? Optional.empty() : Optional.of(new Fields(value, at(name)));
  }

  /// Names and texts of an object that serves as a table.
  public Map<String, String> table(String name) {
    JsonNode value = take(name);
    Map<String, String> table = new LinkedHashMap<>();
    if (value != null) {
      if (!value.isObject()) {
        throw wrong(name, "an object");
      }
      value.forEachEntry((key, each) -> table.put(key, each.asString()));
    }
    return table;
  }

  /// Any value, for those who know more about it.
  public Optional<JsonNode> any(String name) {
    return Optional.ofNullable(take(name));
  }

  public boolean has(String name) {
    return object.hasNonNull(name);
  }

  /// Says that all has been taken.
  ///
  /// @throws BadInput if there is a member that nobody took
  public void done() {
    for (String name : object.propertyNames()) {
      if (!taken.contains(name)) {
        throw new BadInput(at(name) + " is not known here; known are: " + String.join(", ", taken));
      }
    }
  }

  public BadInput wrong(String name, String expected) {
    return new BadInput(at(name) + " must be " + expected);
  }

  private BadInput missing(String name) {
    return new BadInput(at(name) + " is missing");
  }

  private Iterable<JsonNode> array(String name) {
    JsonNode value = take(name);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray()) {
      throw wrong(name, "a list");
    }
    return value;
  }

  private @Nullable JsonNode take(String name) {
    taken.add(name);
    JsonNode value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  private String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }
}
