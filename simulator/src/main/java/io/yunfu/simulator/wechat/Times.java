package io.yunfu.simulator.wechat;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Optional;

/// Times on the wire are Beijing time without a zone.
final class Times {
  static final ZoneOffset BEIJING = ZoneOffset.ofHours(8);

  private static final DateTimeFormatter ORDER =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss").withResolverStyle(ResolverStyle.STRICT);
  private static final DateTimeFormatter REFUND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuuMMdd").withResolverStyle(ResolverStyle.STRICT);

  private Times() {}

  /// As in orders: `yyyyMMddHHmmss`.
  static String order(Instant at) {
    return ORDER.format(at.atOffset(BEIJING));
  }

  /// As in refunds and bills: `yyyy-MM-dd HH:mm:ss`.
  static String refund(Instant at) {
    return REFUND.format(at.atOffset(BEIJING));
  }

  static String day(LocalDate day) {
    return DAY.format(day);
  }

  static LocalDate dayOf(Instant at) {
    return at.atOffset(BEIJING).toLocalDate();
  }

  static Instant at(LocalDate day, LocalTime time) {
    return day.atTime(time).toInstant(BEIJING);
  }

  static Optional<Instant> readOrder(String text) {
    try {
      LocalDateTime at = isDigits(text) ? ofDigits(text) : LocalDateTime.parse(text, ORDER);
      return Optional.of(at.toInstant(BEIJING));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /// Whether a time is spelt as nearly all are, which a formatter takes ten times as long to read.
  private static boolean isDigits(String text) {
    if (text.length() != 14) {
      return false;
    }
    for (int i = 0; i < 14; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static LocalDateTime ofDigits(String text) {
    return LocalDateTime.of(
        Integer.parseInt(text, 0, 4, 10),
        Integer.parseInt(text, 4, 6, 10),
        Integer.parseInt(text, 6, 8, 10),
        Integer.parseInt(text, 8, 10, 10),
        Integer.parseInt(text, 10, 12, 10),
        Integer.parseInt(text, 12, 14, 10));
  }

  static Optional<LocalDate> readDay(String text) {
    try {
      return Optional.of(LocalDate.parse(text, DAY));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
