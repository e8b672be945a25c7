package io.yunfu.bench;

import io.yunfu.bench.machine.CpuTime;
import io.yunfu.billing.account.Caller;
import io.yunfu.billing.account.Edition;
import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.pay.PayCommand;
import io.yunfu.billing.pay.PayEngine;
import io.yunfu.billing.pay.PayOutcome;
import io.yunfu.db.Cell;
import io.yunfu.db.CellLanes;
import io.yunfu.db.Cells;
import io.yunfu.db.DatabaseException;
import io.yunfu.db.LaneRefused;
import io.yunfu.kernel.Uin;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;

/// The payment engine in this process, without HTTP: (c) with a transaction for each payment, or
/// (d) as the server runs it.
final class EngineCalls implements Contender {
  private static final double GUESS_PER_SECOND = 15_000;
  private static final long LONGEST_MICROS = 60_000_000;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final BenchDatabase database;
  private final Meter meter;
  private final Plan plan;
  private final int clients;
  private final PayEngine.Settings settings;
  private final Clock clock;

  private EngineCalls(
      BenchDatabase database,
      Meter meter,
      Plan plan,
      int clients,
      PayEngine.Settings settings,
      Clock clock) {
    this.database = database;
    this.meter = meter;
    this.plan = plan;
    this.clients = clients;
    this.settings = settings;
    this.clock = clock;
  }

  /// (d): with the server's own settings.
  static EngineCalls inBatches(
      BenchDatabase database, Meter meter, Plan plan, int clients, Clock clock) {
    return new EngineCalls(database, meter, plan, clients, PayEngine.Settings.DEFAULT, clock);
  }

  /// (c): a transaction for each payment, as a program without an engine would. There are as many
  /// lanes and connections as clients; payments of one account wait for each other, as they would
  /// for its row.
  static EngineCalls oneByOne(
      BenchDatabase database, Meter meter, Plan plan, int clients, Clock clock) {
    var byDefault = PayEngine.Settings.DEFAULT;
    var settings =
        new PayEngine.Settings(
            clients, 1, byDefault.queue(), byDefault.patience(), byDefault.deliversAtOnce());
    return new EngineCalls(database, meter, plan, clients, settings, clock);
  }

  @Override
  public double guess() {
    return GUESS_PER_SECOND;
  }

  @Override
  public double seconds() {
    return plan.whole().toMillis() / 1000.0;
  }

  @Override
  public Run run(Deals deals, Receipts receipts) throws InterruptedException {
    try (Cells cells = database.open(settings.lanes() + 2);
        var engine = new PayEngine(cells.all(), settings, CellLanes.Listeners.NONE)) {
      var payers = new Payers(engine, cells.all().getFirst(), deals, receipts);
      payers.start();
      Thread.sleep(plan.warmUp());
      var begin = meter.read(EngineCalls::ownCpuTime, () -> Duration.ZERO);
      Thread.sleep(plan.measured());
      var end = meter.read(EngineCalls::ownCpuTime, () -> Duration.ZERO);
      payers.awaitEnd();
      boolean ranOut = payers.next.get() > receipts.end();
      deals.takeBack(receipts, Math.min(payers.next.get(), receipts.end()));
      Histogram latencies = payers.latencies();
      return new Run(
          new Measurement(
              latencies.getTotalCount(),
              plan.measured().toMillis() / 1000.0,
              latencies,
              end.since(begin),
              OptionalDouble.empty(),
              payers.troubles),
          ranOut);
    }
  }

  private static Duration ownCpuTime() {
    return CpuTime.of(ProcessHandle.current());
  }

  /// Clients that pay one deal after the other, each as fast as it is served.
  private final class Payers {
    private final PayEngine engine;
    private final Cell cell;
    private final Deals deals;
    private final Receipts receipts;
    private final AtomicLong next;
    private final List<Thread> threads = new ArrayList<>();
    private final List<Histogram> histograms = new ArrayList<>();
    private final Map<String, Long> troubles = new ConcurrentHashMap<>();
    private long from;
    private long to;

    Payers(PayEngine engine, Cell cell, Deals deals, Receipts receipts) {
      this.engine = engine;
      this.cell = cell;
      this.deals = deals;
      this.receipts = receipts;
      this.next = new AtomicLong(receipts.first());
    }

    void start() {
      from = System.nanoTime() + plan.warmUp().toNanos();
      to = from + plan.measured().toNanos();
      for (int i = 0; i < clients; i++) {
        var latencies = new Histogram(1, LONGEST_MICROS, 3);
        histograms.add(latencies);
        threads.add(Thread.ofVirtual().start(() -> payUntilEnd(latencies)));
      }
    }

    private void payUntilEnd(Histogram latencies) {
      while (System.nanoTime() - to < 0) {
        long number = next.getAndIncrement();
        if (number >= receipts.end()) {
          return;
        }
        long begin = System.nanoTime();
        boolean paid = pay(number);
        long now = System.nanoTime();
        if (paid && now - from >= 0 && now - to < 0) {
          latencies.recordValue(
              Math.clamp(TimeUnit.NANOSECONDS.toMicros(now - begin), 1, LONGEST_MICROS));
        }
      }
    }

    private boolean pay(long number) {
      receipts.ask(number);
      try {
        switch (engine.pay(command(number))) {
          case PayOutcome.Paid _ -> {
            receipts.acknowledge(number);
            return true;
          }
          case PayOutcome.Refused why -> count(why.getClass().getSimpleName());
        }
      } catch (DatabaseException | LaneRefused e) {
        count(String.valueOf(e.getMessage()));
      }
      return false;
    }

    private PayCommand command(long number) {
      var owner = new Uin(deals.numbering().uin(deals.owner(number)));
      return new PayCommand(
          cell.ids().next(),
          new Caller(owner, owner, cell.id(), Edition.CHINA, Set.of()),
          AgentPay.SELF,
          new PayCommand.Target.Deals(List.of(new DealId(deals.numbering().deal(number)))),
          Optional.empty(),
          false,
          "",
          "00000000-0000-4000-8000-000000000000",
          clock.instant());
    }

    private void count(String trouble) {
      troubles.merge(trouble, 1L, Long::sum);
    }

    void awaitEnd() throws InterruptedException {
      for (Thread thread : threads) {
        if (!thread.join(PATIENCE)) {
          throw new IllegalStateException("a payment does not end");
        }
      }
    }

    Histogram latencies() {
      var all = new Histogram(1, LONGEST_MICROS, 3);
      histograms.forEach(all::add);
      return all;
    }
  }
}
