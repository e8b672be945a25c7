package io.yunfu.wire.tc3;

import static io.yunfu.kernel.Check.require;

import java.util.ArrayList;
import java.util.List;

/// A code with its message in both languages. `{0}`, `{1}`, … stand for values; the vendor's style
/// puts them in backticks.
public record ErrorTemplate(String code, String english, String chinese) {
  public ErrorTemplate {
    require(!code.isBlank(), "an error needs a code");
    require(
        holes(english).equals(holes(chinese)),
        "%s: English and Chinese name different values",
        code);
  }

  /// The same code in other words.
  public ErrorTemplate saying(String otherEnglish, String otherChinese) {
    return new ErrorTemplate(code, otherEnglish, otherChinese);
  }

  /// Fills in the values. Each is cut and cleaned by [Echo], since most of them come from the
  /// client; a list keeps all of its members up to [Echo#MAX_LIST_LENGTH] characters.
  public ApiError with(Object... values) {
    List<String> texts = new ArrayList<>(values.length);
    for (Object value : values) {
      texts.add(value instanceof Iterable<?> many ? Echo.all(many) : Echo.of(value));
    }
    return new ApiError(code, fill(english, texts), fill(chinese, texts));
  }

  /// [#with] as something to throw.
  public ApiRefused refused(Object... values) {
    return new ApiRefused(with(values));
  }

  /// Filled in one pass, so that a value that looks like `{1}` stays as it is.
  private String fill(String template, List<String> values) {
    var text = new StringBuilder(template.length() + 32);
    int at = 0;
    for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', at)) {
      int hole = template.charAt(open + 1) - '0';
      require(hole < values.size(), "%s has no value for {%d}", code, hole);
      text.append(template, at, open).append(values.get(hole));
      at = open + 3;
    }
    return text.append(template, at, template.length()).toString();
  }

  private static List<Integer> holes(String template) {
    var holes = new ArrayList<Integer>();
    for (int open = template.indexOf('{'); open >= 0; open = template.indexOf('{', open + 1)) {
      boolean hole =
          open + 2 < template.length()
              && Character.isDigit(template.charAt(open + 1))
              && template.charAt(open + 2) == '}';
      require(hole, "a hole is written {0}: %s", template);
      holes.add(template.charAt(open + 1) - '0');
    }
    holes.sort(null);
    return holes;
  }
}
