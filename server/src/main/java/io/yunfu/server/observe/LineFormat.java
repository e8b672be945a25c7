package io.yunfu.server.observe;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.event.KeyValuePair;

/// How one event becomes one line. Secrets are taken out here, from every part of it that is text.
enum LineFormat {
  /// One JSON object: `time`, `level`, `logger`, `message`, then the event's own keys, then `error`
  /// with the stack.
  JSON {
    @Override
    void write(ILoggingEvent event, StringBuilder line) {
      line.append("{\"time\":\"");
      Second.of(event.getTimeStamp()).write(event.getTimeStamp(), line);
      line.append("\",\"level\":\"").append(event.getLevel());
      line.append("\",\"logger\":\"");
      escape(event.getLoggerName(), line);
      line.append("\",\"message\":\"");
      escape(Redaction.clean(event.getFormattedMessage()), line);
      line.append('"');
      for (KeyValuePair pair : pairs(event)) {
        line.append(",\"");
        escape(pair.key, line);
        line.append("\":");
        if (pair.value instanceof Number || pair.value instanceof Boolean) {
          line.append(pair.value);
        } else {
          line.append('"');
          escape(Redaction.clean(String.valueOf(pair.value)), line);
          line.append('"');
        }
      }
      for (Map.Entry<String, String> entry : event.getMDCPropertyMap().entrySet()) {
        line.append(",\"");
        escape(entry.getKey(), line);
        line.append("\":\"");
        escape(Redaction.clean(String.valueOf(entry.getValue())), line);
        line.append('"');
      }
      IThrowableProxy error = event.getThrowableProxy();
      if (error != null) {
        line.append(",\"error\":\"");
        escape(Redaction.clean(ThrowableProxyUtil.asString(error)), line);
        line.append('"');
      }
      line.append('}');
    }
  },

  /// For people who read along.
  TEXT {
    @Override
    void write(ILoggingEvent event, StringBuilder line) {
      line.append(CLOCK.format(instant(event))).append(' ');
      line.append(String.format(Locale.ROOT, "%-5s ", event.getLevel()));
      String logger = event.getLoggerName();
      line.append(logger, logger.lastIndexOf('.') + 1, logger.length()).append(": ");
      line.append(Redaction.clean(event.getFormattedMessage()));
      for (KeyValuePair pair : pairs(event)) {
        line.append(' ').append(pair.key).append('=');
        line.append(Redaction.clean(String.valueOf(pair.value)).replaceAll("\\s+", " "));
      }
      event
          .getMDCPropertyMap()
          .forEach((key, value) -> line.append(' ').append(key).append('=').append(value));
      IThrowableProxy error = event.getThrowableProxy();
      if (error != null) {
        line.append('\n')
            .append(Redaction.clean(ThrowableProxyUtil.asString(error)).stripTrailing());
      }
    }
  };

  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT)
          .withZone(java.time.ZoneId.systemDefault());

  abstract void write(ILoggingEvent event, StringBuilder line);

  /// The text of a second, which thousands of lines share.
  private record Second(long number, String text) {
    private static volatile Second last = new Second(0, SECOND.format(Instant.EPOCH));

    static Second of(long millis) {
      long number = Math.floorDiv(millis, 1000L);
      Second known = last;
      if (known.number != number) {
        known = new Second(number, SECOND.format(Instant.ofEpochSecond(number)));
        last = known;
      }
      return known;
    }

    /// With the milliseconds, in three digits.
    void write(long millis, StringBuilder line) {
      int rest = (int) Math.floorMod(millis, 1000L);
      line.append(text)
          .append((char) ('0' + rest / 100))
          .append((char) ('0' + rest / 10 % 10))
          .append((char) ('0' + rest % 10))
          .append('Z');
    }
  }

  private static Instant instant(ILoggingEvent event) {
    return Instant.ofEpochMilli(event.getTimeStamp());
  }

  private static List<KeyValuePair> pairs(ILoggingEvent event) {
    List<KeyValuePair> pairs = event.getKeyValuePairs();
    return pairs == null ? List.of() : pairs;
  }

  /// JSON's escapes. Every control character goes, so that nobody can forge a second line.
  static void escape(String text, StringBuilder line) {
    if (isPlain(text)) {
      line.append(text);
      return;
    }
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      switch (letter) {
        case '"' -> line.append("\\\"");
        case '\\' -> line.append("\\\\");
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\t' -> line.append("\\t");
        default -> {
          if (letter < 0x20 || letter == 0x7f || letter == 0x2028 || letter == 0x2029) {
            line.append(String.format(Locale.ROOT, "\\u%04x", (int) letter));
          } else {
            line.append(letter);
          }
        }
      }
    }
  }

  /// Nearly all text has nothing to escape; it is taken whole.
  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char letter = text.charAt(i);
      if (letter < 0x20 || letter == '"' || letter == '\\' || letter >= 0x7f) {
        return false;
      }
    }
    return true;
  }
}
