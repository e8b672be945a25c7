package io.yunfu.bench;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// How often and how long is measured, by how many threads: what all benchmarks let choose. How
/// many connections are usual differs.
final class PlanOptions {
  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "The window of each run. Default: 6.")
  private @Nullable Integer seconds;

  @Option(
      names = "--warmup",
      paramLabel = "S",
      description = "What goes before each window, not counted. Default: 2.")
  private @Nullable Integer warmUp;

  @Option(
      names = "--pairs",
      paramLabel = "N",
      description = "How often each series runs, in turn with the others. Default: 3.")
  private @Nullable Integer pairs;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the load generator. Default: 1.")
  private int threads = 1;

  /// @param connections of the load generator, a series for each number
  /// @throws IllegalArgumentException when something makes no sense
  Plan plan(QuickOption quick, List<Integer> connections) {
    return new Plan(
        quick.or(pairs, 3, 1),
        Duration.ofSeconds(quick.or(warmUp, 2, 1)),
        Duration.ofSeconds(quick.or(seconds, 6, 2)),
        connections,
        threads,
        !quick.isGiven());
  }
}
