package io.yunfu.bench;

import io.yunfu.bench.load.Pace;
import java.util.Map;

/// Payments whose deliveries go through their queue, and how quickly the workers empty it.
final class DrainGoals {
  /// The answer does not wait for the delivery, so the queue grows as it does where an HTTP
  /// provider is slower than the payers.
  private static final Map<String, String> QUEUED =
      Map.of("pay.deliver-at-once", "false", "pay.delivery-wait", "0");

  private final Plan plan;
  private final PayGround ground;
  private final Progress progress;
  private final int connections;
  private final Runs runs = new Runs();
  private long drained;
  private double seconds;

  DrainGoals(GoalsPlan goals, PayGround ground, Progress progress, int connections) {
    this.plan = goals.common();
    this.ground = ground;
    this.progress = progress;
    this.connections = connections;
  }

  void measure() throws InterruptedException {
    ground.stopServer();
    ground.startServer(QUEUED);
    PaySeries series = ground.http(plan, Workload.UNIFORM, connections, new Pace.Closed());
    if (plan.warmsServer()) {
      ground.measure(series);
    }
    for (int pair = 1; pair <= plan.pairs(); pair++) {
      runs.add(ground.measure(series));
      long queued = ground.database().deliveriesDue();
      long begin = System.nanoTime();
      ground.awaitDelivered();
      drained += queued;
      seconds += (System.nanoTime() - begin) / 1e9;
      progress.say("%d of %d: %,d deliveries were left", pair, plan.pairs(), queued);
    }
  }

  void tell(GoalsReport report) {
    report.row(
        "accepted, deliveries through the queue",
        Goal.gain("/s", 0),
        runs.median(Measurement::perSecond),
        connections + " connections");
    report.row(
        "delivered meanwhile, through the queue",
        Goal.gain("/s", 0),
        runs.median(run -> run.delivered().orElse(0)),
        "");
    if (drained == 0) {
      report.notMeasured("drained afterwards", Goal.gain("/s", 0), "nothing was left");
    } else {
      report.row(
          "drained afterwards",
          Goal.gain("/s", 0),
          drained / seconds,
          "%,d in %.1f s".formatted(drained, seconds));
    }
    report.troubles("payments with queued deliveries", runs.troubles());
  }
}
