package io.yunfu.bench;

import io.yunfu.bench.load.Call;
import io.yunfu.bench.load.Pace;
import io.yunfu.operator.MasterKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator.SplittableGenerator;

/// One benchmark of `official_account_pay`, from the import of its merchants to the audit. Every
/// call places an order that nobody has tried before; the series run in turn, as often as the plan
/// says.
final class CpayRun implements AutoCloseable {
  /// More orders than a run of hours places. Receipts take a quarter of a byte each.
  private static final long MOST_ORDERS = 1L << 26;

  private final CpayPlan cpayPlan;
  private final Plan plan;
  private final BenchDatabase database;
  private final Clock clock;
  private final Progress progress;
  private final CpayMerchants merchants;
  private final SimulatorProcess simulator;
  private final ServerProcess server;
  private final Meter meter;
  private final ServerLoad load;
  private final List<CpayMerchant> clients;
  private final UnknownOrders unknown;
  private final Receipts receipts = new Receipts(0, MOST_ORDERS);
  private final AtomicLong next = new AtomicLong();
  private final Conditions conditions;
  private final List<CpaySeries> all = new ArrayList<>();

  /// Imports the merchants, starts the simulator, then the server.
  ///
  /// @param masterKey as text
  /// @param directory for logs and configurations of this run
  /// @param settings further keys of the server's configuration
  /// @param conditions are told of the server
  CpayRun(
      CpayPlan cpayPlan,
      BenchDatabase database,
      String masterKey,
      Path directory,
      Map<String, String> settings,
      SplittableGenerator random,
      Clock clock,
      Progress progress,
      Conditions conditions)
      throws InterruptedException {
    this.cpayPlan = cpayPlan;
    this.plan = cpayPlan.common();
    this.database = database;
    this.clock = clock;
    this.progress = progress;
    this.conditions = conditions;
    var secure = new SecureRandom();
    progress.say("importing %,d merchants", cpayPlan.merchants());
    this.merchants = new CpayMerchants(cpayPlan.merchants(), clock, secure);
    merchants.into(database, MasterKey.parse(masterKey), clock, secure);
    progress.say("starting the simulator and the server");
    this.simulator = SimulatorProcess.start(directory, merchants.simulator());
    boolean whole = false;
    try {
      this.server =
          ServerProcess.start(directory, database.settings(), masterKey, gateway(settings));
      whole = true;
    } finally {
      if (!whole) {
        simulator.close();
      }
    }
    conditions.serverStarted(server, settings);
    this.meter = new Meter(database, simulator::cpuTime);
    this.load = new ServerLoad(server, meter, plan, random);
    this.clients = merchants.clientsOf(server.host());
    this.unknown = new UnknownOrders(server.host());
    for (AnswerTime answers : cpayPlan.answers()) {
      plan.connections().forEach(connections -> all.add(new CpaySeries(answers, connections)));
    }
  }

  private Map<String, String> gateway(Map<String, String> settings) {
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("gateway.enabled", "true");
    // Nobody pays, so no notice comes; and each order would be asked about four times within forty
    // seconds, which is not what is measured here.
    keys.put("gateway.public-url", "http://127.0.0.1");
    keys.put("gateway.looks", "1d");
    keys.put("gateway.allow-other-hosts", "true");
    keys.put("gateway.wechat.url", simulator.wechat().toString());
    keys.put("gateway.root-certificates", simulator.authority().toString());
    keys.putAll(settings);
    return keys;
  }

  /// Lets all series run in turn.
  void measureAll() throws InterruptedException {
    // The first call of all may take longer than a server waits for a channel: both are cold.
    long first = next.getAndIncrement();
    receipts.ask(first);
    unknown.place(call(first));
    CpaySeries most = all.get(plan.connections().size() - 1); // answered at once
    plan.warm(progress, () -> measure(most));
    for (int pair = 1; pair <= plan.pairs(); pair++) {
      for (CpaySeries series : all) {
        Measurement run = measure(series);
        series.runs().add(run);
        progress.say(
            "%d of %d: channel answers %s, %d connections: %,.0f orders/s, p99 %.1f ms",
            pair,
            plan.pairs(),
            series.answers().title(),
            series.connections(),
            run.perSecond(),
            run.latency(99));
      }
    }
  }

  private Measurement measure(CpaySeries series) throws InterruptedException {
    simulator.answer(series.answers());
    database.checkpoint();
    ServerLoad.Window window =
        load.run(series.connections(), new Pace.Closed(), this::call, () -> 0);
    if (!simulator.isAlive()) {
      throw new IllegalStateException("the simulator has ended: " + simulator.lastWords());
    }
    if (window.outcome().ranOut()) {
      throw new IllegalStateException("more than %,d orders were placed".formatted(MOST_ORDERS));
    }
    return Measurement.of(window.outcome(), window.usage(), OptionalDouble.empty());
  }

  private Optional<Call> call() {
    long number = next.getAndIncrement();
    if (number >= MOST_ORDERS) {
      return Optional.empty();
    }
    return Optional.of(unknown.watch(call(number)));
  }

  private CpayCall call(long number) {
    return new CpayCall(
        clients.get(merchants.position(number)), merchants.order(number), number, receipts);
  }

  /// Repeats what is in doubt, stops the server, asks the channel for its book, audits ours, and
  /// writes it all down.
  ///
  /// @return whether everything is as it should be
  boolean finish(Report report) throws InterruptedException {
    var tables = new Report();
    boolean good = audit(tables);
    report.conditions(
        conditions.described(
            clock, database.description(), "%,d merchants".formatted(cpayPlan.merchants()), plan));
    report.append(tables);
    return good;
  }

  /// The same without the conditions.
  boolean audit(Report report) throws InterruptedException {
    conditions.loadEnded(server);
    unknown.settle();
    server.close();
    progress.say("comparing with the channel's orders");
    var book =
        ChannelBook.compare(receipts, simulator.orders().stream().map(merchants::number).toList());
    progress.say("auditing the books");
    var findings = new Books(database.cell().database()).findings();
    var tables = new CpayReport(report);
    tables.figures(all, meter.seesDatabase());
    tables.verdict(all, book, findings);
    return findings.isEmpty()
        && book.isGood()
        && all.stream()
            .flatMap(series -> series.runs().troubles().keySet().stream())
            .allMatch(CpayCall.UNKNOWN::equals);
  }

  /// What was measured.
  List<CpaySeries> series() {
    return List.copyOf(all);
  }

  @Override
  public void close() {
    try {
      server.close();
    } finally {
      simulator.close();
    }
  }
}
