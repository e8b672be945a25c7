package io.yunfu.billing.account;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The security token of a temporary key, which is kept as its SHA-256: it is random enough to need
/// no salt.
final class Token {
  private Token() {}

  static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /// In constant time.
  static boolean matches(String token, byte[] sha256) {
    return MessageDigest.isEqual(sha256(token), sha256);
  }
}
