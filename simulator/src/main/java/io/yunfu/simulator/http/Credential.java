package io.yunfu.simulator.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.HexFormat;

/// A certificate with its private key, in the forms that clients want.
public final class Credential {
  private final X509Certificate certificate;
  private final X509Certificate issuer;
  private final PrivateKey key;

  Credential(X509Certificate own, X509Certificate issuer, PrivateKey key) {
    this.certificate = own;
    this.issuer = issuer;
    this.key = key;
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /// The modern PKCS#12 of the JDK, which current clients take.
  public KeyStore keyStore(String password) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry(
          "key", key, password.toCharArray(), new Certificate[] {certificate, issuer});
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a key store in memory failed", e);
    }
  }

  public byte[] pkcs12(String password) {
    var bytes = new ByteArrayOutputStream();
    try {
      keyStore(password).store(bytes, password.toCharArray());
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a key store in memory failed", e);
    }
    return bytes.toByteArray();
  }

  public String certificatePem() {
    return pem(certificate);
  }

  /// PKCS#8.
  public String keyPem() {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  public String fingerprint() {
    return fingerprint(certificate);
  }

  /// SHA-256 of the certificate, in hex.
  public static String fingerprint(X509Certificate certificate) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String pem(X509Certificate certificate) {
    try {
      return pem("CERTIFICATE", certificate.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  public static String pem(String label, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            label,
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content),
            label);
  }
}
