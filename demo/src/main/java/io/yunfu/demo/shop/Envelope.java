package io.yunfu.demo.shop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What Cloud Pay's messages travel in, both ways: a text, and an authentication code over exactly
/// that text. Source: `cloudpay.md` sections 1.2, 1.3 and 1.6.
///
/// Written from the document alone, not with the server's codec: an integration from outside has
/// nothing else either.
///
/// @param content JSON as text; what is signed
/// @param code null where the message carries none, as answers of status 3 and 101 do
record Envelope(String content, @Nullable String code) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String REQUEST = "request_content";
  private static final String RESPONSE = "response_content";

  /// A message of ours.
  static Envelope signed(String content, String key) {
    return new Envelope(content, HexFormat.of().withUpperCase().formatHex(mac(content, key)));
  }

  /// Reads a notice; empty when it is none.
  static Optional<Envelope> ofNotice(byte[] body) {
    return read(body, REQUEST);
  }

  /// Reads the answer to a call; empty when it is none.
  static Optional<Envelope> ofAnswer(byte[] body) {
    return read(body, RESPONSE);
  }

  private static Optional<Envelope> read(byte[] body, String member) {
    try {
      JsonNode outer = JSON.readTree(body);
      JsonNode content = outer.path(member);
      JsonNode code = outer.at("/authen_info/a/authen_code");
      return content.isString() && JSON.readTree(content.asString()).isObject()
          ? Optional.of(new Envelope(content.asString(), code.isString() ? code.asString() : null))
          : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  /// Whether this key made the code. Takes the same time however much of it is right.
  boolean isFrom(String key) {
    if (code == null) {
      return false;
    }
    try {
      return MessageDigest.isEqual(HexFormat.of().parseHex(code), mac(content, key));
    } catch (IllegalArgumentException e) {
      return false; // no hexadecimal digits
    }
  }

  /// What the text says.
  ObjectNode json() {
    return (ObjectNode) JSON.readTree(content);
  }

  /// The bytes of a call.
  byte[] bytes() {
    ObjectNode outer = JSON.createObjectNode();
    outer.put(REQUEST, content);
    outer.withObject("/authen_info/a").put("authen_type", 1).put("authen_code", code);
    return outer.toString().getBytes(UTF_8);
  }

  private static byte[] mac(String content, String key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(US_ASCII), "HmacSHA256"));
      return mac.doFinal(content.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA256", e);
    }
  }
}
