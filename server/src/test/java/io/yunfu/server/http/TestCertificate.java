package io.yunfu.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A certificate that signed itself, made by the JDK's `keytool`, written as PEM in the forms that
/// operators have.
public record TestCertificate(List<X509Certificate> chain, PrivateKey key) {
  private static final String PASSWORD = "changeit";

  public static TestCertificate make(Path directory, String algorithm, String name)
      throws Exception {
    Path store = Files.createTempDirectory(directory, "keys").resolve("store.p12");
    keytool(store, "-alias", "x", "-keyalg", algorithm, "-dname", "CN=" + name, "-ext", NAMES);
    return read(store);
  }

  /// Signed by an authority of its own.
  static TestCertificate makeSigned(Path directory, String name) throws Exception {
    Path store = Files.createTempDirectory(directory, "keys").resolve("store.p12");
    keytool(store, "-alias", "ca", "-keyalg", "EC", "-dname", "CN=authority", "-ext", "bc=ca:true");
    keytool(
        store,
        "-alias",
        "x",
        "-keyalg",
        "EC",
        "-dname",
        "CN=" + name,
        "-ext",
        NAMES,
        "-signer",
        "ca");
    return read(store);
  }

  private static final String NAMES = "san=dns:localhost,ip:127.0.0.1";

  private static void keytool(Path store, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-validity", "30", "-keystore", store.toString()));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of(options));
    Process keytool =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(store.resolveSibling("log").toFile())
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).as(Files.readString(store.resolveSibling("log"))).isZero();
  }

  private static TestCertificate read(Path store) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    return new TestCertificate(
        Arrays.stream(keys.getCertificateChain("x")).map(X509Certificate.class::cast).toList(),
        (PrivateKey) keys.getKey("x", PASSWORD.toCharArray()));
  }

  X509Certificate certificate() {
    return chain.getFirst();
  }

  /// Who signed it, to be trusted.
  TestCertificate authority() {
    return new TestCertificate(List.of(chain.getLast()), key);
  }

  String certificatePem() {
    var text = new StringBuilder();
    for (X509Certificate each : chain) {
      try {
        text.append(pem("CERTIFICATE", each.getEncoded()));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
    return text.toString();
  }

  String keyPem() {
    return pem("PRIVATE KEY", key.getEncoded());
  }

  /// What stands inside of PKCS#8: PKCS#1 for RSA, SEC 1 for EC.
  String traditionalKeyPem() {
    byte[] pkcs8 = key.getEncoded();
    int version = contentOf(pkcs8, 0);
    int algorithm = endOf(pkcs8, version);
    int octets = endOf(pkcs8, algorithm);
    byte[] inner = Arrays.copyOfRange(pkcs8, contentOf(pkcs8, octets), endOf(pkcs8, octets));
    return pem(key.getAlgorithm() + " PRIVATE KEY", inner);
  }

  public void write(Path certificateFile, Path keyFile) {
    try {
      Files.writeString(certificateFile, certificatePem());
      Files.writeString(keyFile, keyPem());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String pem(String label, byte[] content) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            label, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content), label);
  }

  private static int contentOf(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    return first < 0x80 ? at + 2 : at + 2 + (first & 0x7f);
  }

  private static int endOf(byte[] der, int at) {
    int first = der[at + 1] & 0xff;
    int length = first;
    if (first >= 0x80) {
      length = 0;
      for (int i = 0; i < (first & 0x7f); i++) {
        length = (length << 8) | (der[at + 2 + i] & 0xff);
      }
    }
    return contentOf(der, at) + length;
  }
}
