package io.yunfu.bench;

import io.yunfu.bench.load.Pace;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator.SplittableGenerator;

/// One benchmark of payments, from an empty database to the audit: accounts and deals are made, the
/// contenders run in turn, as often as the plan says, and the books are audited.
final class PayRun implements AutoCloseable {
  private final PayPlan payPlan;
  private final Plan plan;
  private final BenchDatabase database;
  private final Path directory;
  private final Clock clock;
  private final Progress progress;
  private final PayGround ground;
  private final Conditions conditions;
  private final List<PaySeries> all = new ArrayList<>();
  private boolean hasServer;

  /// Opens the accounts.
  ///
  /// @param masterKey as text
  /// @param directory for logs and configurations of this run
  PayRun(
      PayPlan payPlan,
      BenchDatabase database,
      String masterKey,
      Path directory,
      SplittableGenerator random,
      Clock clock,
      Progress progress) {
    this.payPlan = payPlan;
    this.plan = payPlan.common();
    this.conditions = new Conditions(plan);
    this.database = database;
    this.directory = directory;
    this.clock = clock;
    this.progress = progress;
    this.ground =
        new PayGround(
            payPlan.accounts(),
            database,
            masterKey,
            directory,
            random,
            clock,
            progress,
            conditions);
  }

  /// Starts the server, the contender (b), and lets it grow warm.
  ///
  /// @param settings further keys of its configuration
  void startServer(Map<String, String> settings) throws InterruptedException {
    ground.startServer(settings);
    hasServer = true;
    for (Workload workload : Workload.values()) {
      for (int connections : plan.connections()) {
        all.add(ground.http(plan, workload, connections, new Pace.Closed()));
      }
    }
    var plenty = ground.http(plan, Workload.UNIFORM, plan.most(), new Pace.Closed());
    plan.warm(progress, () -> ground.measure(plenty));
  }

  /// Adds the baseline, contender (a).
  void addBaseline(Path program) {
    int clients = payPlan.pgbenchClients();
    var pgbench = new Pgbench(program, directory, database, ground.meter(), plan, clients);
    conditions.baseline(pgbench.version());
    int place = 0;
    for (Workload workload : Workload.values()) {
      all.add(place++, PaySeries.baseline(workload, clients, pgbench));
    }
  }

  /// Adds the engine without HTTP: contenders (c) and (d).
  void addEngine() {
    int clients = plan.connections().getFirst();
    for (Workload workload : Workload.values()) {
      all.add(
          new PaySeries(
              "(c) own engine, a transaction per payment",
              workload,
              clients,
              new Pace.Closed(),
              EngineCalls.oneByOne(database, ground.meter(), plan, clients, clock)));
      all.add(ground.engine(plan, workload));
    }
  }

  /// Lets all contenders run in turn, workload by workload.
  void measureAll() throws InterruptedException {
    for (int pair = 1; pair <= plan.pairs(); pair++) {
      ground.measureInTurn(all, pair, plan.pairs());
    }
  }

  /// Asks the server at a given rate, or at half of what it has done with the same accounts.
  void measureAtRate(Optional<Double> perSecond) throws InterruptedException {
    if (!hasServer) {
      return;
    }
    List<PaySeries> atRate = new ArrayList<>();
    for (Workload workload : Workload.values()) {
      double rate =
          perSecond.orElseGet(
              () -> PayGround.best(all, workload).runs().median(Measurement::perSecond) / 2);
      atRate.add(ground.measureAtRate(plan, workload, rate));
    }
    all.addAll(atRate);
  }

  /// Stops the server, audits the books, and writes it all down.
  ///
  /// @return whether everything is as it should be
  boolean finish(Report report) throws InterruptedException {
    PayGround.Audit audit = ground.audit();
    report.conditions(
        conditions.described(
            clock, database.description(), "%,d accounts".formatted(payPlan.accounts()), plan));
    var tables = new PayReport(report);
    tables.throughput(all);
    tables.costs(all, ground.meter().seesDatabase());
    tables.troubles(all);
    tables.verdict(audit);
    return audit.isGood() && all.stream().allMatch(series -> series.runs().troubles().isEmpty());
  }

  @Override
  public void close() {
    ground.close();
  }
}
