package io.yunfu.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.db.LoopbackPorts;
import io.yunfu.server.config.Configuration;
import io.yunfu.server.config.DataSize;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// HTTPS with real certificates and the JDK's own client, which trusts nothing else.
@Timeout(60)
class TlsTest {
  @TempDir private static Path shared;
  private static TestCertificate first;
  private static TestCertificate second;
  private static TestCertificate rsa;

  @TempDir private Path directory;
  private Path certificateFile;
  private Path keyFile;
  private HttpServer server;

  @BeforeAll
  static void make() throws Exception {
    first = TestCertificate.make(shared, "EC", "first");
    second = TestCertificate.make(shared, "EC", "second");
    rsa = TestCertificate.make(shared, "RSA", "rsa");
  }

  @BeforeEach
  void write() {
    certificateFile = directory.resolve("server.pem");
    keyFile = directory.resolve("server.key");
    first.write(certificateFile, keyFile);
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private HttpServer start() throws Exception {
    int port = LoopbackPorts.free();
    Configuration configuration =
        Configuration.with(
            Map.of(
                "http.enabled",
                "false",
                "http.request-timeout",
                "2s",
                "https.port",
                Integer.toString(port),
                "https.certificate-file",
                certificateFile.toString(),
                "https.key-file",
                keyFile.toString(),
                "https.reload-interval",
                "1s"));
    server =
        HttpServer.start(
            configuration.http(),
            configuration.https(),
            List.of(
                Route.at(
                    "/",
                    BodyLimit.at(new DataSize(1000)),
                    request -> Response.text(200, Boolean.toString(request.secure())))));
    return server;
  }

  private SSLSocket connect(TestCertificate trusted, String... protocols) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("x", trusted.certificate());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(InetAddress.getLoopbackAddress(), server.securePort().orElseThrow());
    if (protocols.length > 0) {
      socket.setEnabledProtocols(protocols);
    }
    socket.setSoTimeout(10_000);
    socket.startHandshake();
    return socket;
  }

  private X509Certificate shown() throws Exception {
    for (TestCertificate each : List.of(first, second)) {
      try (SSLSocket socket = connect(each)) {
        return (X509Certificate) socket.getSession().getPeerCertificates()[0];
      } catch (SSLException e) {
        // the other one, then
      }
    }
    throw new AssertionError("neither is shown");
  }

  private void eventuallyShows(TestCertificate expected) throws Exception {
    for (int i = 0; i < 100 && !shown().equals(expected.certificate()); i++) {
      Thread.sleep(100);
    }
    assertThat(shown()).isEqualTo(expected.certificate());
  }

  @Test
  void requests_over_tls_are_answered_whatever_host_they_name() throws Exception {
    start();
    assertThat(server.port()).isEmpty();
    for (String host : List.of("localhost", "http://127.0.0.1:8443", "other.example:1")) {
      try (Wire wire = new Wire(connect(first))) {
        wire.send("GET / HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        assertThat(wire.answer().text()).isEqualTo("true");
      }
    }
    assertThat(server.certificateExpires()).contains(first.certificate().getNotAfter().toInstant());
  }

  @Test
  void tls_1_2_and_1_3_are_spoken_and_older_ones_are_not() throws Exception {
    start();
    for (String protocol : List.of("TLSv1.2", "TLSv1.3")) {
      try (SSLSocket socket = connect(first, protocol)) {
        assertThat(socket.getSession().getProtocol()).isEqualTo(protocol);
      }
    }
    assertThatThrownBy(() -> connect(first, "TLSv1.1")).isInstanceOf(SSLException.class);
  }

  @Test
  void keys_in_all_the_forms_that_tools_write_are_read() throws Exception {
    for (TestCertificate each : List.of(first, rsa)) {
      for (String key :
          List.of(
              each.keyPem(),
              "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
                  + each.traditionalKeyPem(),
              each.certificatePem() + each.traditionalKeyPem(),
              each.keyPem().replace("\n", "\r\n"))) {
        Files.writeString(certificateFile, "Bag Attributes\n  x: y\n" + each.certificatePem());
        Files.writeString(keyFile, key);
        start();
        try (SSLSocket socket = connect(each)) {
          assertThat(socket.getSession().isValid()).isTrue();
        }
        server.close();
      }
    }
  }

  @Test
  void a_whole_chain_is_shown() throws Exception {
    TestCertificate signed = TestCertificate.makeSigned(directory, "signed");
    signed.write(certificateFile, keyFile);
    start();
    try (SSLSocket socket = connect(signed.authority())) {
      assertThat(socket.getSession().getPeerCertificates()).hasSize(2);
    }
    server.close();
    Files.writeString(certificateFile, signed.certificatePem() + first.certificatePem());
    assertThatThrownBy(this::start)
        .hasMessageContaining("certificate 2 is not signed by the one after it");
  }

  @Test
  void a_start_without_a_fit_certificate_says_what_is_wrong() throws Exception {
    Files.delete(keyFile);
    assertThatThrownBy(this::start)
        .isInstanceOf(CannotListen.class)
        .hasMessage("HTTPS cannot start: %s: there is no such file".formatted(keyFile));
    Files.writeString(keyFile, second.keyPem());
    assertThatThrownBy(this::start)
        .hasMessageContaining("is not the key of the first certificate in " + certificateFile);
    Files.writeString(keyFile, rsa.keyPem());
    assertThatThrownBy(this::start).hasMessageContaining("holds no EC key that can be read");
    Files.writeString(keyFile, "nothing");
    assertThatThrownBy(this::start).hasMessageContaining("holds no private key in PEM");
    Files.writeString(keyFile, TestCertificate.pem("ENCRYPTED PRIVATE KEY", new byte[] {1}));
    assertThatThrownBy(this::start).hasMessageContaining("is protected by a password");
    Files.writeString(keyFile, first.keyPem());
    Files.writeString(certificateFile, TestCertificate.pem("CERTIFICATE", new byte[] {1}));
    assertThatThrownBy(this::start).hasMessageContaining("holds a certificate that cannot be read");
  }

  @Test
  void a_renewed_certificate_is_taken_without_a_restart_and_open_connections_stay()
      throws Exception {
    start();
    eventuallyShows(first);
    try (Wire open = new Wire(connect(first))) {
      open.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer();
      second.write(certificateFile, keyFile);
      eventuallyShows(second);
      assertThat(open.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer().status()).isEqualTo(200);
    }
    assertThat(server.certificateExpires())
        .contains(second.certificate().getNotAfter().toInstant());
  }

  @Test
  void a_broken_renewal_leaves_the_old_certificate_and_the_next_good_one_is_taken()
      throws Exception {
    start();
    Files.writeString(keyFile, second.keyPem()); // the certificate does not follow at once
    Thread.sleep(2500);
    assertThat(shown()).isEqualTo(first.certificate());
    Files.delete(certificateFile);
    Thread.sleep(1500);
    assertThat(shown()).isEqualTo(first.certificate());
    Files.writeString(certificateFile, second.certificatePem());
    eventuallyShows(second);
  }

  @Test
  void a_handshake_that_never_comes_is_cut_off() throws Exception {
    start();
    long began = System.nanoTime();
    try (Wire wire =
        new Wire(new Socket(InetAddress.getLoopbackAddress(), server.securePort().orElseThrow()))) {
      wire.send(new byte[] {0x16, 0x03, 0x01});
      assertThat(wire.closed()).isTrue();
    }
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(8));
  }
}
