package io.yunfu.server.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A certificate with those that signed it, and its private key, as one finds them in PEM files.
/// Keys may be PKCS#8 (`PRIVATE KEY`), PKCS#1 (`RSA PRIVATE KEY`) or SEC 1 (`EC PRIVATE KEY`),
/// which are what `openssl` and ACME clients write. A key behind a password is refused: the
/// password would lie beside it.
final class ServerCertificate {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([^-]*)-----END \\1-----");

  private final List<X509Certificate> chain;
  private final PrivateKey key;

  private ServerCertificate(List<X509Certificate> chain, PrivateKey key) {
    this.chain = List.copyOf(chain);
    this.key = key;
  }

  /// Reads and checks: that there is a chain and a key, and that they belong together. The files
  /// are only named in what is thrown.
  static ServerCertificate of(
      Path certificateFile, byte[] certificateText, Path keyFile, byte[] keyText)
      throws CertificateInvalid {
    List<X509Certificate> chain = chain(certificateFile, certificateText);
    for (int i = 1; i < chain.size(); i++) {
      if (!chain
          .get(i - 1)
          .getIssuerX500Principal()
          .equals(chain.get(i).getSubjectX500Principal())) {
        throw new CertificateInvalid(
            "%s: certificate %d is not signed by the one after it".formatted(certificateFile, i));
      }
    }
    PrivateKey key = key(keyFile, keyText, chain.getFirst().getPublicKey());
    if (!belong(key, chain.getFirst().getPublicKey())) {
      throw new CertificateInvalid(
          "%s is not the key of the first certificate in %s".formatted(keyFile, certificateFile));
    }
    return new ServerCertificate(chain, key);
  }

  static byte[] read(Path file) throws CertificateInvalid {
    try {
      return Files.readAllBytes(file);
    } catch (NoSuchFileException e) {
      throw new CertificateInvalid(file + ": there is no such file");
    } catch (IOException e) {
      throw new CertificateInvalid(file + " cannot be read: " + e.getMessage());
    }
  }

  X509Certificate own() {
    return chain.getFirst();
  }

  /// For the TLS engine, which wants one; it never leaves the memory.
  KeyStore keyStore(String password) {
    try {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      store.setKeyEntry("server", key, password.toCharArray(), chain.toArray(Certificate[]::new));
      return store;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("a key store in memory failed", e);
    }
  }

  private static List<X509Certificate> chain(Path file, byte[] text) throws CertificateInvalid {
    List<X509Certificate> chain = new ArrayList<>();
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      for (Block block : blocks(file, text)) {
        if (block.label.equals("CERTIFICATE")) {
          chain.add(
              (X509Certificate)
                  factory.generateCertificate(new ByteArrayInputStream(block.content)));
        }
      }
    } catch (GeneralSecurityException e) {
      throw new CertificateInvalid(file + " holds a certificate that cannot be read");
    }
    if (chain.isEmpty()) {
      throw new CertificateInvalid(file + " holds no certificate in PEM");
    }
    return chain;
  }

  private static PrivateKey key(Path file, byte[] text, PublicKey counterpart)
      throws CertificateInvalid {
    for (Block block : blocks(file, text)) {
      byte[] encoded;
      switch (block.label) {
        case "PRIVATE KEY" -> encoded = block.content;
        case "RSA PRIVATE KEY", "EC PRIVATE KEY" -> encoded = asPkcs8(block.content, counterpart);
        case "ENCRYPTED PRIVATE KEY" ->
            throw new CertificateInvalid(file + " is protected by a password; store it without");
        default -> {
          continue; // certificates and curve parameters may stand in the same file
        }
      }
      if (new String(text, StandardCharsets.ISO_8859_1).contains("Proc-Type: 4,ENCRYPTED")) {
        throw new CertificateInvalid(file + " is protected by a password; store it without");
      }
      try {
        return KeyFactory.getInstance(counterpart.getAlgorithm())
            .generatePrivate(new PKCS8EncodedKeySpec(encoded));
      } catch (GeneralSecurityException e) {
        throw new CertificateInvalid(
            "%s holds no %s key that can be read".formatted(file, counterpart.getAlgorithm()));
      }
    }
    throw new CertificateInvalid(file + " holds no private key in PEM");
  }

  private static boolean belong(PrivateKey key, PublicKey counterpart) {
    byte[] sample = "does this key belong to that certificate".getBytes(StandardCharsets.UTF_8);
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      Signature signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      signature.update(sample);
      byte[] signed = signature.sign();
      signature.initVerify(counterpart);
      signature.update(sample);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Block(String label, byte[] content) {}

  private static List<Block> blocks(Path file, byte[] text) throws CertificateInvalid {
    List<Block> blocks = new ArrayList<>();
    Matcher found = BLOCK.matcher(new String(text, StandardCharsets.ISO_8859_1));
    while (found.find()) {
      String content = found.group(2);
      int headers = content.indexOf("\n\n");
      try {
        blocks.add(
            new Block(
                found.group(1),
                Base64.getMimeDecoder()
                    .decode(
                        content.contains(":") && headers >= 0
                            ? content.substring(headers)
                            : content)));
      } catch (IllegalArgumentException e) {
        throw new CertificateInvalid(file + " is not well-formed PEM");
      }
    }
    return blocks;
  }

  /// PKCS#8 is version, algorithm, key. The algorithm, with its curve, is the same as in the public
  /// key, which begins with it (RFC 5208, section 5; RFC 5280, section 4.1).
  private static byte[] asPkcs8(byte[] inner, PublicKey counterpart) {
    byte[] spki = counterpart.getEncoded();
    int start = contentOf(spki, 0);
    int algorithm = contentOf(spki, start) - start + lengthOf(spki, start);
    var content = new ByteArrayOutputStream();
    content.writeBytes(new byte[] {0x02, 0x01, 0x00}); // INTEGER 0
    content.write(spki, start, algorithm);
    content.writeBytes(der(0x04, inner)); // OCTET STRING
    return der(0x30, content.toByteArray()); // SEQUENCE
  }

  /// Where the content of the DER value at `at` begins.
  private static int contentOf(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return first < 0x80 ? at + 2 : at + 2 + (first & 0x7f);
  }

  private static int lengthOf(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    if (first < 0x80) {
      return first;
    }
    int length = 0;
    for (int i = 0; i < (first & 0x7f); i++) {
      length = (length << 8) | (der[at + 2 + i] & 0xff);
    }
    return length;
  }

  private static byte[] der(int tag, byte[] content) {
    var bytes = new ByteArrayOutputStream();
    bytes.write(tag);
    if (content.length < 0x80) {
      bytes.write(content.length);
    } else {
      bytes.write(0x82);
      bytes.write(content.length >> 8);
      bytes.write(content.length);
    }
    bytes.writeBytes(content);
    return bytes.toByteArray();
  }
}
