package io.yunfu.wire.cpay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;

/// A sub-merchant's public key, for `refund` with `authen_info.s`: RSASSA-PSS with 2048 bits and
/// SHA-256. Source: `cloudpay.md` section 1.5.
public final class RsaKey {
  /// Unit: bits.
  private static final int MODULUS = 2048;

  /// Unit: bytes, in the order of likelihood: what the published sample asks OpenSSL for (its
  /// maximum), and what most libraries do by default. The JDK cannot find the length out by itself.
  private static final int[] SALT_LENGTHS = {222, 32};

  private final PublicKey key;

  private RsaKey(PublicKey key) {
    this.key = key;
  }

  /// The key that a merchant registered.
  ///
  /// @param text PEM, or the Base64 inside it (X.509 SubjectPublicKeyInfo)
  /// @throws IllegalArgumentException when it is not an RSA public key of 2048 bits
  public static RsaKey of(String text) {
    String base64 = text.replaceAll("-----(BEGIN|END) PUBLIC KEY-----", "").replaceAll("\\s", "");
    try {
      PublicKey key =
          KeyFactory.getInstance("RSA")
              .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
      if (key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() == MODULUS) {
        return new RsaKey(key);
      }
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IllegalArgumentException("not an RSA public key in X.509 form", e);
    }
    throw new IllegalArgumentException("not an RSA public key of " + MODULUS + " bits");
  }

  /// @param signature Base64 of the signature's bytes
  boolean verifies(String text, String signature) {
    byte[] claimed;
    try {
      claimed = Base64.getDecoder().decode(signature);
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
    byte[] data = text.getBytes(UTF_8);
    for (int saltLength : SALT_LENGTHS) {
      if (verifies(data, claimed, saltLength)) {
        return true;
      }
    }
    return false;
  }

  private boolean verifies(byte[] data, byte[] claimed, int saltLength) {
    try {
      Signature signature = Signature.getInstance("RSASSA-PSS");
      signature.setParameter(
          new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, saltLength, 1));
      signature.initVerify(key);
      signature.update(data);
      return signature.verify(claimed);
    } catch (GeneralSecurityException wrongLength) {
      return false;
    }
  }
}
