package io.yunfu.server;

import io.yunfu.db.DatabaseSettings;
import io.yunfu.operator.MasterKey;
import io.yunfu.server.config.Configuration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;

/// A whole server, wired as `serve` wires it, in this JVM and on a database of the test.
final class TestServer implements AutoCloseable {
  private final Wiring wiring;
  private final HttpClient client = HttpClient.newHttpClient();

  private TestServer(Wiring wiring) {
    this.wiring = wiring;
  }

  /// @param more settings besides those of the database
  static TestServer on(DatabaseSettings database, Map<String, String> more) {
    var settings = new HashMap<String, String>();
    settings.put("http.port", "0");
    settings.put("database.url", database.url());
    settings.put("database.user", database.user());
    settings.put("database.password", database.password());
    settings.put("database.pool-size", Integer.toString(database.poolSize()));
    settings.put("database.connect-timeout", database.connectTimeout().toMillis() + "ms");
    settings.put("master-key", MasterKey.generate());
    settings.putAll(more);
    var server = new TestServer(Wiring.of(Configuration.with(settings)));
    server.wiring.start();
    return server;
  }

  Wiring.Running running() {
    return wiring.running();
  }

  /// What a page answers to somebody without a key.
  HttpResponse<String> get(String path) {
    int port = running().http().port().orElseThrow();
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).GET().build();
    try {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
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
