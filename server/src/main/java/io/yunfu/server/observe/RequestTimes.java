package io.yunfu.server.observe;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The parts of the request that the current thread serves. Code that knows nothing of requests may
/// call the static methods at any time: without a request they do nothing.
public final class RequestTimes {
  /// A request that measures more of them, say in a loop, is counted but not traced one by one.
  private static final int MOST_INTERVALS = 64;

  private static final ScopedValue<RequestTimes> CURRENT = ScopedValue.newInstance();

  private final Map<Part, Long> nanos = new EnumMap<>(Part.class);
  private final List<Interval> intervals = new ArrayList<>();

  /// In terms of `System.nanoTime()`.
  record Interval(Part part, long start, long end) {}

  /// Serves a request with its times.
  static <T> T during(RequestTimes times, Supplier<T> request) {
    return ScopedValue.where(CURRENT, times).call(request::get);
  }

  /// Runs `work` and counts its time.
  public static <T extends @Nullable Object> T timed(Part part, Supplier<T> work) {
    if (!CURRENT.isBound()) {
      return work.get();
    }
    long start = System.nanoTime();
    try {
      return work.get();
    } finally {
      add(part, start, System.nanoTime());
    }
  }

  /// Whether this thread serves a request.
  static boolean isOfRequest() {
    return CURRENT.isBound();
  }

  /// Counts a time that somebody else measured.
  ///
  /// @param start and `end`: in terms of `System.nanoTime()`
  public static void add(Part part, long start, long end) {
    if (CURRENT.isBound()) {
      CURRENT.get().count(part, start, end);
    }
  }

  private void count(Part part, long start, long end) {
    nanos.merge(part, end - start, Long::sum);
    if (intervals.size() < MOST_INTERVALS) {
      intervals.add(new Interval(part, start, end));
    }
  }

  /// Milliseconds with three digits, as the log shows them.
  double millis(Part part) {
    return TimeUnit.NANOSECONDS.toMicros(nanos.getOrDefault(part, 0L)) / 1000.0;
  }

  Map<Part, Long> nanos() {
    return nanos;
  }

  List<Interval> intervals() {
    return intervals;
  }
}
