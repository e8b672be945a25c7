package io.yunfu.simulator.alipay;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/// How the certificate mode names a certificate, in `app_cert_sn`, `alipay_cert_sn` and
/// `alipay_root_cert_sn`. Not its serial number: that is unique only among those of its issuer.
///
/// Source: channels.md, section 4.1; the vendor's SDK computes the same.
final class CertificateNumber {
  /// The object identifiers of RSA signatures begin so; roots with other keys are left out.
  private static final String RSA = "1.2.840.113549.1.1";

  private CertificateNumber() {}

  /// MD5, in hex, of the issuer's name as RFC 2253 writes it (the last part first) and the serial
  /// number in decimal digits.
  static String of(X509Certificate certificate) {
    String named = certificate.getIssuerX500Principal().getName() + certificate.getSerialNumber();
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(named.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }

  /// Of a file of roots: the numbers of all that are signed with RSA, joined by underscores.
  static String ofRoots(List<X509Certificate> roots) {
    return roots.stream()
        .filter(root -> root.getSigAlgOID().startsWith(RSA))
        .map(CertificateNumber::of)
        .collect(Collectors.joining("_"));
  }
}
