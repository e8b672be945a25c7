package io.yunfu.bench;

import io.yunfu.bench.load.Pace;
import io.yunfu.operator.MasterKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/// One run of `bench goals`: its parts in turn, each on embedded databases of its own but for those
/// that pay, which share one.
final class GoalsRun {
  private static final String NOT_PACKAGED = "this is not a distribution";

  private final GoalsPlan goals;
  private final Path directory;
  private final Optional<Path> pgbench;
  private final Optional<Distribution> distribution;
  private final Clock clock;
  private final Progress progress;
  private final SplittableRandom random = new SplittableRandom();
  private final String masterKey = MasterKey.generate();
  private final Conditions conditions;
  private final GoalsReport report = new GoalsReport();
  private String database = "none";
  private int connections;
  private OptionalDouble payments = OptionalDouble.empty();

  /// @param directory for databases and logs; it needs some gigabytes for growth
  /// @param pgbench the program of the baseline
  /// @param distribution that is started and weighed
  GoalsRun(
      GoalsPlan goals,
      Path directory,
      Optional<Path> pgbench,
      Optional<Distribution> distribution,
      Clock clock,
      Progress progress) {
    this.goals = goals;
    this.conditions = new Conditions(goals.common());
    this.directory = directory;
    this.pgbench = pgbench;
    this.distribution = distribution;
    this.clock = clock;
    this.progress = progress;
    this.connections = goals.common().most();
  }

  /// Runs all parts.
  ///
  /// @return whether every answer was right and the books are in order
  boolean run(Report into) throws IOException, InterruptedException {
    if (goals.parts().stream().anyMatch(Part::pays)) {
      onOwnGround("pay", "Payments", this::pay);
    }
    if (goals.has(Part.reads)) {
      onOwnGround("reads", "Payments beside questions", this::askBesidePayments);
    }
    if (goals.has(Part.growth)) {
      grow();
    }
    if (goals.has(Part.cpay)) {
      placeOrders();
    }
    tellMemory();
    if (goals.has(Part.start)) {
      startPackaged();
    }
    if (goals.has(Part.size)) {
      weigh();
    }
    into.conditions(
        conditions.described(
            clock, database, "%,d accounts".formatted(goals.accounts()), goals.common()));
    report.writeTo(into);
    return report.isGood();
  }

  /// A step of a part.
  @FunctionalInterface
  private interface Step {
    void take() throws InterruptedException;
  }

  /// What is measured on one database.
  @FunctionalInterface
  private interface Measuring {
    void on(PayGround ground) throws InterruptedException;
  }

  /// Measures on a database and a server of its own, and audits the books.
  ///
  /// @param name of their directory
  /// @param title of the audit
  private void onOwnGround(String name, String title, Measuring measuring)
      throws IOException, InterruptedException {
    Path own = Files.createDirectory(directory.resolve(name));
    try (var opened = BenchDatabase.embedded(own.resolve("data"));
        var ground =
            new PayGround(
                goals.accounts(),
                opened,
                masterKey,
                own,
                random.split(),
                clock,
                progress,
                conditions)) {
      database = opened.description();
      ground.startServer(Map.of());
      measuring.on(ground);
      report.audit(title, ground.audit());
    }
  }

  private void pay(PayGround ground) throws InterruptedException {
    var plenty = ground.http(goals.common(), Workload.UNIFORM, connections, new Pace.Closed());
    goals.common().warm(progress, () -> ground.measure(plenty));
    payInTurn(ground);
    if (goals.has(Part.refused)) {
      var refused = new RefusedGoals(goals, ground, progress, connections);
      timed(Part.refused, () -> refused.measure(goals.accounts()));
      refused.tell(report);
    }
    if (goals.has(Part.drain)) {
      var drain = new DrainGoals(goals, ground, progress, connections);
      timed(Part.drain, drain::measure);
      drain.tell(report);
    }
  }

  private void payInTurn(PayGround ground) throws InterruptedException {
    var pay = new PayGoals(goals, ground, progress);
    timed(Part.http, () -> pay.measure(pgbench, conditions));
    connections = pay.bestConnections();
    payments = pay.perSecond();
    if (goals.has(Part.sustained)) {
      var sustained = new SustainedGoals(goals, ground, progress, connections);
      timed(Part.sustained, sustained::measure);
      pay.measureLatency(OptionalDouble.of(sustained.perSecond()));
      pay.tell(report);
      sustained.tell(report);
    } else {
      pay.measureLatency(OptionalDouble.empty());
      pay.tell(report);
    }
  }

  /// Not after the others: how many deals an account has had today is part of what a question
  /// costs.
  private void askBesidePayments(PayGround ground) throws InterruptedException {
    var reads = new ReadGoals(goals, ground, clock, progress);
    timed(Part.reads, () -> reads.measure(connections));
    reads.tell(report);
  }

  private void grow() throws IOException, InterruptedException {
    try (var growth = new GrowthGoals(goals, progress)) {
      long begin = System.nanoTime();
      growth.prepare(directory, masterKey, connections, random.split(), clock, conditions);
      database = growth.description();
      progress.say("the tables are full after %,d s", since(begin).toSeconds());
      timed(Part.growth, growth::measure);
      growth.tell(report);
    }
  }

  private void placeOrders() throws IOException, InterruptedException {
    Path own = Files.createDirectory(directory.resolve("cpay"));
    try (var opened = BenchDatabase.embedded(own.resolve("data"));
        var run =
            new CpayRun(
                goals.cpay(),
                opened,
                masterKey,
                own,
                Map.of(),
                random.split(),
                clock,
                progress,
                conditions)) {
      database = opened.description();
      timed(Part.cpay, run::measureAll);
      CpayGoals.tell(report, run.series(), payments);
      report.require(run.audit(report.details()));
    }
  }

  private void tellMemory() {
    conditions
        .resident()
        .ifPresent(bytes ->
            report.row(
                "resident memory of the server's Java machine after the load",
                Goal.atMost(256, "MB", 1),
                bytes / (double) (1 << 20),
                "the most of all servers of this run, %d s after; at the end of the load %d MB"
                    .formatted(conditions.rest().toSeconds(), conditions.busy().orElse(0) >> 20)));
  }

  private void startPackaged() throws IOException, InterruptedException {
    if (distribution.isEmpty()) {
      report.notMeasured(StartGoals.NAME, StartGoals.GOAL, NOT_PACKAGED);
      return;
    }
    var start = new StartGoals(goals, distribution.get(), progress);
    start.measure(directory, clock);
    start.tell(report);
  }

  private void weigh() {
    String name = "distribution on the disk, without the database's binaries";
    var goal = Goal.atMost(30, "MB", 1);
    distribution.ifPresentOrElse(
        found -> report.row(name, goal, found.bytesWithoutDatabase() / 1e6, "unpacked"),
        () -> report.notMeasured(name, goal, NOT_PACKAGED));
  }

  private void timed(Part part, Step step) throws InterruptedException {
    long begin = System.nanoTime();
    step.take();
    progress.say("%s took %,d s", part, since(begin).toSeconds());
  }

  private static Duration since(long nanos) {
    return Duration.ofNanos(System.nanoTime() - nanos);
  }
}
