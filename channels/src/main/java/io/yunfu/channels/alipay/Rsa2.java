package io.yunfu.channels.alipay;

import io.yunfu.kernel.Secret;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Pattern;

/// Alipay's only signature that we use: SHA-256 with RSA, at least 2048 bits, in Base64. `RSA`,
/// which is SHA-1, is refused.
final class Rsa2 {
  /// As `sign_type` spells it.
  static final String SIGN_TYPE = "RSA2";

  private static final int SHORTEST_KEY_BITS = 2048;
  private static final String ALGORITHM = "SHA256withRSA";
  private static final Pattern PEM_FRAME = Pattern.compile("-----[A-Z ]+-----|\\s");

  private Rsa2() {}

  static String sign(byte[] text, RSAPrivateKey key) {
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initSign(key);
      signature.update(text);
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK cannot sign with " + ALGORITHM, e);
    }
  }

  /// Strict Base64, so that a signature has one spelling.
  static boolean verifies(byte[] text, String sign, RSAPublicKey key) {
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(sign);
    } catch (IllegalArgumentException e) {
      return false;
    }
    try {
      Signature signature = Signature.getInstance(ALGORITHM);
      signature.initVerify(key);
      signature.update(text);
      return signature.verify(bytes);
    } catch (SignatureException e) {
      return false; // its length does not fit the key
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK cannot verify " + ALGORITHM, e);
    }
  }

  /// @param text PKCS#8 in Base64 or PEM
  static RSAPrivateKey privateKey(Secret text) throws CredentialsUnfit {
    if (text.reveal().contains("BEGIN RSA PRIVATE KEY")) {
      throw new CredentialsUnfit(
          "the application's private key is in PKCS#1; convert it: openssl pkcs8 -topk8 -nocrypt");
    }
    RSAPrivateKey key;
    try {
      key =
          (RSAPrivateKey)
              KeyFactory.getInstance("RSA")
                  .generatePrivate(new PKCS8EncodedKeySpec(bytes(text.reveal())));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      // The cause is dropped, since it may quote the key.
      throw new CredentialsUnfit("the application's private key is not an RSA key in PKCS#8");
    }
    needLength("the application's private key", key);
    return key;
  }

  /// @param text X.509 in Base64 or PEM
  static RSAPublicKey publicKey(String text) throws CredentialsUnfit {
    RSAPublicKey key;
    try {
      key =
          (RSAPublicKey)
              KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(bytes(text)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new CredentialsUnfit("Alipay's public key is not an RSA key in X.509");
    }
    needLength("Alipay's public key", key);
    return key;
  }

  static void needLength(String whose, RSAKey key) throws CredentialsUnfit {
    int bits = key.getModulus().bitLength();
    if (bits < SHORTEST_KEY_BITS) {
      throw new CredentialsUnfit(
          whose + " has " + bits + " bits, and needs at least " + SHORTEST_KEY_BITS);
    }
  }

  private static byte[] bytes(String text) {
    return Base64.getDecoder().decode(PEM_FRAME.matcher(text).replaceAll(""));
  }
}
