package io.yunfu.server.observe;

import io.micrometer.core.instrument.Timer;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.delivery.DeliveryListener;
import io.yunfu.billing.pay.PayDeals;
import io.yunfu.db.Database;
import io.yunfu.db.LaneListener;
import io.yunfu.gateway.channel.Connector;
import io.yunfu.kernel.CellId;
import io.yunfu.server.http.Handler;
import io.yunfu.server.http.HttpServer;
import io.yunfu.server.http.Request;
import io.yunfu.server.http.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/// Watches over the APIs: stands before a handler, and makes of every request one log line, its
/// figures, and its trace.
public final class Observer {
  private static final ScopedValue<Visit> CURRENT = ScopedValue.newInstance();

  private final Optional<Metrics> metrics;
  private final Traces traces;
  private final RequestLog log;

  /// One request under way.
  private static final class Visit {
    final String api;
    final RequestTimes times = new RequestTimes();
    @Nullable Answered answered;

    Visit(String api) {
      this.api = api;
    }
  }

  public Observer(Optional<Metrics> metrics, Traces traces) {
    this(metrics, traces, new RequestLog());
  }

  Observer(Optional<Metrics> metrics, Traces traces, RequestLog log) {
    this.metrics = metrics;
    this.traces = traces;
    this.log = log;
  }

  /// The same handler, watched. Inside it, {@link #answered} tells what became of the request; a
  /// handler that does not tell gets a line with what can be seen from outside.
  ///
  /// @param api its name on the line and in the figures
  public Handler watching(String api, Handler handler) {
    return request -> {
      Visit visit = new Visit(api);
      long start = System.nanoTime();
      Traces.Trace trace = traces.begin(api, request);
      Response response;
      try {
        response =
            ScopedValue.where(CURRENT, visit)
                .call(() -> RequestTimes.during(visit.times, () -> handler.handle(request)));
      } catch (RuntimeException | Error e) {
        finish(visit, trace, seen(request, 500, 0, start, e));
        throw e;
      }
      Answered told = visit.answered;
      finish(
          visit,
          trace,
          told != null
              ? told
              : seen(request, response.status(), response.body().length, start, null));
      return response;
    };
  }

  /// Tells what became of the request that this thread serves.
  public void answered(Answered request) {
    if (CURRENT.isBound()) {
      CURRENT.get().answered = request;
    } else { // called by a test, or from outside of HTTP
      log.write("", request, new RequestTimes(), "");
    }
  }

  /// Hears a lane: for the figures, and for the request that waits for its answer.
  ///
  /// @param depth commands that wait now
  public LaneListener lane(String name, DoubleSupplier depth) {
    if (metrics.isEmpty()) {
      return new LaneListener() {
        @Override
        public void answered(Duration waited, Duration ran) {
          LaneFigures.toRequest(waited, ran);
        }
      };
    }
    metrics.get().gauge("yunfu.lane.depth", "Commands that wait for a lane", "lane", name, depth);
    return new LaneFigures(name, metrics.get(), traces);
  }

  /// Hears the deliveries of all cells.
  public DeliveryListener deliveries() {
    return metrics
        .<DeliveryListener>map(figures -> new DeliveryFigures(figures, traces))
        .orElse(DeliveryListener.NONE);
  }

  /// The same connector, watched.
  public Connector watching(Connector connector) {
    return new WatchedConnector(connector, metrics, traces);
  }

  /// Where the counts of the gateway are shown; empty when no figures are kept.
  public Optional<GatewayFigures> gateway() {
    return metrics.map(GatewayFigures::new);
  }

  /// The same, with the wait for them counted to the request.
  ///
  /// @param listener hears of what is delivered with its payment
  public PayDeals.Deliveries timed(PayDeals.Deliveries deliveries, DeliveryListener listener) {
    return new PayDeals.Deliveries() {
      @Override
      public Result await(CellId cell, List<DealId> deals, Duration most) {
        return RequestTimes.timed(Part.DELIVERY, () -> deliveries.await(cell, deals, most));
      }

      @Override
      public void deliveredAtOnce(CellId cell, int deals) {
        listener.deliveredAtOnce(cell, deals);
      }
    };
  }

  /// Shows a database's pool, and hears its work: for the figures, and for the request that asked.
  public void watch(Database database) {
    metrics.ifPresent(figures -> figures.pool(database));
    String schema = database.schema();
    Optional<Timer> well = timer(schema, "ok");
    Optional<Timer> failed = timer(schema, "failed");
    database.listen((took, failure) -> {
      long now = System.nanoTime();
      RequestTimes.add(Part.DATABASE, now - took.toNanos(), now);
      (failure == null ? well : failed).ifPresent(timer -> timer.record(took));
    });
  }

  private Optional<Timer> timer(String schema, String outcome) {
    return metrics.map(figures ->
        figures.timer(
            "yunfu.database.work",
            "Transactions and reads, with the wait for a connection and with repetitions",
            "schema",
            schema,
            "outcome",
            outcome));
  }

  /// Shows the listener's connections and requests, and when its certificate ends.
  public void watch(HttpServer server) {
    metrics.ifPresent(figures -> {
      figures.gauge("yunfu.http.connections", "Open connections", server::connections);
      figures.gauge("yunfu.http.requests.open", "Requests not yet answered", server::inFlight);
      server
          .certificateExpires()
          .ifPresent(_ ->
              figures.gauge(
                  "yunfu.https.certificate.expires.seconds",
                  "When the certificate in use ends, in seconds since 1970",
                  () -> server.certificateExpires().map(Instant::getEpochSecond).orElse(0L)));
    });
  }

  /// Shows how much space an embedded database has.
  public void watch(DataDisk disk) {
    metrics.ifPresent(figures ->
        figures.gauge(
            "yunfu.data.free.bytes",
            "Space left on the disk of the data directory",
            () -> disk.free()));
  }

  private void finish(Visit visit, Traces.Trace trace, Answered answered) {
    log.write(visit.api, answered, visit.times, trace.id());
    metrics.ifPresent(figures -> figures.answered(visit.api, answered, visit.times));
    trace.end(answered, visit.times);
  }

  private static Answered seen(
      Request request, int status, long bytesOut, long start, @Nullable Throwable fault) {
    return new Answered(
        "",
        "",
        status < 400 ? Answered.OK : Integer.toString(status),
        status,
        "",
        "",
        request.remoteAddress(),
        "",
        request.targetLength() + request.body().length,
        bytesOut,
        Duration.ofNanos(System.nanoTime() - start),
        fault,
        true); // the stack is on the line of whoever catches it
  }
}
