package io.yunfu.gateway.merchant;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.yunfu.gateway.channel.ChannelAccount.ClientCertificate;
import io.yunfu.kernel.Secret;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads the forms in which channels hand out keys and certificates. What cannot be read is empty:
/// whoever asks says so without quoting it.
public final class KeyFiles {
  private static final Pattern CERTIFICATE =
      Pattern.compile("-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]+)-----END CERTIFICATE-----");

  /// How all its object identifiers, 1.2.156.10197, begin in DER.
  private static final String CHINESE =
      new String(new byte[] {0x2a, (byte) 0x81, 0x1c, (byte) 0xcf, 0x55}, ISO_8859_1);

  private KeyFiles() {}

  /// A certificate with its key.
  record Pair(PrivateKey key, X509Certificate certificate) {}

  /// Opens a PKCS#12 file.
  static Optional<Pair> open(ClientCertificate file) {
    char[] password = file.password().reveal().toCharArray();
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(file.pkcs12().reveal());
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(new ByteArrayInputStream(bytes), password);
      var names = store.aliases();
      while (names.hasMoreElements()) {
        String name = names.nextElement();
        if (store.getKey(name, password) instanceof PrivateKey key
            && store.getCertificate(name) instanceof X509Certificate certificate) {
          return Optional.of(new Pair(key, certificate));
        }
      }
      return Optional.empty();
    } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// Makes a PKCS#12 file of a certificate and its key, both in PEM.
  ///
  /// @return empty when one of them cannot be read, or they do not belong together
  public static Optional<ClientCertificate> join(String certificates, Secret key, Secret password) {
    List<X509Certificate> chain = certificates(certificates);
    Optional<RSAPrivateCrtKey> privateKey = privateKey(key.reveal());
    if (chain.isEmpty()
        || privateKey.isEmpty()
        || !belongTogether(privateKey.get(), chain.getFirst().getPublicKey())) {
      return Optional.empty();
    }
    try {
      char[] characters = password.reveal().toCharArray();
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, characters);
      store.setKeyEntry("client", privateKey.get(), characters, chain.toArray(Certificate[]::new));
      var bytes = new ByteArrayOutputStream();
      store.store(bytes, characters);
      return Optional.of(
          new ClientCertificate(
              Secret.of(Base64.getEncoder().encodeToString(bytes.toByteArray())), password));
    } catch (GeneralSecurityException | IOException e) {
      return Optional.empty();
    }
  }

  /// An RSA key in PKCS#8, in Base64 or PEM.
  static Optional<RSAPrivateCrtKey> privateKey(String text) {
    try {
      var key =
          KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(decoded(text)));
      return key instanceof RSAPrivateCrtKey rsa ? Optional.of(rsa) : Optional.empty();
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// An RSA key in X.509, in Base64 or PEM.
  static Optional<PublicKey> publicKey(String text) {
    try {
      return Optional.of(
          KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(decoded(text))));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// The public half of a private key.
  static Optional<PublicKey> publicHalf(RSAPrivateCrtKey key) {
    try {
      return Optional.of(
          KeyFactory.getInstance("RSA")
              .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent())));
    } catch (GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  /// Certificates in PEM, one after the other; none when one of them cannot be read. Alipay's file
  /// of roots begins with one of the Chinese commercial cryptography (SM2), which no JDK can read
  /// and nothing here needs: such are passed over.
  static List<X509Certificate> certificates(String pem) {
    try {
      var factory = CertificateFactory.getInstance("X.509");
      var certificates = new ArrayList<X509Certificate>();
      for (var block = CERTIFICATE.matcher(pem); block.find(); ) {
        byte[] bytes = Base64.getMimeDecoder().decode(block.group(1));
        if (!isChinese(bytes)) {
          certificates.add(
              (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(bytes)));
        }
      }
      return certificates;
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return List.of();
    }
  }

  /// Whether a certificate names anything of the Chinese commercial cryptography.
  private static boolean isChinese(byte[] certificate) {
    return new String(certificate, ISO_8859_1).contains(CHINESE);
  }

  static boolean belongTogether(RSAPrivateCrtKey key, PublicKey half) {
    return publicHalf(key).filter(half::equals).isPresent();
  }

  private static byte[] decoded(String text) {
    return Base64.getDecoder()
        .decode(text.replaceAll("-----[A-Z ]+-----", "").replaceAll("\\s", ""));
  }
}
