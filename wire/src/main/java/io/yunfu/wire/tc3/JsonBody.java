package io.yunfu.wire.tc3;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.StreamConstraintsException;
import tools.jackson.core.json.JsonFactory;

/// Reads JSON by the letter of RFC 8259, and stricter where it leaves a choice: no duplicate keys,
/// nothing after the value, bounded depth and number of values. Jackson refuses comments, `NaN`,
/// leading zeros, single quotes and trailing commas by itself, and bounds the length of numbers and
/// names.
final class JsonBody {
  private static final JsonFactory FACTORY = JsonFactory.builder().build();

  private static final ErrorTemplate NOT_JSON =
      CommonErrors.INVALID_PARAMETER.saying(
          "The JSON is not well-formed near line `{0}`, column `{1}`.",
          "JSON 格式不正确，位置约在第 `{0}` 行第 `{1}` 列。");
  private static final ErrorTemplate NOT_UTF8 =
      CommonErrors.INVALID_PARAMETER.saying("The body is not valid UTF-8.", "请求体不是有效的 UTF-8 编码。");
  private static final ErrorTemplate NOT_AN_OBJECT =
      CommonErrors.INVALID_PARAMETER.saying("The body must be a JSON object.", "请求体必须是 JSON 对象。");
  private static final ErrorTemplate TOO_LONG =
      CommonErrors.INVALID_PARAMETER.saying(
          "A number or a name in the JSON is too long.", "JSON 中的数字或名称过长。");
  private static final ErrorTemplate TOO_DEEP =
      CommonErrors.INVALID_PARAMETER.saying(
          "The JSON is nested more than `{0}` levels deep.", "JSON 嵌套超过 `{0}` 层。");

  private final JsonParser parser;
  private final ValueCount count;
  private final int maxDepth;

  private JsonBody(JsonParser parser, ValueCount count, int maxDepth) {
    this.parser = parser;
    this.count = count;
    this.maxDepth = maxDepth;
  }

  /// The parameters of mode A. An empty body is `{}`.
  static Map<String, Value> object(byte[] body, Limits limits) {
    if (body.length == 0) {
      return Map.of();
    }
    String text = Utf8.decode(body, 0, body.length);
    if (text == null) {
      throw NOT_UTF8.refused();
    }
    Value value = value(text, Path.ROOT, new ValueCount(limits), limits);
    if (value instanceof Value.Fields(var fields)) {
      return fields;
    }
    throw NOT_AN_OBJECT.refused();
  }

  /// One JSON value and nothing else.
  static Value value(String text, Path path, ValueCount count, Limits limits) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw notJson(parser.currentLocation());
      }
      Value value = new JsonBody(parser, count, limits.depth()).value(first, path, 1);
      if (parser.nextToken() != null) {
        throw notJson(parser.currentLocation());
      }
      return value;
    } catch (StreamConstraintsException tooLong) {
      throw TOO_LONG.refused();
    } catch (JacksonException malformed) {
      throw notJson(malformed.getLocation());
    }
  }

  private Value value(JsonToken token, Path path, int depth) {
    count.one();
    return switch (token) {
      case START_OBJECT -> new Value.Fields(fields(path, deeper(depth)));
      case START_ARRAY -> new Value.Items(items(path, deeper(depth)));
      case VALUE_STRING -> new Value.Text(storable(parser.getString(), path));
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Value.Numeral(parser.getString());
      case VALUE_TRUE -> new Value.Flag(true);
      case VALUE_FALSE -> new Value.Flag(false);
      case VALUE_NULL -> new Value.Nothing();
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw notJson(parser.currentLocation());
    };
  }

  private Map<String, Value> fields(Path path, int depth) {
    Map<String, Value> fields = new LinkedHashMap<>();
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      Path field = path.field(name);
      storable(name, field);
      if (fields.put(name, value(parser.nextToken(), field, depth)) != null) {
        throw ValueCount.DUPLICATE.refused(field);
      }
    }
    return fields;
  }

  private List<Value> items(Path path, int depth) {
    List<Value> items = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      items.add(value(token, path.item(items.size()), depth));
    }
    return items;
  }

  private int deeper(int depth) {
    if (depth > maxDepth) {
      throw TOO_DEEP.refused(maxDepth);
    }
    return depth + 1;
  }

  private static String storable(String text, Path path) {
    if (!Utf8.isStorable(text)) {
      throw ValueCount.NOT_TEXT.refused(path);
    }
    return text;
  }

  private static ApiRefused notJson(@Nullable TokenStreamLocation location) {
    TokenStreamLocation where = location == null ? TokenStreamLocation.NA : location;
    return NOT_JSON.refused(where.getLineNr(), where.getColumnNr());
  }
}
