package io.yunfu.server.http;

import java.util.Arrays;

/// When the calls of the last second were admitted, exactly: a ring of times. Not safe for several
/// threads.
///
/// Exact and not a bucket that refills, because the published limit is per second: a bucket lets
/// through up to twice the limit in some seconds.
final class SlidingLog {
  /// A second, in nanoseconds. A call that was admitted this long ago no longer counts.
  static final long WINDOW = 1_000_000_000L;

  private static final int SMALLEST = 4;

  private long[] times = new long[SMALLEST];

  /// What `seen` was when the call of the same place in `times` was admitted.
  private long[] numbers = new long[SMALLEST];

  private int oldest;
  private int size;

  /// All calls so far, refused ones included.
  private long seen;

  /// Counts one call, and forgets what is over.
  ///
  /// @return whether fewer than `limit` of the last second's calls were admitted
  boolean hasRoom(long now, int limit) {
    seen++;
    forget(now);
    return size < limit;
  }

  /// The call that [#hasRoom] counted last is let in.
  void admit(long now) {
    if (size == times.length) {
      grow();
    }
    int place = (oldest + size) % times.length;
    times[place] = now;
    numbers[place] = seen;
    size++;
  }

  /// All calls, refused ones included, from the oldest admitted one of the last second to the last.
  long observed() {
    return size == 0 ? 1 : seen - numbers[oldest] + 1;
  }

  /// Whether it holds nothing that a fresh one would not.
  boolean isIdle(long now) {
    forget(now);
    return size == 0;
  }

  private void forget(long now) {
    while (size > 0 && now - times[oldest] >= WINDOW) {
      oldest = (oldest + 1) % times.length;
      size--;
    }
  }

  private void grow() {
    long[] moreTimes = Arrays.copyOf(times, 2 * times.length);
    long[] moreNumbers = Arrays.copyOf(numbers, 2 * numbers.length);
    for (int i = 0; i < size; i++) {
      moreTimes[i] = times[(oldest + i) % times.length];
      moreNumbers[i] = numbers[(oldest + i) % numbers.length];
    }
    times = moreTimes;
    numbers = moreNumbers;
    oldest = 0;
  }
}
