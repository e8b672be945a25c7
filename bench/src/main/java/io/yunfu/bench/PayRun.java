package io.yunfu.bench;

import com.google.errorprone.annotations.FormatMethod;
import io.yunfu.bench.load.Pace;
import io.yunfu.bench.machine.Machine;
import io.yunfu.operator.MasterKey;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGenerator.SplittableGenerator;

/// One benchmark of payments, from an empty database to the audit: accounts and deals are made, the
/// contenders run in turn, as often as the plan says, and the books are audited.
///
/// Every payment pays a deal that nobody has tried before. Between two runs the deliveries of the
/// first are worked off, missing deals are made, and the database writes everything out, so that no
/// run pays for another.
final class PayRun implements AutoCloseable {
  /// Deals are made for this many times the quickest rate that was seen.
  private static final double RESERVE = 1.4;

  /// With a guess that was too low, a run is repeated.
  private static final int ATTEMPTS = 5;

  private static final Duration LONGEST_DELIVERY = Duration.ofMinutes(5);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private final Plan plan;
  private final BenchDatabase database;
  private final Path directory;
  private final SplittableGenerator random;
  private final Clock clock;
  private final PrintWriter progress;
  private final Meter meter;
  private final Population population;
  private final List<Receipts> receipts = new ArrayList<>();
  private final Map<String, String> conditions = new LinkedHashMap<>();
  private final List<Series> all = new ArrayList<>();
  private Optional<ServerProcess> server = Optional.empty();

  /// Opens the accounts.
  ///
  /// @param directory for logs and configurations of this run
  PayRun(
      Plan plan,
      BenchDatabase database,
      MasterKey key,
      Path directory,
      SplittableGenerator random,
      Clock clock,
      PrintWriter progress) {
    this.plan = plan;
    this.database = database;
    this.directory = directory;
    this.random = random;
    this.clock = clock;
    this.progress = progress;
    this.meter = new Meter(database);
    say("opening %,d accounts", plan.accounts());
    this.population =
        Population.settle(
            database,
            plan.accounts(),
            key,
            LocalDate.now(clock),
            RandomGenerator.of("SecureRandom"));
  }

  /// Starts the server, the contender (b), and lets it grow warm.
  ///
  /// @param masterKey as text
  /// @param settings further keys of its configuration
  void startServer(String masterKey, Map<String, String> settings) throws InterruptedException {
    say("starting the server");
    long start = System.nanoTime();
    var started = ServerProcess.start(directory, database.settings(), masterKey, settings);
    server = Optional.of(started);
    conditions.put(
        "Server",
        "listening after %.1f s".formatted((System.nanoTime() - start) / 1e9)
            + (settings.isEmpty() ? "" : ", with " + settings));
    List<Client> clients = population.keys().clientsOf(started.host());
    for (Workload workload : Workload.values()) {
      for (int connections : plan.connections()) {
        all.add(http(started, clients, workload, connections, new Pace.Closed()));
      }
    }
    if (plan.warmsServer()) {
      say("letting the server grow warm");
      measure(http(started, clients, Workload.UNIFORM, plan.most(), new Pace.Closed()));
    }
  }

  private Series http(
      ServerProcess on, List<Client> clients, Workload workload, int connections, Pace pace) {
    var calls =
        new HttpCalls(on, clients, database, meter, plan, connections, pace, random.split());
    return new Series("(b) HTTP PayDeals", workload, connections, pace, calls);
  }

  /// Adds the baseline, contender (a).
  void addBaseline(Path program) {
    var pgbench = new Pgbench(program, directory, database, meter, plan);
    conditions.put("Baseline", pgbench.version());
    int place = 0;
    for (Workload workload : Workload.values()) {
      all.add(
          place++,
          new Series("(a) pgbench", workload, plan.pgbenchClients(), new Pace.Closed(), pgbench));
    }
  }

  /// Adds the engine without HTTP: contenders (c) and (d).
  void addEngine() {
    int clients = plan.connections().getFirst();
    for (Workload workload : Workload.values()) {
      all.add(
          new Series(
              "(c) own engine, a transaction per payment",
              workload,
              clients,
              new Pace.Closed(),
              EngineCalls.oneByOne(database, meter, plan, clients, clock)));
      all.add(
          new Series(
              "(d) own engine, without HTTP",
              workload,
              plan.most(),
              new Pace.Closed(),
              EngineCalls.inBatches(database, meter, plan, plan.most(), clock)));
    }
  }

