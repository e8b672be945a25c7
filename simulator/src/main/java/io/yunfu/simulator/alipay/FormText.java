package io.yunfu.simulator.alipay;

import java.io.ByteArrayOutputStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `application/x-www-form-urlencoded`, as it stands in a query and in a body.
final class FormText {
  /// One decoded `name=value`.
  record Pair(String name, String value) {}

  private FormText() {}

  /// Reads pairs in their order. Nothing is refused: a broken percent sign stands for itself, and
  /// bytes that are no characters become the replacement character, after which no signature fits.
  ///
  /// @param text still percent-encoded; empty for no pairs at all
  static List<Pair> read(String text, Charset charset) {
    List<Pair> pairs = new ArrayList<>();
    for (String part : text.split("&", -1)) {
      if (part.isEmpty()) {
        continue;
      }
      int equals = part.indexOf('=');
      String name = equals < 0 ? part : part.substring(0, equals);
      String value = equals < 0 ? "" : part.substring(equals + 1);
      pairs.add(new Pair(decode(name, charset), decode(value, charset)));
    }
    return pairs;
  }

  static String write(Map<String, String> pairs, Charset charset) {
    var text = new StringBuilder();
    pairs.forEach((name, value) -> {
      if (!text.isEmpty()) {
        text.append('&');
      }
      encode(text, name.getBytes(charset));
      text.append('=');
      encode(text, value.getBytes(charset));
    });
    return text.toString();
  }

  private static String decode(String text, Charset charset) {
    var bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int high = c == '%' && i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
      int low = high >= 0 ? Character.digit(text.charAt(i + 2), 16) : -1;
      if (low >= 0) {
        bytes.write(high * 16 + low);
        i += 2;
      } else if (c == '+') {
        bytes.write(' ');
      } else if (c < 0x80) {
        bytes.write(c);
      } else {
        int character = text.codePointAt(i);
        bytes.writeBytes(Character.toString(character).getBytes(charset));
        i += Character.charCount(character) - 1;
      }
    }
    return bytes.toString(charset);
  }

  /// Letters, digits and `-_.*` stand for themselves, a space is a plus, as the HTML standard has
  /// it.
  private static void encode(StringBuilder text, byte[] bytes) {
    for (byte b : bytes) {
      int value = b & 0xff;
      boolean plain =
          (value >= 'a' && value <= 'z')
              || (value >= 'A' && value <= 'Z')
              || (value >= '0' && value <= '9')
              || value == '-'
              || value == '_'
              || value == '.'
              || value == '*';
      if (plain) {
        text.append((char) value);
      } else if (value == ' ') {
        text.append('+');
      } else {
        text.append('%').append(hex(value >> 4)).append(hex(value & 0xf));
      }
    }
  }

  private static char hex(int digit) {
    return Character.toUpperCase(Character.forDigit(digit, 16));
  }
}
