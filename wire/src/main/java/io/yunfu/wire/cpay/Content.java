package io.yunfu.wire.cpay;

import static java.nio.charset.StandardCharsets.US_ASCII;

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
  /// @param text of [#text]: only quotes and backslashes are escaped in it
  /// @param key signs the text; without one the envelope has no `authen_info`
  static byte[] envelope(String name, String text, @Nullable AuthenKey key) {
    var whole = new StringBuilder(2 * text.length() + 128);
    whole.append("{\"").append(name).append("\":\"");
    int copied = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        whole.append(text, copied, i).append('\\');
        copied = i;
      }
    }
    whole.append(text, copied, text.length()).append('"');
    if (key != null) {
      whole
          .append(",\"authen_info\":{\"a\":{\"authen_type\":1,\"authen_code\":\"")
          .append(key.sign(text))
          .append("\"}}");
    }
    return whole.append('}').toString().getBytes(US_ASCII);
  }
}
