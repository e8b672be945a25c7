package io.yunfu.server.observe;

import io.yunfu.server.http.Handler;
import io.yunfu.server.http.Request;
import io.yunfu.server.http.Response;
import java.time.Duration;
import java.util.Optional;
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
