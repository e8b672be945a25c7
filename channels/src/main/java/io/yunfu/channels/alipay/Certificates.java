package io.yunfu.channels.alipay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertPathBuilder;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.CollectionCertStoreParameters;
import java.security.cert.PKIXBuilderParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CertSelector;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// X.509 as Alipay's certificate mode uses it: serial numbers of its own making, and chains up to
/// its roots. Source: `channels.md` section 4.1.
final class Certificates {
  private static final Pattern PEM =
      Pattern.compile("-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\\s]+)-----END CERTIFICATE-----");

  /// Signature algorithms of PKCS#1.
  private static final String RSA_SIGNED = "1.2.840.113549.1.1.";

  /// The beginning of every object identifier of the Chinese commercial cryptography, DER-encoded:
  /// 1.2.156.10197. Alipay's file of roots begins with an SM2 root, which no JDK can read and RSA2
  /// does not need.
  private static final byte[] CHINESE_CRYPTOGRAPHY = {0x2a, (byte) 0x81, 0x1c, (byte) 0xcf, 0x55};

  private Certificates() {}

  /// A certificate's number at Alipay: the MD5, in hex, of the issuer's name (RFC 2253, so in
  /// reverse order) followed by the decimal serial number.
  static String number(X509Certificate certificate) {
    String text =
        certificate.getIssuerX500Principal().getName() + certificate.getSerialNumber().toString();
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("MD5").digest(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks MD5", e);
    }
  }

  /// The numbers of all roots that are signed with RSA, in the order of the file.
  static String numbers(List<X509Certificate> roots) {
    return roots.stream().map(Certificates::number).collect(Collectors.joining("_"));
  }

  /// The RSA roots of a file in PEM.
  static List<X509Certificate> roots(String pem) throws CredentialsUnfit {
    List<X509Certificate> roots = new ArrayList<>();
    for (byte[] der : blocks("Alipay's roots", pem)) {
      if (indexOf(der, CHINESE_CRYPTOGRAPHY) < 0) {
        X509Certificate root = read("Alipay's roots", der);
        if (root.getSigAlgOID().startsWith(RSA_SIGNED)) {
          roots.add(root);
        }
      }
    }
    if (roots.isEmpty()) {
      throw new CredentialsUnfit("among Alipay's roots is none with RSA");
    }
    return roots;
  }

  /// A certificate, and after it those that lead to a root.
  static List<X509Certificate> chain(String whose, String pem) throws CredentialsUnfit {
    List<X509Certificate> chain = new ArrayList<>();
    for (byte[] der : blocks(whose, pem)) {
      chain.add(read(whose, der));
    }
    return chain;
  }

  static RSAPublicKey key(String whose, X509Certificate certificate) throws CredentialsUnfit {
    if (!(certificate.getPublicKey() instanceof RSAPublicKey key)) {
      throw new CredentialsUnfit(whose + " is not for an RSA key");
    }
    Rsa2.needLength(whose, key);
    return key;
  }

  static boolean isExpired(X509Certificate certificate, Instant now) {
    return certificate.getNotAfter().toInstant().isBefore(now);
  }

  /// Whether a chain leads from its first certificate to one of the roots, and all of it is valid
  /// at that time. Nothing is asked of the network: Alipay revokes by not using a certificate any
  /// more.
  static void needTrust(
      String whose, List<X509Certificate> chain, List<X509Certificate> roots, Instant now)
      throws CredentialsUnfit {
    try {
      var target = new X509CertSelector();
      target.setCertificate(chain.getFirst());
      Set<TrustAnchor> anchors =
          roots.stream().map(root -> new TrustAnchor(root, null)).collect(Collectors.toSet());
      var parameters = new PKIXBuilderParameters(anchors, target);
      parameters.addCertStore(
          CertStore.getInstance("Collection", new CollectionCertStoreParameters(chain)));
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(now));
      CertPathBuilder.getInstance("PKIX").build(parameters);
    } catch (CertPathBuilderException e) {
      throw new CredentialsUnfit(whose + " does not lead to one of Alipay's roots");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK cannot follow a chain of certificates", e);
    }
  }

  private static List<byte[]> blocks(String whose, String pem) throws CredentialsUnfit {
    List<byte[]> blocks = new ArrayList<>();
    for (Matcher block = PEM.matcher(pem); block.find(); ) {
      try {
        blocks.add(Base64.getMimeDecoder().decode(block.group(1)));
      } catch (IllegalArgumentException e) {
        throw new CredentialsUnfit(whose + ": a certificate is not in Base64");
      }
    }
    if (blocks.isEmpty()) {
      throw new CredentialsUnfit(whose + ": no certificate in PEM");
    }
    return blocks;
  }

  private static X509Certificate read(String whose, byte[] der) throws CredentialsUnfit {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der));
    } catch (CertificateException e) {
      throw new CredentialsUnfit(whose + ": a certificate cannot be read");
    }
  }

  private static int indexOf(byte[] bytes, byte[] part) {
    for (int at = 0; at <= bytes.length - part.length; at++) {
      if (Arrays.equals(bytes, at, at + part.length, part, 0, part.length)) {
        return at;
      }
    }
    return -1;
  }
}
