package io.yunfu.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.yunfu.db.CutCable;
import io.yunfu.db.DatabaseSettings;
import io.yunfu.db.TestDatabase;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/// The whole server, as it is wired.
@Timeout(300)
class WiringIT {
  private static final int CELLS = Integer.getInteger("yunfu.test.cells", 1);

  private static TestServer start(DatabaseSettings database, Map<String, String> more) {
    var settings = new HashMap<>(Map.of("cells.count", Integer.toString(CELLS)));
    settings.putAll(more);
    return TestServer.on(database, settings);
  }

  @Test
  void without_its_database_it_lives_names_the_cause_fails_fast_and_recovers_by_itself()
      throws Exception {
    try (var cable = new CutCable(TestDatabase.settings(CELLS));
        var server = start(cable.settings(), Map.of())) {
      assertThat(server.get("/ready").statusCode()).isEqualTo(200);
      cable.unplug();
      HttpResponse<String> ready = server.get("/ready");
      while (ready.statusCode() == 200) {
        Thread.sleep(50);
        ready = server.get("/ready");
      }
      assertThat(ready.statusCode()).isEqualTo(503);
      assertThat(ready.body())
          .contains("\"status\":\"not ready\"", "directory", "cell_0", "refused");
      assertThat(server.get("/live").statusCode()).isEqualTo(200);
      assertThat(server.get("/metrics").body())
          .contains("yunfu_database_away{schema=\"cell_0\"} 1.0");

      cable.plugIn();
      while (server.get("/ready").statusCode() != 200) {
        Thread.sleep(50);
      }
      assertThat(server.get("/ready").body()).contains("\"cell_0\":\"ok\"");
      assertThat(server.get("/metrics").body())
          .contains("yunfu_database_away{schema=\"cell_0\"} 0.0");
    }
  }

  @Test
  void a_collector_gets_the_parts_of_a_payment_and_no_secret() throws Exception {
    var sent = new CopyOnWriteArrayList<String>();
    HttpServer collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          // Names are text in the binary form too.
          sent.add(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    try {
      String endpoint = "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces";
      try (var server =
          start(
              TestDatabase.settings(CELLS),
              Map.of(
                  "tracing.endpoint", endpoint,
                  "tracing.sample-ratio", "1",
                  "pay.deliver-at-once", "false"))) {
        JsonNode china = SampleAccount.in(server.running());
        String order = china.get("unpaidOrderIds").get(0).asString();
        assertThat(server.call(china, "PayDeals", Map.of("OrderIds", List.of(order))))
            .contains(order)
            .doesNotContain("Error");
      }
    } finally {
      collector.stop(0);
    }
    assertThat(String.join("", sent))
        .contains("billing PayDeals", "lane batch", "queue", "lane", "delivery")
        .doesNotContain("Signature");
  }

  @Test
  void figures_and_traces_can_be_switched_off() {
    try (var server = start(TestDatabase.settings(CELLS), Map.of("metrics.enabled", "false"))) {
      // Nobody's path, so it is the API that answers, in its own words.
      assertThat(server.get("/metrics").body()).doesNotContain("yunfu_");
      assertThat(server.get("/ready").statusCode()).isEqualTo(200);
    }
  }
}
