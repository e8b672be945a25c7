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
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLSocket;
import org.eclipse.jetty.io.Content;
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

  /// No encoding that we could take, no cookie, no word on who made the client.
  @Test
  void nothing_is_sent_but_what_the_channel_needs() throws Exception {
    try (var peer =
        Peer.that(
            Peer.answering(
                "HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"))) {
      for (int i = 0; i < 2; i++) {
        assertThat(send(peer)).isInstanceOf(Exchange.Answered.class);
        assertThat(peer.requests().get(i).lines().skip(1).takeWhile(line -> !line.isEmpty()))
            .containsExactlyInAnyOrder(
                "Host: " + peer.base().getAuthority(),
                "User-Agent: Yunfu",
                "Content-Type: text/xml; charset=utf-8",
                "Content-Length: 5");
      }
    }
  }

  @Test
  void a_query_is_sent_as_it_was_signed() throws Exception {
    String target = "/gateway.do?a=%2B+%20&empty=&sign=x%2Fy%3D%3D&name=%E8%B1%86&a=2&flag";
    try (var peer = Peer.that(Peer.answering(Peer.ok("")))) {
      send(post(List.of(URI.create(peer.base() + target)), LONG, Optional.empty()));
      assertThat(peer.requests().getFirst()).startsWith("POST " + target + " HTTP/1.1\r\n");
    }
  }

  @Test
  void an_answer_that_asks_who_we_are_is_an_answer_too() throws Exception {
    try (var peer =
        Peer.that(
            Peer.answering(
                "HTTP/1.1 401 Who\r\nWWW-Authenticate: Basic realm=x\r\nContent-Length: 3\r\n\r\nwho"))) {
      var answered = (Exchange.Answered) send(peer);
      assertThat(answered.status()).isEqualTo(401);
      assertThat(answered.body()).asString(UTF_8).isEqualTo("who");
      assertThat(peer.requests()).hasSize(1);
    }
  }

  @Test
  void what_is_said_before_the_answer_is_passed_over() throws Exception {
    String before =
        "HTTP/1.1 100 Wait\r\n\r\nHTTP/1.1 102 Wait\r\n\r\nHTTP/1.1 103 Hint\r\nLink: x\r\n\r\n";
    try (var peer = Peer.that(Peer.answering(before + Peer.ok("last")))) {
      assertThat(((Exchange.Answered) send(peer)).body()).asString(UTF_8).isEqualTo("last");
    }
  }

  @Test
  void a_long_answer_comes_whole() throws Exception {
    use(new Transport.Settings(LONG, 1024 * 1024, Optional.empty()));
    String text = "0123456789abcdef".repeat(64 * 1024);
    try (var peer = Peer.that(Peer.answering(Peer.ok(text)))) {
      assertThat(((Exchange.Answered) send(peer)).body()).asString(UTF_8).isEqualTo(text);
    }
  }

  @Test
  void what_is_no_http_leaves_it_unknown() throws Exception {
    try (var peer = Peer.that(Peer.answering("SSH-2.0-OpenSSH_9.9\r\n\r\n"))) {
      assertUnknown(send(peer), "the exchange broke");
    }
  }

  @Test
  void calls_do_not_wait_for_each_other() throws Exception {
    int many = 600;
    var arrived = new CountDownLatch(many);
    // Nobody is answered before all have asked.
    try (var peer =
            Peer.that((self, connection) -> {
              self.read(connection);
              arrived.countDown();
              arrived.await();
              connection.getOutputStream().write(Peer.ok("").getBytes(UTF_8));
            });
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = callers.invokeAll(Collections.nCopies(many, () -> send(peer)));
      for (var call : calls) {
        assertThat(call.get()).isInstanceOf(Exchange.Answered.class);
      }
      assertThat(peer.requests()).hasSize(many);
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
    assertHandshakeGivenUp((mute, _) -> mute.stall());
  }

  @Test
  void to_a_host_that_drips_its_handshake_nothing_was_sent() throws Exception {
    assertHandshakeGivenUp((_, connection) -> {
      OutputStream out = connection.getOutputStream();
      out.write(new byte[] {22, 3, 3, 0x40, 0}); // a record of the handshake, of 16 KiB
      while (true) {
        out.write(0);
        Thread.sleep(20);
      }
    });
  }

  /// Before the call itself is over, and before the connection would count as idle.
  private void assertHandshakeGivenUp(Peer.Manner manner) throws Exception {
    use(new Transport.Settings(SHORT, 1024, Optional.empty()));
    try (var peer = Peer.that(manner)) {
      var target = URI.create(peer.base().toString().replace("http:", "https:") + "/pay");
      var within = Client.KEPT.dividedBy(2);
      assertNotSent(send(post(List.of(target), within, Optional.empty())), "no connection in time");
    }
  }

  @Test
  void to_a_host_that_hangs_up_in_the_handshake_nothing_was_sent() throws Exception {
    try (var peer = Peer.that((_, connection) -> connection.setSoLinger(true, 0))) {
      var target = URI.create(peer.base().toString().replace("http:", "https:") + "/pay");
      var exchange = send(post(List.of(target), LONG, Optional.empty()));
      assertThat(exchange).isInstanceOf(Exchange.NotSent.class);
    }
  }

  /// Both wait for their handshakes; the first one fails.
  @Test
  void a_connection_that_fails_gives_up_one_call_and_no_other() throws Exception {
    var credentials = credentials();
    use(SETTINGS.trusting(store(credentials.authority().certificate())));
    var bothThere = new CyclicBarrier(2);
    var oneIsOver = new CountDownLatch(1);
    Peer.Manner failing =
        (self, connection) -> {
          try {
            if (bothThere.await() == 0) {
              connection.close();
              return;
            }
          } catch (BrokenBarrierException e) {
            throw new IOException(e);
          }
          oneIsOver.await();
          self.read(connection);
          connection.getOutputStream().write(Peer.ok("").getBytes(ISO_8859_1));
        };
    try (var peer =
            Peer.secure(
                credentials.authority().server("localhost", List.of("localhost")).keyStore("x"),
                "x",
                List.of(),
                failing);
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ExecutorCompletionService<Exchange>(callers);
      calls.submit(() -> send(peer));
      calls.submit(() -> send(peer));
      assertThat(calls.take().get()).isInstanceOf(Exchange.NotSent.class);
      oneIsOver.countDown();
      assertThat(calls.take().get()).isInstanceOf(Exchange.Answered.class);
      assertThat(peer.requests()).hasSize(1);
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
  void a_host_that_does_not_read_is_given_up_at_the_deadline() throws Exception {
    try (var peer = Peer.that((self, _) -> self.stall())) {
      var post =
          new Post(
              target(peer),
              "text/xml",
              new byte[32 * 1024 * 1024],
              Optional.empty(),
              Deadline.in(SHORT));
      assertUnknown(send(post), "no answer in time");
    }
  }

  @Test
  void the_end_of_the_program_leaves_what_is_on_its_way_unknown() throws Exception {
    var asked = new CountDownLatch(1);
    try (var peer =
            Peer.that((self, connection) -> {
              self.read(connection);
              asked.countDown();
              self.stall();
            });
        var callers = Executors.newVirtualThreadPerTaskExecutor()) {
      var call = callers.submit(() -> send(peer));
      asked.await();
      transport.close();
      assertUnknown(call.get(), "the exchange broke");
      assertNotSent(send(peer), "the program ends");
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
  void a_client_that_wants_to_send_twice_does_not_get_the_content() {
    var body = new OnceBody("text/plain", "hello".getBytes(UTF_8));
    assertThat(UTF_8.decode(body.read().getByteBuffer()).toString()).isEqualTo("hello");
    assertThat(Content.Chunk.isFailure(body.read())).isTrue();
    assertThat(body.withhold()).isFalse();
  }

  @Test
  void content_that_is_withheld_never_leaves() {
    var body = new OnceBody("text/plain", "hello".getBytes(UTF_8));
    assertThat(body.withhold()).isTrue();
    var late = body.read();
    assertThat(Content.Chunk.isFailure(late)).isTrue();
    assertThat(late.hasRemaining()).isFalse();
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
