package io.yunfu.server.api.admin;

import static io.yunfu.kernel.Check.require;

import io.yunfu.billing.account.Certification;
import io.yunfu.billing.account.Edition;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Uin;
import io.yunfu.operator.AuditLog;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The values that fields hold. Ids are texts, since many clients cannot hold 63 bits in a number;
/// amounts are whole numbers of the smallest unit of the currency that stands beside them.
final class Types {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /// At most 63 bits and never 0.
  private static final Pattern NUMBER = Pattern.compile("[1-9][0-9]{0,18}");

  private static final Pattern INTEGER = Pattern.compile("-?[0-9]{1,19}");

  /// Longer texts of a decimal are none that any field takes; bounds the arithmetic.
  private static final int LONGEST_DECIMAL = 40;

  private static final LocalDate FIRST_DAY = LocalDate.of(2000, 1, 1);
  private static final LocalDate LAST_DAY = LocalDate.of(9999, 12, 30);

  static final Scalar<Boolean> FLAG =
      new Scalar<>(
          Scalar.Kind.BOOLEAN,
          schema -> {},
          new Text("must be true or false", "必须为 true 或 false"),
          text ->
              switch (text) {
                case "true" -> Optional.of(true);
                case "false" -> Optional.of(false);
                default -> Optional.empty();
              },
          JSON::booleanNode);

  /// The number of a row, such as a hold's.
  static final Scalar<Long> ROW_ID =
      new Scalar<>(
          Scalar.Kind.STRING,
          schema -> schema.put("pattern", whole(NUMBER)),
          new Text("must be a number of at most 19 digits, as a text", "必须为不超过 19 位的数字字符串"),
          Types::number,
          id -> JSON.stringNode(Long.toString(id)));

  /// The form of deal, big deal, package and voucher ids.
  static final Scalar<String> ID =
      matching(
          Pattern.compile("[0-9A-Za-z_-]{1,64}"),
          "1 to 64 letters, digits, - or _",
          "1 到 64 个字母、数字、- 或 _");

  static final Scalar<Uin> UIN =
      new Scalar<>(
          Scalar.Kind.STRING,
          schema -> schema.put("pattern", whole(NUMBER)),
          new Text(
              "must be the number of an account: at most 19 digits, as a text",
              "必须为账号编号:不超过 19 位的数字字符串"),
          text -> number(text).map(Uin::new),
          uin -> JSON.stringNode(uin.toString()));

  static final Scalar<Edition> EDITION = choice(Arrays.asList(Edition.values()), Edition::code);

  static final Scalar<Certification> CERTIFICATION =
      choice(Arrays.asList(Certification.values()), Certification::code);

  static final Scalar<Currency> CURRENCY = choice(Arrays.asList(Currency.values()), Currency::name);

  /// To the microsecond, as it is stored; shown in UTC.
  static final Scalar<Instant> INSTANT =
      new Scalar<>(
          Scalar.Kind.STRING,
          schema -> schema.put("format", "date-time"),
          new Text(
              "must be a time with its zone, such as 2026-01-31T08:00:00Z, from the year 2000 on",
              "必须为带时区的时间,如 2026-01-31T08:00:00Z,不早于 2000 年"),
          Types::instant,
          instant -> JSON.stringNode(instant.toString()));

  static final Scalar<LocalDate> DAY =
      new Scalar<>(
          Scalar.Kind.STRING,
          schema -> schema.put("format", "date"),
          new Text(
              "must be a day such as 2026-01-31, from the year 2000 on",
              "必须为日期,如 2026-01-31,不早于 2000 年"),
          Types::day,
          day -> JSON.stringNode(day.toString()));

  /// Any JSON, in answers alone.
  static final Shown<JsonNode> JSON_OBJECT =
      new Shown<>() {
        @Override
        public tools.jackson.databind.node.ObjectNode schema(Components components) {
          return JSON.objectNode().put("type", "object");
        }

        @Override
        public JsonNode json(JsonNode value) {
          return value;
        }
      };

  private Types() {}

  /// One line, or nothing.
  ///
  /// @param most characters
  static Scalar<String> text(int most) {
    return text(0, most);
  }

  /// One line. Control characters are refused: they are no part of a name, and PostgreSQL does not
  /// take all of them.
  ///
  /// @param least characters
  /// @param most characters
  static Scalar<String> text(int least, int most) {
    return new Scalar<>(
        Scalar.Kind.STRING,
        schema -> {
          if (least > 0) {
            schema.put("minLength", least);
          }
          schema.put("maxLength", most);
        },
        least > 0
            ? new Text(
                    "must be a text of {0} to {1} characters on one line", "必须为 {0} 到 {1} 个字符的单行文本")
                .with(least, most)
            : new Text(
                    "must be a text of at most {0} characters on one line", "必须为不超过 {0} 个字符的单行文本")
                .with(most),
        text -> {
          int length = text.codePointCount(0, text.length());
          return length >= least && length <= most && isLine(text)
              ? Optional.of(text)
              : Optional.empty();
        },
        JSON::stringNode);
  }

