package io.yunfu.bench;

import static io.yunfu.bench.Report.whole;

import io.yunfu.bench.load.Call;
import io.yunfu.bench.load.Pace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/// Payments side by side with the baseline: over HTTP, by the engine alone, and what a bare handler
/// takes for as many calls.
final class PayGoals {
  private final GoalsPlan goals;
  private final Plan plan;
  private final PayGround ground;
  private final Progress progress;
  private final List<PaySeries> all = new ArrayList<>();
  private final Runs bare = new Runs();
  private final AtomicLong asked = new AtomicLong();
  private String latencyOf = "";

  PayGoals(GoalsPlan goals, PayGround ground, Progress progress) {
    this.goals = goals;
    this.plan = goals.common();
    this.ground = ground;
    this.progress = progress;
  }

  /// Lets all that are chosen run in turn.
  ///
  /// @param pgbench the program of the baseline; empty without it
  void measure(Optional<Path> pgbench, Conditions conditions) throws InterruptedException {
    if (goals.has(Part.http) || goals.has(Part.engine)) {
      pgbench.ifPresentOrElse(
          program -> addBaseline(program, conditions), () -> progress.say(Pgbench.HOW_TO_INSTALL));
    }
    for (Workload workload : Workload.values()) {
      if (goals.has(Part.http)) {
        for (int connections : plan.connections()) {
          all.add(ground.http(plan, workload, connections, new Pace.Closed()));
        }
      }
      if (goals.has(Part.engine)) {
        all.add(ground.engine(plan, workload));
      }
    }
    if (goals.has(Part.bare)) {
      try (var process =
          BareProcess.start(
              ground.directory(), ground.population().keys(), ground.server().javaOptions())) {
        measure(Optional.of(process));
      }
    } else {
      measure(Optional.empty());
    }
  }

  /// Asks at half of a rate that the server can hold.
  ///
  /// @param sustained payments per second over minutes; empty if that was not measured: then what
  ///   was reached with the same accounts
  void measureLatency(OptionalDouble sustained) throws InterruptedException {
    if (!goals.has(Part.http)) {
      return;
    }
    latencyOf = sustained.isPresent() ? "the sustained rate" : "what was reached";
    List<PaySeries> atRate = new ArrayList<>();
    for (Workload workload : Workload.values()) {
      double rate = sustained.orElseGet(() -> best(workload).runs().median(Measurement::perSecond));
      atRate.add(ground.measureAtRate(plan, workload, rate / 2));
    }
    all.addAll(atRate);
  }

  private void addBaseline(Path program, Conditions conditions) {
    int clients = goals.pgbenchClients();
    var pgbench =
        new Pgbench(program, ground.directory(), ground.database(), ground.meter(), plan, clients);
    conditions.baseline(pgbench.version());
    for (Workload workload : Workload.values()) {
      all.add(PaySeries.baseline(workload, clients, pgbench));
    }
  }

  private void measure(Optional<BareProcess> process) throws InterruptedException {
    List<Client> clients =
        process
            .map(started -> ground.population().keys().clientsOf(started.host()))
            .orElse(List.of());
    if (process.isPresent() && plan.warmsServer()) {
      measureBare(process.get(), clients);
    }
    for (int pair = 1; pair <= plan.pairs(); pair++) {
      ground.measureInTurn(all, pair, plan.pairs());
      if (process.isPresent()) {
        bare.add(measureBare(process.get(), clients));
      }
    }
  }

  private Measurement measureBare(BareProcess process, List<Client> clients)
      throws InterruptedException {
    ServerLoad.Window window =
        ground
            .load(plan)
            .against(process)
            .run(plan.most(), new Pace.Closed(), () -> bareCall(clients), () -> 0);
    var run = Measurement.of(window.outcome(), window.usage(), OptionalDouble.empty());
    progress.say(
        "bare handler, %d connections: %,.0f calls/s, %.1f µs",
        plan.most(), run.perSecond(), run.serverMicros());
    return run;
  }

  /// As long as PayDeals is, for a deal that does not matter.
  private Optional<Call> bareCall(List<Client> clients) {
    long number = asked.getAndIncrement() % Numbering.MAX + 1;
    Numbering numbering = ground.population().numbering();
    return Optional.of(
        new SignedCall(
            clients.get(numbering.position(number, 0)),
            BillingAction.PAY_DEALS,
            PayCall.body(numbering.deal(number)),
            BareServer.ANSWER));
  }

  /// With how many connections the server paid quickest; the most if that was not measured.
  int bestConnections() {
    return goals.has(Part.http) ? PayGround.best(all, Workload.UNIFORM).clients() : plan.most();
  }

  /// Payments per second over HTTP, uniform; empty if that was not measured.
  OptionalDouble perSecond() {
    return goals.has(Part.http)
        ? OptionalDouble.of(
            PayGround.best(all, Workload.UNIFORM).runs().median(Measurement::perSecond))
        : OptionalDouble.empty();
  }

