package io.yunfu.server.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.yunfu.db.Database;
import io.yunfu.kernel.Secret;
import io.yunfu.server.http.Handler;
import io.yunfu.server.http.Headers;
import io.yunfu.server.http.Request;
import io.yunfu.server.http.Response;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.DoubleSupplier;

/// The figures of a node, for Prometheus. Every label has a bounded set of values; nothing that a
/// client chooses becomes one.
public final class Metrics {
  /// Edges of the histograms of times: from a read in memory to the longest wait for a delivery.
  private static final Duration[] TIMES = {
    Duration.ofMillis(1),
    Duration.ofMillis(2),
    Duration.ofMillis(5),
    Duration.ofMillis(10),
    Duration.ofMillis(25),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofMillis(2500),
    Duration.ofSeconds(5),
    Duration.ofSeconds(10),
    Duration.ofSeconds(30)
  };

  private static final double[] BATCHES = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024};

  /// An action, or a code, that is none of ours. Codes are written by our own server, but a bound
  /// holds even where somebody makes them of parts.
  static final String OTHER = "other";

  private static final int MOST_CODES = 200;

  private static final String FORMAT = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Set<String> actions = ConcurrentHashMap.newKeySet();
  private final Set<String> codes = ConcurrentHashMap.newKeySet();
  private final Map<Outcome, Counter> requests = new ConcurrentHashMap<>();
  private final Map<Outcome, Timer> times = new ConcurrentHashMap<>();
  private final Map<Part, Timer> parts = new ConcurrentHashMap<>();
  private final AtomicBoolean machineBound = new AtomicBoolean();

  private record Outcome(String api, String action, String code) {}

  /// Begins with nothing.
  ///
  /// @param actions those that the APIs have; all others count as one
  public Metrics(Set<String> actions) {
    expect(actions);
    gauge(
        "yunfu.log.lines.lost",
        "Log lines dropped because standard output took them too slowly",
        Logging::lost);
  }

  /// Makes more actions known.
  public void expect(Set<String> more) {
    actions.addAll(more);
  }

  void answered(String api, Answered request, RequestTimes spent) {
    String action = actions.contains(request.action()) ? request.action() : OTHER;
    String code = request.code();
    if (!codes.contains(code)) {
      if (codes.size() < MOST_CODES) {
        codes.add(code);
      } else {
        code = OTHER;
      }
    }
    requests.computeIfAbsent(new Outcome(api, action, code), this::counter).increment();
    times.computeIfAbsent(new Outcome(api, action, ""), this::timer).record(request.took());
    spent
        .nanos()
        .forEach((part, nanos) ->
            parts.computeIfAbsent(part, this::timer).record(Duration.ofNanos(nanos)));
  }

  /// A value that is asked for at each reading.
  public void gauge(String name, String doc, DoubleSupplier value) {
    Gauge.builder(name, value, DoubleSupplier::getAsDouble)
        .description(doc)
        .strongReference(true)
        .register(registry);
  }

  /// The same with one label.
  public void gauge(String name, String doc, String label, String labelled, DoubleSupplier value) {
    Gauge.builder(name, value, DoubleSupplier::getAsDouble)
        .description(doc)
        .tag(label, labelled)
        .strongReference(true)
        .register(registry);
  }

  /// The connections of one database pool, and whether the database counts as away.
  public void pool(Database database) {
    String schema = database.schema();
    String doc = "Connections of a database pool";
    gauge(
        "yunfu.pool.active",
        doc + " in use",
        "schema",
        schema,
        () -> database.connections().active());
    gauge(
        "yunfu.pool.idle",
        doc + " that wait for use",
        "schema",
        schema,
        () -> database.connections().idle());
    gauge(
        "yunfu.pool.max", doc + " at most", "schema", schema, () -> database.connections().most());
    gauge(
        "yunfu.pool.waiting",
        "Threads that wait for a connection",
        "schema",
        schema,
        () -> database.connections().waiting());
    gauge(
        "yunfu.database.away",
        "1 while the database counts as away",
        "schema",
        schema,
        () -> database.awayBecause() == null ? 0 : 1);
  }

  /// For hooks of our own; nobody outside this package sees the library.
  MeterRegistry registry() {
    return registry;
  }

  Timer timer(String name, String doc, String... tags) {
    return Timer.builder(name)
        .description(doc)
        .tags(tags)
        .serviceLevelObjectives(TIMES)
        .register(registry);
  }

  DistributionSummary sizes(String name, String doc, String... tags) {
    return DistributionSummary.builder(name)
        .description(doc)
        .tags(tags)
        .serviceLevelObjectives(BATCHES)
        .register(registry);
  }

  Counter counter(String name, String doc, String... tags) {
    return Counter.builder(name).description(doc).tags(tags).register(registry);
  }

  /// The page that Prometheus reads.
  ///
  /// @param token what it must show as a bearer token; empty for none
  public Handler page(Optional<Secret> token) {
    return request ->
        token.isPresent() && !token.get().matches(bearer(request))
            ? Response.text(401, "The metrics ask for a bearer token.\n")
                .with("WWW-Authenticate", "Bearer")
            : new Response(
                200, Headers.of("Content-Type", FORMAT), read().getBytes(StandardCharsets.UTF_8));
  }

  /// All figures now. Those of the Java machine take the loading of many classes, which a start
  /// does not wait for: they begin with the first reading.
  String read() {
    if (machineBound.compareAndSet(false, true)) {
      bindMachine();
    }
    return registry.scrape(FORMAT);
  }

  @SuppressWarnings("resource") // lives as long as the process
  private void bindMachine() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmGcMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ClassLoaderMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
  }

  private Counter counter(Outcome outcome) {
    return counter(
        "yunfu.requests",
        "Requests answered",
        "api",
        outcome.api,
        "action",
        outcome.action,
        "code",
        outcome.code);
  }

  private Timer timer(Outcome outcome) {
    return timer(
        "yunfu.request",
        "Time from a request's arrival to its answer",
        "api",
        outcome.api,
        "action",
        outcome.action);
  }

  private Timer timer(Part part) {
    return timer("yunfu.request.part", "Where the time of requests goes", "part", part.label());
  }

  private static String bearer(Request request) {
    String given = request.headers().first("Authorization").orElse("");
    return given.regionMatches(true, 0, "Bearer ", 0, 7) ? given.substring(7).strip() : "";
  }
}
