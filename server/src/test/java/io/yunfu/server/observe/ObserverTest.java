package io.yunfu.server.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.sun.net.httpserver.HttpServer;
import io.yunfu.billing.delivery.Attempt;
import io.yunfu.billing.delivery.DeliveryListener;
import io.yunfu.billing.pay.PayDeals;
import io.yunfu.db.Database;
import io.yunfu.db.DatabaseAway;
import io.yunfu.db.DatabaseSettings;
import io.yunfu.db.LaneListener;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Secret;
import io.yunfu.server.config.Configuration;
import io.yunfu.server.http.Handler;
import io.yunfu.server.http.Headers;
import io.yunfu.server.http.Request;
import io.yunfu.server.http.Response;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Timeout(30)
class ObserverTest {
  private static final String SECRET = "Zm9vYmFyLWh1bnRlcjI";

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final LoggerContext context = new LoggerContext();
  private final LogLines lines =
      new LogLines(() -> new PrintStream(written, true, StandardCharsets.UTF_8));
  private final Metrics metrics = new Metrics(Set.of("PayDeals", "DescribeDealsByCond"));

  private Observer observer(Traces traces) {
    context.setMDCAdapter(new LogbackMDCAdapter());
    lines.setContext(context);
    lines.start();
    context.getLogger("request").addAppender(lines);
    return new Observer(Optional.of(metrics), traces, new RequestLog(context.getLogger("request")));
  }

  private List<String> log() {
    lines.flush(Duration.ofSeconds(5).toNanos());
    return written.toString(StandardCharsets.UTF_8).lines().toList();
  }

  private static Answered paid(String action, String code, @Nullable Throwable fault) {
    return new Answered(
        "6f3e0a3e-0000-4000-8000-000000000001",
        action,
        code,
        200,
        "100000000001",
        "100000000002",
        "192.0.2.7",
        "SDK_JAVA_3.1.1436",
        120,
        80,
        Duration.ofMillis(12),
        fault,
        false);
  }

