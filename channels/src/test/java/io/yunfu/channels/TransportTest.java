package io.yunfu.channels;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.channel.ChannelAccount.ClientCertificate;
import io.yunfu.kernel.Secret;
import io.yunfu.simulator.http.Credential;
import io.yunfu.simulator.http.Credentials;
import io.yunfu.simulator.seed.Seed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What came of a request, over real sockets.
class TransportTest {
  private static final String SECRET = "token-that-nobody-may-see";
  private static final Duration LONG = Duration.ofMinutes(1);
  private static final Duration SHORT = Duration.ofMillis(300);

  /// Slow machines connect slowly; what is tested is not how fast.
  private static final Transport.Settings SETTINGS =
      new Transport.Settings(LONG, 1024, Optional.empty());

  private Transport transport = new Transport(SETTINGS);

  @AfterEach
  void close() {
    transport.close();
  }

  @Test
  void an_answer_comes_with_its_status_and_its_bytes() throws Exception {
    try (var peer = Peer.that(Peer.answering(Peer.ok("<xml/>")))) {
      var answered = (Exchange.Answered) send(peer);
      assertThat(answered.status()).isEqualTo(200);
      assertThat(answered.contentType()).isEqualTo("text/xml");
      assertThat(answered.body()).asString(UTF_8).isEqualTo("<xml/>");
      assertThat(answered.host()).isEqualTo("localhost");
      assertThat(peer.requests())
          .singleElement()
          .asString()
          .startsWith("POST /pay?token=" + SECRET + " HTTP/1.1\r\n")
          .contains("Content-Type: text/xml; charset=utf-8\r\n")
          .endsWith("\r\n\r\nhello");
    }
  }

  @Test
  void an_error_page_is_an_answer_too() throws Exception {
    try (var peer = Peer.that(Peer.answering("HTTP/1.1 502 Bad\r\nContent-Length: 3\r\n\r\nbad"))) {
      assertThat(((Exchange.Answered) send(peer)).status()).isEqualTo(502);
    }
  }

  @Test
  void a_redirect_is_not_followed() throws Exception {
    try (var other = Peer.that(Peer.answering(Peer.ok("")));
        var peer =
            Peer.that(
                Peer.answering(
                    "HTTP/1.1 307 Go\r\nLocation: %s\r\nContent-Length: 0\r\n\r\n"
                        .formatted(other.base())))) {
      assertThat(((Exchange.Answered) send(peer)).status()).isEqualTo(307);
      assertThat(other.connections()).isZero();
    }
  }

  @Test
  void a_packed_answer_is_unpacked_and_a_bomb_is_not() throws Exception {
    try (var peer = Peer.that(packed(new byte[1024]))) {
      assertThat(((Exchange.Answered) send(peer)).body()).isEqualTo(new byte[1024]);
    }
    try (var peer = Peer.that(packed(new byte[1025]))) {
      assertUnknown(send(peer), "too long");
    }
  }

