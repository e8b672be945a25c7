package io.yunfu.billing.delivery;

import static io.yunfu.billing.Desk.ANN;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.db.Cells;
import io.yunfu.db.TestDatabase;
import io.yunfu.kernel.Uin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A whole node, its loop running, and real providers over HTTP.
class DeliveryHttpIT {
  private static final Duration LONG = Duration.ofSeconds(30);

  private static Cells cells;
  private static Shop shop;

  @TempDir private Path directory;

  private final Map<String, ProviderEndpoint> endpoints = new ConcurrentHashMap<>();
  private final HttpProviderCalls calls = new HttpProviderCalls(true, Clock.systemUTC());
  private final List<Delivery> nodes = new ArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private HttpServer server;
  private Uin owner;

  @BeforeAll
  static void open() {
    cells = TestDatabase.cells();
    shop =
        new Shop(cells.all().getLast())
            .product("p_web", "web", "web-maker")
            .product("p_dead", "dead", "dead-maker");
  }

  @AfterAll
  static void close() {
    cells.close();
  }

  @BeforeEach
  void begin() throws IOException {
    owner = shop.owner();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    nodes.forEach(Delivery::close);
    calls.close();
    server.stop(0);
    shop.sql("delete from delivery");
  }

  @Test
  void the_example_of_the_documentation_delivers_once_and_refuses_with_a_reason() throws Exception {
    Process receiver = receiver("the secret");
    try {
      endpoints.put("web-maker", endpoint("web-maker", listening(receiver), "the secret"));
      var node = node(DeliverySettings.DEFAULT);
      node.start();
      var bought = shop.sell(sale().times(2));
      var tooMuch = shop.sell(sale().times(11));
      var results = node.await(List.of(bought, tooMuch), LONG);
      assertThat(results.get(bought))
          .isEqualTo(
              new DeliveryResult.Delivered(
                  List.of("web-" + bought + "-1", "web-" + bought + "-2")));
      assertThat(results.get(tooMuch)).isEqualTo(new DeliveryResult.Failed());
      assertThat(shop.queue(tooMuch)).containsExactly("failed 0 Refused: At most 10 at a time");
      var renewed = shop.sell(sale().action("renew", "web-" + bought + "-1"));
      assertThat(node.await(List.of(renewed), LONG).get(renewed))
          .isEqualTo(new DeliveryResult.Delivered(List.of("web-" + bought + "-1")));
      // Put right, and delivered again under the same key.
      shop.sql("update deal set quantity = 10 where deal_id = ?", tooMuch.value());
      new RedeliverDeals(cells, id -> node, Clock.systemUTC()).redeliver(ANN, List.of(tooMuch));
      assertThat(node.await(List.of(tooMuch), LONG).get(tooMuch))
          .isInstanceOf(DeliveryResult.Delivered.class);
    } finally {
      receiver.destroyForcibly().waitFor();
    }
  }

  @Test
  void the_example_lets_nobody_in_who_does_not_know_the_secret() throws Exception {
    Process receiver = receiver("the secret");
    try {
      endpoints.put("web-maker", endpoint("web-maker", listening(receiver), "a guess"));
      var node = node(DeliverySettings.DEFAULT);
      node.start();
      var deal = shop.sell(sale());
      assertThat(node.await(List.of(deal), LONG).get(deal)).isEqualTo(new DeliveryResult.Failed());
      assertThat(shop.queue(deal)).containsExactly("failed 0 Refused: HTTP 401: bad signature");
    } finally {
      receiver.destroyForcibly().waitFor();
    }
  }

  @Test
  void what_is_accepted_is_delivered_later_and_its_caller_hears_of_it() {
    var asked = new ConcurrentHashMap<String, Integer>();
    serve(
        "web-maker",
        exchange -> {
          int times = asked.merge(key(exchange), 1, Integer::sum);
          answer(
              exchange,
              times < 3 ? "{\"status\":\"accepted\"}" : delivered("web-" + key(exchange)));
        });
    var node = node(quick());
    node.start();
    var deal = shop.sell(sale());
    assertThat(node.await(List.of(deal), LONG).get(deal))
        .isEqualTo(new DeliveryResult.Delivered(List.of("web-" + deal)));
  }

  @Test
  void a_provider_that_hangs_takes_nothing_from_one_that_works() {
    serve("dead-maker", exchange -> await());
    serve("web-maker", exchange -> answer(exchange, delivered("web-" + key(exchange))));
    var node = node(with(quick(), Duration.ofMillis(200)));
    node.start();
    var dead = shop.sell(sale().of("p_dead"), 100);
    node.handOver(dead);
    var alive = shop.sell(sale(), 100);
    assertThat(node.await(alive, LONG).values())
        .allMatch(DeliveryResult.Delivered.class::isInstance);
    assertThat(node.read(dead).values()).allMatch(DeliveryResult.Pending.class::isInstance);
  }

