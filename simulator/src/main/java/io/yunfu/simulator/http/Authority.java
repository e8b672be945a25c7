package io.yunfu.simulator.http;

import io.yunfu.simulator.seed.Seed;
import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;

/// A certificate authority that lives as long as its simulator.
///
/// The JDK signs, encodes names and keys, and checks certificates, but has no public way to put one
/// together, so that is done here: RFC 5280, section 4.1, is one page. BouncyCastle would be three
/// jars of ten megabytes for it. What comes out is read back by the JDK and, in the tests, by
/// OpenSSL.
public final class Authority {
  private static final Duration LIFE = Duration.ofDays(365);
  private static final String BASIC_CONSTRAINTS = "2.5.29.19";
  private static final String KEY_USAGE = "2.5.29.15";
  private static final String EXTENDED_KEY_USAGE = "2.5.29.37";
  private static final String ALTERNATIVE_NAMES = "2.5.29.17";
  private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";

  private final Seed seed;
  private final Instant from;
  private final KeyPair keys;
  private final X509Certificate certificate;

  private Authority(Seed seed, String name, Instant now, KeyPair keys) {
    this.seed = seed;
    this.from = now.minus(Duration.ofDays(1)); // clocks of clients differ
    this.keys = keys;
    this.certificate =
        make(
            new X500Principal(name),
            keys.getPublic(),
            List.of(
                extension(BASIC_CONSTRAINTS, true, Der.sequence(Der.bool(true))),
                // keyCertSign, cRLSign
                extension(KEY_USAGE, true, Der.bits(new byte[] {0x06}, 1))));
  }

  /// An authority with a key on the curve P-256.
  ///
  /// @param name such as `CN=Yunfu simulator CA`
  /// @param now the real time, which is what TLS goes by
  public static Authority create(Seed seed, String name, Instant now) {
    return new Authority(seed, name, now, curveKeys(seed, "authority/" + name));
  }

  /// The same with an RSA key.
  public static Authority createRsa(Seed seed, String name, Instant now, KeyPair keys) {
    return new Authority(seed, name, now, keys);
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /// A certificate for a server at these names and addresses.
  public Credential server(String name, List<String> hosts) {
    KeyPair pair = curveKeys(seed, "server/" + name);
    List<byte[]> names = new ArrayList<>();
    for (String host : hosts) {
      names.add(alternative(host));
    }
    return new Credential(
        issue(
            "CN=" + name,
            pair.getPublic(),
            Optional.of(SERVER_AUTHENTICATION),
            List.of(extension(ALTERNATIVE_NAMES, false, Der.sequence(names)))),
        certificate,
        pair.getPrivate());
  }

  /// A certificate for a client, which brings its own key.
  public Credential client(String commonName, KeyPair pair) {
    return new Credential(
        issue(
            "CN=" + commonName + ", O=Yunfu simulator",
            pair.getPublic(),
            Optional.of(CLIENT_AUTHENTICATION),
            List.of()),
        certificate,
        pair.getPrivate());
  }

  /// A certificate for a key that somebody else holds.
  ///
  /// @param subject such as `CN=2021000000000001, O=Yunfu simulator`
  public X509Certificate issue(String subject, PublicKey key) {
    return issue(subject, key, Optional.empty(), List.of());
  }

  /// Whether this authority has issued it. When it ends does not matter: the real time is TLS's
  /// concern, and the simulated one is not that of certificates.
  public boolean issued(X509Certificate other) {
    try {
      other.verify(certificate.getPublicKey());
      return other.getIssuerX500Principal().equals(certificate.getSubjectX500Principal());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  private static KeyPair curveKeys(Seed seed, String purpose) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"), seed.keys(purpose));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK knows P-256", e);
    }
  }

  private X509Certificate issue(
      String subject, PublicKey key, Optional<String> use, List<byte[]> more) {
    List<byte[]> extensions = new ArrayList<>();
    extensions.add(extension(BASIC_CONSTRAINTS, true, Der.sequence()));
    // digitalSignature, keyEncipherment
    extensions.add(extension(KEY_USAGE, true, Der.bits(new byte[] {(byte) 0xa0}, 5)));
    use.ifPresent(
        oid -> extensions.add(extension(EXTENDED_KEY_USAGE, false, Der.sequence(Der.oid(oid)))));
    extensions.addAll(more);
    return make(new X500Principal(subject), key, extensions);
  }

  private X509Certificate make(X500Principal subject, PublicKey key, List<byte[]> extensions) {
    X500Principal issuer =
        certificate == null
            ? subject
            : certificate.getSubjectX500Principal(); // the first is its own
    // 8 bytes, positive; from the seed and the subject, so that a run can be repeated.
    var serial =
        new BigInteger(1, Arrays.copyOf(seed.digest(subject + "/" + key.hashCode()), 8))
            .shiftRight(1)
            .add(BigInteger.ONE);
    byte[] algorithm = algorithm(keys.getPrivate());
    byte[] body =
        Der.sequence(
            Der.tagged(0xa0, Der.integer(BigInteger.TWO)), // version 3
            Der.integer(serial),
            algorithm,
            issuer.getEncoded(),
            Der.sequence(Der.time(from), Der.time(from.plus(LIFE))),
            subject.getEncoded(),
            key.getEncoded(),
            Der.tagged(0xa3, Der.sequence(extensions)));
    try {
      Signature signature = Signature.getInstance(signatureName(keys.getPrivate()));
      signature.initSign(keys.getPrivate());
      signature.update(body);
      byte[] whole = Der.sequence(body, algorithm, Der.bits(signature.sign(), 0));
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(whole));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no certificate for " + subject, e);
    }
  }

  private static byte[] extension(String oid, boolean critical, byte[] value) {
    return critical
        ? Der.sequence(Der.oid(oid), Der.bool(true), Der.octets(value))
        : Der.sequence(Der.oid(oid), Der.octets(value));
  }

  /// A name or an address, as in RFC 5280, section 4.2.1.6.
  private static byte[] alternative(String host) {
    if (host.matches("[0-9.]+|[0-9a-fA-F:]+:[0-9a-fA-F:.]*")) {
      try {
        return Der.tagged(0x87, InetAddress.getByName(host).getAddress()); // a literal: no lookup
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException(host + " is no address", e);
      }
    }
    return Der.tagged(0x82, host.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] algorithm(PrivateKey key) {
    return key.getAlgorithm().equals("RSA")
        ? Der.sequence(Der.oid("1.2.840.113549.1.1.11"), Der.none()) // sha256WithRSAEncryption
        : Der.sequence(Der.oid("1.2.840.10045.4.3.2")); // ecdsa-with-SHA256
  }

  private static String signatureName(PrivateKey key) {
    return key.getAlgorithm().equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA";
  }
}
