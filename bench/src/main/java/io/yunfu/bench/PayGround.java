package io.yunfu.bench;

import io.yunfu.bench.load.Pace;
import io.yunfu.ledger.Finding;
import io.yunfu.operator.MasterKey;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.random.RandomGenerator.SplittableGenerator;

/// Where payments are measured: accounts and deals on one database, the server if one is started,
/// and the receipts of all payments until the audit.
///
/// Every payment pays a deal that nobody has tried before. Between two runs the deliveries of the
/// first are worked off, missing deals are made, and the database writes everything out, so that no
/// run pays for another.
final class PayGround implements AutoCloseable {
  /// Deals are made for this many times the quickest rate that was seen.
  private static final double RESERVE = 1.4;

  /// With a guess that was too low, a run is repeated.
  private static final int ATTEMPTS = 5;

  private static final Duration LONGEST_DELIVERY = Duration.ofMinutes(5);
  private static final Duration LOOK_EVERY = Duration.ofMillis(100);

  private final BenchDatabase database;
  private final String masterKey;
  private final Path directory;
  private final SplittableGenerator random;
  private final Clock clock;
  private final Progress progress;
  private final Meter meter;
  private final Population population;
  private final List<Receipts> receipts = new ArrayList<>();
  private final Conditions conditions;
  private Optional<ServerProcess> server = Optional.empty();
  private List<Client> clients = List.of();

  /// Opens the accounts.
  ///
  /// @param masterKey as text
  /// @param directory for logs and configurations
  /// @param conditions are told of the server
  PayGround(
      int accounts,
      BenchDatabase database,
      String masterKey,
      Path directory,
      SplittableGenerator random,
      Clock clock,
      Progress progress,
      Conditions conditions) {
    this.database = database;
    this.masterKey = masterKey;
    this.directory = directory;
    this.random = random;
    this.clock = clock;
    this.progress = progress;
    this.conditions = conditions;
    this.meter = new Meter(database);
    progress.say("opening %,d accounts", accounts);
    this.population =
        Population.settle(
            database,
            accounts,
            MasterKey.parse(masterKey),
            LocalDate.now(clock),
            RandomGenerator.of("SecureRandom"));
  }

  /// Starts the server.
  ///
  /// @param settings further keys of its configuration
  void startServer(Map<String, String> settings) throws InterruptedException {
    progress.say("starting the server");
    var started = ServerProcess.start(directory, database.settings(), masterKey, settings);
    server = Optional.of(started);
    conditions.serverStarted(started, settings);
    clients = population.keys().clientsOf(started.host());
  }

  /// Stops the server, once it has delivered what it was paid for.
  void stopServer() throws InterruptedException {
    awaitDelivered();
    if (server.isPresent()) {
      conditions.loadEnded(server.get());
    }
    close();
  }

  /// @throws java.util.NoSuchElementException when none is started
  ServerProcess server() {
    return server.orElseThrow();
  }

  /// Their clients of the server, by position.
  List<Client> clients() {
    return clients;
  }

  /// Accounts that have nothing, on the same database.
  Population settlePoor(int accounts) {
    return Population.settlePoor(
        database,
        accounts,
        MasterKey.parse(masterKey),
        LocalDate.now(clock),
        RandomGenerator.of("SecureRandom"));
  }

  BenchDatabase database() {
    return database;
  }

  Path directory() {
    return directory;
  }

  Meter meter() {
    return meter;
  }

  Population population() {
    return population;
  }

  /// Runs that pay over HTTP.
  PaySeries http(Plan plan, Workload workload, int connections, Pace pace) {
    var calls = new HttpCalls(load(plan), clients, database, connections, pace);
    return new PaySeries("(b) HTTP PayDeals", workload, connections, pace, calls);
  }

  /// Runs of the engine in batches, without HTTP.
  PaySeries engine(Plan plan, Workload workload) {
    return new PaySeries(
        "(d) own engine, without HTTP",
        workload,
        plan.most(),
        new Pace.Closed(),
        EngineCalls.inBatches(database, meter, plan, plan.most(), clock));
  }

