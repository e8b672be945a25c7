package io.yunfu.bench;

import io.yunfu.bench.load.Pace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator.SplittableGenerator;

/// The same payments with ever more of the past in the tables. Each size has a database and a
/// server of its own, so that they can run in turn: a drift of the machine meets all of them.
final class GrowthGoals implements AutoCloseable {
  /// One of the databases.
  private record Size(int past, BenchDatabase database, PayGround ground, PaySeries series) {}

  private final GoalsPlan goals;
  private final Progress progress;
  private final List<BenchDatabase> databases = new ArrayList<>();
  private final List<PayGround> grounds = new ArrayList<>();
  private final List<Size> sizes = new ArrayList<>();

  GrowthGoals(GoalsPlan goals, Progress progress) {
    this.goals = goals;
    this.progress = progress;
  }

  /// Fills the tables and starts the servers.
  ///
  /// @param connections of the load generator
  void prepare(
      Path directory,
      String masterKey,
      int connections,
      SplittableGenerator random,
      Clock clock,
      Conditions conditions)
      throws IOException, InterruptedException {
    for (int past : goals.growth()) {
      Path own = Files.createDirectory(directory.resolve("growth-" + sizes.size()));
      var database = BenchDatabase.embedded(own.resolve("data"));
      databases.add(database);
      var ground =
          new PayGround(
              goals.accounts(),
              database,
              masterKey,
              own,
              random.split(),
              clock,
              progress,
              conditions);
      grounds.add(ground);
      progress.say("making %,d deals of the past", past);
      ground.population().deals(Workload.UNIFORM).addPast(past);
      database.settleAll();
      ground.startServer(Map.of());
      PaySeries series =
          ground.http(goals.common(), Workload.UNIFORM, connections, new Pace.Closed());
      sizes.add(new Size(past, database, ground, series));
    }
  }

  /// Their version and settings, which are the same.
  String description() {
    return databases.getFirst().description();
  }

  void measure() throws InterruptedException {
    for (Size size : sizes) {
      goals.common().warm(progress, () -> size.ground().measure(size.series()));
    }
    for (int pair = 1; pair <= goals.common().pairs(); pair++) {
      for (Size size : sizes) {
        Measurement run = size.ground().measure(size.series());
        size.series().runs().add(run);
        progress.say(
            "%d of %d: %,d deals of the past: %,.0f payments/s, server %.1f µs, database %.1f µs",
            pair,
            goals.common().pairs(),
            size.past(),
            run.perSecond(),
            run.serverMicros(),
            run.databaseMicros());
      }
    }
  }

  /// Audits all books, and adds the rows.
  void tell(GoalsReport report) throws InterruptedException {
    double least = Double.POSITIVE_INFINITY;
    double most = 0;
    for (Size size : sizes) {
      Runs runs = size.series().runs();
      double micros = runs.median(GrowthGoals::micros);
      least = Math.min(least, micros);
      most = Math.max(most, micros);
      report.row(
          "CPU per payment with %,d deals in the tables".formatted(size.past()),
          Goal.cost("µs", 1),
          micros,
          "server %.1f, database %.1f; %,.0f payments/s"
              .formatted(
                  runs.median(Measurement::serverMicros),
                  runs.median(Measurement::databaseMicros),
                  runs.median(Measurement::perSecond)));
      String where = "%,d deals of the past".formatted(size.past());
      report.troubles(where, runs.troubles());
      report.audit(where, size.ground().audit());
    }
    report.row(
        "growth: the most CPU per payment over the least",
        Goal.atMost(1.1, "×", 3),
        most / least,
        "uniform, server and database");
  }

  private static double micros(Measurement run) {
    return run.serverMicros() + run.databaseMicros();
  }

  @Override
  public void close() {
    grounds.forEach(PayGround::close);
    databases.forEach(BenchDatabase::close);
  }
}
