package io.yunfu.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.server.config.Configuration;
import io.yunfu.server.config.DataSize;
import io.yunfu.server.http.Wire.Answer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The server as the wire sees it. Section numbers are those of the billing wire specification.
@Timeout(60)
class HttpServerTest {
  private static final DataSize LIMIT = new DataSize(1 << 20);

  private final Queue<Request> seen = new ConcurrentLinkedQueue<>();
  private HttpServer server;

  @AfterEach
  void stop() {
    if (server != null) {
      server.close();
    }
  }

  private HttpServer start(Handler handler, String... keys) {
    Map<String, String> settings = new HashMap<>(Map.of("http.port", "0"));
    for (int i = 0; i < keys.length; i += 2) {
      settings.put(keys[i], keys[i + 1]);
    }
    Configuration configuration = Configuration.with(settings);
    Handler noting =
        request -> {
          seen.add(request);
          return handler.handle(request);
        };
    server =
        HttpServer.start(
            configuration.http(),
            configuration.https(),
            List.of(
                Route.at("/", BodyLimit.at(LIMIT), noting).acrossOrigins(),
                Route.below("/admin/v1/", BodyLimit.at(LIMIT), noting),
                Route.page("/live", request -> Response.text(200, "up"))));
    return server;
  }

  private static Response ok(Request request) {
    return Response.json(200, "{\"Response\":{}}");
  }

  private Answer exchange(String request) throws Exception {
    try (Wire wire = Wire.to(server)) {
      return wire.send(request).answer();
    }
  }

  private Request only() {
    assertThat(seen).hasSize(1);
    return seen.element();
  }

