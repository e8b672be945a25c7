package io.yunfu.bench.load;

import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/// What a load has come to.
///
/// @param answered right answers within the window
/// @param seconds the window's length
/// @param latencies of the right answers within the window, in microseconds
/// @param sent all requests, warm-up and tail included
/// @param right all right answers, warm-up and tail included
/// @param troubles what else came, over the whole run: error codes, wrong answers, lost
///   connections; with how often
/// @param ranOut whether there were no more calls before the window ended
public record Outcome(
    long answered,
    double seconds,
    Histogram latencies,
    long sent,
    long right,
    Map<String, Long> troubles,
    boolean ranOut) {
  public Outcome {
    troubles = Map.copyOf(new TreeMap<>(troubles));
  }

  public double perSecond() {
    return answered / seconds;
  }
}
