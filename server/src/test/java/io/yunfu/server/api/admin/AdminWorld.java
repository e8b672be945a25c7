package io.yunfu.server.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.db.Cells;
import io.yunfu.db.TestDatabase;
import io.yunfu.operator.AdminTokens;
import io.yunfu.operator.MasterKey;
import io.yunfu.operator.Operator;
import io.yunfu.server.config.Configuration;
import io.yunfu.server.http.BodyLimit;
import io.yunfu.server.http.HttpServer;
import io.yunfu.server.http.Route;
import io.yunfu.server.observe.Answered;
import io.yunfu.testkit.ManualClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/// The whole admin API on a real database behind a real listener. Every answer is held against the
/// document that the API serves: its status, its code and its schema have to stand there.
final class AdminWorld implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-01-01T04:00:00Z");
  static final String CONFIGURED = "configured-token-of-the-tests";
  static final int BODY_LIMIT = 64 * 1024;

  private static final ObjectMapper JSON = new ObjectMapper();

  final ManualClock clock = new ManualClock(NOW);
  final AtomicLong nanos = new AtomicLong();
  final List<Answered> log = new CopyOnWriteArrayList<>();
  final Cells cells;
  final MasterKey masterKey = MasterKey.of(new byte[MasterKey.BYTES]);
  final AdminTokens tokens;

  /// Of an operator named `ann`.
  final String token;

  final ObjectNode document;
  final Operations operations;

  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final AtomicInteger requests = new AtomicInteger();
  private final Set<String> seen = new TreeSet<>();

  AdminWorld() {
    this(TestDatabase.cells(), Map.of());
  }

  AdminWorld(Cells cells, Map<String, String> keys) {
    this.cells = cells;
    var random = new SecureRandom();
    tokens = new AdminTokens(cells, clock, random);
    token = tokens.create(new Operator("test", "test"), "ann").orThrow();
    operations = new Operations(Areas.ofBilling(cells, clock, random, masterKey));
    document = operations.document();
    var all = new HashMap<>(keys);
    all.putIfAbsent("http.port", "0");
    all.putIfAbsent("admin.token", CONFIGURED);
    all.putIfAbsent("admin.body-limit", BODY_LIMIT + "B");
    var configuration = Configuration.with(all);
    var admin = configuration.admin();
    var api =
        new AdminApi(
            operations,
            admin.allowedAddresses(),
            admin.bodyLimit().bytes(),
            new Doorkeeper(admin.token(), tokens, nanos::get),
            () -> "request-" + requests.incrementAndGet(),
            nanos::get,
            log::add);
    server =
        HttpServer.start(
            configuration.http(),
            configuration.https(),
            List.of(
                Route.below(Operations.BASE + "/", BodyLimit.at(admin.bodyLimit()), api)
                    .withEveryMethod()));
  }

  /// An answer, as a client sees it.
  record Answer(int status, HttpHeaders headers, String text) {
    JsonNode json() {
      return JSON.readTree(text);
    }

    /// A value inside, by its JSON pointer.
    JsonNode at(String pointer) {
      return json().at(pointer);
    }

    String text(String pointer) {
      return at(pointer).asString();
    }

    /// Of an error.
    String code() {
      return text("/error/code");
    }

    String header(String name) {
      return headers.firstValue(name).orElse("");
    }
  }

  URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port().orElseThrow() + Operations.BASE + path);
  }

  Answer get(String path) {
    return send("GET", path, "");
  }

  Answer post(String path, String json) {
    return send("POST", path, json);
  }

  Answer send(String method, String path, String json, String... headers) {
    var all = new ArrayList<>(List.of("Authorization", "Bearer " + token));
    all.addAll(List.of(headers));
    return sendAs(method, path, json, all.toArray(String[]::new));
  }

  /// With no token but one that is among the headers.
  Answer sendAs(String method, String path, String json, String... headers) {
    var request = HttpRequest.newBuilder(uri(path));
    if (json.isEmpty()) {
      request.method(method, HttpRequest.BodyPublishers.noBody());
    } else {
      request.method(method, HttpRequest.BodyPublishers.ofString(json));
      if (!List.of(headers).contains("Content-Type")) {
        request.header("Content-Type", "application/json");
      }
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    HttpResponse<String> response;
    try {
      response = client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    var answer = new Answer(response.statusCode(), response.headers(), response.body());
    if (!method.equals("HEAD")) {
      requireDocumented(method, path, answer);
    }
    return answer;
  }

  /// As a client that knows nothing but the document sees it.
  private void requireDocumented(String method, String path, Answer answer) {
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    assertThat(answer.header("cache-control")).isEqualTo("no-store");
    assertThat(answer.header("x-request-id")).startsWith("request-");
    String plain = path.replaceFirst("\\?.*", "");
    var schema = new JsonSchema(document);
    JsonNode operation = operationAt(method, plain);
    if (operation == null) {
      schema.require(answer.json(), document.at("/components/schemas/Error"));
      assertThat(answer.status()).isIn(401, 403, 404, 405, 413, 429, 500, 503);
      return;
    }
    String id = operation.get("operationId").asString();
    JsonNode response =
        schema.resolved(operation.get("responses").get(Integer.toString(answer.status())));
    assertThat(response).as("%s answers %s\n%s", id, answer.status(), answer.text()).isNotNull();
    schema.require(answer.json(), response.at("/content/application~1json/schema"));
    if (answer.status() < 400) {
      seen.add(id);
    } else {
      assertThat(response.get("x-codes").valueStream().map(JsonNode::asString))
          .as("%s says %s", id, answer.text())
          .contains(answer.code());
      seen.add(id + " " + answer.code());
    }
  }

  private JsonNode operationAt(String method, String path) {
    return document
        .get("paths")
        .propertyStream()
        .filter(
            each -> path.matches(each.getKey().replaceAll("\\{\\w+}", "[^/]+").replace(".", "\\.")))
        .filter(each -> each.getValue().has(method.toLowerCase(java.util.Locale.ROOT)))
        .sorted(Comparator.comparing(each -> each.getKey().contains("{")))
        .map(each -> each.getValue().get(method.toLowerCase(java.util.Locale.ROOT)))
        .findFirst()
        .orElse(null);
  }

  /// Every operation of an area has succeeded here, and each of its own errors has arisen.
  void requireWhole(String area) {
    var expected = new TreeSet<String>();
    operations.areas().stream()
        .filter(each -> each.name().equals(area))
        .flatMap(each -> each.operations().stream())
        .forEach(operation -> {
          expected.add(operation.id());
          operation.refusals().forEach(code -> expected.add(operation.id() + " " + code.code()));
        });
    assertThat(expected).isNotEmpty();
    assertThat(seen).containsAll(expected);
  }

  @Override
  public void close() {
    server.close();
    client.close();
    cells.close();
  }
}
