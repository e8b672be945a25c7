package io.yunfu.channels.alipay;

import io.yunfu.channels.Unreadable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;

/// Alipay's times: `yyyy-MM-dd HH:mm:ss`, always eight hours ahead of UTC, whatever the machine's
/// zone is.
final class BeijingTime {
  private static final ZoneOffset BEIJING = ZoneOffset.ofHours(8);

  private static final DateTimeFormatter SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss");

  /// `gmt_refund` of notices carries a fraction.
  private static final DateTimeFormatter MAYBE_WITH_FRACTION =
      new DateTimeFormatterBuilder()
          .append(SECONDS)
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
          .toFormatter()
          .withResolverStyle(ResolverStyle.STRICT);

  private BeijingTime() {}

  static String of(Instant instant) {
    return SECONDS.format(instant.atOffset(BEIJING));
  }

  static Instant parse(String field, String text) {
    try {
      return LocalDateTime.parse(text, MAYBE_WITH_FRACTION).toInstant(BEIJING);
    } catch (DateTimeException e) {
      throw new Unreadable(field + " is not a time");
    }
  }
}
