package io.yunfu.wire.tc3;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// Texts to numbers by the letter of section 1.3. `null` for anything else: the caller knows the
/// parameter's name.
final class Conversions {
  /// Unit: digits. `^-?[0-9]{1,19}$`.
  private static final int MAX_INTEGER_DIGITS = 19;

  /// Unit: characters of a decimal number, and places its point may be away from its digits. Sums
  /// of money stay far below; without a bound `1e999999999` would become a gigabyte of zeros as
  /// soon as someone adds 1 to it.
  private static final int MAX_DECIMAL = 64;

  private Conversions() {}

  /// An Integer as text: digits with an optional minus, within 64 bits.
  static @Nullable Long wholeNumber(String text) {
    int digits = text.startsWith("-") ? 1 : 0;
    int count = text.length() - digits;
    if (count < 1 || count > MAX_INTEGER_DIGITS || !isDigits(text, digits, text.length())) {
      return null;
    }
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException beyond64Bits) {
      return null;
    }
  }

  /// A Float as flattened text: digits, an optional minus, an optional fraction.
  static @Nullable BigDecimal decimalText(String text) {
    int start = text.startsWith("-") ? 1 : 0;
    int point = text.indexOf('.');
    int whole = point < 0 ? text.length() : point;
    boolean wellFormed =
        start < whole
            && isDigits(text, start, whole)
            && (point < 0
                || (point + 1 < text.length() && isDigits(text, point + 1, text.length())));
    return wellFormed ? decimal(text) : null;
  }

  /// A Float as JSON number, whose form the parser has checked already.
  static @Nullable BigDecimal decimal(String literal) {
    if (literal.length() > MAX_DECIMAL) {
      return null;
    }
    try {
      var decimal = new BigDecimal(literal);
      return Math.abs((long) decimal.scale()) <= MAX_DECIMAL ? decimal : null;
    } catch (NumberFormatException exponentBeyond32Bits) {
      return null;
    }
  }

  static boolean isDigits(String text, int from, int end) {
    for (int i = from; i < end; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}
