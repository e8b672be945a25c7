package io.yunfu.channels.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.MessageDigest;
import java.security.interfaces.RSAPublicKey;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The published vectors of `channels.md` section 4.2, with the keys of its appendix A. Their
/// private halves are gone, so that only the text can be right, or not.
class VectorsTest {
  private static final String APPLICATION_KEY =
      """
      -----BEGIN PUBLIC KEY-----
      MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAotfURz+g4yVLxZDdSh11
      nPye91PovcFA+RIuxqtVgeOOyxiPOilJOls+qBwP9NlZ4J6Ignbo6mhOfSP0ftr+
      /9QkhYfGmmffmBjkVjOiPPjkOuwLdPVSn40TIvvRaWrsU5BNKH4eZuOTnBNzCuOU
      ozzKWI2MydhlF55F4+Vm7sBqmZWsdhb3S/uFmrRNuTUZQ2ZT31CGPWUAlUbzN7/I
      rYyR9ckPVzAVuoMa6ncoMHmLzvmyN3AkkLHx8tVTLZ2WtTelMWFAdBQ7D1k7SxC+
      +dp/kGwwzSl+dzZJa2JqFW+SzFvsjX7bw1ZXsMnQPlB57IR/iKxoiTd3FVLllOxK
      EwIDAQAB
      -----END PUBLIC KEY-----
      """;
  private static final String ALIPAY_KEY =
      """
      -----BEGIN PUBLIC KEY-----
      MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA3tdMl+a6IJVHvScSrC4N
      NJZxzueziNYIjDwkGMqlmt/WzyMEPbRjzgUfnQ1SPp8/T551714zuY7cMfP+205G
      UduDnCDr43Rkx8Hb+letSLwl32bkrzMQmnl39ZnJq5wNzRcKLm/6sE7qOSVVPfxt
      1H6QhtEv1g3rAsonTdqgL1XZE6t2Dj/euB6AfYh5grrF3GjFJqQITFQf3vxmouQE
      +sYCgzP0SBrXIt+53CLoYI3R7q17DS+EDPsjk1dl27PgQw9vA3u+tLcEid+gXTnl
      mH7tHvPI+OxwWGbVDjnpSvNggtZ2zidE0IM+OZ+AnYnIR0CjF2Hgqy6PxijMb24t
      hQIDAQAB
      -----END PUBLIC KEY-----
      """;

  private static final String REQUEST_SIGN =
      "MaH5/SLwSOrVgktQIQq81oGqSqGUVeptyHpX/oYDoeXgOXffXt8h+HU5a+2rfWwUeAXyyLA17Prc0llkI9Tmws2jORiE7YKVqwnIi4huKKOSDGHLg4gZGByt9XsvVZD9tzhYWrpg3cAgM+JdzhFIduZGuwVhPNw0kadQn7NiiQAMVYpZPtqSI688Nd1NeiC5xuTw5ZH9ygGbGGZLw1RuoMGbgGWTCd1Lomx5xTb0FiBH4Y7mTQxKZKLn9x9edogfv0Fj8Bm9cYBgP0FMQCElKHsM0bkGSzW5PRWcrh9Dmxv/bg+pTLLvk9gB2rMFDECjQyLwbB9/5eoU2/Ar2HmMCg==";
  private static final String ANSWER_SIGN =
      "BlA0J6KD9BH/2bGmy5W1wX2A3DOpxLmA5+v8xr2tMCF8HQeQF4yd4rYMwg+tfo5VPkOWvOry1OjpNvQmLrrS53w7vlOBNYv8/mg9rvE6yWzI91YVr/G9a8fi2oJGGX9GzNT+P8JMpIWlhRtPpl8O6n9muDA8/h1cfzjqMLqAkN3CYo3FLGY+353eIs61noaSb4hXj+bScWttp52ua+/tX/DrN8xqKYjG9ryoe1Uja8ikZTXa501VWjZdV141hjcN6pV9URPK6/CyvQU2LTLx1aTGBLw2ZZnfDlGbztNRNZ+EWhd7kF9mwKdSgmuWpKJFP+eM9nzFdtPR1U1321rukw==";
  private static final String NOTICE_SIGN =
      "kXMDvGEewToUef4YuhLtr52mmGA00zxhSAi57dCikf/P7XBb3slki9L0UreHM+6y3q1GRq/2uAXBhGpyxyPmdyHUhPj5kl7AUDU1GkudIpLcnd4vi/FrGgvUXcNYmJ/PjASJ/FA+rBies9HnUmNfKb+M/a3+XdXNTSlPmk7/LnLcu/TsSQGeaT6rfwQviYvtcWwMFHAsTNUS+en/af/dUp1I2lAorvLGQMBbs9x7rPAnctdGFwRlmzUjiniuAsdvoJzv0XcELaclk2h7nujMHWAS0IhTkpCzh42OB1AV5etjYTht+mCAI458+xygrwjv9zZp1Bbjds4BRtqBxq24gw==";

