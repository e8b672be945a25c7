package io.yunfu.wire.cpay;

import static io.yunfu.kernel.Check.require;

/// A result with its words in both languages. `{0}`, `{1}`, … stand for values, which are names of
/// fields, limits and what a channel said: never what a client sent.
public record ResultTemplate(Status status, int internalStatus, String english, String chinese) {
  /// The same numbers in other words.
  ResultTemplate saying(String otherEnglish, String otherChinese) {
    return new ResultTemplate(status, internalStatus, otherEnglish, otherChinese);
  }

  /// Fills in the values, in one pass, so that a value that looks like `{1}` stays as it is.
  public Result with(Object... values) {
    return new Result(status, internalStatus, fill(english, values), fill(chinese, values));
  }

  /// [#with] as something to throw.
  public CallRefused refused(Object... values) {
    return new CallRefused(with(values));
  }

  private String fill(String template, Object... values) {
    var text = new StringBuilder(template.length() + 32);
    int at = 0;
    for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', at)) {
      int hole = template.charAt(open + 1) - '0';
      require(hole >= 0 && hole < values.length, "%d has no value for {%d}", internalStatus, hole);
      text.append(template, at, open).append(values[hole]);
      at = open + 3;
    }
    return text.append(template, at, template.length()).toString();
  }
}
