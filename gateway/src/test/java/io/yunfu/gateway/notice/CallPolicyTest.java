package io.yunfu.gateway.notice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.kernel.PrivateAddresses;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where notices may go: over real sockets and real TLS, to names that stand for whatever a test
/// says.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CallPolicyTest {
  private static final String HOST = "merchant.example.test";
  private static final String PASSWORD = "changeit";
  private static final byte[] BODY = "{}".getBytes(UTF_8);
  private static final NoticeCalls.Limits LIMITS =
      new NoticeCalls.Limits(Duration.ofSeconds(20), Duration.ofSeconds(20));

  private FakeMerchant secure;
  private FakeMerchant plain;
  private SSLContext context;

  @BeforeAll
  void merchants_listen(@TempDir Path directory) throws Exception {
    context = context(directory.resolve("store.p12"));
    secure = new FakeMerchant(context.getServerSocketFactory().createServerSocket());
    plain = new FakeMerchant();
  }

  @AfterAll
  void close() throws Exception {
    secure.close();
    plain.close();
  }

  @Test
  void tls_is_spoken_to_the_name_at_the_address_that_was_looked_at() {
    try (var calls = strict(host -> List.of(address("127.0.0.1")))) {
      assertThat(calls.send(at(HOST), BODY, true).status()).isEqualTo(200);
      assertThat(secure.requests())
          .singleElement()
          .satisfies(one -> assertThat(one.host()).isEqualTo(HOST));
    }
  }

  @Test
  void a_certificate_for_another_name_is_refused_before_anything_is_said() {
    try (var calls = strict(host -> List.of(address("127.0.0.1")))) {
      var answer = calls.send(at("other.example.test"), BODY, true);
      assertThat(answer.status()).isZero();
      assertThat(answer.trouble()).startsWith("TLS: ");
      assertThat(secure.requests()).isEmpty();
    }
  }

  @Test
  void a_certificate_that_nobody_vouches_for_is_refused() {
    var usual = (SSLSocketFactory) SSLSocketFactory.getDefault();
    try (var calls =
        new NoticeCalls(
            false, one -> false, host -> List.of(address("127.0.0.1")), usual, LIMITS)) {
      assertThat(calls.send(at(HOST), BODY, true).trouble()).startsWith("TLS: ");
      assertThat(secure.requests()).isEmpty();
    }
  }

  @Test
  void a_name_that_changes_between_the_check_and_the_call_leads_nowhere_else() {
    var asked = new AtomicInteger();
    NoticeCalls.Names changing =
        host -> List.of(address(asked.getAndIncrement() == 0 ? "127.0.0.1" : "127.0.0.2"));
    try (var calls = strict(changing)) {
      assertThat(calls.send(at(HOST), BODY, true).status()).isEqualTo(200);
      assertThat(asked).as("looked up once, then connected to what was looked at").hasValue(1);
      var second = calls.send(at(HOST), BODY, true);
      assertThat(second.trouble()).isEqualTo("Not sent: its host is at a private address");
      assertThat(secure.requests()).hasSize(1);
    }
  }

  @Test
  void a_host_with_one_private_address_among_others_is_not_called() {
    int before = secure.connections();
    try (var calls = strict(host -> List.of(address("127.0.0.1"), address("127.0.0.2")))) {
      assertThat(calls.send(at(HOST), BODY, true).trouble()).contains("private address");
      assertThat(secure.connections()).isEqualTo(before);
    }
  }

  @Test
  void a_host_whose_first_address_does_not_answer_is_called_at_the_next() {
    NoticeCalls.Names names = host -> List.of(address("127.0.0.3"), address("127.0.0.1"));
    try (var calls =
        new NoticeCalls(true, one -> false, names, context.getSocketFactory(), LIMITS)) {
      // Only 127.0.0.1 is listened at.
      var url = URI.create("http://%s:%d/".formatted(HOST, plain.port()));
      assertThat(calls.send(url, BODY, false).status()).isEqualTo(200);
      assertThat(plain.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1",
        "127.8.9.10",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "fe80::1",
        "fd00::1",
        "fec0::1"
      })
  void a_private_address_is_not_called_under_whatever_name(String target) {
    int before = secure.connections();
    try (var calls =
        new NoticeCalls(
            false,
            PrivateAddresses::isPrivate,
            host -> List.of(InetAddress.ofLiteral(host.equals(HOST) ? target : host)),
            context.getSocketFactory(),
            LIMITS)) {
      assertThat(calls.send(at(HOST), BODY, true).trouble())
          .isEqualTo("Not sent: its host is at a private address");
      String literal = target.contains(":") ? "[" + target + "]" : target;
      assertThat(calls.send(at(literal), BODY, true).trouble())
          .isEqualTo("Not sent: its host is at a private address");
    }
    assertThat(secure.connections()).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://merchant.example.test/",
        "ftp://merchant.example.test/",
        "file:///etc/passwd",
        "merchant.example.test",
        "https:///paid",
        "https:paid",
        "https://user@merchant.example.test/",
        "https://user:secret@merchant.example.test/",
        "https://merchant.example.test/#part",
        // Other spellings of 127.0.0.1, which some resolvers take.
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0177.0.0.1/",
        "https://127.1/"
      })
  void a_url_that_is_none_is_not_called(String url) {
    assertThat(NoticeCalls.objection(URI.create(url), false)).isPresent();
    NoticeCalls.Names none =
        host -> {
          throw new AssertionError("looked up " + host);
        };
    try (var calls =
        new NoticeCalls(false, one -> true, none, context.getSocketFactory(), LIMITS)) {
      assertThat(calls.send(URI.create(url), BODY, true).trouble()).startsWith("Not sent: ");
    }
  }

  @Test
  void with_leave_of_the_operator_plain_http_to_this_machine_will_do() {
    try (var calls = new NoticeCalls(true)) {
      var url = URI.create("http://127.0.0.1:%d".formatted(plain.port()));
      assertThat(calls.send(url, BODY, true).status()).isEqualTo(200);
      assertThat(plain.requests())
          .singleElement()
          .satisfies(one -> assertThat(one.line()).isEqualTo("POST / HTTP/1.1"));
    }
    try (var calls = new NoticeCalls(false)) {
      var url = URI.create("https://127.0.0.1:%d/".formatted(secure.port()));
      assertThat(calls.send(url, BODY, true).trouble()).contains("private address");
    }
  }

  @Test
  void a_name_that_stands_for_nothing_is_no_host() {
    NoticeCalls.Names unknown =
        host -> {
          throw new UnknownHostException(host);
        };
    try (var calls = strict(unknown)) {
      assertThat(calls.send(at(HOST), BODY, true).trouble()).isEqualTo("The host is not known");
    }
  }

  /// As in production, but for which addresses are private: 127.0.0.1 is not, 127.0.0.2 is.
  private NoticeCalls strict(NoticeCalls.Names names) {
    return new NoticeCalls(
        false, one -> one.getAddress()[3] == 2, names, context.getSocketFactory(), LIMITS);
  }

  private URI at(String host) {
    return URI.create("https://%s:%d/paid".formatted(host, secure.port()));
  }

  private static InetAddress address(String text) throws UnknownHostException {
    return InetAddress.ofLiteral(text);
  }

  /// Of a server that is [#HOST], and of those who believe it.
  private static SSLContext context(Path store) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-validity", "30", "-keystore", store.toString()));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-alias", "x"));
    command.addAll(List.of("-keyalg", "EC", "-dname", "CN=x", "-ext", "san=dns:" + HOST));
    Process keytool =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).as("keytool").isTrue();
    var keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    var trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("x", keys.getCertificate("x"));
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }
}