  @Test
  void an_answer_in_chunks_is_put_together() throws Exception {
    try (var peer =
        Peer.that(
            Peer.answering(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"))) {
      assertThat(((Exchange.Answered) send(peer)).body()).asString(UTF_8).isEqualTo("abc");
    }
  }

  @Test
  void where_nothing_listens_nothing_was_sent() throws Exception {
    var exchange = send(post(List.of(nobody()), LONG, Optional.empty()));
    assertNotSent(exchange, "cannot connect");
  }

  @Test
  void to_a_host_without_an_address_nothing_was_sent() {
    var nowhere = URI.create("http://nowhere.invalid/pay?token=" + SECRET);
    assertNotSent(send(post(List.of(nowhere), LONG, Optional.empty())), "the host is not known");
  }

  @Test
  void to_a_host_that_never_finishes_the_handshake_nothing_was_sent() throws Exception {
    use(new Transport.Settings(SHORT, 1024, Optional.empty()));
    try (var peer = Peer.that((mute, _) -> mute.stall())) {
      var target = URI.create(peer.base().toString().replace("http:", "https:") + "/pay");
      assertNotSent(send(post(List.of(target), LONG, Optional.empty())), "no connection in time");
    }
  }

  @Test
  void to_a_host_of_an_authority_we_do_not_know_nothing_was_sent() throws Exception {
    var credentials = credentials();
    try (var peer = secure(credentials, List.of(), "localhost")) {
      assertNotSent(send(peer), "TLS");
      assertThat(peer.requests()).isEmpty();
      use(SETTINGS.trusting(store(credentials.authority().certificate())));
      assertThat(send(peer)).isInstanceOf(Exchange.Answered.class);
    }
  }

  @Test
  void to_a_host_that_shows_the_certificate_of_another_nothing_was_sent() throws Exception {
    var credentials = credentials();
    use(SETTINGS.trusting(store(credentials.authority().certificate())));
    try (var peer = secure(credentials, List.of(), "elsewhere.example")) {
      assertNotSent(send(peer), "TLS");
      assertThat(peer.requests()).isEmpty();
    }
  }

  @Test
  void to_a_host_that_speaks_no_tls_nothing_was_sent() throws Exception {
    try (var peer =
        Peer.that((_, connection) -> {
          connection.getInputStream().read();
          connection.getOutputStream().write("HTTP/1.1 400 Bad\r\n\r\n".getBytes(UTF_8));
          connection.shutdownOutput();
          connection.getInputStream().readAllBytes();
        })) {
      var target = URI.create(peer.base().toString().replace("http:", "https:") + "/pay");
      assertNotSent(send(post(List.of(target), LONG, Optional.empty())), "TLS");
    }
  }

  @Test
  void a_certificate_is_shown_where_it_is_demanded() throws Exception {
    var credentials = credentials();
    KeyStore authority = store(credentials.authority().certificate());
    use(SETTINGS.trusting(authority));
    try (var peer = secure(credentials, List.of(authority), "localhost")) {
      assertThat(send(peer)).as("without one").isNotInstanceOf(Exchange.Answered.class);
      assertThat(peer.requests()).isEmpty();
      var shown =
          send(post(target(peer), LONG, certificate(credentials.client("1900000001"), "right")));
      assertThat(shown).isInstanceOf(Exchange.Answered.class);
    }
  }

  @Test
  void each_certificate_has_connections_of_its_own() throws Exception {
    var credentials = credentials();
    KeyStore authority = store(credentials.authority().certificate());
    use(SETTINGS.trusting(authority));
    // It answers with the name in the certificate that the connection began with.
    Peer.Manner naming =
        (self, connection) -> {
          while (true) {
            self.read(connection);
            var subject =
                ((X509Certificate) ((SSLSocket) connection).getSession().getPeerCertificates()[0])
                    .getSubjectX500Principal()
                    .getName();
            connection.getOutputStream().write(Peer.ok(subject).getBytes(ISO_8859_1));
          }
        };
    try (var peer =
        Peer.secure(
            credentials.authority().server("localhost", List.of("localhost")).keyStore("x"),
            "x",
            List.of(authority),
            naming)) {
      for (String name : List.of("1900000001", "1900000002", "1900000001")) {
        var answered =
            (Exchange.Answered)
                send(post(target(peer), LONG, certificate(credentials.client(name), "right")));
        assertThat(answered.body()).asString(UTF_8).contains("CN=" + name);
      }
    }
  }

  /// Shaking hands costs more than all the rest of a call.
  @Test
  void calls_one_after_the_other_share_a_connection_over_tls() throws Exception {
    var credentials = credentials();
    KeyStore authority = store(credentials.authority().certificate());
    use(SETTINGS.trusting(authority));
    Peer.Manner patient =
        (self, connection) -> {
          while (true) {
            self.read(connection);
            connection.getOutputStream().write(Peer.ok("").getBytes(ISO_8859_1));
          }
        };
    try (var peer =
        Peer.secure(
            credentials.authority().server("localhost", List.of("localhost")).keyStore("x"),
            "x",
            List.of(),
            patient)) {
      for (int i = 0; i < 5; i++) {
        assertThat(send(peer)).isInstanceOf(Exchange.Answered.class);
      }
      assertThat(peer.requests()).hasSize(5);
      assertThat(peer.connections()).isEqualTo(1);
    }
  }

  @Test
  void with_a_certificate_that_does_not_open_nothing_is_sent() throws Exception {
    var certificate = certificate(credentials().client("1900000001"), "wrong");
    try (var peer = Peer.that(Peer.answering(Peer.ok("")))) {
      assertNotSent(send(post(target(peer), LONG, certificate)), "does not open");
      assertThat(peer.connections()).isZero();
    }
  }

  @Test
  void a_reset_leaves_it_unknown() throws Exception {
    try (var peer =
        Peer.that((self, connection) -> {
          self.read(connection);
          connection.setSoLinger(true, 0);
        })) {
      assertUnknown(send(peer), "the exchange broke");
      assertThat(peer.requests()).hasSize(1);
    }
  }

  @Test
  void a_connection_that_ends_without_an_answer_is_not_used_to_send_again() throws Exception {
    try (var peer = Peer.that(Peer.answering(""))) {
      assertUnknown(send(peer), "the exchange broke");
      assertThat(peer.requests()).hasSize(1);
    }
  }

  @Test
  void a_kept_connection_that_has_died_is_not_used_to_send_again() throws Exception {
    // Answers once and then reads the next request without answering.
    try (var peer =
        Peer.that((self, connection) -> {
          self.read(connection);
          connection.getOutputStream().write(Peer.ok("").getBytes(UTF_8));
          self.read(connection);
        })) {
      assertThat(send(peer)).isInstanceOf(Exchange.Answered.class);
      assertUnknown(send(peer), "the exchange broke");
      assertThat(peer.requests()).hasSize(2);
      assertThat(peer.connections()).isEqualTo(1);
    }
  }

  @Test
  void silence_leaves_it_unknown() throws Exception {
    try (var peer =
        Peer.that((self, connection) -> {
          self.read(connection);
          self.stall();
        })) {
      assertUnknown(send(post(target(peer), SHORT, Optional.empty())), "no answer in time");
    }
  }

  @Test
  void an_answer_that_drips_is_cut_off_at_the_deadline() throws Exception {
    try (var peer =
        Peer.that((self, connection) -> {
          self.read(connection);
          OutputStream out = connection.getOutputStream();
          out.write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<".getBytes(UTF_8));
          self.stall();
        })) {
      assertUnknown(send(post(target(peer), SHORT, Optional.empty())), "no answer in time");
    }
  }

  @Test
  void an_answer_that_ends_early_leaves_it_unknown() throws Exception {
    try (var peer =
        Peer.that(Peer.answering("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<xml>"))) {
      assertUnknown(send(peer), "the exchange broke");
    }
  }

  @Test
  void an_answer_that_is_too_long_leaves_it_unknown() throws Exception {
    try (var peer = Peer.that(Peer.answering(Peer.ok("x".repeat(1025))))) {
      assertUnknown(send(peer), "the exchange broke");
    }
  }

  @Test
  void the_second_host_is_asked_when_the_first_was_not_reached() throws Exception {
    try (var peer = Peer.that(Peer.answering(Peer.ok("")))) {
      var targets = List.of(nobody(), target(peer).getFirst());
      var exchange = send(post(targets, LONG, Optional.empty()));
      assertThat(exchange).isInstanceOf(Exchange.Answered.class);
      assertThat(exchange.tries()).isEqualTo(2);
    }
  }

  @Test
  void the_second_host_is_not_asked_when_the_first_may_have_heard() throws Exception {
    try (var second = Peer.that(Peer.answering(Peer.ok("")));
        var first = Peer.that(Peer.answering(""))) {
      var targets = List.of(target(first).getFirst(), target(second).getFirst());
      var exchange = send(post(targets, LONG, Optional.empty()));
      assertUnknown(exchange, "the exchange broke");
      assertThat(exchange.tries()).isEqualTo(1);
      assertThat(second.connections()).isZero();
    }
  }

  @Test
  void once_the_time_is_over_nothing_is_sent() throws Exception {
    try (var peer = Peer.that(Peer.answering(Peer.ok("")))) {
      assertNotSent(send(post(target(peer), Duration.ZERO, Optional.empty())), "no time left");
      assertThat(peer.connections()).isZero();
    }
  }

  @Test
  void a_client_that_wants_to_send_twice_does_not_get_the_content() throws Exception {
    // As with jdk.httpclient.enableAllMethodRetry: the JDK would ask the publisher again.
    var body = new OnceBody("hello".getBytes(UTF_8));
    var first = new Collecting();
    body.subscribe(first);
    assertThat(first.text()).isEqualTo("hello");
    var second = new Collecting();
    body.subscribe(second);
    assertThat(second.failed()).isTrue();
    assertThat(body.withhold()).isFalse();
  }

  @Test
  void content_that_is_withheld_never_leaves() {
    var body = new OnceBody("hello".getBytes(UTF_8));
    assertThat(body.withhold()).isTrue();
    var late = new Collecting();
    body.subscribe(late);
    assertThat(late.failed()).isTrue();
    assertThat(late.text()).isEmpty();
  }

  private void use(Transport.Settings settings) {
    transport.close();
    transport = new Transport(settings);
  }

  private Exchange send(Peer peer) {
    return send(post(target(peer), LONG, Optional.empty()));
  }

  private Exchange send(Post post) {
    assertThat(post.toString()).doesNotContain(SECRET);
    return transport.send(post);
  }

  private static Post post(
      List<URI> targets, Duration within, Optional<ClientCertificate> certificate) {
    return new Post(
        targets,
        "text/xml; charset=utf-8",
        "hello".getBytes(UTF_8),
        certificate,
        Deadline.in(within));
  }

  private static List<URI> target(Peer peer) {
    return List.of(URI.create(peer.base() + "/pay?token=" + SECRET));
  }

  /// An address where nothing listens any more.
  private static URI nobody() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://localhost:" + socket.getLocalPort() + "/pay?token=" + SECRET);
    }
  }

