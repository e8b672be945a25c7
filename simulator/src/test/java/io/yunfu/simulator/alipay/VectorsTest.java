package io.yunfu.simulator.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;

/// The published vectors of channels.md, section 4.2, whose private keys nobody has any more. The
/// vendor's SDKs verify the same three.
class VectorsTest {
  private static final PublicKey APP =
      key(
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
          """);

  private static final PublicKey CHANNEL =
      key(
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
          """);

  private static final String REQUEST =
      "app_id=2021000000000001&biz_content={\"out_trade_no\":\"cp01202601010000000000000"
          + "00001\",\"total_amount\":\"1.01\",\"subject\":\"测试门店-豆浆\",\"buyer_id\":\"2088000000000001\""
          + ",\"product_code\":\"FACE_TO_FACE_PAYMENT\",\"timeout_express\":\"5m\"}&charset=utf-8&f"
          + "ormat=JSON&method=alipay.trade.create&notify_url=https://gw.example.test/chann"
          + "el/alipay/notify&sign_type=RSA2&timestamp=2026-01-01 12:00:00&version=1.0";
  private static final String REQUEST_SIGN =
      "MaH5/SLwSOrVgktQIQq81oGqSqGUVeptyHpX/oYDoeXgOXffXt8h+HU5a+2rfWwUeAXyyLA17Prc0l"
          + "lkI9Tmws2jORiE7YKVqwnIi4huKKOSDGHLg4gZGByt9XsvVZD9tzhYWrpg3cAgM+JdzhFIduZGuwVh"
          + "PNw0kadQn7NiiQAMVYpZPtqSI688Nd1NeiC5xuTw5ZH9ygGbGGZLw1RuoMGbgGWTCd1Lomx5xTb0Fi"
          + "BH4Y7mTQxKZKLn9x9edogfv0Fj8Bm9cYBgP0FMQCElKHsM0bkGSzW5PRWcrh9Dmxv/bg+pTLLvk9gB"
          + "2rMFDECjQyLwbB9/5eoU2/Ar2HmMCg==";
  private static final String NODE =
      "{\"code\":\"10000\",\"msg\":\"Success\",\"out_trade_no\":\"cp0120260101000000000000000001"
          + "\",\"trade_no\":\"2026010122000000000000000001\"}";
  private static final String NODE_SIGN =
      "BlA0J6KD9BH/2bGmy5W1wX2A3DOpxLmA5+v8xr2tMCF8HQeQF4yd4rYMwg+tfo5VPkOWvOry1OjpNv"
          + "QmLrrS53w7vlOBNYv8/mg9rvE6yWzI91YVr/G9a8fi2oJGGX9GzNT+P8JMpIWlhRtPpl8O6n9muDA8"
          + "/h1cfzjqMLqAkN3CYo3FLGY+353eIs61noaSb4hXj+bScWttp52ua+/tX/DrN8xqKYjG9ryoe1Uja8"
          + "ikZTXa501VWjZdV141hjcN6pV9URPK6/CyvQU2LTLx1aTGBLw2ZZnfDlGbztNRNZ+EWhd7kF9mwKdS"
          + "gmuWpKJFP+eM9nzFdtPR1U1321rukw==";
  private static final String NOTICE =
      "app_id=2021000000000001&buyer_id=2088000000000001&buyer_pay_amount=1.01&charse"
          + "t=utf-8&fund_bill_list=[{\"amount\":\"1.01\",\"fundChannel\":\"ALIPAYACCOUNT\"}]&gmt_c"
          + "reate=2026-01-01 12:00:00&gmt_payment=2026-01-01 12:00:20&notify_id=2026010100"
          + "222120020000000000000001&notify_time=2026-01-01 12:00:21&notify_type=trade_sta"
          + "tus_sync&out_trade_no=cp0120260101000000000000000001&receipt_amount=1.01&selle"
          + "r_id=2088000000000101&subject=测试门店-豆浆&total_amount=1.01&trade_no=2026010122000"
          + "000000000000001&trade_status=TRADE_SUCCESS&version=1.0";
  private static final String NOTICE_SIGN =
      "kXMDvGEewToUef4YuhLtr52mmGA00zxhSAi57dCikf/P7XBb3slki9L0UreHM+6y3q1GRq/2uAXBhG"
          + "pyxyPmdyHUhPj5kl7AUDU1GkudIpLcnd4vi/FrGgvUXcNYmJ/PjASJ/FA+rBies9HnUmNfKb+M/a3+"
          + "XdXNTSlPmk7/LnLcu/TsSQGeaT6rfwQviYvtcWwMFHAsTNUS+en/af/dUp1I2lAorvLGQMBbs9x7rP"
          + "AnctdGFwRlmzUjiniuAsdvoJzv0XcELaclk2h7nujMHWAS0IhTkpCzh42OB1AV5etjYTht+mCAI458"
          + "+xygrwjv9zZp1Bbjds4BRtqBxq24gw==";

