package io.yunfu.wire.tc3;

/// What clients sent, made fit to be shown in a message or a log line: bounded, on one line, with
/// nothing that could end the backticks around it or turn the writing direction.
///
/// Secrets are kept out at the source: no caller hands a signature, a token or an Authorization
/// header to this class.
final class Echo {
  /// Unit: UTF-16 characters of one value. Long enough for every id and parameter path we accept.
  static final int MAX_LENGTH = 100;

  /// Unit: UTF-16 characters of a list: room for the 100 deals that one call may name.
  static final int MAX_LIST_LENGTH = 4096;

  private static final String CUT = "…";

  private Echo() {}

  static String of(Object value) {
    return clean(String.valueOf(value), MAX_LENGTH);
  }

  static String all(Iterable<?> values) {
    var text = new StringBuilder();
    for (Object value : values) {
      String next = of(value);
      if (text.length() + 2 + next.length() > MAX_LIST_LENGTH) {
        return text.append(CUT).toString();
      }
      text.append(text.isEmpty() ? "" : ", ").append(next);
    }
    return text.toString();
  }

  static String clean(String value, int maxLength) {
    var text = new StringBuilder(Math.min(value.length(), maxLength + 1));
    for (int i = 0; i < value.length(); ) {
      int character = value.codePointAt(i);
      if (text.length() + Character.charCount(character) > maxLength) {
        return text.append(CUT).toString();
      }
      text.appendCodePoint(isHarmless(character) ? character : '?');
      i += Character.charCount(character);
    }
    return text.toString();
  }

  private static boolean isHarmless(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> character != '`';
    };
  }
}
