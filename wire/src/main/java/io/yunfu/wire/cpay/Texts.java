package io.yunfu.wire.cpay;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What Cloud Pay says about characters. Source: `cloudpay.md` section 1.9 and OP-64.
final class Texts {
  private static final char NO_BREAK_SPACE = '\u00A0';
  private static final char IDEOGRAPHIC_SPACE = '\u3000';
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private Texts() {}

  /// The text, or `null` when the bytes are not UTF-8: overlong forms and encoded surrogates never
  /// become text.
  static @Nullable String utf8(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException notUtf8) {
      return null;
    }
  }

  /// Whether every surrogate has its other half, so that the text has a UTF-8 form.
  static boolean isWellFormed(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        boolean pair =
            Character.isHighSurrogate(text.charAt(i))
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

  /// Whether the database can hold the text.
  static boolean isStorable(String text) {
    return text.indexOf(0) < 0 && isWellFormed(text);
  }

  /// Whether the character is white space to those who wrote the published examples, but not to
  /// JSON.
  static boolean isForeignSpace(char c) {
    return c == NO_BREAK_SPACE || c == IDEOGRAPHIC_SPACE || c == BYTE_ORDER_MARK;
  }

  /// White space of JSON, or foreign.
  static boolean isSpace(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || isForeignSpace(c);
  }

  /// The JSON with a blank for each foreign space outside of strings; every other character stays
  /// where it is.
  static String withPlainSpaces(String json) {
    boolean inString = false;
    char[] copy = null;
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c == '"') {
        inString = !inString;
      } else if (inString && c == '\\') {
        i++;
      } else if (!inString && isForeignSpace(c)) {
        if (copy == null) {
          copy = json.toCharArray();
        }
        copy[i] = ' ';
      }
    }
    return copy == null ? json : new String(copy);
  }

  /// Without white space of any kind around it.
  static String trimmed(String text) {
    int from = 0;
    int end = text.length();
    while (from < end && isAnySpace(text.charAt(from))) {
      from++;
    }
    while (end > from && isAnySpace(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(from, end);
  }

  private static boolean isAnySpace(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || isForeignSpace(c);
  }

  static boolean isLongerThan(String text, int codePoints) {
    return text.length() > codePoints && text.codePointCount(0, text.length()) > codePoints;
  }

  /// Cut at a whole character.
  static String cut(String text, int codePoints) {
    return isLongerThan(text, codePoints)
        ? text.substring(0, text.offsetByCodePoints(0, codePoints))
        : text;
  }
}
