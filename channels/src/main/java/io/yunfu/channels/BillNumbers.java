package io.yunfu.channels;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.regex.Pattern;

/// Amounts and times of bills: yuan with a point, at eight hours ahead of UTC. Converted exactly or
/// not at all. For connectors. Source: `channels.md` sections 1.1, 8.1, 8.2.
public final class BillNumbers {
  private static final Pattern AMOUNT = Pattern.compile("-?[0-9]{1,13}(?:\\.[0-9]{1,2})?");

  /// The fee column of WeChat Pay has five decimals.
  private static final Pattern FEE = Pattern.compile("-?[0-9]{1,13}(?:\\.[0-9]{1,5})?");

  private static final Pattern COUNT = Pattern.compile("[0-9]{1,12}");

  private static final ZoneOffset BEIJING = ZoneOffset.ofHours(8);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withResolverStyle(ResolverStyle.STRICT);

  private BillNumbers() {}

  /// Unit: fen; with its sign.
  public static long fen(String column, String text) {
    return number(AMOUNT, 2, column, text);
  }

  /// Unit: a thousandth of a fen; with its sign.
  public static long thousandths(String column, String text) {
    return number(FEE, 5, column, text);
  }

  public static long count(String column, String text) {
    if (!COUNT.matcher(text).matches()) {
      throw new Unreadable(column + " is not a number");
    }
    return Long.parseLong(text);
  }

  /// A time within a day of the bill's: else it is the bill of another one.
  public static Instant time(String column, String text, LocalDate day) {
    LocalDateTime time;
    try {
      time = LocalDateTime.parse(text, TIME);
    } catch (DateTimeException e) {
      throw new Unreadable(column + " is not a time");
    }
    LocalDate date = time.toLocalDate();
    if (date.isBefore(day.minusDays(1)) || date.isAfter(day.plusDays(1))) {
      throw new Unreadable("it is of another day");
    }
    return time.toInstant(BEIJING);
  }

  private static long number(Pattern pattern, int decimals, String column, String text) {
    if (!pattern.matcher(text).matches()) {
      throw new Unreadable(column + " is not an amount in yuan");
    }
    return new BigDecimal(text).movePointRight(decimals).longValueExact();
  }
}
