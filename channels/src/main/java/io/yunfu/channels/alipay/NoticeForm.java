package io.yunfu.channels.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A notice's body: `application/x-www-form-urlencoded`, in UTF-8, as our requests asked for.
final class NoticeForm {
  /// A notice has about thirty parameters. Source: `channels.md` section 9, S2.
  private static final int LONGEST_BYTES = 64 * 1024;

  private static final int MOST_PARAMETERS = 512;

  private NoticeForm() {}

  /// Empty for what is no form: a broken escape, a name that stands twice, bytes that are not
  /// UTF-8, more than a notice can be.
  static Optional<Map<String, String>> parse(byte[] body) {
    if (body.length > LONGEST_BYTES) {
      return Optional.empty();
    }
    String text = utf8(body);
    if (text == null) {
      return Optional.empty();
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? null : decode(pair.substring(0, equals));
      String value = equals < 0 ? null : decode(pair.substring(equals + 1));
      if (name == null
          || value == null
          || parameters.put(name, value) != null
          || parameters.size() > MOST_PARAMETERS) {
        return Optional.empty();
      }
    }
    return Optional.of(parameters);
  }

  private static @Nullable String decode(String text) {
    var bytes = new ByteArrayOutputStream(text.length());
    for (int i = 0; i < text.length(); i++) {
      int c = text.codePointAt(i);
      if (c == '+') {
        bytes.write(' ');
      } else if (c != '%') {
        bytes.writeBytes(Character.toString(c).getBytes(UTF_8));
        i += Character.charCount(c) - 1;
      } else if (i + 2 < text.length()
          && HexFormat.isHexDigit(text.charAt(i + 1))
          && HexFormat.isHexDigit(text.charAt(i + 2))) {
        bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
        i += 2;
      } else {
        return null;
      }
    }
    return utf8(bytes.toByteArray());
  }

  /// Strictly: `null` for what is not UTF-8.
  private static @Nullable String utf8(byte[] bytes) {
    try {
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
