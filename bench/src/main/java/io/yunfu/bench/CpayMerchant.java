package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.yunfu.wire.cpay.AuthenKey;
import java.nio.ByteBuffer;

/// One sub-merchant's program: renders requests of `official_account_pay` over WeChat, each signed
/// anew with the sub-merchant's `authen_key`. Source: `cloudpay.md` sections 1.2, 1.3, 2.1.
///
/// Written from pieces that were made once: the load generator shares the machine with what it
/// measures. A test lets the wire module read what comes out.
final class CpayMerchant {
  private static final String END = "\"}";
  private static final byte[] AFTER_CONTENT =
      bytes("\\\"}\",\"authen_info\":{\"a\":{\"authen_type\":1,\"authen_code\":\"");
  private static final byte[] AFTER_CODE = bytes("\"}}}");

  private final AuthenKey key;
  private final byte[] head;
  private final String before;
  private final String after;

  /// The same as they stand in the envelope, which holds the content as a text.
  private final byte[] beforeEscaped;

  private final byte[] afterEscaped;

  /// @param host with the port, as sent
  /// @param subOpenId of the payer
  /// @param expiry when its orders expire; unit: seconds since 1970
  CpayMerchant(
      String host,
      String provider,
      String subMerchant,
      String shop,
      String subOpenId,
      long expiry,
      String authenKey) {
    this.key = AuthenKey.of(authenKey);
    this.head =
        bytes(
            "POST /cpay/official_account_pay HTTP/1.1\r\nHost: "
                + host
                + "\r\nContent-Type: application/json\r\nContent-Length: ");
    this.before =
        """
        {"pay_mch_key":{"pay_platform":1,"out_mch_id":"%s","out_sub_mch_id":"%s","out_shop_id":"%s",\
        "wxpay_pay_mch_key_ext":{"sub_open_id":"%s"}},"pay_content":{"out_trade_no":"\
        """
            .formatted(provider, subMerchant, shop, subOpenId);
    this.after =
        """
        ","total_fee":100,"fee_type":"CNY","time_expire":%d,"body":"coffee"},\
        "order_client":{"spbill_create_ip":"127.0.0.1","terminal_type":100},"nonce_str":"\
        """
            .formatted(expiry);
    this.beforeEscaped = bytes("{\"request_content\":\"" + before.replace("\"", "\\\""));
    this.afterEscaped = bytes(after.replace("\"", "\\\""));
  }

  /// Writes a whole request for one yuan.
  ///
  /// @param number of the order; the request is signed anew, since no two have the same
  void write(ByteBuffer out, String number) {
    byte[] body = body(number);
    out.put(head).put(bytes(body.length + "\r\n\r\n")).put(body);
  }

  /// The body of that request. For the same number it is the same, so it repeats a call whose
  /// outcome is not known.
  byte[] body(String number) {
    byte[] order = bytes(number);
    byte[] code = bytes(key.sign(before + number + after + number + END));
    var body =
        ByteBuffer.allocate(
            beforeEscaped.length
                + order.length
                + afterEscaped.length
                + order.length
                + AFTER_CONTENT.length
                + code.length
                + AFTER_CODE.length);
    body.put(beforeEscaped).put(order).put(afterEscaped).put(order);
    return body.put(AFTER_CONTENT).put(code).put(AFTER_CODE).array();
  }

  /// Whether an answer was signed with this sub-merchant's key.
  ///
  /// @param content the text of `response_content`, one level of JSON escapes undone
  boolean isSignedForMe(String content, String authenCode) {
    return key.sign(content).equals(authenCode);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(ISO_8859_1);
  }
}
