package io.yunfu.server.api.admin;

import java.util.List;

/// A sentence in both languages. `{0}`, `{1}`, … stand for values.
record Text(String english, String chinese) {
  /// Values may come from the client.
  private static final int LONGEST_VALUE = 100;

  String in(Language language) {
    return switch (language) {
      case ENGLISH -> english;
      case CHINESE -> chinese;
    };
  }

  /// Fills in the values, each cut and on one line.
  Text with(Object... values) {
    var texts = List.of(values).stream().map(Text::clean).toList();
    return new Text(fill(english, texts), fill(chinese, texts));
  }

  /// Filled in one pass, so that a value that looks like `{1}` stays as it is.
  private static String fill(String template, List<String> values) {
    var text = new StringBuilder(template.length() + 32);
    int at = 0;
    for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', at)) {
      text.append(template, at, open).append(values.get(template.charAt(open + 1) - '0'));
      at = open + 3;
    }
    return text.append(template, at, template.length()).toString();
  }

  private static String clean(Object value) {
    String text = value.toString();
    var clean = new StringBuilder();
    text.codePoints()
        .limit(LONGEST_VALUE)
        .forEach(c -> clean.appendCodePoint(Character.isISOControl(c) ? ' ' : c));
    return text.length() > LONGEST_VALUE ? clean + "…" : clean.toString();
  }
}
