package io.yunfu.wire.tc3;

import static java.nio.charset.StandardCharsets.UTF_8;

import javax.crypto.Mac;

/// What signature v3 really signs with: derived from the secret for one date and one service.
/// Source: billing 2018-07-09, section 1.5, step 4.
final class SigningKey {
  private final String date;
  private final String service;
  private final Mac mac;

  private SigningKey(String date, String service, byte[] key) {
    this.date = date;
    this.service = service;
    this.mac = Crypto.mac(Crypto.HMAC_SHA256, key);
  }

  static SigningKey derive(byte[] secretKey, String date, String service) {
    return new SigningKey(date, service, bytes(secretKey, date, service));
  }

  /// The raw key: `kSigning` of the published steps.
  static byte[] bytes(byte[] secretKey, String date, String service) {
    return next(kService(secretKey, date, service), "tc3_request");
  }

  static byte[] kService(byte[] secretKey, String date, String service) {
    return next(kDate(secretKey, date), service);
  }

  static byte[] kDate(byte[] secretKey, String date) {
    byte[] prefixed = new byte[3 + secretKey.length];
    prefixed[0] = 'T';
    prefixed[1] = 'C';
    prefixed[2] = '3';
    System.arraycopy(secretKey, 0, prefixed, 3, secretKey.length);
    return next(prefixed, date);
  }

  private static byte[] next(byte[] key, String text) {
    return Crypto.hmac(Crypto.HMAC_SHA256, key, text.getBytes(UTF_8));
  }

  boolean isFor(String otherDate, String otherService) {
    return date.equals(otherDate) && service.equals(otherService);
  }

  byte[] sign(String text) {
    return Crypto.copy(mac).doFinal(text.getBytes(UTF_8));
  }
}
