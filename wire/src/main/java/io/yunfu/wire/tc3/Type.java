package io.yunfu.wire.tc3;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A declared type (section 1.3): how a value of it looks in JSON and as flattened text, and what
/// it becomes in Java.
public final class Type<T> {
  /// JSON string, or the text as it is.
  public static final Type<String> STRING = scalar("String", "", Type::string);

  /// JSON integer without fraction or exponent, or `^-?[0-9]{1,19}$`; 64 bits.
  public static final Type<Long> INTEGER = scalar("Integer", 0L, Type::integer);

  /// JSON number, or decimal text; exact.
  public static final Type<BigDecimal> FLOAT = scalar("Float", BigDecimal.ZERO, Type::decimal);

  /// `true` or `false`; as text in any case, since Python sends `True`.
  public static final Type<Boolean> BOOLEAN = scalar("Boolean", false, Type::flag);

  /// `yyyy-MM-dd HH:mm:ss` in UTC+8.
  public static final Type<Instant> TIMESTAMP = scalar("Timestamp", Instant.EPOCH, Type::timestamp);

  private final String name;
  private final Function<ParameterReader, T> placeholder;
  private final Conversion<T> conversion;

  /// Answers `null`, and leaves a problem behind, for a value of another type.
  private interface Conversion<T> {
    @Nullable T convert(Value value, Path path, Problems problems);
  }

  private Type(String name, Function<ParameterReader, T> placeholder, Conversion<T> conversion) {
    this.name = name;
    this.placeholder = placeholder;
    this.conversion = conversion;
  }

  /// A nested object: `Filters.0.Name`, or `{"Name": …}` in JSON. Its fields follow the same rules
  /// as parameters; `form` reads them.
  public static <T> Type<T> object(Function<ParameterReader, T> form) {
    return new Type<>(
        "Object",
        form,
        (value, path, problems) -> {
          Map<String, Value> fields = Type.fields(value);
          if (fields == null) {
            problems.type(path, "Object");
            return null;
          }
          var reader = new ParameterReader(path, fields, problems);
          T result = form.apply(reader);
          reader.reportUnknown(unknown -> true);
          return result;
        });
  }

  private static <T> Type<T> scalar(
      String name, T placeholder, Function<Value, @Nullable T> conversion) {
    return new Type<>(
        name,
        reader -> placeholder,
        (value, path, problems) -> {
          T converted = conversion.apply(value);
          if (converted == null) {
            problems.type(path, name);
          }
          return converted;
        });
  }

  String name() {
    return name;
  }

  /// Something to go on with until the problem is reported; never reaches an action.
  T placeholder() {
    return placeholder.apply(ParameterReader.empty());
  }

  T read(Value value, Path path, Problems problems) {
    T converted = conversion.convert(value, path, problems);
    return converted == null ? placeholder() : converted;
  }

  private static @Nullable String string(Value value) {
    return switch (value) {
      case Value.Text(var text) -> text;
      case Value.Plain(var text) -> text;
      default -> null;
    };
  }

  private static @Nullable Long integer(Value value) {
    return switch (value) {
      case Value.Numeral(var literal) -> Conversions.wholeNumber(literal);
      case Value.Plain(var text) -> Conversions.wholeNumber(text);
      default -> null;
    };
  }

  private static @Nullable BigDecimal decimal(Value value) {
    return switch (value) {
      case Value.Numeral(var literal) -> Conversions.decimal(literal);
      case Value.Plain(var text) -> Conversions.decimalText(text);
      default -> null;
    };
  }

  private static @Nullable Boolean flag(Value value) {
    return switch (value) {
      case Value.Flag(var flag) -> flag;
      case Value.Plain(var text) when text.equalsIgnoreCase("true") -> true;
      case Value.Plain(var text) when text.equalsIgnoreCase("false") -> false;
      default -> null;
    };
  }

  private static @Nullable Instant timestamp(Value value) {
    String text = string(value);
    return text == null ? null : WireTime.parse(text).orElse(null);
  }

  private static @Nullable Map<String, Value> fields(Value value) {
    return switch (value) {
      case Value.Fields(var fields) -> fields;
      case Value.Branch(var children) -> children;
      default -> null;
    };
  }
}
