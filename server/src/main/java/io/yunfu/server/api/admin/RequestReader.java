package io.yunfu.server.api.admin;

import io.yunfu.server.http.Request;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// Reads a request as its operation declares it. Everything that is wrong is told at once, each
/// with the path of its field.
final class RequestReader {
  static final String IDEMPOTENCY_KEY = "Idempotency-Key";

  /// As long as the table holds; printable, so that it can be found in a log.
  static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,128}");

  /// No request of ours is nearly as deep.
  private static final int DEEPEST = 16;

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(DEEPEST)
                          .maxNumberLength(64)
                          .maxNameLength(200)
                          .build())
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final Text NOT_JSON =
      new Text(
          "The body is not well-formed JSON near line {0}, column {1}.",
          "请求体在第 {0} 行第 {1} 列附近不是格式正确的 JSON。");
  private static final Text NOT_UTF8 =
      new Text("The body is not valid UTF-8.", "请求体不是有效的 UTF-8 编码。");
  private static final Text NO_BODY_HERE = new Text("This operation takes no body.", "该操作不接受请求体。");
  private static final Text NOT_DECODABLE =
      new Text("is not percent-encoded UTF-8", "不是有效的百分号编码 UTF-8 文本");
  private static final Text NO_KEY_HERE = new Text("is not taken by this operation", "该操作不支持此请求头");
  private static final Text BAD_KEY =
      new Text("must be 1 to 128 printable characters of ASCII", "必须为 1 到 128 个可打印的 ASCII 字符");

  private RequestReader() {}

  /// What was given for the fields of the operation.
  ///
  /// @param path the raw texts of the path's fields
  /// @throws Refused with all mistakes
  static Given read(Operation operation, List<String> path, Request request) {
    var mistakes = new Mistakes();
    var given = new Given("");
    readPath(operation, path, given, mistakes);
    readQuery(operation, request.query(), given, mistakes);
    if (operation.body().isEmpty()) {
      refuseBody(request, mistakes);
    } else {
      Given fields = Structure.fieldsOf(body(request), "", operation.body(), mistakes);
      if (fields != null) {
        given.addAll(fields);
      }
    }
    mistakes.throwIfAny();
    return given;
  }

  /// The idempotency key. Where none is taken, one is refused: its sender counts on it.
  static Optional<String> key(Operation operation, Request request) {
    var mistakes = new Mistakes();
    List<String> keys = request.headers().all(IDEMPOTENCY_KEY);
    if (!keys.isEmpty() && !operation.isRepeatable()) {
      mistakes.add(IDEMPOTENCY_KEY, NO_KEY_HERE);
    } else if (keys.size() > 1 || !keys.stream().allMatch(key -> KEY.matcher(key).matches())) {
      mistakes.add(IDEMPOTENCY_KEY, BAD_KEY);
    }
    mistakes.throwIfAny();
    return keys.stream().findFirst();
  }

  private static void readPath(
      Operation operation, List<String> path, Given given, Mistakes mistakes) {
    for (int i = 0; i < path.size(); i++) {
      Field<?> field = operation.pathFields().get(i);
      decoded(path.get(i), false)
          .ifPresentOrElse(
              text -> given.parse(field, List.of(text), mistakes),
              () -> mistakes.add(field.name(), NOT_DECODABLE));
    }
  }

  private static void readQuery(
      Operation operation, @Nullable String query, Given given, Mistakes mistakes) {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (String pair :
        query == null || query.isEmpty() ? List.<String>of() : List.of(query.split("&", -1))) {
      int equal = pair.indexOf('=');
      var name = decoded(equal < 0 ? pair : pair.substring(0, equal), true);
      var value = decoded(equal < 0 ? "" : pair.substring(equal + 1), true);
      if (name.isEmpty() || value.isEmpty()) {
        mistakes.add(Structure.cut(pair), NOT_DECODABLE);
      } else {
        values.computeIfAbsent(name.get(), unseen -> new ArrayList<>()).add(value.get());
      }
    }
    for (Field<?> field : operation.query()) {
      List<String> texts = values.remove(field.name());
      if (texts != null) {
        given.parse(field, texts, mistakes);
      } else if (field.isRequired()) {
        mistakes.add(field.name(), Structure.missing());
      }
    }
    values.keySet().forEach(name -> mistakes.add(Structure.cut(name), Structure.unknown()));
  }

  private static void refuseBody(Request request, Mistakes mistakes) {
    // Clients that always send one send an empty one.
    String text = new String(request.body(), StandardCharsets.UTF_8).strip();
    if (!text.isEmpty() && !text.equals("{}")) {
      mistakes.add("", NO_BODY_HERE);
    }
  }

  /// The body; an empty one is an object without fields.
  private static JsonNode body(Request request) {
    if (request.body().length == 0) {
      return JsonNodeFactory.instance.objectNode();
    }
    requireJson(request);
    try {
      String text =
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(request.body())).toString();
      return JSON.readTree(text);
    } catch (CharacterCodingException e) {
      throw Refused.mistaken(List.of(new Mistake("", NOT_UTF8)));
    } catch (JacksonException e) {
      var at = e.getLocation();
      throw Refused.mistaken(
          List.of(
              new Mistake(
                  "",
                  NOT_JSON.with(
                      at == null ? 1 : at.getLineNr(), at == null ? 1 : at.getColumnNr()))));
    }
  }

  private static void requireJson(Request request) {
    String type = request.headers().first("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    if (!type.replace(" ", "").replace("\"", "").matches("application/json(;charset=utf-8)?")) {
      throw Errors.UNSUPPORTED_MEDIA_TYPE.with();
    }
  }

  /// Undoes percent-encoding, strictly.
  ///
  /// @param plusIsSpace as in queries
  private static Optional<String> decoded(String text, boolean plusIsSpace) {
    byte[] raw = text.getBytes(StandardCharsets.UTF_8);
    var bytes = ByteBuffer.allocate(raw.length);
    for (int i = 0; i < raw.length; i++) {
      if (raw[i] == '%') {
        int high = i + 2 < raw.length ? Character.digit(raw[i + 1], 16) : -1;
        int low = i + 2 < raw.length ? Character.digit(raw[i + 2], 16) : -1;
        if (high < 0 || low < 0) {
          return Optional.empty();
        }
        bytes.put((byte) (high * 16 + low));
        i += 2;
      } else {
        bytes.put(plusIsSpace && raw[i] == '+' ? (byte) ' ' : raw[i]);
      }
    }
    try {
      return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }
}
