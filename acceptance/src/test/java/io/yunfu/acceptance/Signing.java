package io.yunfu.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The arithmetic of both signatures, written once more: with the server's own code we would only
/// prove that it agrees with itself. Source: `billing.md`, sections 1.5 and 1.6.
final class Signing {
  private Signing() {}

  /// @param canonical the canonical request
  /// @param scope date, service and `tc3_request`
  static String v3(String secretKey, String canonical, String timestamp, String scope) {
    String[] parts = scope.split("/", -1);
    byte[] key = ("TC3" + secretKey).getBytes(UTF_8);
    for (String part : parts) {
      key = hmac("HmacSHA256", key, part);
    }
    String text = String.join("\n", "TC3-HMAC-SHA256", timestamp, scope, sha256(canonical));
    return remembered(HexFormat.of().formatHex(hmac("HmacSHA256", key, text)));
  }

  /// @param method `HmacSHA1` or `HmacSHA256`
  static String v1(String secretKey, String method, String source) {
    byte[] signature = hmac(method, secretKey.getBytes(UTF_8), source);
    return remembered(Base64.getEncoder().encodeToString(signature));
  }

  static String sha256(String text) {
    return sha256(text.getBytes(UTF_8));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] hmac(String method, byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance(method);
      mac.init(new SecretKeySpec(key, method));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String remembered(String signature) {
    Secrets.remember(signature);
    return signature;
  }
}