  @Test
  void the_bytes_of_a_body_arrive_as_they_were_sent() throws Exception {
    start(HttpServerTest::ok);
    byte[] body = "{\"名\":\"é\u0000\\u4e2d\" }".getBytes(StandardCharsets.UTF_8);
    try (Wire wire = Wire.to(server)) {
      wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length + "\r\n\r\n");
      wire.send(body);
      assertThat(wire.answer().status()).isEqualTo(200);
    }
    assertThat(only().body()).isEqualTo(body);
    assertThat(only().method()).isEqualTo("POST");
    assertThat(only().path()).isEqualTo("/");
    assertThat(only().query()).isNull();
    assertThat(only().remoteAddress()).isEqualTo("127.0.0.1");
    assertThat(only().secure()).isFalse();
  }

  @Test
  void the_content_type_has_no_charset_and_nobody_names_the_server() throws Exception {
    start(HttpServerTest::ok);
    Answer answer = exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(answer.names()).doesNotContainKeys("server", "x-powered-by", "content-encoding");
    assertThat(answer.text()).isEqualTo("{\"Response\":{}}");
  }

  @Test
  void a_host_header_with_a_scheme_reaches_the_handler_as_it_was_sent() throws Exception {
    start(HttpServerTest::ok);
    assertThat(exchange("POST / HTTP/1.1\r\nHost: http://127.0.0.1:8080\r\n\r\n").status())
        .isEqualTo(200);
    assertThat(only().host()).contains("http://127.0.0.1:8080");
  }

  @Test
  void other_hosts_that_clients_send_reach_the_handler_too() throws Exception {
    start(HttpServerTest::ok);
    for (String host :
        List.of(
            "https://billing.local",
            "billing.local:443",
            "BILLING.local",
            "http://[::1]:80",
            "[::1]:8080",
            "a_b.local")) {
      seen.clear();
      assertThat(exchange("GET /?a=1 HTTP/1.1\r\nHost: " + host + "\r\n\r\n").status())
          .as(host)
          .isEqualTo(200);
      assertThat(only().host()).contains(host);
    }
  }

  @Test
  void the_query_stays_raw_whatever_it_spells() throws Exception {
    start(HttpServerTest::ok);
    for (String query :
        List.of(
            "a=%20+%2B%2F&b=%e4%b8%ad&a=2",
            "%", "a=%zz&b=%2", "a=%c3%28", "a=%u4e2d", "a=..%2f..;x&b=|{}^\"<>`", "?", "", "a=中")) {
      seen.clear();
      try (Wire wire = Wire.to(server)) {
        wire.send(
            ("GET /?" + query + " HTTP/1.1\r\nHost: a\r\n\r\n").getBytes(StandardCharsets.UTF_8));
        assertThat(wire.answer().status()).as(query).isEqualTo(200);
      }
      assertThat(only().query()).isEqualTo(query);
      assertThat(only().path()).isEqualTo("/");
    }
  }

  @Test
  void the_path_stays_raw_too_and_is_not_taken_for_another() throws Exception {
    start(HttpServerTest::ok);
    for (String path :
        List.of("/admin/v1/a%2Fb", "/admin/v1/%2e%2e/x", "/admin/v1//x;y=1", "/admin/v1/%ff")) {
      seen.clear();
      assertThat(exchange("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n").status()).isEqualTo(200);
      assertThat(only().path()).isEqualTo(path);
    }
    seen.clear();
    for (String path : List.of("/admin", "/%2e", "//", "/x", "/live/", "/;x", "/Live")) {
      Answer answer = exchange("GET " + path + " HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(answer.status()).as(path).isEqualTo(404);
      assertThat(answer.header("content-type")).isEqualTo("application/json");
      assertThat(answer.text()).contains("NotFound").doesNotContain(path + "x");
    }
    assertThat(seen).isEmpty();
  }

  @Test
  void headers_keep_their_order_and_are_found_in_any_case() throws Exception {
    start(HttpServerTest::ok);
    exchange(
        head(
            "POST / HTTP/1.1",
            "Host: a",
            "content-type: multipart/form-data; boundary=X",
            "X-TC-Action: One",
            "x-tc-action: Two",
            "X-Empty:"));
    assertThat(only().headers().first("Content-Type")).contains("multipart/form-data; boundary=X");
    assertThat(only().headers().all("X-Tc-Action")).containsExactly("One", "Two");
    assertThat(only().headers().first("x-empty")).contains("");
    assertThat(only().headers().list().getFirst().name()).isEqualTo("Host");
  }

  @Test
  void a_get_of_32_kib_arrives_whole_and_a_larger_one_can_still_be_refused_by_the_api()
      throws Exception {
    start(HttpServerTest::ok);
    for (int length : List.of(32 * 1024, 40 * 1024)) {
      seen.clear();
      String target = "/?a=" + "x".repeat(length - 4);
      assertThat(exchange("GET " + target + " HTTP/1.1\r\nHost: a\r\n\r\n").status())
          .isEqualTo(200);
      assertThat(only().targetLength()).isEqualTo(length);
    }
  }

  @Test
  void a_target_past_all_bounds_is_refused_without_a_page_of_the_library() throws Exception {
    start(HttpServerTest::ok);
    Answer answer = exchange("GET /?a=" + "x".repeat(200_000) + " HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(answer.status()).isEqualTo(414);
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(answer.text().toLowerCase(java.util.Locale.ROOT)).doesNotContain("jetty");
  }

  @Test
  void what_is_no_http_gets_a_short_answer_and_a_closed_connection() throws Exception {
    start(HttpServerTest::ok);
    for (String text :
        List.of(
            "GET / HTTP/1.1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\n folded: x\r\n\r\n",
            "GET / HTTP/1.1\r\nHost:\r\n\r\n",
            "\u0000\u0001\u0002\r\n\r\n")) {
      try (Wire wire = Wire.to(server)) {
        Answer answer = wire.send(text).answer();
        assertThat(answer.status()).as(text).isEqualTo(400);
        assertThat(answer.text()).as(text).contains("BadRequest");
        assertThat(wire.closed()).isTrue();
      }
    }
    assertThat(seen).isEmpty();
  }

  @Test
  void a_target_with_a_fragment_is_refused_rather_than_cut() throws Exception {
    start(HttpServerTest::ok);
    assertThat(exchange("GET /?a=b#c HTTP/1.1\r\nHost: a\r\n\r\n").status()).isEqualTo(400);
    assertThat(seen).isEmpty();
  }

  @Test
  void a_broken_chunk_is_no_request() throws Exception {
    start(HttpServerTest::ok);
    Answer answer =
        exchange("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n");
    assertThat(answer.status()).isEqualTo(400);
    assertThat(seen).isEmpty();
  }

  @Test
  void a_chunked_body_arrives_whole() throws Exception {
    start(HttpServerTest::ok);
    String part = "x".repeat(50_000);
    try (Wire wire = Wire.to(server)) {
      wire.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      for (int i = 0; i < 5; i++) {
        wire.send(Integer.toHexString(part.length()) + "\r\n" + part + "\r\n");
      }
      wire.send("0\r\n\r\n");
      assertThat(wire.answer().status()).isEqualTo(200);
    }
    assertThat(only().body()).hasSize(250_000).containsOnly('x');
  }

  @Test
  void one_connection_carries_many_requests() throws Exception {
    start(request -> Response.json(200, request.body()));
    try (Wire wire = Wire.to(server)) {
      for (int i = 0; i < 20; i++) {
        String body = "n".repeat(i * 5000);
        wire.send(
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
        assertThat(wire.answer().text()).isEqualTo(body);
      }
      wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(wire.answer().status()).isEqualTo(200);
      assertThat(wire.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void methods_that_the_api_does_not_have_reach_it_all_the_same() throws Exception {
    start(HttpServerTest::ok);
    for (String method : List.of("PUT", "DELETE", "PATCH", "TRACE", "BREW")) {
      seen.clear();
      assertThat(exchange(method + " / HTTP/1.1\r\nHost: a\r\n\r\n").status()).isEqualTo(200);
      assertThat(only().method()).isEqualTo(method);
    }
  }

  // 1.10

  @Test
  void head_is_refused_on_the_api_and_answered_without_a_body_on_pages() throws Exception {
    start(HttpServerTest::ok);
    assertThat(exchange("HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").status())
        .isEqualTo(405);
    try (Wire wire = Wire.to(server)) {
      wire.send("HEAD /live HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
      Answer head = wire.answerToHead();
      assertThat(head.status()).isEqualTo(200);
      assertThat(head.header("content-length")).isEqualTo("2");
      assertThat(wire.closed()).isTrue();
    }
    assertThat(seen).isEmpty();
  }

  @Test
  void options_answers_204_and_grants_nothing_by_default() throws Exception {
    start(HttpServerTest::ok);
    Answer answer =
        exchange(
            head(
                "OPTIONS / HTTP/1.1",
                "Host: a",
                "Origin: https://shop.example",
                "Access-Control-Request-Method: POST"));
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.names().keySet())
        .noneMatch(name -> name.startsWith("access-control-"))
        .doesNotContain("content-length", "content-type");
    assertThat(seen).isEmpty();
  }

  @Test
  void a_configured_origin_may_call_and_another_may_not() throws Exception {
    start(HttpServerTest::ok, "http.cors-origins", "https://shop.example, http://localhost:3000");
    String preflight =
        head(
            "OPTIONS / HTTP/1.1",
            "Host: a",
            "Origin: %s",
            "Access-Control-Request-Method: POST",
            "Access-Control-Request-Headers: authorization,x-tc-action");
    Answer granted = exchange(preflight.formatted("https://shop.example"));
    assertThat(granted.header("access-control-allow-origin")).isEqualTo("https://shop.example");
    assertThat(granted.header("access-control-allow-methods")).contains("POST");
    assertThat(granted.header("access-control-allow-headers"))
        .isEqualTo("authorization,x-tc-action");
    assertThat(exchange(preflight.formatted("https://shop.example.evil")).names().keySet())
        .noneMatch(name -> name.startsWith("access-control-"));

    String call = "POST / HTTP/1.1\r\nHost: a\r\nOrigin: %s\r\n\r\n";
    Answer called = exchange(call.formatted("https://shop.example"));
    assertThat(called.header("access-control-allow-origin")).isEqualTo("https://shop.example");
    assertThat(called.header("access-control-expose-headers")).isEqualTo("X-TC-RequestId");
    assertThat(exchange(call.formatted("null")).names())
        .doesNotContainKey("access-control-allow-origin");
    assertThat(
            exchange("POST /admin/v1/x HTTP/1.1\r\nHost: a\r\nOrigin: https://shop.example\r\n\r\n")
                .names())
        .doesNotContainKey("access-control-allow-origin");
  }

  // 1.7, rule 10

  @Test
  void gzip_is_used_if_asked_for_and_worth_it_and_deflate_never() throws Exception {
    byte[] large = "{\"Response\":{}}\n".repeat(2000).getBytes(StandardCharsets.UTF_8);
    start(request ->
        Response.json(
            200, request.query() == null ? large : "{}".getBytes(StandardCharsets.UTF_8)));
    String get = "GET /%s HTTP/1.1\r\nHost: a\r\nAccept-Encoding: %s\r\n\r\n";
    for (String asked : List.of("gzip", "deflate, GZIP;q=0.5", "br, gzip, *")) {
      Answer answer = exchange(get.formatted("", asked));
      assertThat(answer.header("content-encoding")).as(asked).isEqualTo("gzip");
      assertThat(answer.header("content-type")).isEqualTo("application/json");
      assertThat(answer.header("vary")).contains("Accept-Encoding");
      assertThat(new GZIPInputStream(new ByteArrayInputStream(answer.body())).readAllBytes())
          .isEqualTo(large);
    }
    for (String asked : List.of("deflate", "*", "identity", "gzip;q=0", "gzip; q=0.00", "br")) {
      Answer answer = exchange(get.formatted("", asked));
      assertThat(answer.names()).as(asked).doesNotContainKey("content-encoding");
      assertThat(answer.body()).isEqualTo(large);
    }
    assertThat(exchange(get.formatted("?small", "gzip")).names())
        .doesNotContainKey("content-encoding");
  }

  // 1.8

  @Test
  void a_body_at_the_limit_is_whole_and_one_byte_more_is_oversized() throws Exception {
    start(HttpServerTest::ok);
    for (boolean chunked : List.of(false, true)) {
      for (int extra : List.of(0, 1)) {
        seen.clear();
        int size = LIMIT.asInt() + extra;
        try (Wire wire = Wire.to(server)) {
          wire.send(
              "POST / HTTP/1.1\r\nHost: a\r\n"
                  + (chunked
                      ? "Transfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(size) + "\r\n"
                      : "Content-Length: " + size + "\r\n\r\n"));
          wire.send(new byte[size]);
          wire.send(chunked ? "\r\n0\r\n\r\n" : "");
          assertThat(wire.answer().status()).isEqualTo(200);
          assertThat(only().oversized()).isEqualTo(extra == 1);
          assertThat(only().body()).hasSize(extra == 1 ? 0 : size);
        }
      }
    }
  }

  @Test
  void an_oversized_body_is_answered_and_its_connection_closed_instead_of_reading_it_all()
      throws Exception {
    start(request -> Response.json(200, "{\"oversized\":" + request.oversized() + "}"));
    try (Wire wire = Wire.to(server)) {
      wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000000\r\n\r\n");
      Answer answer = wire.answer();
      assertThat(answer.text()).isEqualTo("{\"oversized\":true}");
      assertThat(answer.header("connection")).isEqualTo("close");
      long sent = 0;
      byte[] block = new byte[1 << 20];
      try {
        while (sent < 500) {
          wire.send(block);
          sent++;
        }
      } catch (java.io.IOException closed) {
        // as it should be
      }
      assertThat(sent).isLessThan(100);
    }
  }

  @Test
  void a_client_that_waits_for_a_go_ahead_gets_the_refusal_instead() throws Exception {
    start(request -> Response.json(200, "{\"oversized\":" + request.oversized() + "}"));
    try (Wire wire = Wire.to(server)) {
      wire.send(
          "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 20000000\r\n\r\n");
      assertThat(wire.answer().text()).isEqualTo("{\"oversized\":true}");
      assertThat(wire.closed()).isTrue();
    }
    try (Wire wire = Wire.to(server)) {
      wire.send("POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
      assertThat(wire.answer().status()).isEqualTo(100);
      assertThat(wire.send("{}").answer().text()).isEqualTo("{\"oversized\":false}");
    }
  }

  @Test
  void a_body_that_comes_too_slowly_is_cut_off() throws Exception {
    start(HttpServerTest::ok, "http.request-timeout", "300ms");
    try (Wire wire = Wire.to(server)) {
      wire.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nx");
      assertThat(wire.answer().status()).isEqualTo(408);
      assertThat(wire.closed()).isTrue();
    }
    assertThat(seen).isEmpty();
    for (int i = 0; i < 100 && server.inFlight() > 0; i++) {
      sleep(20);
    }
    assertThat(server.inFlight()).isZero();
  }

  @Test
  void an_answer_that_nobody_takes_does_not_stay_for_ever() throws Exception {
    start(
        request -> Response.json(200, new byte[64 << 20]),
        "http.request-timeout",
        "500ms",
        "http.idle-timeout",
        "1h");
    try (Wire wire = Wire.to(server)) {
      wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      for (int i = 0; i < 500 && (seen.isEmpty() || server.inFlight() > 0); i++) {
        sleep(20);
      }
      assertThat(seen).hasSize(1);
      assertThat(server.inFlight()).isZero();
    }
  }

  @Test
  void a_head_that_trickles_in_is_cut_off() throws Exception {
    start(HttpServerTest::ok, "http.request-timeout", "500ms");
    try (Wire wire = Wire.to(server)) {
      wire.send("GET / HTTP/1.1\r\nHost: a\r\n");
      long start = System.nanoTime();
      boolean cut = false;
      while (!cut && System.nanoTime() - start < TimeUnit.SECONDS.toNanos(10)) {
        try {
          wire.send("X");
          Thread.sleep(50);
        } catch (java.io.IOException e) {
          cut = true;
        }
      }
      assertThat(cut).isTrue();
    }
  }

  @Test
  void a_connection_without_a_request_is_closed_in_time() throws Exception {
    start(HttpServerTest::ok, "http.idle-timeout", "300ms");
    try (Wire wire = Wire.to(server)) {
      assertThat(wire.closed()).isTrue();
    }
  }

  @Test
  void a_handler_may_take_longer_than_the_idle_timeout() throws Exception {
    start(
        request -> {
          sleep(1000);
          return ok(request);
        },
        "http.idle-timeout",
        "200ms");
    assertThat(exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n").status()).isEqualTo(200);
  }

  @Test
  void past_the_bound_connections_wait_until_another_closes() throws Exception {
    start(HttpServerTest::ok, "http.max-connections", "2");
    String get = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    try (Wire first = Wire.to(server);
        Wire second = Wire.to(server);
        Wire third = Wire.to(server)) {
      first.send(get).answer();
      second.send(get).answer();
      third.send(get);
      Thread.sleep(200);
      assertThat(seen).hasSize(2);
      first.hangUp();
      assertThat(third.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void a_handler_that_throws_gives_nothing_away() throws Exception {
    start(request -> {
      throw new IllegalStateException("the password is hunter2");
    });
    Answer answer = exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    assertThat(answer.status()).isEqualTo(500);
    assertThat(answer.text()).contains("InternalError").doesNotContain("hunter2");
  }

  @Test
  void handlers_run_on_virtual_threads() throws Exception {
    start(request -> Response.text(200, Boolean.toString(Thread.currentThread().isVirtual())));
    assertThat(exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n").text()).isEqualTo("true");
  }

  @Test
  void a_taken_port_is_named() throws Exception {
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(other.getLocalPort());
      assertThatThrownBy(() -> start(HttpServerTest::ok, "http.port", port))
          .isInstanceOf(CannotListen.class)
          .hasMessage(
              "port %s of 127.0.0.1 is taken by another program; stop that one, or set http.port"
                  .formatted(port));
    }
  }

  @Test
  void an_address_that_is_not_ours_is_named() {
    assertThatThrownBy(() -> start(HttpServerTest::ok, "http.host", "192.0.2.1"))
        .isInstanceOf(CannotListen.class)
        .hasMessageContaining("192.0.2.1")
        .hasMessageContaining("http.port");
  }

  @Test
  void a_stop_lets_the_request_in_flight_finish_and_takes_no_new_connection() throws Exception {
    var entered = new CountDownLatch(1);
    var leave = new CountDownLatch(1);
    start(request -> {
      entered.countDown();
      await(leave);
      return ok(request);
    });
    try (Wire wire = Wire.to(server)) {
      wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();
      var stopped = CompletableFuture.supplyAsync(() -> server.stop(Duration.ofSeconds(20)));
      Thread.sleep(1500);
      assertThat(stopped).isNotDone();
      assertThatThrownBy(() -> exchange("GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
          .isInstanceOf(java.io.IOException.class);
      leave.countDown();
      Answer answer = wire.answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.header("connection")).isEqualTo("close");
      assertThat(stopped.get(5, TimeUnit.SECONDS)).isTrue();
      assertThat(wire.closed()).isTrue();
    }
  }

  @Test
  void whatever_a_stop_lets_in_is_answered() throws Exception {
    var begun = new AtomicInteger();
    start(request -> {
      begun.incrementAndGet();
      return ok(request);
    });
    var answered = new AtomicInteger();
    try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        var _ =
            clients.submit(() -> {
              try (Wire wire = Wire.to(server)) {
                while (!wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
                    .answer()
                    .header("connection")
                    .equals("close")) {
                  answered.incrementAndGet();
                }
                answered.incrementAndGet();
              } catch (IOException e) {
                // not let in
              }
              return null;
            });
      }
      while (answered.get() < 200) {
        Thread.onSpinWait();
      }
      assertThat(server.stop(Duration.ofSeconds(20))).isTrue();
    }
    assertThat(answered).hasValue(begun.get());
  }

  @Test
  void a_stop_does_not_wait_for_ever() throws Exception {
    var leave = new CountDownLatch(1);
    var entered = new CountDownLatch(1);
    start(request -> {
      entered.countDown();
      await(leave);
      return ok(request);
    });
    try (Wire wire = Wire.to(server)) {
      wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
      assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(server.stop(Duration.ofMillis(100))).isFalse();
      assertThat(wire.closed()).isTrue();
    } finally {
      leave.countDown();
    }
  }

  @Test
  void a_stop_is_quick_when_only_idle_connections_are_open() throws Exception {
    start(HttpServerTest::ok);
    try (Wire wire = Wire.to(server)) {
      wire.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer();
      long start = System.nanoTime();
      assertThat(server.stop(Duration.ofSeconds(20))).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(3));
      assertThat(wire.closed()).isTrue();
    }
  }

  @Test
  void only_a_trusted_proxy_is_believed_about_the_client() throws Exception {
    String get =
        head(
            "GET / HTTP/1.1",
            "Host: a",
            "X-Forwarded-For: 6.6.6.6, 203.0.113.7, 10.0.0.2",
            "X-Forwarded-Proto: https",
            "x-forwarded-host: billing.example");
    start(HttpServerTest::ok);
    exchange(get);
    assertThat(only().remoteAddress()).isEqualTo("127.0.0.1");
    assertThat(only().secure()).isFalse();
    assertThat(only().forwardedHost()).isEmpty();
    assertThat(only().headers().has("X-Forwarded-For")).isFalse();
    server.close();
    seen.clear();
    start(HttpServerTest::ok, "http.trusted-proxies", "127.0.0.0/8, 10.0.0.0/8");
    exchange(get);
    assertThat(only().remoteAddress()).isEqualTo("203.0.113.7");
    assertThat(only().secure()).isTrue();
    assertThat(only().forwardedHost()).contains("billing.example");
  }

  @Test
  void what_a_proxy_passes_on_that_is_no_address_is_not_taken_for_one() throws Exception {
    start(HttpServerTest::ok, "http.trusted-proxies", "127.0.0.1");
    for (String claim : List.of("unknown", "evil\\\"name", "", "1.2.3.4, nonsense")) {
      seen.clear();
      exchange("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: " + claim + "\r\n\r\n");
      assertThat(only().remoteAddress()).as(claim).isEqualTo("127.0.0.1");
    }
    seen.clear();
    exchange("GET / HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: [2001:db8::1]:443\r\n\r\n");
    assertThat(only().remoteAddress()).isEqualTo("2001:db8::1");
  }

  private static String head(String... lines) {
    return String.join("\r\n", lines) + "\r\n\r\n";
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
