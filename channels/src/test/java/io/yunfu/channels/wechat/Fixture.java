package io.yunfu.channels.wechat;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.gateway.channel.OrderReference;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Secret;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

/// One merchant, one order of it, and WeChat Pay's half of the conversation.
final class Fixture {
  static final String KEY = "TESTKEY0000000000000000000000001";
  static final String APP_ID = "wx00000000000000aa";
  static final String MERCHANT = "1900000001";
  static final String SUB_APP_ID = "wx00000000000000bb";
  static final String SUB_MERCHANT = "1900000101";
  static final String ORDER = "cp0120260101000000000000000001";
  static final String TRANSACTION = "4200000000202601010000000001";
  static final String REFUND = "cp01R20260101000000000000000001";
  static final Money TOTAL = Money.cny(101);

  private Fixture() {}

  static ChannelAccount.Wechat account(SignType type) {
    return new ChannelAccount.Wechat(
        MERCHANT,
        APP_ID,
        SUB_MERCHANT,
        Optional.of(SUB_APP_ID),
        Secret.of(KEY),
        Optional.empty(),
        type,
        Optional.empty());
  }

  static OrderReference order(SignType type) {
    return new OrderReference(ORDER, Optional.empty(), TOTAL, Optional.of(type));
  }

  /// What every signed answer says, before it says anything.
  static Map<String, String> success() {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("return_code", "SUCCESS");
    fields.put("return_msg", "OK");
    fields.put("appid", APP_ID);
    fields.put("mch_id", MERCHANT);
    fields.put("sub_appid", SUB_APP_ID);
    fields.put("sub_mch_id", SUB_MERCHANT);
    fields.put("nonce_str", "NtfN0nce00000000000000000000001");
    fields.put("result_code", "SUCCESS");
    return fields;
  }

  static Map<String, String> failure(String code) {
    Map<String, String> fields = success();
    fields.put("result_code", "FAIL");
    fields.put("err_code", code);
    fields.put("err_code_des", "because of " + code);
    return fields;
  }

  /// An order that was paid, as a query's answer and a notice say it.
  static Map<String, String> paid() {
    Map<String, String> fields = success();
    fields.put("openid", "oSpUser00000000000000000000001");
    fields.put("sub_openid", "oTestUser0000000000000000001");
    fields.put("trade_type", "JSAPI");
    fields.put("bank_type", "OTHERS");
    fields.put("total_fee", "101");
    fields.put("fee_type", "CNY");
    fields.put("cash_fee", "91");
    fields.put("settlement_total_fee", "96");
    fields.put("coupon_fee", "10");
    fields.put("coupon_count", "2");
    fields.put("coupon_id_0", "c0");
    fields.put("coupon_fee_0", "5");
    fields.put("coupon_type_0", "CASH");
    fields.put("coupon_id_1", "c1");
    fields.put("coupon_fee_1", "5");
    fields.put("coupon_type_1", "NO_CASH");
    fields.put("transaction_id", TRANSACTION);
    fields.put("out_trade_no", ORDER);
    fields.put("attach", "shop 7");
    fields.put("time_end", "20260101120020");
    return fields;
  }

  static byte[] signed(Map<String, String> fields, SignType type) {
    return signed(fields, type, KEY);
  }

  static byte[] signed(Map<String, String> fields, SignType type, String key) {
    Map<String, String> whole = new LinkedHashMap<>(fields);
    whole.put("sign", Signing.sign(whole, type, Secret.of(key)));
    return unsigned(whole);
  }

  static byte[] unsigned(Map<String, String> fields) {
    return Xml.write(fields).getBytes(UTF_8);
  }

  /// What a refund notice says in the open.
  static Map<String, String> refundNotice(String hidden) {
    return refundNotice(hidden, KEY);
  }

  static Map<String, String> refundNotice(String hidden, String key) {
    Map<String, String> fields = success();
    fields.remove("result_code");
    fields.put("req_info", encrypted(hidden, key));
    return fields;
  }

  static String hidden(String status) {
    return "<root><out_refund_no><![CDATA[%s]]></out_refund_no><out_trade_no>%s</out_trade_no>"
            .formatted(REFUND, ORDER)
        + "<refund_id>50000</refund_id><refund_fee>101</refund_fee>"
        + "<refund_status>%s</refund_status>".formatted(status)
        + "<success_time>2026-01-01 12:10:00</success_time></root>";
  }

  static String encrypted(String text) {
    return encrypted(text, KEY);
  }

  private static String encrypted(String text, String key) {
    try {
      byte[] md5 = MessageDigest.getInstance("MD5").digest(key.getBytes(UTF_8));
      Cipher cipher = Cipher.getInstance("AES/ECB/PKCS5Padding");
      cipher.init(
          Cipher.ENCRYPT_MODE,
          new SecretKeySpec(HexFormat.of().formatHex(md5).getBytes(US_ASCII), "AES"));
      return Base64.getEncoder().encodeToString(cipher.doFinal(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