  ServerLoad load(Plan plan) {
    return new ServerLoad(server(), meter, plan, random.split());
  }

  /// Lets all of them run once, in turn, workload by workload.
  ///
  /// @param pair which of the plan's turns it is
  void measureInTurn(List<PaySeries> all, int pair, int pairs) throws InterruptedException {
    for (Workload workload : Workload.values()) {
      for (PaySeries series : all) {
        if (series.workload() == workload) {
          Measurement run = measure(series);
          series.runs().add(run);
          progress.say(
              "%d of %d: %s, %s, %d clients: %,.0f payments/s, p99 %.1f ms",
              pair,
              pairs,
              series.title(),
              workload.title(),
              series.clients(),
              run.perSecond(),
              run.latency(99));
        }
      }
    }
  }

  /// Asks the server at a given rate: so a latency is known that does not come from the queue in
  /// front of it. What the runs before have left for autovacuum is done first.
  PaySeries measureAtRate(Plan plan, Workload workload, double perSecond)
      throws InterruptedException {
    database.settleAll();
    var pace = new Pace.Open(Math.max(1, perSecond));
    PaySeries series = http(plan, workload, plan.most(), pace);
    for (int pair = 1; pair <= plan.pairs(); pair++) {
      series.runs().add(measure(series));
    }
    progress.say(
        "%s, %s, %,.0f calls/s due: p50 %.1f ms, p99 %.1f ms",
        series.title(),
        workload.title(),
        pace.perSecond(),
        series.runs().median(run -> run.latency(50)),
        series.runs().median(run -> run.latency(99)));
    return series;
  }

  /// Of the runs over HTTP those with the connections with which the server paid quickest.
  static PaySeries best(List<PaySeries> all, Workload workload) {
    return all.stream()
        .filter(series -> series.workload() == workload)
        .filter(series -> series.contender() instanceof HttpCalls)
        .filter(series -> series.pace() instanceof Pace.Closed)
        .max(Comparator.comparingDouble(series -> series.runs().median(Measurement::perSecond)))
        .orElseThrow();
  }

  /// One run. It is up to the caller to add it to the series.
  Measurement measure(PaySeries series) throws InterruptedException {
    return measure(
        series,
        series.runs().isEmpty()
            ? series.contender().guess()
            : series.runs().most(Measurement::perSecond) * RESERVE);
  }

  /// The same for a rate that it surely does not exceed.
  Measurement measure(PaySeries series, double atMost) throws InterruptedException {
    Contender contender = series.contender();
    Deals deals = population.deals(series.workload());
    double rate = atMost;
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
      progress.say("%s has paid all deals there were; making more", series.title());
      rate *= 2;
    }
    throw new IllegalStateException(
        "%s pays quicker than deals are made".formatted(series.title()));
  }

  /// The receipts of the last run.
  Receipts lastReceipts() {
    return receipts.getLast();
  }

  /// Adds receipts that others have kept.
  void keep(Receipts others) {
    receipts.add(others);
  }

  /// Waits until the server has delivered what it was paid for.
  void awaitDelivered() throws InterruptedException {
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

  /// What the database says after all runs.
  record Audit(Books.Comparison comparison, List<Finding> findings) {
    Audit {
      findings = List.copyOf(findings);
    }

    boolean isGood() {
      return findings.isEmpty() && comparison.isGood();
    }
  }

  /// Stops the server, audits the books, and holds all receipts against them.
  Audit audit() throws InterruptedException {
    stopServer();
    progress.say("auditing the books");
    var books = new Books(database.cell().database());
    var findings = books.findings();
    var comparison = Books.Comparison.NOTHING;
    for (Receipts each : receipts) {
      comparison = comparison.plus(books.compare(population.numbering(), each));
    }
    return new Audit(comparison, findings);
  }

  @Override
  public void close() {
    server.ifPresent(ServerProcess::close);
    server = Optional.empty();
  }
}
