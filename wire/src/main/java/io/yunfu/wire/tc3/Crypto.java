package io.yunfu.wire.tc3;

import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The JDK's digests without their checked exceptions: every JDK has SHA-256 and both HMACs.
final class Crypto {
  static final String HMAC_SHA1 = "HmacSHA1";
  static final String HMAC_SHA256 = "HmacSHA256";

  /// Copied for each use: a clone costs a fraction of the lookup in the provider list.
  private static final MessageDigest SHA256 = newSha256();

  private Crypto() {}

  static byte[] sha256(byte[] bytes) {
    return copyOfSha256().digest(bytes);
  }

  static byte[] hmac(String algorithm, byte[] key, byte[] text) {
    return mac(algorithm, key).doFinal(text);
  }

  /// A MAC that is ready for use, or to be copied with [#copy].
  static Mac mac(String algorithm, byte[] key) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("this JDK lacks " + algorithm, e);
    }
  }

  /// A copy with the same key. The original is only read, so any thread may copy it.
  static Mac copy(Mac mac) {
    try {
      return (Mac) mac.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("this JDK cannot copy a MAC", e);
    }
  }

  private static MessageDigest copyOfSha256() {
    try {
      return (MessageDigest) SHA256.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("this JDK cannot copy a digest", e);
    }
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK lacks SHA-256", e);
    }
  }
}
