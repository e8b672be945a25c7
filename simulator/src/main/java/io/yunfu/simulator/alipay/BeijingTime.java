package io.yunfu.simulator.alipay;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.Optional;

/// Times as Alipay writes them: Beijing's, without a zone.
final class BeijingTime {
  static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT)
          .withResolverStyle(ResolverStyle.STRICT);
  private static final DateTimeFormatter MILLISECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS", Locale.ROOT);

  private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT);

  private BeijingTime() {}

  /// Empty for what is not exactly `yyyy-MM-dd HH:mm:ss`, or no day of the calendar.
  static Optional<Instant> read(String text) {
    try {
      return Optional.of(LocalDateTime.parse(text, SECONDS).atZone(ZONE).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /// `2026-01-01 12:00:00`.
  static String text(Instant at) {
    return SECONDS.format(at.atZone(ZONE));
  }

  /// `2026-01-01 12:00:00.123`, as in `gmt_refund`.
  static String exact(Instant at) {
    return MILLISECONDS.format(at.atZone(ZONE));
  }

  /// `20260101`, with which numbers of the channel begin.
  static String day(Instant at) {
    return DAY.format(at.atZone(ZONE));
  }

  static LocalDate date(Instant at) {
    return at.atZone(ZONE).toLocalDate();
  }

  static Instant startOf(LocalDate day) {
    return day.atStartOfDay(ZONE).toInstant();
  }
}
