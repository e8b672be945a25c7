package io.yunfu.bench;

import io.yunfu.operator.MasterKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// A start of the packaged server as an operator starts it, on an embedded database that is there
/// already and was stopped in good order: from the command to the first answer that it is ready.
///
/// What Java keeps of a first start is kept here, too, in a directory of its own; and each start is
/// followed by one without it.
final class StartGoals {
  static final String NAME = "cold start of yunfu serve to its first answer";
  static final Goal GOAL = Goal.atMost(1.5, "s", 2);

  /// Where the script keeps it, or `off`.
  private static final String CACHE = "YUNFU_AOT_CACHE";

  /// It is made in the background, with the least priority.
  private static final Duration LONGEST_WARM_UP = Duration.ofMinutes(5);

  private static final Duration LOOK_EVERY = Duration.ofMillis(200);

  private final GoalsPlan goals;
  private final Distribution distribution;
  private final Progress progress;
  private final List<Double> warm = new ArrayList<>();
  private final List<Double> bare = new ArrayList<>();
  private boolean hasCache;

  StartGoals(GoalsPlan goals, Distribution distribution, Progress progress) {
    this.goals = goals;
    this.distribution = distribution;
    this.progress = progress;
  }

  void measure(Path directory, Clock clock) throws IOException, InterruptedException {
    Path own = Files.createDirectory(directory.resolve("start"));
    Path caches = Files.createDirectory(own.resolve("caches"));
    startFirst(own, caches);
    try (var database = BenchDatabase.embedded(ServerProcess.databaseIn(own))) {
      Population.settle(
              database,
              goals.accounts(),
              MasterKey.parse(MasterKey.generate()),
              LocalDate.now(clock),
              RandomGenerator.of("SecureRandom"))
          .deals(Workload.UNIFORM)
          .ensure(goals.accounts());
    }
    for (int i = 1; i <= goals.starts(); i++) {
      double with = start(own, caches.toString());
      double without = start(own, "off");
      warm.add(with);
      bare.add(without);
      progress.say("%d of %d: answering after %.2f and %.2f s", i, goals.starts(), with, without);
    }
  }

  /// Makes the database, and stays until Java has kept what it wants to keep.
  private void startFirst(Path own, Path caches) throws InterruptedException {
    progress.say("starting the packaged server for the first time");
    try (var server = packaged(own, caches.toString())) {
      hasCache = distribution.isWarmedUp();
      long giveUp = System.nanoTime() + LONGEST_WARM_UP.toNanos();
      while (goals.common().warmsServer()
          && !hasCache
          && server.isAlive()
          && System.nanoTime() - giveUp < 0) {
        Thread.sleep(LOOK_EVERY);
        hasCache = Distribution.hasCache(caches);
      }
    }
  }

  private double start(Path own, String caches) throws InterruptedException {
    try (var server = packaged(own, caches)) {
      return server.readyAfter().toNanos() / 1e9;
    }
  }

  private ServerProcess packaged(Path own, String caches) throws InterruptedException {
    return ServerProcess.startPackaged(distribution, own, Map.of(CACHE, caches));
  }

  void tell(GoalsReport report) {
    report.row(
        NAME,
        GOAL,
        Runs.median(warm),
        "%d starts, %s"
            .formatted(
                warm.size(),
                hasCache ? "with what Java kept of a first one" : "Java has kept nothing"));
    report.row(
        "the same with nothing that Java kept",
        Goal.cost("s", 2),
        Runs.median(bare),
        bare.size() + " starts");
  }
}