  private static final String CONTENT =
      "{\"out_trade_no\":\"cp0120260101000000000000000001\",\"total_amount\":\"1.01\",\"subject\":\"测试门店-豆浆\",\"buyer_id\":\"2088000000000001\",\"product_code\":\"FACE_TO_FACE_PAYMENT\",\"timeout_express\":\"5m\"}";
  private static final String NODE =
      "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"cp0120260101000000000000000001\",\"trade_no\":\"2026010122000000000000000001\"}";

  @Test
  void the_published_request_has_the_published_text_and_signature() throws Exception {
    // In no order, with the signature itself and with an empty parameter: neither takes part.
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("version", "1.0");
    parameters.put("sign", REQUEST_SIGN);
    parameters.put("method", "alipay.trade.create");
    parameters.put("app_auth_token", "");
    parameters.put("app_id", "2021000000000001");
    parameters.put("biz_content", CONTENT);
    parameters.put("timestamp", "2026-01-01 12:00:00");
    parameters.put("charset", "utf-8");
    parameters.put("notify_url", "https://gw.example.test/channel/alipay/notify");
    parameters.put("sign_type", "RSA2");
    parameters.put("format", "JSON");

    byte[] text = SignedText.ofRequest(parameters);

    assertThat(sha256(text))
        .isEqualTo("d9894a26cc6389ed929d875936918d5de8ae1ebf950b3d5e1f5dc5c96486bed7");
    assertThat(Rsa2.verifies(text, REQUEST_SIGN, Rsa2.publicKey(APPLICATION_KEY))).isTrue();
  }

  @Test
  void the_published_answer_verifies_wherever_it_stands() throws Exception {
    RSAPublicKey key = Rsa2.publicKey(ALIPAY_KEY);
    for (String answer :
        new String[] {
          "{\"alipay_trade_create_response\":" + NODE + ",\"sign\":\"" + ANSWER_SIGN + "\"}",
          "{\"sign\":\"" + ANSWER_SIGN + "\",\"alipay_trade_create_response\":" + NODE + "}",
          " {\n \"alipay_trade_create_response\" : "
              + NODE
              + " ,\r\n\"sign\"\t: \""
              + ANSWER_SIGN.replace("/", "\\/").replace("=", "\\u003d")
              + "\" } \n"
        }) {
      AnswerText text = AnswerText.of(answer, "alipay.trade.create");
      byte[] node = text.node().getBytes(UTF_8);
      assertThat(sha256(node))
          .isEqualTo("0268b12662d106b81c7e618cc9864846b9afafd960ece35ff4eee6aa6691849e");
      assertThat(Rsa2.verifies(node, text.sign().orElseThrow(), key)).isTrue();
    }
  }

  @Test
  void the_published_notice_verifies() throws Exception {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("sign_type", "RSA2");
    parameters.put("sign", NOTICE_SIGN);
    parameters.put("passback_params", "");
    for (String pair :
        "trade_status=TRADE_SUCCESS&version=1.0&app_id=2021000000000001&buyer_id=2088000000000001&buyer_pay_amount=1.01&charset=utf-8&fund_bill_list=[{\"amount\":\"1.01\",\"fundChannel\":\"ALIPAYACCOUNT\"}]&gmt_create=2026-01-01 12:00:00&gmt_payment=2026-01-01 12:00:20&notify_id=2026010100222120020000000000000001&notify_time=2026-01-01 12:00:21&notify_type=trade_status_sync&out_trade_no=cp0120260101000000000000000001&receipt_amount=1.01&seller_id=2088000000000101&subject=测试门店-豆浆&total_amount=1.01&trade_no=2026010122000000000000000001"
            .split("&", -1)) {
      int equals = pair.indexOf('=');
      parameters.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    RSAPublicKey key = Rsa2.publicKey(ALIPAY_KEY);

    assertThat(Rsa2.verifies(SignedText.ofPaymentNotice(parameters), NOTICE_SIGN, key)).isTrue();
    assertThat(Rsa2.verifies(SignedText.ofOtherNotice(parameters), NOTICE_SIGN, key)).isFalse();
  }

  @Test
  void one_changed_byte_or_another_key_is_noticed() throws Exception {
    byte[] changed = NODE.replace("0001\"}", "0002\"}").getBytes(UTF_8);
    assertThat(Rsa2.verifies(changed, ANSWER_SIGN, Rsa2.publicKey(ALIPAY_KEY))).isFalse();
    byte[] node = NODE.getBytes(UTF_8);
    assertThat(Rsa2.verifies(node, ANSWER_SIGN, Rsa2.publicKey(APPLICATION_KEY))).isFalse();
    for (String sign :
        new String[] {
          "", "AAAA", " " + ANSWER_SIGN, ANSWER_SIGN + "=", ANSWER_SIGN.toLowerCase(Locale.ROOT)
        }) {
      assertThat(Rsa2.verifies(node, sign, Rsa2.publicKey(ALIPAY_KEY))).isFalse();
    }
  }

  private static String sha256(byte[] text) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
  }
}
