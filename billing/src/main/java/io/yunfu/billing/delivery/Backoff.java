package io.yunfu.billing.delivery;

import static io.yunfu.kernel.Check.require;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// Pauses that double from the first to the longest, a quarter up or down by chance, so that what
/// failed together is not tried again together.
record Backoff(Duration first, Duration longest, RandomGenerator random) {
  private static final int MOST_DOUBLINGS = 40;
  private static final double SPREAD = 0.25;

  Backoff {
    require(first.isPositive() && first.compareTo(longest) <= 0, "%s, then %s", first, longest);
  }

  /// The pause after so many failures in a row, 1 and up.
  Duration after(int failures) {
    require(failures > 0, "no pause after %d failures", failures);
    double doubled = Math.scalb((double) first.toNanos(), Math.min(failures - 1, MOST_DOUBLINGS));
    double spread = 1 + SPREAD * (2 * random.nextDouble() - 1);
    return Duration.ofNanos((long) Math.min(doubled * spread, (double) longest.toNanos()));
  }
}
