package io.yunfu.wire.tc3;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Optional;

/// Times on the wire: `yyyy-MM-dd HH:mm:ss` without a zone, in UTC+8 in both editions. Source:
/// billing 2018-07-09, section 1.3.
public final class WireTime {
  public static final ZoneOffset ZONE = ZoneOffset.ofHours(8);

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withResolverStyle(ResolverStyle.STRICT);
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd").withResolverStyle(ResolverStyle.STRICT);
  private static final int TIME_LENGTH = 19;
  private static final int DATE_LENGTH = 10;

  private WireTime() {}

  /// Fractions of a second are cut off, not rounded: a time never moves into the future.
  public static String format(Instant instant) {
    return TIME.format(instant.atOffset(ZONE));
  }

  public static String format(LocalDate date) {
    return DATE.format(date);
  }

  /// Empty unless the text has exactly this form and names a time that exists.
  public static Optional<Instant> parse(String text) {
    if (text.length() != TIME_LENGTH) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDateTime.parse(text, TIME).toInstant(ZONE));
    } catch (DateTimeException notATime) {
      return Optional.empty();
    }
  }

  /// The same for `yyyy-MM-dd`, which actions declare as String.
  public static Optional<LocalDate> parseDate(String text) {
    if (text.length() != DATE_LENGTH) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalDate.parse(text, DATE));
    } catch (DateTimeException notADate) {
      return Optional.empty();
    }
  }
}