  @Test
  void a_stopping_node_waits_for_the_answers_it_has_asked_for() throws Exception {
    var asked = new CountDownLatch(1);
    serve(
        "web-maker",
        exchange -> {
          asked.countDown();
          sleep(Duration.ofMillis(500));
          answer(exchange, delivered("web-" + key(exchange)));
        });
    var node = node(quick());
    node.start();
    var deal = shop.sell(sale());
    node.handOver(List.of(deal));
    assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
    node.close();
    assertThat(shop.status(deal)).isEqualTo(DealStatus.DELIVERED);
  }

  @Test
  void a_stopping_node_does_not_wait_for_ever_and_gives_back_what_it_abandons() throws Exception {
    var asked = new CountDownLatch(1);
    serve(
        "web-maker",
        exchange -> {
          asked.countDown();
          await();
        });
    var node = node(with(DeliverySettings.DEFAULT, Duration.ofMillis(200)));
    node.start();
    var deal = shop.sell(sale());
    node.handOver(List.of(deal));
    assertThat(asked.await(30, TimeUnit.SECONDS)).isTrue();
    long began = System.nanoTime();
    node.close();
    assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
    assertThat(shop.queue(deal)).containsExactly("queued 0");
  }

  private Process receiver(String secret) throws IOException {
    Path source = Path.of("..", "docs", "api", "examples", "Receiver.java");
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                source.toString(),
                "0",
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("YUNFU_PROVIDER_SECRET", secret);
    return builder.start();
  }

  private static URI listening(Process receiver) throws IOException {
    var out =
        new BufferedReader(
            new InputStreamReader(receiver.getInputStream(), StandardCharsets.UTF_8));
    String line = out.readLine();
    assertThat(line).startsWith("Listening on http://127.0.0.1:");
    return URI.create(line.substring("Listening on ".length()));
  }

  private Delivery node(DeliverySettings settings) {
    var node =
        new Delivery(
            shop.cell,
            name -> Optional.ofNullable(endpoints.get(name)),
            calls,
            settings,
            Clock.systemUTC(),
            new Random(1),
            DeliveryListener.NONE);
    nodes.add(node);
    return node;
  }

  /// Polls and retries fast.
  static DeliverySettings quick() {
    var plain = DeliverySettings.DEFAULT;
    return new DeliverySettings(
        plain.batch(),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        plain.headStart(),
        plain.callsPerProvider(),
        Duration.ofMillis(50),
        Duration.ofMillis(200),
        plain.giveUpAfter(),
        plain.acceptedAtMost(),
        plain.circuitAfter(),
        Duration.ofMillis(50),
        Duration.ofMillis(200),
        plain.stopGrace(),
        plain.sampleEvery());
  }

  private static DeliverySettings with(DeliverySettings plain, Duration stopGrace) {
    return new DeliverySettings(
        plain.batch(),
        plain.poll(),
        plain.idlePoll(),
        plain.headStart(),
        plain.callsPerProvider(),
        plain.firstRetry(),
        plain.longestRetry(),
        plain.giveUpAfter(),
        plain.acceptedAtMost(),
        plain.circuitAfter(),
        plain.circuitPause(),
        plain.longestCircuitPause(),
        stopGrace,
        plain.sampleEvery());
  }

  private interface Handler {
    void handle(HttpExchange exchange) throws IOException;
  }

  private void serve(String provider, Handler handler) {
    server.createContext(
        "/" + provider,
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          handler.handle(exchange);
        });
    URI url = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/" + provider);
    endpoints.put(provider, endpoint(provider, url, "secret"));
  }

  private static ProviderEndpoint endpoint(String name, URI url, String secret) {
    return new ProviderEndpoint(name, url, secret, Duration.ofSeconds(20), 10, true);
  }

  private static String key(HttpExchange exchange) {
    return exchange.getRequestHeaders().getFirst("Yunfu-Idempotency-Key");
  }

  private static String delivered(String resource) {
    return "{\"status\":\"delivered\",\"resourceIds\":[\"" + resource + "\"]}";
  }

  private static void answer(HttpExchange exchange, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void await() {
    try {
      end.await(60, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Shop.Sale sale() {
    return shop.sale(owner, Instant.now()).of("p_web");
  }
}
