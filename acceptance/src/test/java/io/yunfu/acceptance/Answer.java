package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// What a server sent back.
///
/// @param headers by name in lower case
@SuppressWarnings("ArrayRecordComponent") // never compared
record Answer(int status, Map<String, List<String>> headers, byte[] body) {
  static final String OK = "OK";

  private static final ObjectMapper JSON = new ObjectMapper();

  String text() {
    return new String(body, UTF_8);
  }

  /// The only value of a header; empty if it was not sent.
  String header(String name) {
    List<String> values = headers.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
    assertThat(values).as(name).hasSizeLessThan(2);
    return values.isEmpty() ? "" : values.getFirst();
  }

  JsonNode json() {
    return JSON.readTree(body);
  }

  /// What stands in the envelope of API 3.0.
  JsonNode response() {
    assertThat(status).as(text()).isEqualTo(200);
    JsonNode all = json();
    assertThat(all.propertyNames()).as(text()).containsExactly("Response");
    return all.get("Response");
  }

  /// `OK`, or the code of the error.
  String code() {
    JsonNode error = response().get("Error");
    return error == null ? OK : error.get("Code").asString();
  }

  String message() {
    return response().get("Error").get("Message").asString();
  }

  String requestId() {
    return response().get("RequestId").asString();
  }

  /// A list of texts in the envelope.
  List<String> texts(String name) {
    return response().get(name).valueStream().map(JsonNode::asString).toList();
  }
}
