package io.yunfu.wire.cpay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.testkit.Golden;
import java.util.function.Function;

/// Requests for tests: texts, their envelopes, and what a server does with them in the documented
/// order, where everybody's key is [#K1].
final class Calls {
  static final String KEY_TEXT = "4f6b2c9e8d1a7350bb64e0f1c2d3a495";
  static final AuthenKey K1 = AuthenKey.of(KEY_TEXT);
  static final AuthenKey K2 = AuthenKey.of("91d2e3f4a5b6c7d8091a2b3c4d5e6f70");

  /// T1 of `cloudpay.md` section 1.10.
  static final String T1 =
      "{\"pay_mch_key\":{\"pay_platform\":1,\"out_mch_id\":\"gz02Kp7Qv3nXw8ZrT1mA\","
          + "\"out_sub_mch_id\":\"gz02Hs4Lt9bYc6FuE2jD\",\"out_shop_id\":\"gz02Wd5Rf1kPv0NqC8xB\","
          + "\"wxpay_pay_mch_key_ext\":{\"sub_open_id\":\"oTest0001aaaaBBBBccccDDDD1234\"}},"
          + "\"pay_content\":{\"out_trade_no\":\"gz0200abcd20260301000001\",\"total_fee\":2590,"
          + "\"fee_type\":\"CNY\",\"body\":\"\\u6d4b\\u8bd5\\u8ba2\\u5355\"},"
          + "\"order_client\":{\"spbill_create_ip\":\"198.51.100.7\"},"
          + "\"nonce_str\":\"N0nceRequest000000000000000000A1\"}";

  static final String T1_CODE = "EADDD2370EDBD87C3C5B389C6C4385490CDE8931A64C3DF580314EAF80C80039";

  private Calls() {}

  /// The body that carries a text, signed with K1.
  static byte[] body(String text) {
    return body(text, K1.sign(text));
  }

  static byte[] body(String text, String authenCode) {
    return envelope(
        quoted(text), "{\"a\":{\"authen_type\":1,\"authen_code\":\"" + authenCode + "\"}}");
  }

  static byte[] envelope(String requestContent, String authenInfo) {
    return ("{\"request_content\":" + requestContent + ",\"authen_info\":" + authenInfo + "}")
        .getBytes(UTF_8);
  }

  /// A JSON string, escaped by hand so that the tests do not rely on what they test.
  static String quoted(String text) {
    var out = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        default -> {
          if (c < 0x20 || Character.isSurrogate(c)) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }

  /// Steps 1 to 7.
  static <T> T accepted(byte[] body, boolean lenient, Function<FieldReader, T> form) {
    ReceivedCall call = ReceivedCall.of(body, lenient);
    Authentication authentication = call.authenticate();
    call.keyOwner();
    if (!(authentication instanceof Authentication.Hmac hmac && hmac.isSignedWith(K1))) {
      throw Results.WRONG_AUTHEN_CODE.refused();
    }
    return call.read(form);
  }

  static <T> T read(String text, Function<FieldReader, T> form) {
    return accepted(body(text), false, form);
  }

  /// A file of the published example.
  static String published(String file) {
    return Golden.read(Golden.fixtures("cpay").resolve("published").resolve(file));
  }
}