  @Test
  void the_published_hashes_are_those_of_the_published_texts() throws GeneralSecurityException {
    assertThat(sha256(REQUEST))
        .isEqualTo("d9894a26cc6389ed929d875936918d5de8ae1ebf950b3d5e1f5dc5c96486bed7");
    assertThat(sha256(NODE))
        .isEqualTo("0268b12662d106b81c7e618cc9864846b9afafd960ece35ff4eee6aa6691849e");
  }

  @Test
  void the_parameters_of_the_request_give_its_text_in_whatever_order_they_came() {
    Map<String, String> parameters = new LinkedHashMap<>(parameters(REQUEST).reversed());
    parameters.put("sign", REQUEST_SIGN);
    parameters.put("app_auth_token", "");
    assertThat(SignText.ofCall(parameters)).isEqualTo(REQUEST);
  }

  @Test
  void the_request_verifies_with_the_key_of_the_application() {
    assertThat(Rsa2.verifies(APP, REQUEST.getBytes(UTF_8), REQUEST_SIGN)).isTrue();
    assertThat(Rsa2.verifies(CHANNEL, REQUEST.getBytes(UTF_8), REQUEST_SIGN)).isFalse();
  }

  @Test
  void the_answer_verifies_over_the_text_of_its_node() {
    assertThat(Rsa2.verifies(CHANNEL, NODE.getBytes(UTF_8), NODE_SIGN)).isTrue();
  }

  @Test
  void the_node_is_written_as_published() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("out_trade_no", "cp0120260101000000000000000001");
    fields.put("trade_no", "2026010122000000000000000001");
    String text = OpenAnswer.text(OpenAnswer.Done.of(fields).node(), true);
    assertThat(text).isEqualTo(NODE);
    assertThat(
            OpenAnswer.envelope(
                OpenMethod.CREATE.node(), text, Optional.empty(), Optional.of(NODE_SIGN)))
        .isEqualTo(
            "{\"alipay_trade_create_response\":" + NODE + ",\"sign\":\"" + NODE_SIGN + "\"}");
  }

  @Test
  void the_notice_verifies_without_its_sign_type() {
    Map<String, String> form = parameters(NOTICE);
    form.put("sign_type", "RSA2");
    form.put("sign", NOTICE_SIGN);
    assertThat(SignText.ofNotice(form)).isEqualTo(NOTICE);
    assertThat(Rsa2.verifies(CHANNEL, NOTICE.getBytes(UTF_8), NOTICE_SIGN)).isTrue();
  }

  @Test
  void a_character_more_or_a_signature_that_is_none_verifies_nothing() {
    assertThat(Rsa2.verifies(APP, (REQUEST + " ").getBytes(UTF_8), REQUEST_SIGN)).isFalse();
    assertThat(
            Rsa2.verifies(
                APP, REQUEST.getBytes(UTF_8), REQUEST_SIGN.toLowerCase(java.util.Locale.ROOT)))
        .isFalse();
    assertThat(Rsa2.verifies(APP, REQUEST.getBytes(UTF_8), REQUEST_SIGN + "=")).isFalse();
    assertThat(Rsa2.verifies(APP, REQUEST.getBytes(UTF_8), "not Base64!")).isFalse();
    assertThat(Rsa2.verifies(APP, REQUEST.getBytes(UTF_8), "AAAA")).isFalse();
    assertThat(Rsa2.verifies(APP, REQUEST.getBytes(UTF_8), "")).isFalse();
  }

  /// Takes a signed text apart; `biz_content` and lists hold no `&` here.
  private static SequencedMap<String, String> parameters(String text) {
    SequencedMap<String, String> parameters = new LinkedHashMap<>();
    for (String part : text.split("&", -1)) {
      int equals = part.indexOf('=');
      parameters.put(part.substring(0, equals), part.substring(equals + 1));
    }
    return parameters;
  }

  private static String sha256(String text) throws GeneralSecurityException {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
  }

  private static PublicKey key(String pem) {
    byte[] encoded =
        Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", "").strip());
    try {
      return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(encoded));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
