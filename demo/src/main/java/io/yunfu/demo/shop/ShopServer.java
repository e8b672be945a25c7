package io.yunfu.demo.shop;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The shop's own HTTP server, on loopback: its page, what the page asks for, and the address that
/// notices of payments are sent to. The JDK's server, since a shop of a few pages needs no more.
public final class ShopServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ShopServer.class);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// Where notices come in, below the shop's address.
  private static final String NOTICES = "/notices";

  /// The largest body that is read. Unit: bytes. A notice has some 2,000.
  private static final int BODY = 256 * 1024;

  /// How long the page waits for news before it asks again.
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private static final Map<String, String> FILES =
      Map.of(
          "index.html", "text/html; charset=utf-8",
          "shop.css", "text/css; charset=utf-8",
          "shop.js", "text/javascript; charset=utf-8",
          "words.js", "text/javascript; charset=utf-8");

  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Story story = new Story();
  private final String simulator;
  private final Shop shop;

  private ShopServer(HttpServer http, ShopSettings settings, Clock clock) {
    this.http = http;
    this.simulator = settings.addresses().simulator().toString();
    this.shop = new Shop(settings, new Calls(settings, clock), story, clock);
  }

  /// Starts it; the page answers from now on.
  ///
  /// @throws UncheckedIOException when the port is taken
  public static ShopServer start(ShopSettings settings, Clock clock) {
    HttpServer http;
    try {
      http =
          HttpServer.create(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), settings.port()), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "the shop cannot listen on port " + settings.port() + ": " + e.getMessage(), e);
    }
    var server = new ShopServer(http, settings, clock);
    http.setExecutor(server.threads);
    http.createContext("/", server::handle);
    http.start();
    return server;
  }

  /// The page.
  public URI page() {
    return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/");
  }

  /// Where notices are to be sent.
  public URI notices() {
    return page().resolve(NOTICES);
  }

  private void handle(HttpExchange exchange) {
    try (exchange) {
      Answer answer;
      try {
        answer = answer(exchange);
      } catch (UncheckedIOException | Calls.CallFailed e) {
        answer = Answer.problem(502, String.valueOf(e.getMessage()));
      } catch (JacksonException e) {
        answer = Answer.problem(400, "this is no JSON");
      }
      exchange.getResponseHeaders().add("Content-Type", answer.type);
      exchange.getResponseHeaders().add("Content-Security-Policy", policy());
      exchange.getResponseHeaders().add("X-Content-Type-Options", "nosniff");
      exchange.getResponseHeaders().add("Referrer-Policy", "no-referrer");
      exchange.getResponseHeaders().add("Cache-Control", "no-store");
      exchange.sendResponseHeaders(
          answer.status, answer.body.length == 0 ? -1 : answer.body.length);
      exchange.getResponseBody().write(answer.body);
    } catch (IOException e) {
      LOG.debug("the visitor has gone", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) { // our own bug: said in the log, the shop goes on
      LOG.error("the shop failed at {}", exchange.getRequestURI().getPath(), e);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Answer(int status, String type, byte[] body) {
    static Answer json(int status, JsonNode json) {
      return new Answer(status, "application/json", json.toString().getBytes(UTF_8));
    }

    static Answer empty(int status) {
      return new Answer(status, "text/plain", new byte[0]);
    }

    static Answer problem(int status, String text) {
      return json(status, JSON.createObjectNode().put("problem", text));
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException, InterruptedException {
    String path = exchange.getRequestURI().getPath();
    return switch (exchange.getRequestMethod()) {
      case "GET" -> path.equals("/state") ? state(exchange) : file(path);
      case "POST" -> post(path, exchange);
      default -> Answer.empty(405);
    };
  }

  private Answer state(HttpExchange exchange) throws InterruptedException {
    String query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
    long seen = query.matches("after=[0-9]{1,15}") ? Long.parseLong(query.substring(6)) : -1;
    if (seen < 0) {
      shop.refreshed();
    }
    return Answer.json(200, story.after(seen, PATIENCE));
  }

  private Answer post(String path, HttpExchange exchange) throws IOException {
    // A page of somebody else cannot send this type without asking first, which nobody here allows.
    String type =
        Optional.ofNullable(exchange.getRequestHeaders().getFirst("Content-Type")).orElse("");
    if (!type.startsWith("application/json")) {
      return Answer.empty(415);
    }
    byte[] body = exchange.getRequestBody().readNBytes(BODY);
    if (path.equals(NOTICES)) {
      return switch (shop.hear(body)) {
        case TAKEN -> Answer.empty(200);
        case NOT_A_NOTICE -> Answer.empty(400);
        case NOT_SIGNED -> Answer.empty(401);
        case LATER -> Answer.empty(503);
      };
    }
    JsonNode given = JSON.readTree(body);
    return switch (path) {
      case "/sales" -> begin(given);
      case "/results" -> {
        shop.returned(given.path("number").asString(""), given.path("result"));
        yield Answer.empty(204);
      }
      case "/payments" -> Answer.json(200, shop.payOrder());
      default -> Answer.empty(404);
    };
  }

  private Answer begin(JsonNode given) {
    Optional<Channel> channel = Channel.of(given.path("channel").asString(""));
    Optional<Sale.Kind> kind =
        switch (given.path("kind").asString("")) {
          case "coffee" -> Optional.of(Sale.Kind.COFFEE);
          case "topUp" -> Optional.of(Sale.Kind.TOP_UP);
          default -> Optional.empty();
        };
    if (channel.isEmpty() || kind.isEmpty()) {
      return Answer.problem(400, "what is to be paid, and where?");
    }
    ObjectNode begun = shop.begin(kind.get(), channel.get());
    return Answer.json(begun.has("problem") ? 409 : 201, begun);
  }

  private Answer file(String path) throws IOException {
    String name = path.equals("/") ? "index.html" : path.substring(1);
    String type = FILES.get(name);
    if (type == null) {
      return Answer.empty(404);
    }
    try (InputStream file = ShopServer.class.getResourceAsStream("/io/yunfu/demo/shop/" + name)) {
      if (file == null) {
        throw new IllegalStateException("the shop has no " + name);
      }
      String text = new String(file.readAllBytes(), UTF_8).replace("{simulator}", simulator);
      return new Answer(200, type, text.getBytes(UTF_8));
    }
  }

  /// The page runs its own files and the simulator's bridge, and shows the simulator's cashier.
  private String policy() {
    return "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action"
        + " 'none'; frame-ancestors 'none'; script-src 'self' %1$s; connect-src 'self' %1$s;"
            .formatted(simulator)
        + " frame-src "
        + simulator;
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
    shop.close();
  }
}
