package io.yunfu.simulator.channel;

import static io.yunfu.kernel.Check.require;

import io.yunfu.simulator.json.BadInput;
import io.yunfu.simulator.seed.Draws;
import java.time.Duration;

/// How long a channel takes to answer, in real time, on top of what its computing takes.
public sealed interface Latency {
  /// Another one; never negative.
  Duration draw(Draws draws);

  /// At once.
  record None() implements Latency {
    @Override
    public Duration draw(Draws draws) {
      return Duration.ZERO;
    }

    @Override
    public String toString() {
      return "none";
    }
  }

  /// Always the same.
  record Fixed(Duration by) implements Latency {
    public Fixed {
      require(!by.isNegative(), "an answer takes at least no time, not %s", by);
    }

    @Override
    public Duration draw(Draws draws) {
      return by;
    }

    @Override
    public String toString() {
      return by.toMillis() + "ms";
    }
  }

  /// As remote services answer: half of the answers within the median, few much later.
  ///
  /// @param sigma of the logarithm; 0.4 gives a 99th percentile of 2.5 medians
  record LogNormal(Duration median, double sigma) implements Latency {
    public LogNormal {
      require(median.isPositive(), "the median is positive, not %s", median);
      require(sigma >= 0 && sigma <= 3, "sigma is from 0 to 3, not %s", sigma);
    }

    @Override
    public Duration draw(Draws draws) {
      return Duration.ofNanos((long) (median.toNanos() * Math.exp(sigma * draws.gaussian())));
    }

    @Override
    public String toString() {
      return "lognormal:%dms:%s".formatted(median.toMillis(), sigma);
    }
  }

  /// Reads `none`, `120ms`, `lognormal` (median 120 ms, sigma 0.4), `lognormal:80ms`,
  /// `lognormal:80ms:0.5`.
  ///
  /// @throws BadInput if it is none of these
  static Latency parse(String text) {
    try {
      if (text.equals("none")) {
        return new None();
      }
      if (text.matches("lognormal(:[0-9]+ms(:[0-9.]+)?)?")) {
        String[] parts = text.split(":", -1);
        return new LogNormal(
            parts.length > 1 ? milliseconds(parts[1]) : Duration.ofMillis(120),
            parts.length > 2 ? Double.parseDouble(parts[2]) : 0.4);
      }
      if (text.matches("[0-9]+ms")) {
        return new Fixed(milliseconds(text));
      }
    } catch (IllegalArgumentException e) {
      throw new BadInput("latency " + text + ": " + e.getMessage());
    }
    throw new BadInput(
        "latency must be none, 120ms, lognormal, lognormal:120ms or lognormal:120ms:0.4, not "
            + text);
  }

  private static Duration milliseconds(String text) {
    return Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)));
  }
}