  private static Request signed() {
    return Request.of(
        "POST",
        "/?Signature=" + SECRET + "&Token=" + SECRET,
        Headers.of(
            "Authorization",
            "TC3-HMAC-SHA256 Credential=AKID/2026-01-01/billing/tc3_request, Signature=" + SECRET,
            "X-TC-Token",
            SECRET),
        ("{\"SecretKey\":\"" + SECRET + "\"}").getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void a_request_is_one_line_with_everything_an_operator_looks_for() throws Exception {
    Observer observer = observer(Traces.NONE);
    Handler handler =
        observer.watching(
            "billing",
            request -> {
              RequestTimes.timed(Part.DATABASE, () -> 1);
              long now = System.nanoTime();
              RequestTimes.add(Part.QUEUE, now - 2_000_000, now);
              RequestTimes.add(Part.LANE, now, now + 3_500_000);
              RequestTimes.add(Part.LANE, now, now + 1_000_000);
              observer.answered(paid("PayDeals", "OK", null));
              return Response.json(200, "{}");
            });
    handler.handle(signed());
    assertThat(log()).hasSize(1);
    JsonNode line = JsonMapper.shared().readTree(log().getFirst());
    assertThat(line.get("level").asString()).isEqualTo("INFO");
    assertThat(line.get("message").asString()).isEqualTo("PayDeals OK");
    assertThat(line.get("api").asString()).isEqualTo("billing");
    assertThat(line.get("requestId").asString()).startsWith("6f3e0a3e");
    assertThat(line.get("account").asString()).isEqualTo("100000000001");
    assertThat(line.get("user").asString()).isEqualTo("100000000002");
    assertThat(line.get("code").asString()).isEqualTo("OK");
    assertThat(line.get("status").asInt()).isEqualTo(200);
    assertThat(line.get("ms").asDouble()).isEqualTo(12);
    assertThat(line.get("queueMs").asDouble()).isEqualTo(2);
    assertThat(line.get("laneMs").asDouble()).isEqualTo(4.5);
    assertThat(line.get("databaseMs").asDouble()).isLessThan(1000);
    assertThat(line.get("deliveryMs")).isNull();
    assertThat(line.get("bytesIn").asInt()).isEqualTo(120);
    assertThat(line.get("bytesOut").asInt()).isEqualTo(80);
    assertThat(line.get("address").asString()).isEqualTo("192.0.2.7");
    assertThat(line.get("client").asString()).isEqualTo("SDK_JAVA_3.1.1436");
  }

  @Test
  void no_secret_of_a_request_reaches_the_line_not_even_through_a_fault() {
    Observer observer = observer(Traces.NONE);
    for (Throwable fault :
        java.util.Arrays.asList(
            null,
            new IllegalStateException(
                "could not verify "
                    + signed().headers().first("Authorization").orElseThrow()
                    + " of "
                    + signed()
                    + signed().headers(),
                new IllegalArgumentException(
                    "Token=" + SECRET + " SecretKey: " + SECRET + " Bearer " + SECRET)))) {
      observer
          .watching(
              "billing",
              request -> {
                observer.answered(paid("PayDeals", "InternalError", fault));
                return Response.json(200, "{}");
              })
          .handle(signed());
    }
    assertThat(log()).hasSize(2);
    assertThat(log().getLast()).contains("IllegalStateException").contains("\"level\":\"ERROR\"");
    assertThat(String.join("\n", log())).doesNotContain(SECRET);
  }

  @Test
  void a_handler_that_tells_nothing_or_throws_gets_a_line_too() {
    Observer observer = observer(Traces.NONE);
    observer.watching("admin", request -> Response.json(403, "{}")).handle(signed());
    assertThatThrownBy(() ->
            observer
                .watching(
                    "admin",
                    request -> {
                      throw new IllegalStateException("broken");
                    })
                .handle(signed()))
        .hasMessage("broken");
    assertThat(log()).hasSize(2);
    assertThat(log().getFirst()).contains("\"status\":403", "\"code\":\"403\"");
    assertThat(log().getLast()).contains("\"status\":500", "broken", "WARN");
    assertThat(String.join("\n", log())).doesNotContain(SECRET);
  }

  @Test
  void the_figures_have_labels_of_a_bounded_set() {
    Observer observer = observer(Traces.NONE);
    for (int i = 0; i < 1000; i++) {
      Answered one = paid(i == 0 ? "PayDeals" : "Invented" + i, "Code" + i, null);
      observer
          .watching(
              "billing",
              request -> {
                observer.answered(one);
                return Response.json(200, "{}");
              })
          .handle(signed());
    }
    String page = metrics.read();
    assertThat(page)
        .contains("yunfu_requests_total{action=\"PayDeals\",api=\"billing\",code=\"Code0\"} 1.0")
        .contains("action=\"other\",api=\"billing\",code=\"other\"")
        .doesNotContain("Invented");
    assertThat(page.lines().filter(line -> line.startsWith("yunfu_requests_total")))
        .hasSizeLessThan(250);
    assertThat(page.lines().filter(line -> line.startsWith("yunfu_request_seconds_count")))
        .hasSize(2);
  }

  @Test
  void a_lane_shows_its_depth_its_waits_and_its_batches_and_counts_to_the_request()
      throws Exception {
    Observer observer = observer(Traces.NONE);
    LaneListener lane = observer.lane("pay-0", () -> 3);
    lane.waited(Duration.ofMillis(4));
    lane.ran(17, Duration.ofMillis(8), 2);
    lane.refused();
    lane.withdrawn();
    lane.poisoned();
    lane.unknown(5);
    observer
        .watching(
            "billing",
            request -> {
              lane.answered(Duration.ofMillis(4), Duration.ofMillis(8));
              observer.answered(paid("PayDeals", "OK", null));
              return Response.json(200, "{}");
            })
        .handle(signed());
    assertThat(log().getFirst()).contains("\"queueMs\":4.0", "\"laneMs\":8.0");
    assertThat(metrics.read())
        .contains(
            "yunfu_lane_depth{lane=\"pay-0\"} 3.0",
            "yunfu_lane_wait_seconds_count{lane=\"pay-0\"} 1",
            "yunfu_lane_batch_seconds_count{lane=\"pay-0\"} 1",
            "yunfu_lane_batch_commands_sum{lane=\"pay-0\"} 17.0",
            "yunfu_lane_batch_commands_bucket{lane=\"pay-0\",le=\"32.0\"} 1",
            "yunfu_lane_retries_total{lane=\"pay-0\"} 2.0",
            "yunfu_lane_refused_total{lane=\"pay-0\"} 1.0",
            "yunfu_lane_withdrawn_total{lane=\"pay-0\"} 1.0",
            "yunfu_lane_poison_total{lane=\"pay-0\"} 1.0",
            "yunfu_lane_unknown_total{lane=\"pay-0\"} 5.0",
            "yunfu_request_part_seconds_count{part=\"lane\"} 1");
  }

  @Test
  void deliveries_show_their_queue_and_what_has_left_it_is_gone() {
    DeliveryListener deliveries = observer(Traces.NONE).deliveries();
    CellId cell = new CellId(2);
    deliveries.worked(cell, 5, 3, 1, Duration.ofMillis(9));
    deliveries.deliveredAtOnce(cell, 2);
    deliveries.called(cell, "vm", Attempt.Outcome.UNKNOWN, Duration.ofMillis(30));
    deliveries.circuit(cell, "vm", true);
    deliveries.queue(
        cell,
        List.of(
            new DeliveryListener.QueueDepth("vm", "queued", 7, Duration.ofSeconds(90)),
            new DeliveryListener.QueueDepth("", "failed", 1, Duration.ofSeconds(5))));
    assertThat(metrics.read())
        .contains(
            "yunfu_delivery_deals_total{cell=\"2\",outcome=\"delivered\"} 5.0",
            "yunfu_delivery_deals_total{cell=\"2\",outcome=\"failed\"} 1.0",
            "yunfu_delivery_call_seconds_count{cell=\"2\",outcome=\"unknown\",provider=\"vm\"} 1",
            "yunfu_delivery_circuit_open{cell=\"2\",provider=\"vm\"} 1.0",
            "yunfu_delivery_queue_deals{cell=\"2\",provider=\"vm\",state=\"queued\"} 7.0",
            "yunfu_delivery_queue_oldest_seconds{cell=\"2\",provider=\"\",state=\"failed\"} 5.0");
    deliveries.circuit(cell, "vm", false);
    deliveries.queue(cell, List.of());
    assertThat(metrics.read())
        .contains("yunfu_delivery_circuit_open{cell=\"2\",provider=\"vm\"} 0.0")
        .doesNotContain("state=\"queued\"", "state=\"failed\"");
  }

  @Test
  void a_wait_for_deliveries_and_the_work_of_a_database_count_to_the_request() {
    Observer observer = observer(Traces.NONE);
    try (Database away =
        Database.open(
            DatabaseSettings.of("postgresql://127.0.0.1:1/none", "nobody", ""), "cell_0")) {
      observer.watch(away);
      PayDeals.Deliveries deliveries =
          observer.timed(
              (cell, deals, most) -> new PayDeals.Deliveries.Result(List.of("r"), List.of()),
              DeliveryListener.NONE);
      observer
          .watching(
              "billing",
              request -> {
                assertThat(deliveries.await(new CellId(0), List.of(), Duration.ZERO).resources())
                    .containsExactly("r");
                assertThatThrownBy(away::ping).isInstanceOf(DatabaseAway.class);
                return Response.json(200, "{}");
              })
          .handle(signed());
      assertThat(log().getFirst()).contains("\"deliveryMs\":", "\"databaseMs\":");
      assertThat(metrics.read())
          .contains(
              "yunfu_database_work_seconds_count{outcome=\"failed\",schema=\"cell_0\"} 1",
              "yunfu_pool_max{schema=\"cell_0\"} 16.0",
              "yunfu_database_away{schema=\"cell_0\"} 1.0");
    }
  }

  @Test
  void without_figures_the_line_is_written_all_the_same() {
    observer(Traces.NONE);
    Observer observer =
        new Observer(Optional.empty(), Traces.NONE, new RequestLog(context.getLogger("request")));
    assertThat(observer.deliveries()).isSameAs(DeliveryListener.NONE);
    LaneListener lane = observer.lane("pay-0", () -> 0);
    observer
        .watching(
            "billing",
            request -> {
              lane.answered(Duration.ofMillis(4), Duration.ofMillis(8));
              return Response.json(200, "{}");
            })
        .handle(signed());
    assertThat(log().getFirst()).contains("\"laneMs\":8.0");
  }

  @Test
  void the_page_shows_the_machine_too_in_the_format_that_prometheus_reads() {
    Response page = metrics.page(Optional.empty()).handle(Request.get("/metrics", Headers.NONE));
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.headers().first("Content-Type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    assertThat(new String(page.body(), StandardCharsets.UTF_8))
        .contains("# TYPE jvm_memory_used_bytes gauge", "process_uptime_seconds", "log_lines_lost");
  }

  @Test
  void the_page_asks_for_its_token_if_it_has_one() {
    Handler page = metrics.page(Optional.of(Secret.of("abc123")));
    assertThat(page.handle(Request.get("/metrics", Headers.NONE)).status()).isEqualTo(401);
    for (String given : List.of("Bearer wrong", "abc123", "Basic abc123", "Bearer abc1234", "")) {
      assertThat(page.handle(Request.get("/metrics", Headers.of("Authorization", given))).status())
          .isEqualTo(401);
    }
    assertThat(
            page.handle(Request.get("/metrics", Headers.of("authorization", "bearer abc123")))
                .status())
        .isEqualTo(200);
  }

  @Test
  void without_a_collector_there_is_no_trace_and_no_class_of_the_library() {
    Traces traces = Traces.of(Configuration.with(Map.of()).tracing(), "1");
    assertThat(traces).isSameAs(Traces.NONE);
    observer(traces)
        .watching("billing", request -> Response.json(200, "{}"))
        .handle(
            Request.get(
                "/",
                Headers.of("traceparent", "00-" + "a".repeat(32) + "-" + "b".repeat(16) + "-01")));
    assertThat(log().getFirst()).doesNotContain("\"trace\"");
  }

  @Test
  void a_trace_continues_the_callers_and_has_a_span_for_each_part() throws Exception {
    var arrived = new CompletableFuture<byte[]>();
    var collector =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          arrived.complete(exchange.getRequestBody().readAllBytes());
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    String trace = "0af7651916cd43dd8448eb211c80319c";
    try {
      Traces traces =
          Traces.of(
              Configuration.with(
                      Map.of(
                          "tracing.endpoint",
                          "http://127.0.0.1:" + collector.getAddress().getPort() + "/v1/traces",
                          "tracing.sample-ratio",
                          "0"))
                  .tracing(),
              "1.2.3");
      Observer observer = observer(traces);
      Handler handler =
          observer.watching(
              "billing",
              request -> {
                RequestTimes.timed(Part.LANE, () -> 1);
                RequestTimes.timed(Part.DELIVERY, () -> 1);
                observer.answered(paid("PayDeals", "OK", null));
                return Response.json(200, "{}");
              });
      handler.handle(
          Request.get("/", Headers.of("traceparent", "00-" + trace + "-b7ad6b7169203331-01")));
      handler.handle(Request.get("/", Headers.NONE)); // nobody decided, and the ratio is 0
      traces.close();
      String sent = new String(arrived.get(10, TimeUnit.SECONDS), StandardCharsets.ISO_8859_1);
      assertThat(sent)
          .contains("billing PayDeals", "lane", "delivery", "yunfu.request_id", "1.2.3")
          .doesNotContain(SECRET);
      assertThat(sent).contains(bytes(trace)).contains(bytes("b7ad6b7169203331"));
      assertThat(log().getFirst()).contains("\"trace\":\"" + trace + "\"");
      assertThat(log().getLast()).doesNotContain("\"trace\"");
    } finally {
      collector.stop(0);
    }
  }

  @Test
  void a_collector_that_is_away_disturbs_nobody() {
    Traces traces =
        Traces.of(
            Configuration.with(
                    Map.of(
                        "tracing.endpoint", "http://127.0.0.1:1/v1/traces",
                        "tracing.sample-ratio", "1"))
                .tracing(),
            "1");
    Handler handler = observer(traces).watching("billing", request -> Response.json(200, "{}"));
    for (int i = 0; i < 10; i++) {
      assertThat(handler.handle(Request.get("/", Headers.NONE)).status()).isEqualTo(200);
    }
    traces.worked("delivery", Duration.ofMillis(5), Map.of("outcome", "ok"), true);
    traces.close();
  }

  private static String bytes(String hex) {
    return new String(java.util.HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1);
  }
}
