package io.yunfu.wire.tc3;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The grammar that `Content-Type` and `Content-Disposition` share: a token, then parameters.
final class MediaType {
  static final String JSON = "application/json";
  static final String FORM = "application/x-www-form-urlencoded";
  static final String MULTIPART = "multipart/form-data";

  private MediaType() {}

  /// The part before the parameters, in lower case.
  static String of(String header) {
    int semicolon = header.indexOf(';');
    return lower((semicolon < 0 ? header : header.substring(0, semicolon)).strip());
  }

  /// The value of a parameter, unquoted; `null` when it is absent or the header is malformed before
  /// it comes.
  static @Nullable String parameter(String header, String name) {
    int at = header.indexOf(';');
    while (at >= 0) {
      int equals = header.indexOf('=', at);
      if (equals < 0) {
        return null;
      }
      String found = lower(header.substring(at + 1, equals).strip());
      var value = new StringBuilder();
      int end = value(header, equals + 1, value);
      if (end < 0) {
        return null;
      }
      if (found.equals(name)) {
        return value.toString();
      }
      at = header.indexOf(';', end);
    }
    return null;
  }

  /// Reads a token or a quoted text into `value`; answers where it ends, or -1 when a quote is
  /// never closed.
  private static int value(String header, int from, StringBuilder value) {
    if (from >= header.length() || header.charAt(from) != '"') {
      int semicolon = header.indexOf(';', from);
      int end = semicolon < 0 ? header.length() : semicolon;
      value.append(header.substring(from, end).strip());
      return end;
    }
    for (int i = from + 1; i < header.length(); i++) {
      char c = header.charAt(i);
      if (c == '"') {
        return i + 1;
      }
      if (c == '\\' && i + 1 < header.length()) {
        i++;
      }
      value.append(header.charAt(i));
    }
    return -1;
  }

  static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }
}