  private static void assertNotSent(Exchange exchange, String reason) {
    assertThat(exchange).isInstanceOf(Exchange.NotSent.class);
    assertThat(((Exchange.NotSent) exchange).reason()).contains(reason).doesNotContain(SECRET);
  }

  private static void assertUnknown(Exchange exchange, String reason) {
    assertThat(exchange).isInstanceOf(Exchange.Unknown.class);
    assertThat(((Exchange.Unknown) exchange).reason()).contains(reason).doesNotContain(SECRET);
  }

  private static Credentials credentials() {
    return new Credentials(new Seed(1), Instant.now(), null);
  }

  private static Peer secure(Credentials credentials, List<KeyStore> clients, String host)
      throws Exception {
    KeyStore own = credentials.authority().server(host, List.of(host)).keyStore("x");
    return Peer.secure(own, "x", clients, Peer.answering(Peer.ok("")));
  }

  private static KeyStore store(X509Certificate certificate) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("authority", certificate);
    return store;
  }

  private static Optional<ClientCertificate> certificate(Credential credential, String password) {
    return Optional.of(
        new ClientCertificate(
            Secret.of(Base64.getEncoder().encodeToString(credential.pkcs12("right"))),
            Secret.of(password)));
  }

  private static Peer.Manner packed(byte[] content) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(content);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return (peer, connection) -> {
      peer.read(connection);
      write(connection, bytes.toByteArray());
    };
  }

  private static void write(Socket connection, byte[] packed) throws IOException {
    OutputStream out = connection.getOutputStream();
    out.write(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
            .formatted(packed.length)
            .getBytes(UTF_8));
    out.write(packed);
  }
}
