package io.yunfu.server.api.cpay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A client's side of the protocol, written from the contract and not from our codec: envelopes and
/// codes by the JDK and a plain JSON library.
public final class SignedText {
  private static final JsonMapper JSON = new JsonMapper();

  private SignedText() {}

  /// The body of a request.
  public static byte[] body(String text, String key) {
    return body(text, "a", "authen_type", "authen_code", code(text, key));
  }

  /// The same with a signature in place of a code.
  public static byte[] rsaBody(String text, String signature) {
    return body(text, "s", "sign_type", "sign", signature);
  }

  private static byte[] body(String text, String form, String kind, String name, String proof) {
    ObjectNode outer = JSON.createObjectNode();
    outer.put("request_content", text);
    outer.putObject("authen_info").putObject(form).put(kind, 1).put(name, proof);
    return outer.toString().getBytes(UTF_8);
  }

  public static String code(String text, String key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.US_ASCII), "HmacSHA256"));
      return HexFormat.of().withUpperCase().formatHex(mac.doFinal(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// An answer, taken apart.
  public record Answer(String text, JsonNode content, String code) {
    public static Answer of(byte[] body) {
      JsonNode outer = JSON.readTree(body);
      String text = outer.get("response_content").stringValue();
      JsonNode info = outer.get("authen_info");
      String code = info == null ? "" : info.get("a").get("authen_code").stringValue();
      return new Answer(text, JSON.readTree(text), code);
    }

    public int status() {
      return content.get("status").intValue();
    }

    public int internalStatus() {
      return content.get("internal_status").intValue();
    }

    public long logId() {
      return content.get("log_id").longValue();
    }

    public String numbers() {
      return status() + "/" + internalStatus();
    }

    public boolean isSigned() {
      return !code.isEmpty();
    }

    public boolean isSignedWith(String key) {
      return code.equals(SignedText.code(text, key));
    }
  }
}
