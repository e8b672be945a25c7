package io.yunfu.bench;

import static io.yunfu.kernel.Check.require;

import java.time.Duration;
import java.util.List;

/// How often and how long is measured, under what load: what all benchmarks plan.
///
/// @param pairs how often each series runs, one after the other in turn
/// @param warmUp before each window
/// @param measured the window of one run
/// @param connections of the load generator, a series for each number
/// @param threads of the load generator
/// @param warmsServer whether one run that is not counted goes before all
record Plan(
    int pairs,
    Duration warmUp,
    Duration measured,
    List<Integer> connections,
    int threads,
    boolean warmsServer) {
  Plan {
    connections = List.copyOf(connections);
    require(pairs >= 1 && pairs <= 100, "1 to 100 pairs, not %d", pairs);
    require(
        measured.toSeconds() >= 1 && measured.toHours() <= 1,
        "a window is a second to an hour: %s",
        measured);
    require(!warmUp.isNegative() && warmUp.toHours() <= 1, "a warm-up is at most an hour");
    require(
        threads >= 1 && threads <= 64, "the load generator has 1 to 64 threads, not %d", threads);
    require(!connections.isEmpty(), "there is at least one number of connections");
    for (int each : connections) {
      require(each >= threads && each <= 10_000, "%d to 10000 connections, not %d", threads, each);
    }
  }

  /// Long enough for Java to compile what a server and its neighbours run, on two processors that
  /// the load keeps busy: the compilers of a server that takes orders rest after 70 s.
  private static final Duration WARMTH = Duration.ofSeconds(75);

  /// A run that is not counted.
  @FunctionalInterface
  interface Rehearsal {
    void run() throws InterruptedException;
  }

  /// Lets a server grow warm, unless the plan is in a hurry.
  void warm(Progress progress, Rehearsal rehearsal) throws InterruptedException {
    if (warmsServer) {
      progress.say("letting the server grow warm");
      long begin = System.nanoTime();
      do {
        rehearsal.run();
      } while (System.nanoTime() - begin < WARMTH.toNanos());
    }
  }

  /// From the first request of a run to the last.
  Duration whole() {
    return warmUp.plus(measured);
  }

  /// The largest number of connections.
  int most() {
    return connections.stream().mapToInt(Integer::intValue).max().orElseThrow();
  }
}
