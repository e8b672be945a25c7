package io.yunfu.bench;

import static io.yunfu.bench.Report.whole;

import io.yunfu.bench.load.Pace;
import java.time.Duration;

/// A run of minutes, between short ones: what checkpoints, autovacuum and whatever else comes only
/// now and then take from it.
final class SustainedGoals {
  /// The short run may have met a bad moment.
  private static final double RESERVE = 1.3;

  private final GoalsPlan goals;
  private final PayGround ground;
  private final Progress progress;
  private final int connections;
  private final PaySeries brief;
  private final Runs sustained = new Runs();
  private long checkpoints;
  private long autovacuums;

  SustainedGoals(GoalsPlan goals, PayGround ground, Progress progress, int connections) {
    this.goals = goals;
    this.ground = ground;
    this.progress = progress;
    this.connections = connections;
    this.brief = ground.http(goals.common(), Workload.UNIFORM, connections, new Pace.Closed());
  }

  void measure() throws InterruptedException {
    measureBriefly();
    Plan plan = goals.longRun();
    PaySeries http = ground.http(plan, Workload.UNIFORM, connections, new Pace.Closed());
    var minutes =
        new PaySeries(
            "(b) for minutes",
            Workload.UNIFORM,
            connections,
            http.pace(),
            new WithCheckpoint(http.contender(), plan));
    progress.say("making deals for %,d s", plan.measured().toSeconds());
    sustained.add(ground.measure(minutes, brief.runs().most(Measurement::perSecond) * RESERVE));
    progress.say(
        "%,d s: %,.0f payments/s",
        plan.measured().toSeconds(), sustained.median(Measurement::perSecond));
    measureBriefly();
  }

  private void measureBriefly() throws InterruptedException {
    for (int pair = 1; pair <= goals.common().pairs(); pair++) {
      brief.runs().add(ground.measure(brief));
    }
  }

  /// A run with a checkpoint in the middle of its window, at full speed, whatever the database
  /// begins by itself.
  private final class WithCheckpoint implements Contender {
    private final Contender contender;
    private final Duration untilCheckpoint;

    WithCheckpoint(Contender contender, Plan plan) {
      this.contender = contender;
      this.untilCheckpoint = plan.warmUp().plus(plan.measured().dividedBy(2));
    }

    @Override
    public Run run(Deals deals, Receipts receipts) throws InterruptedException {
      BenchDatabase database = ground.database();
      long checkpointsBefore = database.checkpoints();
      long autovacuumsBefore = database.autovacuums();
      Thread checkpoint = Thread.ofVirtual().start(this::checkpoint);
      try {
        return contender.run(deals, receipts);
      } finally {
        checkpoint.interrupt();
        checkpoint.join();
        checkpoints = database.checkpoints() - checkpointsBefore;
        autovacuums = database.autovacuums() - autovacuumsBefore;
      }
    }

    private void checkpoint() {
      try {
        Thread.sleep(untilCheckpoint);
        ground.database().checkpoint();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // the run is over
      }
    }

    @Override
    public double seconds() {
      return contender.seconds();
    }

    @Override
    public double guess() {
      return contender.guess();
    }
  }

  /// Payments per second over all of it.
  double perSecond() {
    return sustained.median(Measurement::perSecond);
  }

  void tell(GoalsReport report) {
    double inMinutes = perSecond();
    double briefly = brief.runs().median(Measurement::perSecond);
    report.row(
        "HTTP PayDeals for %,d s".formatted(goals.sustained().toSeconds()),
        Goal.atLeast(80, "% of the short run", 1),
        100 * inMinutes / briefly,
        "%s/s; %s/s in %,d s; %d checkpoints, autovacuum %d times"
            .formatted(
                whole(inMinutes),
                whole(briefly),
                goals.common().measured().toSeconds(),
                checkpoints,
                autovacuums));
    report.row(
        "delivered meanwhile",
        Goal.gain("/s", 0),
        sustained.median(run -> run.delivered().orElse(0)),
        "by the built-in provider, with the payment");
    report.row(
        "p99 meanwhile, with the queue of a closed loop",
        Goal.cost("ms", 1),
        sustained.median(run -> run.latency(99)),
        connections + " connections");
    report.troubles("payments for minutes", sustained.troubles());
    report.troubles("short payments beside minutes", brief.runs().troubles());
  }
}
