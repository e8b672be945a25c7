package io.yunfu.server.observe;

import io.yunfu.server.config.Configuration;
import io.yunfu.server.http.Request;
import java.time.Duration;
import java.util.Map;

/// Traces of requests and of work behind them. Without a collector there are none, and then nothing
/// of the library is even loaded.
public interface Traces extends AutoCloseable {
  Traces NONE =
      new Traces() {
        @Override
        public Trace begin(String api, Request request) {
          return Trace.NONE;
        }

        @Override
        public void worked(String name, Duration took, Map<String, String> about, boolean failed) {}

        @Override
        public void close() {}
      };

  /// As the operator wants them.
  ///
  /// @param version of this program
  static Traces of(Configuration.Tracing settings, String version) {
    return settings
        .endpoint()
        .<Traces>map(endpoint -> OpenTelemetryTraces.to(endpoint, settings.sampleRatio(), version))
        .orElse(NONE);
  }

  /// Begins the trace of a request, or continues that of its caller (W3C `traceparent`).
  Trace begin(String api, Request request);

  /// Some work that is no part of a request and has just ended.
  void worked(String name, Duration took, Map<String, String> about, boolean failed);

  /// Sends what is left, within a few seconds.
  @Override
  void close();

  /// The trace of one request.
  interface Trace {
    Trace NONE =
        new Trace() {
          @Override
          public String id() {
            return "";
          }

          @Override
          public void end(Answered request, RequestTimes times) {}
        };

    /// In hexadecimal; empty when this request is not traced.
    String id();

    /// Ends it, with a span for each part.
    void end(Answered request, RequestTimes times);
  }
}
