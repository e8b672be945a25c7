package io.yunfu.wire.cpay;

import io.yunfu.kernel.Money;
import java.io.StringWriter;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// Reads members by name and documented type, and refuses the first that is missing or wrong with
/// 101 / 90010, naming it by its path. What nobody reads is ignored.
///
/// Tolerant as `cloudpay.md` section 1.9 says: a number may stand in quotes and a text may be a
/// number; `null`, absent and, for texts, `""` are all "not given"; identifiers are trimmed.
public final class FieldReader {
  static final String CNY = "CNY";

  /// Later than any time in seconds, so it must be milliseconds (OP-12). In seconds: year 5138.
  private static final long MILLISECONDS_FROM = 100_000_000_000L;

  /// 9999-12-31T23:59:59Z.
  private static final long LAST_SECOND = 253_402_300_799L;

  private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,19}");
  private static final Pattern PLAIN_NUMBER = Pattern.compile("-?[0-9]+(\\.[0-9]+)?");

  private final String path;
  private final Map<String, Json> members;

  FieldReader(String path, Map<String, Json> members) {
    this.path = path;
    this.members = members;
  }

  /// As clients know the member: `pay_content.total_fee`.
  String path(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private @Nullable Json given(String name) {
    Json value = members.get(name);
    return value instanceof Json.Nothing ? null : value;
  }

  // Objects.

  FieldReader object(String name) {
    return optionalObject(name).orElseThrow(() -> missing(name));
  }

  Optional<FieldReader> optionalObject(String name) {
    return switch (given(name)) {
      case null -> Optional.empty();
      case Json.Fields(var fields) -> Optional.of(new FieldReader(path(name), fields));
      default -> throw Results.FIELD_TYPE.refused(path(name), "Object");
    };
  }

  /// The object, or one without members.
  FieldReader objectOrEmpty(String name) {
    return optionalObject(name).orElseGet(() -> new FieldReader(path(name), Map.of()));
  }

  // Texts.

  String text(String name, int most) {
    return optionalText(name, most).orElseThrow(() -> missing(name));
  }

  /// @param most characters, counted in code points; longer is refused and never cut
  Optional<String> optionalText(String name, int most) {
    return checked(name, most, rawText(name));
  }

  String identifier(String name, int most) {
    return optionalIdentifier(name, most).orElseThrow(() -> missing(name));
  }

  /// A text without the white space around it.
  Optional<String> optionalIdentifier(String name, int most) {
    String raw = rawText(name);
    return checked(name, most, raw == null ? null : Texts.trimmed(raw));
  }

  private @Nullable String rawText(String name) {
    Json value = given(name);
    String text = plainText(value);
    if (text == null && value != null) {
      throw Results.FIELD_TYPE.refused(path(name), "String");
    }
    return text;
  }

  private Optional<String> checked(String name, int most, @Nullable String text) {
    if (text == null || text.isEmpty()) {
      return Optional.empty();
    }
    if (Texts.isLongerThan(text, most)) {
      throw Results.FIELD_TOO_LONG.refused(path(name), most);
    }
    if (!Texts.isStorable(text)) {
      throw Results.FIELD_NOT_TEXT.refused(path(name));
    }
    return Optional.of(text);
  }

  /// JSON as text, or the object itself, which is written out then.
  Optional<String> optionalJsonText(String name, int most) {
    return given(name) instanceof Json.Fields fields
        ? checked(name, most, compact(fields))
        : optionalText(name, most);
  }

  private static String compact(Json value) {
    var text = new StringWriter();
    try (JsonGenerator out =
        JsonFactory.builder().build().createGenerator(ObjectWriteContext.empty(), text)) {
      Json.write(out, value);
    }
    return text.toString();
  }

  /// One of a few words, where there is one.
  Optional<String> optionalWord(String name, Set<String> words) {
    Optional<String> word = optionalIdentifier(name, Integer.MAX_VALUE);
    if (word.isPresent() && !words.contains(word.get())) {
      throw Results.FIELD_INVALID.refused(path(name));
    }
    return word;
  }

  /// An order or refund number: what both channels take, plus what only WeChat Pay takes. Source:
  /// `cloudpay.md` section 6.4.
  String number(String name, boolean onlyBoth) {
    String number = identifier(name, Integer.MAX_VALUE);
    if (!(onlyBoth ? NUMBER_OF_BOTH : NUMBER).matcher(number).matches()) {
      throw Results.NUMBER_MALFORMED.refused(path(name));
    }
    return number;
  }

  private static final Pattern NUMBER_OF_BOTH = Pattern.compile("[0-9A-Za-z_]{6,32}");
  private static final Pattern NUMBER = Pattern.compile("[0-9A-Za-z_*|-]{6,32}");

  // Numbers.

  int integer(String name, long least, long most) {
    OptionalInt value = optionalInteger(name, least, most);
    if (value.isEmpty()) {
      throw missing(name);
    }
    return value.getAsInt();
  }

  OptionalInt optionalInteger(String name, long least, long most) {
    OptionalLong value = optionalNumber(name);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    if (value.getAsLong() < least || value.getAsLong() > most) {
      throw Results.FIELD_OUT_OF_RANGE.refused(path(name), least, most);
    }
    return OptionalInt.of(Math.toIntExact(value.getAsLong()));
  }

  OptionalLong optionalNumber(String name) {
    Json value = given(name);
    if (value == null || (value instanceof Json.Text(var text) && text.isEmpty())) {
      return OptionalLong.empty();
    }
    Long number = wholeNumber(value);
    if (number == null) {
      throw Results.FIELD_TYPE.refused(path(name), "Number");
    }
    return OptionalLong.of(number);
  }

  /// A member that changes nothing, for the log: whatever is no number counts as absent.
  OptionalLong ignoredNumber(String name) {
    Long number = wholeNumber(given(name));
    return number == null ? OptionalLong.empty() : OptionalLong.of(number);
  }

  /// An amount of 1 fen or more.
  Money money(String name) {
    return Money.cny(integer(name, 1, Integer.MAX_VALUE));
  }

  /// There is only one currency, in any case; left out, it is meant.
  void currency(String name) {
    Optional<String> currency = optionalIdentifier(name, Integer.MAX_VALUE);
    if (currency.isPresent() && !currency.get().toUpperCase(Locale.ROOT).equals(CNY)) {
      throw Results.FIELD_INVALID.refused(path(name));
    }
  }

  /// A time in Unix seconds, or in milliseconds where it can only be that; 0 is "not given".
  Optional<Instant> optionalTime(String name) {
    OptionalLong given = optionalNumber(name);
    if (given.isEmpty() || given.getAsLong() == 0) {
      return Optional.empty();
    }
    long number = given.getAsLong();
    long seconds = number > MILLISECONDS_FROM ? number / 1000 : number;
    if (seconds < 0 || seconds > LAST_SECOND) {
      throw Results.FIELD_OUT_OF_RANGE.refused(path(name), 0, LAST_SECOND);
    }
    return Optional.of(Instant.ofEpochSecond(seconds));
  }

  Optional<Boolean> optionalFlag(String name) {
    return switch (given(name)) {
      case null -> Optional.empty();
      case Json.Flag(var flag) -> Optional.of(flag);
      case Json.Text(var text) when text.isEmpty() -> Optional.empty();
      case Json.Text(var text) when text.equals("true") -> Optional.of(true);
      case Json.Text(var text) when text.equals("false") -> Optional.of(false);
      default -> throw Results.FIELD_TYPE.refused(path(name), "Bool");
    };
  }

  // Without a path, for what is read before anything is verified.

  /// A text, or a number's decimal text; `null` for anything else.
  static @Nullable String plainText(@Nullable Json value) {
    return switch (value) {
      case Json.Text(var text) -> text;
      case Json.Numeral(var literal) when PLAIN_NUMBER.matcher(literal).matches() -> literal;
      case null, default -> null;
    };
  }

  /// A whole number within 64 bits, quoted or not; `null` for anything else.
  static @Nullable Long wholeNumber(@Nullable Json value) {
    String literal =
        switch (value) {
          case Json.Numeral(var number) -> number;
          case Json.Text(var text) -> Texts.trimmed(text);
          case null, default -> "";
        };
    if (!WHOLE.matcher(literal).matches()) {
      return null;
    }
    try {
      return Long.valueOf(literal);
    } catch (NumberFormatException beyond64Bits) {
      return null;
    }
  }

  private CallRefused missing(String name) {
    return Results.FIELD_MISSING.refused(path(name));
  }
}
