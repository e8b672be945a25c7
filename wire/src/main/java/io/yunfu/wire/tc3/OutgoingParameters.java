package io.yunfu.wire.tc3;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.wire.tc3.FormBody.Pair;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// A client's parameters in the three forms of the wire. Values are String, Integer, Long,
/// BigDecimal, Boolean, and lists and maps of these.
final class OutgoingParameters {
  private static final JsonFactory FACTORY = JsonFactory.builder().build();

  private OutgoingParameters() {}

  static byte[] json(Object value) {
    var bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
      write(json, value);
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator json, Object value) {
    switch (value) {
      case String text -> json.writeString(text);
      case Integer number -> json.writeNumber(number);
      case Long number -> json.writeNumber(number);
      case BigDecimal number -> json.writeNumber(number.toPlainString());
      case Boolean flag -> json.writeBoolean(flag);
      case List<?> items -> {
        json.writeStartArray();
        items.forEach(item -> write(json, item));
        json.writeEndArray();
      }
      case Map<?, ?> fields -> {
        json.writeStartObject();
        fields.forEach((name, field) -> {
          json.writeName((String) name);
          write(json, field);
        });
        json.writeEndObject();
      }
      default -> throw unsupported(value);
    }
  }

  /// `OrderIds.0`, `Filters.0.Name`: counted from 0, as every official client does.
  static List<Pair> flattened(Map<String, ?> parameters) {
    List<Pair> pairs = new ArrayList<>();
    parameters.forEach((name, value) -> flatten(name, value, pairs));
    return pairs;
  }

  private static void flatten(String name, Object value, List<Pair> pairs) {
    switch (value) {
      case List<?> items -> {
        for (int i = 0; i < items.size(); i++) {
          flatten(name + "." + i, items.get(i), pairs);
        }
      }
      case Map<?, ?> fields ->
          fields.forEach((field, part) -> flatten(name + "." + field, part, pairs));
      default -> pairs.add(new Pair(name, text(value)));
    }
  }

  private static String text(Object value) {
    return switch (value) {
      case String text -> text;
      case Integer number -> number.toString();
      case Long number -> number.toString();
      case BigDecimal number -> number.toPlainString();
      case Boolean flag -> flag.toString();
      default -> throw unsupported(value);
    };
  }

  /// Form encoding: a space as `+`.
  static String encoded(List<Pair> pairs) {
    var text = new StringBuilder();
    for (Pair pair : pairs) {
      text.append(text.isEmpty() ? "" : "&")
          .append(URLEncoder.encode(pair.name(), UTF_8))
          .append('=')
          .append(URLEncoder.encode(pair.value(), UTF_8));
    }
    return text.toString();
  }

  /// One part per parameter; lists and objects as JSON, the way the Python SDK does it.
  static byte[] multipart(Map<String, ?> parameters, String boundary) {
    var body = new ByteArrayOutputStream();
    parameters.forEach((name, value) -> {
      boolean structured = value instanceof List || value instanceof Map;
      String head =
          "--"
              + boundary
              + "\r\nContent-Disposition: form-data; name=\""
              + name.replace("\\", "\\\\").replace("\"", "\\\"")
              + "\"\r\n"
              + (structured ? "Content-Type: application/json\r\n" : "")
              + "\r\n";
      body.writeBytes(head.getBytes(UTF_8));
      body.writeBytes(structured ? json(value) : text(value).getBytes(UTF_8));
      body.writeBytes("\r\n".getBytes(UTF_8));
    });
    body.writeBytes(("--" + boundary + "--\r\n").getBytes(UTF_8));
    return body.toByteArray();
  }

  private static IllegalArgumentException unsupported(Object value) {
    return new IllegalArgumentException("no parameter can be a " + value.getClass().getName());
  }
}
