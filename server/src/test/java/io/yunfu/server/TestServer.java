package io.yunfu.server;

import io.yunfu.db.DatabaseSettings;
import io.yunfu.db.TestDatabase;
import io.yunfu.operator.MasterKey;
import io.yunfu.server.config.Configuration;
import io.yunfu.wire.tc3.Mode;
import io.yunfu.wire.tc3.Secret;
import io.yunfu.wire.tc3.Signer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;

/// A whole server, wired as `serve` wires it, in this JVM and on a database of the test.
public final class TestServer implements AutoCloseable {
  private final Wiring wiring;
  private final HttpClient client = HttpClient.newHttpClient();

  private TestServer(Wiring wiring) {
    this.wiring = wiring;
  }

  /// With the database that it brings along, in a fresh directory.
  public static TestServer embedded(Map<String, String> more) {
    var settings = new HashMap<>(Map.of("data.directory", TestDatabase.directory().toString()));
    settings.putAll(more);
    return start(settings, Clock.systemUTC());
  }

  /// On a database of the test.
  ///
  /// @param more settings besides those of the database
  public static TestServer on(DatabaseSettings database, Map<String, String> more) {
    return on(database, more, Clock.systemUTC());
  }

  /// The same with a clock of the test's.
  static TestServer on(DatabaseSettings database, Map<String, String> more, Clock clock) {
    var settings = new HashMap<String, String>();
    settings.put("database.url", database.url());
    settings.put("database.user", database.user());
    settings.put("database.password", database.password());
    settings.put("database.pool-size", Integer.toString(database.poolSize()));
    settings.put("database.connect-timeout", database.connectTimeout().toMillis() + "ms");
    settings.put("master-key", MasterKey.generate());
    settings.putAll(more);
    return start(settings, clock);
  }

  private static TestServer start(Map<String, String> settings, Clock clock) {
    settings.putIfAbsent("http.port", "0");
    var server = new TestServer(Wiring.of(Configuration.with(settings), clock));
    server.wiring.start();
    return server;
  }

  public Wiring.Running running() {
    return wiring.running();
  }

  /// What the billing API answers to an account of the sample data.
  ///
  /// @param account as `demo.json` has it
  public String call(JsonNode account, String action, Map<String, ?> parameters) {
    String host = "127.0.0.1:" + running().http().port().orElseThrow();
    var secret = Secret.of(account.get("secretKey").asString());
    var signed =
        Signer.to(host, account.get("secretId").asString(), secret)
            .mode(Mode.QUERY_V1)
            .build()
            .sign(action, parameters, Instant.now().getEpochSecond());
    return get(signed.target()).body();
  }

  /// What a page answers to somebody without a key.
  public HttpResponse<String> get(String path) {
    return send(path, HttpRequest.Builder::GET);
  }

  /// What it answers to a request of this kind.
  public HttpResponse<String> send(String path, UnaryOperator<HttpRequest.Builder> kind) {
    int port = running().http().port().orElseThrow();
    var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    try {
      return client.send(kind.apply(request).build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    wiring.close();
    client.close();
  }
}
