package io.yunfu.wire.tc3;

import static io.yunfu.kernel.Check.require;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Writes the fields of a response, or of an object inside it, in the order of the calls. Numbers
/// are whole or exact decimals: there is no way to write a `double`.
public final class ResponseFields {
  private final JsonGenerator json;
  private final boolean top;

  ResponseFields(JsonGenerator json, boolean top) {
    this.json = json;
    this.top = top;
  }

  public void text(String name, String value) {
    json.writeStringProperty(checked(name), value);
  }

  /// A text, or JSON's `null` where the published field is nullable.
  public void nullableText(String name, @Nullable String value) {
    if (value == null) {
      nothing(name);
    } else {
      text(name, value);
    }
  }

  /// A whole number: cents, micro, counts, Uins.
  public void integer(String name, long value) {
    json.writeNumberProperty(checked(name), value);
  }

  /// An exact decimal, never with an exponent; a whole one without a point, since some clients
  /// cannot read `100.5` where they expect an integer, and no client needs `100.0`.
  public void decimal(String name, BigDecimal value) {
    json.writeName(checked(name));
    json.writeNumber(plain(value));
  }

  static String plain(BigDecimal value) {
    BigDecimal shortest = value.stripTrailingZeros();
    return (shortest.scale() < 0 ? shortest.setScale(0) : shortest).toPlainString();
  }

  public void flag(String name, boolean value) {
    json.writeBooleanProperty(checked(name), value);
  }

  /// `yyyy-MM-dd HH:mm:ss` in UTC+8.
  public void time(String name, Instant value) {
    text(name, WireTime.format(value));
  }

  /// `yyyy-MM-dd`.
  public void date(String name, LocalDate value) {
    text(name, WireTime.format(value));
  }

  public void nothing(String name) {
    json.writeNullProperty(checked(name));
  }

  public void texts(String name, Collection<String> values) {
    json.writeName(checked(name));
    json.writeStartArray();
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  public void object(String name, Consumer<ResponseFields> fields) {
    json.writeName(checked(name));
    json.writeStartObject();
    fields.accept(nested());
    json.writeEndObject();
  }

  /// An array of objects; `fields` writes one element's.
  public <T> void objects(
      String name, Collection<T> elements, BiConsumer<ResponseFields, T> fields) {
    json.writeName(checked(name));
    json.writeStartArray();
    ResponseFields nested = nested();
    for (T element : elements) {
      json.writeStartObject();
      fields.accept(nested, element);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private ResponseFields nested() {
    return top ? new ResponseFields(json, false) : this;
  }

  /// The envelope's own names: Python takes any `Error` for an error, and warns of any
  /// `DeprecatedWarning`.
  private String checked(String name) {
    boolean reserved =
        top
            && switch (name) {
              case "Error", "RequestId", "DeprecatedWarning" -> true;
              default -> false;
            };
    require(!reserved, "%s is the envelope's own", name);
    return name;
  }
}
