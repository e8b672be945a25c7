package io.yunfu.bench.load;

import static io.yunfu.kernel.Check.require;

/// When the next request is sent.
public sealed interface Pace {
  /// Each connection sends its next request when it has the answer to the one before: so many
  /// callers, each as fast as it is served. It shows what a server can do; but a slow server slows
  /// the questions down, too.
  record Closed() implements Pace {}

  /// Requests are due at random moments, so many in a second on average (a Poisson process),
  /// however fast they are answered. The time of an answer counts from the moment its request was
  /// due, also when no connection was free then: nothing is left out.
  record Open(double perSecond) implements Pace {
    public Open {
      require(perSecond > 0, "a rate is positive: %s", perSecond);
    }
  }
}