  /// Adds the rows, and the tables behind them.
  void tell(GoalsReport report) {
    if (goals.has(Part.http)) {
      tellHttp(report);
    }
    if (goals.has(Part.engine)) {
      PaySeries uniform = of(EngineCalls.class, Workload.UNIFORM).orElseThrow();
      PaySeries hot = of(EngineCalls.class, Workload.HOT).orElseThrow();
      timesBaseline(report, "engine without HTTP, uniform", 7, uniform);
      timesBaseline(report, "engine without HTTP, one hot account", 20, hot);
    }
    if (goals.has(Part.http)) {
      shareOfBaseline(report, "database CPU per payment, uniform", 8, best(Workload.UNIFORM));
      shareOfBaseline(report, "database CPU per payment, one hot account", 20, best(Workload.HOT));
    }
    if (goals.has(Part.bare)) {
      tellBeyond(report);
    }
    if (goals.has(Part.http)) {
      for (Workload workload : Workload.values()) {
        tellLatency(report, workload);
      }
    }
    all.forEach(series ->
        report.troubles(
            "%s, %s, %d clients"
                .formatted(series.title(), series.workload().title(), series.clients()),
            series.runs().troubles()));
    report.troubles("bare handler", bare.troubles());
    if (!all.isEmpty()) {
      var tables = new PayReport(report.details());
      tables.throughput(all);
      tables.costs(all, ground.meter().seesDatabase());
    }
  }

  private void tellHttp(GoalsReport report) {
    PaySeries uniform = best(Workload.UNIFORM);
    PaySeries hot = best(Workload.HOT);
    timesBaseline(report, "HTTP PayDeals, uniform", 4, uniform);
    timesBaseline(report, "HTTP PayDeals, uniform, stretch", 5, uniform);
    timesBaseline(report, "HTTP PayDeals, one hot account", 10, hot);
    report.row(
        "HTTP PayDeals, one hot account",
        Goal.atLeast(0.9, "× uniform", 2),
        ratio(hot, uniform, Measurement::perSecond),
        perSecond(hot) + " and " + perSecond(uniform));
  }

  private void tellBeyond(GoalsReport report) {
    var goal = Goal.atMost(1.5, "× bare", 2);
    String name = "HTTP, signature and JSON beyond the engine, server CPU per call";
    if (!goals.has(Part.http) || !goals.has(Part.engine)) {
      report.notMeasured(name, goal, "needs http, engine and bare");
      return;
    }
    double whole =
        all.stream()
            .filter(series -> isClosed(series, HttpCalls.class, Workload.UNIFORM))
            .filter(series -> series.clients() == plan.most())
            .findFirst()
            .orElseThrow()
            .runs()
            .median(Measurement::serverMicros);
    double engine =
        of(EngineCalls.class, Workload.UNIFORM)
            .orElseThrow()
            .runs()
            .median(Measurement::serverMicros);
    double handler = bare.median(Measurement::serverMicros);
    report.row(
        name,
        goal,
        (whole - engine) / handler,
        "%.1f of %.1f µs; the bare handler %.1f µs; %d connections"
            .formatted(whole - engine, whole, handler, plan.most()));
  }

  private void tellLatency(GoalsReport report, Workload workload) {
    PaySeries series =
        all.stream()
            .filter(each -> each.workload() == workload && each.pace() instanceof Pace.Open)
            .findFirst()
            .orElseThrow();
    report.row(
        "p99 at half of %s, %s".formatted(latencyOf, workload.title()),
        Goal.atMost(20, "ms", 1),
        series.runs().median(run -> run.latency(99)),
        perSecond(series));
  }

  private void timesBaseline(GoalsReport report, String name, double times, PaySeries ours) {
    var goal = Goal.atLeast(times, "× A1", 2);
    of(Pgbench.class, ours.workload())
        .ifPresentOrElse(
            baseline ->
                report.row(
                    name,
                    goal,
                    ratio(ours, baseline, Measurement::perSecond),
                    perSecond(ours) + "; A1 " + perSecond(baseline)),
            () -> report.notMeasured(name, goal, "pgbench was not found"));
  }

  private void shareOfBaseline(GoalsReport report, String name, double share, PaySeries ours) {
    var goal = Goal.atLeast(share, "times less than A1", 2);
    Optional<PaySeries> baseline = of(Pgbench.class, ours.workload());
    if (baseline.isEmpty() || !ground.meter().seesDatabase()) {
      report.notMeasured(
          name, goal, baseline.isEmpty() ? "pgbench was not found" : "the database is not seen");
      return;
    }
    report.row(
        name,
        goal,
        ratio(baseline.get(), ours, Measurement::databaseMicros),
        "%.1f µs; A1 %.1f µs"
            .formatted(
                ours.runs().median(Measurement::databaseMicros),
                baseline.get().runs().median(Measurement::databaseMicros)));
  }

  private PaySeries best(Workload workload) {
    return PayGround.best(all, workload);
  }

  private Optional<PaySeries> of(Class<? extends Contender> kind, Workload workload) {
    return all.stream().filter(series -> isClosed(series, kind, workload)).findFirst();
  }

  private static boolean isClosed(
      PaySeries series, Class<? extends Contender> kind, Workload workload) {
    return kind.isInstance(series.contender())
        && series.workload() == workload
        && series.pace() instanceof Pace.Closed;
  }

  private static double ratio(
      PaySeries one, PaySeries other, ToDoubleFunction<Measurement> figure) {
    return one.runs().median(figure) / other.runs().median(figure);
  }

  private static String perSecond(PaySeries series) {
    return whole(series.runs().median(Measurement::perSecond)) + "/s with " + series.clients();
  }
}
