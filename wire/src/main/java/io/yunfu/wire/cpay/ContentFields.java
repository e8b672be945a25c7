package io.yunfu.wire.cpay;

import static io.yunfu.kernel.Check.require;

import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/// Writes the members of the inner JSON, in the order of the calls. There is no way to write
/// `null`, a fraction or an exponent: what is not there is left out.
final class ContentFields {
  private final JsonGenerator json;

  ContentFields(JsonGenerator json) {
    this.json = json;
  }

  void text(String name, String value) {
    json.writeStringProperty(name, value);
  }

  void optionalText(String name, Optional<String> value) {
    value.ifPresent(text -> text(name, text));
  }

  void integer(String name, long value) {
    json.writeNumberProperty(name, value);
  }

  void optionalInteger(String name, OptionalInt value) {
    value.ifPresent(number -> integer(name, number));
  }

  /// In fen.
  void money(String name, Money value) {
    require(value.currency() == Currency.CNY, "%s is not in CNY", value);
    integer(name, value.cents());
  }

  void optionalMoney(String name, Optional<Money> value) {
    value.ifPresent(money -> money(name, money));
  }

  /// In Unix seconds.
  void time(String name, Instant value) {
    integer(name, value.getEpochSecond());
  }

  void optionalTime(String name, Optional<Instant> value) {
    value.ifPresent(time -> time(name, time));
  }

  void flag(String name, boolean value) {
    json.writeBooleanProperty(name, value);
  }

  void object(String name, Consumer<ContentFields> members) {
    json.writeName(name);
    json.writeStartObject();
    members.accept(this);
    json.writeEndObject();
  }

  /// An array of objects; `members` writes one element's.
  <T> void objects(String name, List<T> elements, BiConsumer<ContentFields, T> members) {
    json.writeName(name);
    json.writeStartArray();
    for (T element : elements) {
      json.writeStartObject();
      members.accept(this, element);
      json.writeEndObject();
    }
    json.writeEndArray();
  }
}
