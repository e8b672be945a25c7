package io.yunfu.bench;

import io.yunfu.bench.Meter.Usage;
import io.yunfu.bench.load.Outcome;
import java.util.Map;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;

/// One run.
///
/// @param acknowledged payments, or orders, within the window
/// @param seconds the window's length
/// @param latencies in microseconds
/// @param usage in the window
/// @param delivered paid deals delivered in a second of the window, where somebody delivers
/// @param troubles whatever was not a right answer, with how often
record Measurement(
    long acknowledged,
    double seconds,
    Histogram latencies,
    Usage usage,
    OptionalDouble delivered,
    Map<String, Long> troubles) {

  /// What the load generator has measured.
  static Measurement of(Outcome outcome, Usage usage, OptionalDouble delivered) {
    return new Measurement(
        outcome.answered(),
        outcome.seconds(),
        outcome.latencies(),
        usage,
        delivered,
        outcome.troubles());
  }

  double perSecond() {
    return acknowledged / seconds;
  }

  double databaseMicros() {
    return usage.database() / perSecond();
  }

  double serverMicros() {
    return usage.server() / perSecond();
  }

  double clientMicros() {
    return usage.client() / perSecond();
  }

  double simulatorMicros() {
    return usage.simulator() / perSecond();
  }

  double walBytes() {
    return usage.wal() / perSecond();
  }

  /// In milliseconds, as the callers saw it.
  double latency(double percentile) {
    return latencies.getValueAtPercentile(percentile) / 1000.0;
  }

  /// In milliseconds, with what callers would have seen that had not waited for the answer before:
  /// an answer that took a hundred times as long as usual also stands for the ninety-nine requests
  /// that were not sent meanwhile.
  double correctedLatency(double percentile, int clients) {
    if (acknowledged == 0) {
      return 0;
    }
    long usual = Math.max(1, Math.round(clients * seconds * 1e6 / acknowledged));
    return latencies.copyCorrectedForCoordinatedOmission(usual).getValueAtPercentile(percentile)
        / 1000.0;
  }
}