  /// A text of several lines, such as a key in PEM, or nothing.
  ///
  /// @param most characters
  static Scalar<String> lines(int most) {
    return new Scalar<>(
        Scalar.Kind.STRING,
        schema -> schema.put("maxLength", most),
        new Text("must be a text of at most {0} characters", "必须为不超过 {0} 个字符的文本").with(most),
        text ->
            text.length() <= most && text.lines().allMatch(Types::isLine)
                ? Optional.of(text)
                : Optional.empty(),
        JSON::stringNode);
  }

  /// A text of a form.
  ///
  /// @param must what the form is, after "must be "
  static Scalar<String> matching(Pattern pattern, String must, String mustChinese) {
    return new Scalar<>(
        Scalar.Kind.STRING,
        schema -> schema.put("pattern", whole(pattern)),
        new Text("must be " + must, "必须为" + mustChinese),
        text -> pattern.matcher(text).matches() ? Optional.of(text) : Optional.empty(),
        JSON::stringNode);
  }

  /// A whole number.
  static Scalar<Long> integer(long least, long most) {
    return new Scalar<>(
        Scalar.Kind.INTEGER,
        schema -> schema.put("format", "int64").put("minimum", least).put("maximum", most),
        new Text("must be a whole number from {0} to {1}", "必须为 {0} 到 {1} 之间的整数").with(least, most),
        text -> INTEGER.matcher(text).matches() ? within(least, most, text) : Optional.empty(),
        JSON::numberNode);
  }

  /// A whole number that fits into 32 bits.
  static Scalar<Integer> int32(int least, int most) {
    return integer(least, most).as(Long::intValue, Integer::longValue);
  }

  /// A positive decimal number.
  static Scalar<BigDecimal> decimal(BigDecimal most, int decimals) {
    BigDecimal step = BigDecimal.ONE.movePointLeft(decimals);
    return new Scalar<>(
        Scalar.Kind.NUMBER,
        schema -> schema.put("exclusiveMinimum", 0).put("maximum", most).put("multipleOf", step),
        new Text(
                "must be a positive number up to {0} with at most {1} decimals",
                "必须为不超过 {0}、最多 {1} 位小数的正数")
            .with(most.toPlainString(), decimals),
        text -> decimal(text, most, decimals),
        value ->
            JSON.numberNode(
                value.stripTrailingZeros().scale() < 0
                    ? value.setScale(0)
                    : value.stripTrailingZeros()));
  }

  /// One of some codes.
  static <T> Scalar<T> choice(Collection<T> values, Function<T, String> code) {
    Map<String, T> byCode = new LinkedHashMap<>();
    values.forEach(
        value -> require(byCode.put(code.apply(value), value) == null, "%s is there twice", value));
    String list =
        byCode.keySet().stream()
            .map(each -> each.isEmpty() ? "\"\"" : each)
            .collect(Collectors.joining(", "));
    return new Scalar<>(
        Scalar.Kind.STRING,
        schema -> byCode.keySet().forEach(schema.withArray("enum")::add),
        new Text("must be one of " + list, "必须为以下之一:" + list),
        text -> Optional.ofNullable(byCode.get(text)),
        value -> JSON.stringNode(code.apply(value)));
  }

  /// One of some texts.
  static Scalar<String> choice(Collection<String> codes) {
    return choice(codes.stream().sorted().toList(), Function.identity());
  }

  private static String whole(Pattern pattern) {
    return "^(?:" + pattern.pattern() + ")$";
  }

  private static Optional<Long> number(String text) {
    return NUMBER.matcher(text).matches() ? within(1, Long.MAX_VALUE, text) : Optional.empty();
  }

  private static Optional<Long> within(long least, long most, String digits) {
    try {
      long value = Long.parseLong(digits);
      return value >= least && value <= most ? Optional.of(value) : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty(); // 19 digits may be more than 63 bits
    }
  }

  private static Optional<BigDecimal> decimal(String text, BigDecimal most, int decimals) {
    if (text.length() > LONGEST_DECIMAL) {
      return Optional.empty();
    }
    try {
      var value = new BigDecimal(text);
      return value.signum() > 0
              && value.scale() >= -LONGEST_DECIMAL // 1e999999999 would be a long text
              && value.compareTo(most) <= 0
              && value.stripTrailingZeros().scale() <= decimals
          ? Optional.of(value)
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<Instant> instant(String text) {
    try {
      Instant instant = OffsetDateTime.parse(text).toInstant().truncatedTo(ChronoUnit.MICROS);
      return instant.isBefore(AuditLog.BEGINNING) || instant.isAfter(AuditLog.END)
          ? Optional.empty()
          : Optional.of(instant);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Optional<LocalDate> day(String text) {
    try {
      LocalDate day = LocalDate.parse(text);
      return day.isBefore(FIRST_DAY) || day.isAfter(LAST_DAY) ? Optional.empty() : Optional.of(day);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /// No control characters, and no half of a surrogate pair: such a text cannot be stored as UTF-8.
  private static boolean isLine(String text) {
    return text.codePoints()
        .noneMatch(c ->
            Character.isISOControl(c)
                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
  }
}
