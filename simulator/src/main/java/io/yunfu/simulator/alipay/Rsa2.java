package io.yunfu.simulator.alipay;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.util.Base64;

/// `RSA2`: SHA-256 with RSA, in Base64. The one algorithm that is accepted here; `RSA`, with SHA-1,
/// is refused.
final class Rsa2 {
  static final String NAME = "RSA2";

  private static final String ALGORITHM = "SHA256withRSA";

  private Rsa2() {}

  static String sign(PrivateKey key, byte[] text) {
    return sign(ALGORITHM, key, text);
  }

  /// The algorithm that is called `RSA`, which nobody should accept any more: for faults.
  static String signSha1(PrivateKey key, byte[] text) {
    return sign("SHA1withRSA", key, text);
  }

  /// A signature of the same form that fits nothing.
  static String spoilt(String sign) {
    char first = sign.charAt(0) == 'A' ? 'B' : 'A';
    return first + sign.substring(1);
  }

  private static String sign(String algorithm, PrivateKey key, byte[] text) {
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(text);
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key of ours cannot sign", e);
    }
  }

  /// Whether the key's owner signed this text. What is no Base64 at all signs nothing.
  static boolean verifies(PublicKey key, byte[] text, String sign) {
    byte[] decoded;
    try {
      decoded = Base64.getDecoder().decode(sign);
    } catch (IllegalArgumentException e) {
      return false;
    }
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key);
      signature.update(text);
      return signature.verify(decoded);
    } catch (SignatureException e) {
      return false; // of another length than the key
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a key of ours cannot verify", e);
    }
  }
}
