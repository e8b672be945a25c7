package io.yunfu.wire.tc3;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Strict UTF-8: where the JDK's constructor would put a replacement character, this says no. So
/// overlong forms and encoded surrogates never become text.
final class Utf8 {
  private Utf8() {}

  /// The text, or `null` when the bytes are not UTF-8.
  static @Nullable String decode(byte[] bytes, int from, int length) {
    if (isAscii(bytes, from, length)) {
      return new String(bytes, from, length, StandardCharsets.ISO_8859_1);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, from, length))
          .toString();
    } catch (CharacterCodingException notUtf8) {
      return null;
    }
  }

  /// Whether a text can be stored and sent again: no lone surrogate, which has no UTF-8 form, and
  /// no U+0000, which the database cannot hold.
  static boolean isStorable(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        return false;
      }
      if (Character.isSurrogate(c)) {
        boolean pair =
            Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1));
        if (!pair) {
          return false;
        }
        i++;
      }
    }
    return true;
  }

  private static boolean isAscii(byte[] bytes, int from, int length) {
    int signs = 0;
    for (int i = from; i < from + length; i++) {
      signs |= bytes[i];
    }
    return signs >= 0;
  }
}
