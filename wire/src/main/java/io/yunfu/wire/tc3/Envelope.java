package io.yunfu.wire.tc3;

import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/// The envelope that success and error share (section 1.7): one top-level key, `Response`, which
/// ends in the request's id. To be sent with HTTP status 200 and exactly [#CONTENT_TYPE].
public final class Envelope {
  /// Without a charset: Python, and so `tccli`, takes an error for a success otherwise.
  public static final String CONTENT_TYPE = "application/json";

  private static final JsonFactory FACTORY = JsonFactory.builder().build();

  private Envelope() {}

  /// The answer of an action that did what it was asked.
  ///
  /// @param maxBytes the server's own cap, [Limits#responseBytes]
  /// @param fields writes what stands beside the request's id
  /// @throws ApiRefused `ResponseSizeLimitExceeded`, past the cap
  public static byte[] success(String requestId, int maxBytes, Consumer<ResponseFields> fields) {
    return write(requestId, maxBytes, json -> fields.accept(new ResponseFields(json, true)));
  }

  /// The answer to a call that was refused or failed.
  public static byte[] error(String requestId, ApiError error, Language language) {
    return write(
        requestId,
        Integer.MAX_VALUE,
        json -> {
          json.writeName("Error");
          json.writeStartObject();
          json.writeStringProperty("Code", error.code());
          json.writeStringProperty("Message", error.message(language));
          json.writeEndObject();
        });
  }

  private static byte[] write(String requestId, int maxBytes, Consumer<JsonGenerator> fields) {
    var bytes = new BoundedBytes(maxBytes);
    try (JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      json.writeName("Response");
      json.writeStartObject();
      fields.accept(json);
      json.writeStringProperty("RequestId", requestId);
      json.writeEndObject();
      json.writeEndObject();
    }
    return bytes.toByteArray();
  }
}