  /// Lets all contenders run in turn, workload by workload.
  void measureAll() throws InterruptedException {
    for (int pair = 1; pair <= plan.pairs(); pair++) {
      for (Workload workload : Workload.values()) {
        for (Series series : all) {
          if (series.workload() == workload) {
            Measurement run = measure(series);
            series.add(run);
            say(
                "%d of %d: %s, %s, %d clients: %,.0f payments/s, p99 %.1f ms",
                pair,
                plan.pairs(),
                series.title(),
                workload.title(),
                series.clients(),
                run.perSecond(),
                run.latency(99));
          }
        }
      }
    }
  }

  /// Asks the server at a given rate, or at half of what it has done with uniform accounts: so a
  /// latency is known that does not come from the queue in front of it.
  void measureAtRate(Optional<Double> perSecond) throws InterruptedException {
    if (server.isEmpty()) {
      return;
    }
    List<Client> clients = population.keys().clientsOf(server.get().host());
    for (Workload workload : Workload.values()) {
      double sustained =
          all.stream()
              .filter(series -> series.workload() == workload)
              .filter(series -> series.contender() instanceof HttpCalls)
              .mapToDouble(series -> series.median(Measurement::perSecond))
              .max()
              .orElse(0);
      var pace = new Pace.Open(perSecond.orElse(Math.max(1, sustained / 2)));
      Series series = http(server.get(), clients, workload, plan.most(), pace);
      for (int pair = 1; pair <= plan.pairs(); pair++) {
        series.add(measure(series));
      }
      say(
          "%s, %s, %,.0f calls/s due: p50 %.1f ms, p99 %.1f ms",
          series.title(),
          workload.title(),
          pace.perSecond(),
          series.median(run -> run.latency(50)),
          series.median(run -> run.latency(99)));
      all.add(series);
    }
  }

  private Measurement measure(Series series) throws InterruptedException {
    Contender contender = series.contender();
    Deals deals = population.deals(series.workload());
    double rate =
        series.isEmpty() ? contender.guess() : series.most(Measurement::perSecond) * RESERVE;
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      awaitDelivered();
      if (deals.ensure((long) Math.ceil(rate * contender.seconds()))) {
        database.settle();
      }
      database.checkpoint();
      Receipts offered = deals.offer();
      Contender.Run run = contender.run(deals, offered);
      receipts.add(offered);
      if (!run.ranOut()) {
        return run.measurement();
      }
      say("%s has paid all deals there were; making more", series.title());
      rate *= 2;
    }
    throw new IllegalStateException(
        "%s pays quicker than deals are made".formatted(series.title()));
  }

  /// Waits until the server has delivered what it was paid for.
  private void awaitDelivered() throws InterruptedException {
    if (server.isEmpty()) {
      return;
    }
    long giveUp = System.nanoTime() + LONGEST_DELIVERY.toNanos();
    while (database.deliveriesDue() > 0) {
      if (System.nanoTime() - giveUp > 0) {
        throw new IllegalStateException(
            "%,d deals are still not delivered".formatted(database.deliveriesDue()));
      }
      Thread.sleep(LOOK_EVERY);
    }
  }

  /// Stops the server, audits the books, and writes it all down.
  ///
  /// @return whether everything is as it should be
  boolean finish(Report report) throws InterruptedException {
    awaitDelivered();
    server
        .flatMap(ServerProcess::residentBytes)
        .ifPresent(bytes ->
            conditions.merge(
                "Server",
                "%d MB resident after the load".formatted(bytes >> 20),
                (one, other) -> one + ", " + other));
    close();
    say("auditing the books");
    var books = new Books(database.cell().database());
    var findings = books.findings();
    var comparison = Books.Comparison.NOTHING;
    for (Receipts each : receipts) {
      comparison =
          comparison.plus(books.compare(population.deals(Workload.UNIFORM).numbering(), each));
    }
    report.conditions(described());
    report.throughput(all);
    report.costs(all, meter.seesDatabase());
    report.verdict(all, comparison, findings);
    return findings.isEmpty()
        && comparison.isGood()
        && all.stream().allMatch(series -> series.troubles().isEmpty());
  }

  private Map<String, String> described() {
    Map<String, String> described = new LinkedHashMap<>();
    described.put("Date", clock.instant().toString().substring(0, 10));
    Machine.commit().ifPresent(commit -> described.put("Commit", commit));
    described.put("Machine", Machine.description());
    described.put("Java", Machine.java());
    described.put("Database", database.description());
    described.putAll(conditions);
    described.put(
        "Plan",
        "%,d accounts; %d times %d s, each after %d s to warm up"
            .formatted(
                plan.accounts(),
                plan.pairs(),
                plan.measured().toSeconds(),
                plan.warmUp().toSeconds()));
    return described;
  }

  @FormatMethod
  private void say(String message, Object... arguments) {
    progress.println(message.formatted(arguments));
    progress.flush();
  }

  @Override
  public void close() {
    server.ifPresent(ServerProcess::close);
    server = Optional.empty();
  }
}
