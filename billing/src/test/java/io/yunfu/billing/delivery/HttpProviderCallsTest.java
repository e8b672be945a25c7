package io.yunfu.billing.delivery;

import static io.yunfu.billing.delivery.ProviderProtocolTest.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.yunfu.billing.delivery.ProviderAnswer.Delivered;
import io.yunfu.billing.delivery.ProviderAnswer.Refused;
import io.yunfu.billing.delivery.ProviderAnswer.Unknown;
import io.yunfu.testkit.ManualClock;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The HTTP side of a call, against a server of the JDK on loopback.
class HttpProviderCallsTest {
  private static final Duration SHORT = Duration.ofMillis(400);
  private static final String DELIVERED = "{\"status\":\"delivered\",\"resourceIds\":[\"ins-1\"]}";

  private final ManualClock clock = new ManualClock(Instant.ofEpochSecond(1767240000));
  private final HttpProviderCalls calls = new HttpProviderCalls(true, clock);
  private final CountDownLatch end = new CountDownLatch(1);
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    calls.close();
    server.stop(0);
  }

  @Test
  void a_call_is_signed_over_the_bytes_that_travel_and_carries_its_key_and_number() {
    var seen = new AtomicReference<String>();
    serve(exchange -> {
      byte[] body = exchange.getRequestBody().readAllBytes();
      var headers = exchange.getRequestHeaders();
      assertThat(headers.getFirst("Yunfu-Signature"))
          .isEqualTo(ProviderProtocol.signature("secret", clock.instant(), body));
      assertThat(body).isEqualTo(ProviderProtocol.body(REQUEST));
      seen.set(
          exchange.getRequestMethod()
              + " "
              + exchange.getRequestURI()
              + " "
              + headers.getFirst("Yunfu-Idempotency-Key")
              + " "
              + headers.getFirst("Yunfu-Attempt")
              + " "
              + headers.getFirst("Content-Type"));
      answer(exchange, 200, DELIVERED);
    });
    assertThat(calls.call(endpoint("/deliver?cloud=a"), REQUEST, 3))
        .isEqualTo(new Delivered(List.of("ins-1")));
    assertThat(seen.get())
        .isEqualTo(
            "POST /deliver?cloud=a 20260101000000000000001 3 application/json; charset=utf-8");
  }

  @Test
  void a_refusal_is_brought_back_with_its_reason() {
    serve(exchange -> answer(exchange, 403, "{\"reason\":\"bad signature\"}"));
    assertThat(call()).isEqualTo(new Refused("HTTP 403: bad signature"));
  }

  @Test
  void a_redirect_is_not_followed() {
    var arrived = new AtomicInteger();
    server.createContext("/elsewhere", exchange -> arrived.incrementAndGet());
    serve(exchange -> {
      exchange.getResponseHeaders().set("Location", "/elsewhere");
      answer(exchange, 307, "");
    });
    assertThat(call()).isEqualTo(new Unknown("HTTP 307"));
    assertThat(arrived).hasValue(0);
  }

  @Test
  void the_deadline_covers_silence_before_the_answer() {
    serve(exchange -> await());
    assertThat(timed()).isEqualTo(new Unknown("No answer within 400 ms"));
  }

  @Test
  void the_deadline_covers_an_answer_that_trickles() {
    serve(exchange -> {
      exchange.sendResponseHeaders(200, 0);
      var body = exchange.getResponseBody();
      while (end.getCount() > 0) {
        body.write(' ');
        body.flush();
        sleep();
      }
    });
    assertThat(timed()).isEqualTo(new Unknown("No answer within 400 ms"));
  }

  @Test
  void an_answer_that_is_too_long_is_not_read_to_its_end() {
    serve(exchange -> {
      exchange.sendResponseHeaders(200, 0);
      byte[] block = " ".repeat(8192).getBytes(StandardCharsets.US_ASCII);
      for (int i = 0; i < 100_000; i++) {
        exchange.getResponseBody().write(block);
      }
      exchange.close();
    });
    assertThat(calls.call(endpoint("/"), REQUEST, 1)).isInstanceOf(Unknown.class);
  }

  @Test
  void the_longest_answer_that_is_allowed_is_read() {
    String padded = DELIVERED + " ".repeat(ProviderProtocol.LONGEST_ANSWER - DELIVERED.length());
    serve(exchange -> answer(exchange, 200, padded));
    assertThat(call()).isInstanceOf(Delivered.class);
  }

  @Test
  void a_connection_that_breaks_or_is_refused_or_leads_nowhere_is_no_definite_answer()
      throws IOException {
    serve(HttpExchange::close);
    assertThat(call()).isInstanceOf(Unknown.class);
    int free;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }
    assertThat(
            calls.call(endpoint(URI.create("http://127.0.0.1:" + free + "/?k=hush")), REQUEST, 1))
        .isEqualTo(new Unknown("Cannot connect to the provider"));
    assertThat(
            calls.call(endpoint(URI.create("http://nowhere.invalid/?k=hush")), REQUEST, 1).detail())
        .doesNotContain("hush");
  }

  @Test
  void plain_http_behind_an_https_url_is_no_definite_answer_and_tells_nothing_secret() {
    serve(exchange -> answer(exchange, 200, DELIVERED));
    URI url = URI.create("https://127.0.0.1:" + server.getAddress().getPort() + "/?k=hush");
    assertThat(calls.call(endpoint(url, SHORT), REQUEST, 1))
        .isInstanceOfSatisfying(
            Unknown.class, unknown -> assertThat(unknown.detail()).doesNotContain("hush"));
  }

  @Test
  void private_addresses_are_not_called_unless_that_is_allowed() {
    var arrived = new AtomicInteger();
    serve(exchange -> {
      arrived.incrementAndGet();
      answer(exchange, 200, DELIVERED);
    });
    try (var careful = new HttpProviderCalls(false, clock)) {
      int port = server.getAddress().getPort();
      for (String host : List.of("127.0.0.1", "localhost", "[::1]", "127.1", "0.0.0.0")) {
        assertThat(careful.call(endpoint(URI.create("http://" + host + ":" + port)), REQUEST, 1))
            .as(host)
            .isInstanceOf(Unknown.class);
      }
    }
    assertThat(arrived).hasValue(0);
    assertThat(call()).isInstanceOf(Delivered.class);
  }

  @Test
  void a_url_that_should_not_be_there_is_not_called() {
    for (String url : List.of("ftp://127.0.0.1/", "http://user:hunter2@127.0.0.1/")) {
      assertThat(calls.call(endpoint(URI.create(url)), REQUEST, 1))
          .isInstanceOfSatisfying(
              Unknown.class,
              unknown ->
                  assertThat(unknown.detail())
                      .startsWith("Not called: ")
                      .doesNotContain("hunter2"));
    }
  }

  @Test
  void an_interrupted_call_is_abandoned() throws InterruptedException {
    serve(exchange -> await());
    var answer = new AtomicReference<ProviderAnswer>();
    var thread =
        Thread.startVirtualThread(
            () -> answer.set(calls.call(endpoint("/", Duration.ofSeconds(60)), REQUEST, 1)));
    Thread.sleep(100);
    thread.interrupt();
    assertThat(thread.join(Duration.ofSeconds(10))).isTrue();
    assertThat(answer.get()).isEqualTo(new ProviderAnswer.Abandoned());
  }

  private ProviderAnswer call() {
    return calls.call(endpoint("/", Duration.ofSeconds(20)), REQUEST, 1);
  }

  private ProviderAnswer timed() {
    long began = System.nanoTime();
    var answer = calls.call(endpoint("/"), REQUEST, 1);
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(5));
    return answer;
  }

  private ProviderEndpoint endpoint(String path) {
    return endpoint(path, SHORT.multipliedBy(path.length() > 1 ? 20 : 1));
  }

  private ProviderEndpoint endpoint(String path, Duration timeout) {
    return endpoint(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path), timeout);
  }

  private static ProviderEndpoint endpoint(URI url) {
    return endpoint(url, Duration.ofSeconds(10));
  }

  private static ProviderEndpoint endpoint(URI url, Duration timeout) {
    return new ProviderEndpoint("web", url, "secret", timeout, 1, true);
  }

  private void serve(HttpHandler handler) {
    server.createContext("/", handler);
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getRequestBody().readAllBytes();
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void await() {
    try {
      end.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void sleep() {
    try {
      Thread.sleep(50);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
