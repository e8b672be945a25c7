package io.yunfu.billing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.db.Cells;
import io.yunfu.db.DatabaseSettings;
import io.yunfu.db.TestDatabase;
import io.yunfu.kernel.Uin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Nodes that are programs of their own, killed with -9 while they deliver.
class DeliveryCrashIT {
  private static final int CELLS = Integer.getInteger("yunfu.test.cells", 1);
  private static final int DEALS = 60;

  /// Of what the provider has been asked, by idempotency key: how often, and what it made.
  private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();

  private final Map<String, String> made = new ConcurrentHashMap<>();

  private final AtomicInteger requests = new AtomicInteger();
  private volatile int killAtRequest = Integer.MAX_VALUE;
  private volatile boolean killBeforeAnswer;
  private volatile Process node;

  private HttpServer provider;
  private DatabaseSettings settings;
  private Cells cells;
  private Shop shop;
  private Uin owner;

  /// A node that runs until it is killed.
  static final class Node {
    private Node() {}

    public static void main(String[] args) throws Exception {
      DatabaseSettings settings =
          DatabaseSettings.of(args[0], args[1], System.getenv("TEST_PASSWORD"));
      Cells cells = Cells.open(settings, CELLS);
      start(cells, Clock.systemUTC(), URI.create(args[2]));
      System.out.println("ready");
      Thread.sleep(Duration.ofMinutes(2));
    }

    static Delivery start(Cells cells, Clock clock, URI provider) {
      var endpoint =
          new ProviderEndpoint("web-maker", provider, "secret", Duration.ofSeconds(20), 100, true);
      var node =
          new Delivery(
              cells.all().getLast(),
              name -> Optional.of(endpoint),
              new HttpProviderCalls(true, clock),
              DeliveryHttpIT.quick(),
              clock,
              new Random(1),
              DeliveryListener.NONE);
      node.start();
      return node;
    }
  }

  @BeforeEach
  void begin() throws IOException {
    settings = TestDatabase.settings(CELLS);
    cells = Cells.open(settings, CELLS);
    shop = new Shop(cells.all().getLast()).product("p_web", "web", "web-maker");
    owner = shop.owner();
    provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    provider.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    provider.createContext("/", this::deliver);
    provider.start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (node != null) {
      node.destroyForcibly().waitFor();
    }
    provider.stop(0);
    cells.close();
  }

  @Test
  void whatever_the_moment_of_the_kill_all_is_delivered_once_in_the_end() throws Exception {
    var deals = new ArrayList<DealId>();
    for (int round = 0; round < 3; round++) {
      deals.addAll(shop.sell(sale().of("p_web"), DEALS));
      deals.addAll(shop.sell(sale().times(3), DEALS));
      killAtRequest = requests.get() + 10 + 17 * round;
      killBeforeAnswer = round == 1;
      node = startNode();
      assertThat(node.waitFor(60, TimeUnit.SECONDS)).as("killed by the provider").isTrue();
    }
    killAtRequest = Integer.MAX_VALUE;
    // What the dead have left behind is leased for less than a minute; this node is past it.
    var later = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(2));
    try (var last = Node.start(cells, later, url())) {
      var results = last.await(deals, Duration.ofSeconds(60));
      assertThat(results.values()).allMatch(DeliveryResult.Delivered.class::isInstance);
    }
    assertThat(deals).allMatch(deal -> shop.status(deal) == DealStatus.DELIVERED);
    assertThat(shop.count("delivery")).isZero();
    assertThat(made).as("under one key each").hasSize(3 * DEALS);
    assertThat(requests.get()).as("some were asked again").isGreaterThan(3 * DEALS);
    var resources = new HashSet<String>();
    for (DealId deal : deals) {
      shop.resources(deal).forEach(id -> assertThat(resources.add(id)).as(id).isTrue());
      if (made.containsKey(deal.value())) {
        assertThat(shop.resources(deal)).containsExactly(made.get(deal.value()));
      } else {
        assertThat(shop.resources(deal)).hasSize(3);
      }
    }
    assertThat(resources).hasSize(3 * DEALS * 4);
    assertThat(shop.holdings(owner)).hasSize(resources.size());
  }

  /// A provider that keeps to the protocol: what it has made under a key, it makes no second time.
  private void deliver(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    String key = exchange.getRequestHeaders().getFirst("Yunfu-Idempotency-Key");
    int number = requests.incrementAndGet();
    int times = asked.computeIfAbsent(key, _ -> new AtomicInteger()).incrementAndGet();
    String resource = made.computeIfAbsent(key, _ -> "web-" + key + "-" + times);
    if (number == killAtRequest && killBeforeAnswer) {
      node.destroyForcibly();
    }
    byte[] answer =
        "{\"status\":\"delivered\",\"resourceIds\":[\"%s\"]}"
            .formatted(resource)
            .getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, answer.length);
    exchange.getResponseBody().write(answer);
    exchange.close();
    if (number == killAtRequest && !killBeforeAnswer) {
      node.destroyForcibly();
    }
  }

  private Process startNode() throws IOException {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    var builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dyunfu.test.cells=" + CELLS,
                "-cp",
                classPath,
                Node.class.getName(),
                settings.url(),
                settings.user(),
                url().toString())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("TEST_PASSWORD", settings.password());
    return builder.start();
  }

  private URI url() {
    return URI.create("http://127.0.0.1:" + provider.getAddress().getPort() + "/");
  }

  private Shop.Sale sale() {
    return shop.sale(owner, Instant.now());
  }
}
