package io.yunfu.wire.cpay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.StringWriter;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;

/// The strict way out: compact ASCII, so that the signed bytes are the same in every character set,
/// in an envelope that carries them as text. Source: `cloudpay.md` sections 1.2, 1.6, 1.9.
final class Content {
  private static final JsonFactory ASCII =
      JsonFactory.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .enable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
          .build();

  private Content() {}

  /// The inner JSON: the text that is signed.
  static String text(Consumer<ContentFields> members) {
    var text = new StringWriter();
    try (JsonGenerator json = ASCII.createGenerator(ObjectWriteContext.empty(), text)) {
      json.writeStartObject();
      members.accept(new ContentFields(json));
      json.writeEndObject();
    }
    return text.toString();
  }

  /// The outer JSON.
  ///
  /// @param key signs the text; without one the envelope has no `authen_info`
  static byte[] envelope(String name, String text, @Nullable AuthenKey key) {
    var whole = new StringWriter();
    try (JsonGenerator json = ASCII.createGenerator(ObjectWriteContext.empty(), whole)) {
      json.writeStartObject();
      json.writeStringProperty(name, text);
      if (key != null) {
        json.writeName("authen_info");
        json.writeStartObject();
        json.writeName("a");
        json.writeStartObject();
        json.writeNumberProperty("authen_type", 1);
        json.writeStringProperty("authen_code", key.sign(text));
        json.writeEndObject();
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    return whole.toString().getBytes(UTF_8);
  }
}
