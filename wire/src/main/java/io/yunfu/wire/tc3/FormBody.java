package io.yunfu.wire.tc3;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Flattened parameters (section 1.2): `name=value` pairs of a query or a form, and the tree that
/// their dotted names spell.
final class FormBody {
  private static final ErrorTemplate NO_EQUALS_SIGN =
      CommonErrors.INVALID_PARAMETER.saying(
          "Pair number `{0}` of the parameters has no equals sign.", "第 `{0}` 个参数缺少等号。");
  private static final ErrorTemplate NOT_DECODABLE =
      CommonErrors.INVALID_PARAMETER.saying(
          "Pair number `{0}` of the parameters is not percent-encoded UTF-8.",
          "第 `{0}` 个参数不是有效的百分号编码 UTF-8。");
  private static final ErrorTemplate NOT_UTF8 =
      CommonErrors.INVALID_PARAMETER.saying("The body is not valid UTF-8.", "请求体不是有效的 UTF-8 编码。");
  private static final ErrorTemplate BOTH_VALUE_AND_PARENT =
      CommonErrors.INVALID_PARAMETER.saying(
          "Parameter `{0}` has a value and parts of its own.", "参数 `{0}` 同时有取值和子参数。");
  private static final ErrorTemplate TOO_DEEP =
      CommonErrors.INVALID_PARAMETER.saying(
          "A parameter's name has more than `{0}` segments.", "参数名超过 `{0}` 段。");

  /// One decoded pair. Signature v1 covers these, in its own order.
  record Pair(String name, String value) {}

  private FormBody() {}

  static List<Pair> pairs(byte[] body, Limits limits) {
    String text = Utf8.decode(body, 0, body.length);
    if (text == null) {
      throw NOT_UTF8.refused();
    }
    return pairs(text, limits);
  }

  /// @param text still percent-encoded; empty for no pairs at all
  static List<Pair> pairs(String text, Limits limits) {
    List<Pair> pairs = new ArrayList<>();
    var count = new ValueCount(limits);
    for (int from = 0; from <= text.length() && !text.isEmpty(); ) {
      int end = text.indexOf('&', from);
      if (end < 0) {
        end = text.length();
      }
      count.one();
      pairs.add(pair(text, from, end, pairs.size() + 1));
      from = end + 1;
    }
    return pairs;
  }

  private static Pair pair(String text, int from, int end, int number) {
    int equals = text.indexOf('=', from, end);
    if (equals < 0) {
      throw NO_EQUALS_SIGN.refused(number);
    }
    String name = decode(text, from, equals);
    String value = decode(text, equals + 1, end);
    if (name == null || value == null || name.isEmpty()) {
      throw NOT_DECODABLE.refused(number);
    }
    if (!Utf8.isStorable(name) || !Utf8.isStorable(value)) {
      throw ValueCount.NOT_TEXT.refused(name);
    }
    return new Pair(name, value);
  }

  /// `+` and `%20` are both a space: Java, Python and Go send the first, Node the second. `null`
  /// for a broken percent sequence and for what is not UTF-8.
  private static @Nullable String decode(String text, int from, int end) {
    if (isPlain(text, from, end)) {
      return text.substring(from, end);
    }
    var bytes = new ByteArrayOutputStream(end - from);
    for (int i = from; i < end; ) {
      char c = text.charAt(i);
      if (c == '%') {
        if (i + 2 >= end
            || !HexFormat.isHexDigit(text.charAt(i + 1))
            || !HexFormat.isHexDigit(text.charAt(i + 2))) {
          return null;
        }
        bytes.write(HexFormat.fromHexDigits(text, i + 1, i + 3));
        i += 3;
      } else if (c == '+') {
        bytes.write(' ');
        i++;
      } else {
        int character = text.codePointAt(i);
        if (character < 0x80) {
          bytes.write(character);
        } else {
          bytes.writeBytes(Character.toString(character).getBytes(UTF_8));
        }
        i += Character.charCount(character);
      }
    }
    return Utf8.decode(bytes.toByteArray(), 0, bytes.size());
  }

  private static boolean isPlain(String text, int from, int end) {
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      if (c == '%' || c == '+') {
        return false;
      }
    }
    return true;
  }

  static Map<String, Value> tree(List<Pair> pairs, Limits limits) {
    Map<String, Value> root = new LinkedHashMap<>();
    for (Pair pair : pairs) {
      place(root, pair.name(), new Value.Plain(pair.value()), limits);
    }
    return root;
  }

  /// Hangs a value into the tree under its dotted name.
  static void place(Map<String, Value> root, String name, Value value, Limits limits) {
    Map<String, Value> parent = root;
    int from = 0;
    int segments = 1;
    for (int dot = name.indexOf('.'); dot >= 0; dot = name.indexOf('.', from)) {
      if (++segments > limits.depth()) {
        throw TOO_DEEP.refused(limits.depth());
      }
      Value child =
          parent.computeIfAbsent(
              name.substring(from, dot), absent -> new Value.Branch(new LinkedHashMap<>()));
      if (!(child instanceof Value.Branch(var children))) {
        throw BOTH_VALUE_AND_PARENT.refused(name.substring(0, dot));
      }
      parent = children;
      from = dot + 1;
    }
    Value before = parent.putIfAbsent(name.substring(from), value);
    if (before != null) {
      throw (before instanceof Value.Branch ? BOTH_VALUE_AND_PARENT : ValueCount.DUPLICATE)
          .refused(name);
    }
  }
}
