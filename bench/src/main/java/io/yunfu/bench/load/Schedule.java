package io.yunfu.bench.load;

import java.util.random.RandomGenerator;

/// When requests are due, for one thread.
sealed interface Schedule {
  static Schedule of(Pace pace, int threads, RandomGenerator random) {
    return switch (pace) {
      case Pace.Closed() -> new Always();
      case Pace.Open(var perSecond) -> new Arrivals(1e9 * threads / perSecond, random);
    };
  }

  void begin(long start);

  boolean isDue(long now);

  /// Takes the next request off the schedule.
  ///
  /// @return the moment it was due: now, or before
  long take(long now);

  /// How long nothing has to be sent, in ns.
  ///
  /// @param free whether some connection could send
  long untilNext(long now, boolean free);

  /// As soon as a connection is free.
  final class Always implements Schedule {
    @Override
    public void begin(long start) {}

    @Override
    public boolean isDue(long now) {
      return true;
    }

    @Override
    public long take(long now) {
      return now;
    }

    @Override
    public long untilNext(long now, boolean free) {
      return Long.MAX_VALUE;
    }
  }

  /// Independent arrivals: the pauses between them are exponentially distributed. They do not
  /// depend on the answers, so what cannot be sent in time stays due.
  final class Arrivals implements Schedule {
    private final double meanNanos;
    private final RandomGenerator random;
    private long next;

    Arrivals(double meanNanos, RandomGenerator random) {
      this.meanNanos = meanNanos;
      this.random = random;
    }

    @Override
    public void begin(long start) {
      next = start;
    }

    @Override
    public boolean isDue(long now) {
      return now - next >= 0;
    }

    @Override
    public long take(long now) {
      long due = next;
      next += Math.round(meanNanos * random.nextExponential());
      return due;
    }

    @Override
    public long untilNext(long now, boolean free) {
      return free ? Math.max(0, next - now) : Long.MAX_VALUE;
    }
  }
}
