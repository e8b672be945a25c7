package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/// A merchant's program: it signs its calls with its sub-merchant's key, and looks at the signature
/// of what it is answered.
///
/// @param address of the endpoint: `http://127.0.0.1:8080/cpay`
record CloudPay(Http http, String address, String key) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /// Makes a call.
  ///
  /// @return the content of the answer
  JsonNode call(String name, String text) throws Exception {
    ObjectNode outer = JSON.createObjectNode().put("request_content", text);
    outer.withObject("/authen_info/a").put("authen_type", 1).put("authen_code", code(key, text));
    JsonNode answer = http.send("POST", address + "/" + name, outer.toString()).json();
    String said = answer.path("response_content").asString("");
    JsonNode content = JSON.readTree(said);
    if (content.path("status").asInt(-1) == 0) {
      assertThat(answer.at("/authen_info/a/authen_code").asString(""))
          .as(answer.toString())
          .isEqualTo(code(key, said));
    }
    return content;
  }

  /// What signs a text. Source: cloudpay.md, section 1.3.
  static String code(String key, String text) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key.getBytes(UTF_8), "HmacSHA256"));
    return HexFormat.of().withUpperCase().formatHex(mac.doFinal(text.getBytes(UTF_8)));
  }
}
