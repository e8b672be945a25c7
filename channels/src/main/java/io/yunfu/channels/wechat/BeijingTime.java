package io.yunfu.channels.wechat;

import io.yunfu.channels.Unreadable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;

/// WeChat Pay's times, always eight hours ahead of UTC, whatever the machine's zone is:
/// `yyyyMMddHHmmss` in orders, `yyyy-MM-dd HH:mm:ss` in refunds. Source: `channels.md` section 1.1.
final class BeijingTime {
  private static final ZoneOffset BEIJING = ZoneOffset.ofHours(8);

  private static final DateTimeFormatter OF_ORDERS =
      DateTimeFormatter.ofPattern("uuuuMMddHHmmss").withResolverStyle(ResolverStyle.STRICT);

  private static final DateTimeFormatter OF_REFUNDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withResolverStyle(ResolverStyle.STRICT);

  private BeijingTime() {}

  static String ofOrder(Instant instant) {
    return OF_ORDERS.format(instant.atOffset(BEIJING));
  }

  static Instant parseOfOrder(String field, String text) {
    return parse(field, text, OF_ORDERS);
  }

  static Instant parseOfRefund(String field, String text) {
    return parse(field, text, OF_REFUNDS);
  }

  private static Instant parse(String field, String text, DateTimeFormatter format) {
    try {
      return LocalDateTime.parse(text, format).toInstant(BEIJING);
    } catch (DateTimeException e) {
      throw new Unreadable(field + " is not a time");
    }
  }
}
