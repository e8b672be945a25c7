package io.yunfu.bench;

import io.yunfu.bench.load.Call;
import io.yunfu.bench.load.Load;
import io.yunfu.bench.load.LoadGenerator;
import io.yunfu.bench.load.Outcome;
import io.yunfu.bench.load.Pace;
import io.yunfu.bench.machine.CpuTime;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator.SplittableGenerator;

/// (b): the server, asked over HTTP for one deal a call.
final class HttpCalls implements Contender {
  private static final double GUESS_PER_SECOND = 10_000;

  private final ServerProcess server;
  private final List<Client> clients;
  private final BenchDatabase database;
  private final Meter meter;
  private final Plan plan;
  private final int connections;
  private final Pace pace;
  private final SplittableGenerator random;

  /// @param clients of the accounts, by position
  HttpCalls(
      ServerProcess server,
      List<Client> clients,
      BenchDatabase database,
      Meter meter,
      Plan plan,
      int connections,
      Pace pace,
      SplittableGenerator random) {
    this.server = server;
    this.clients = clients;
    this.database = database;
    this.meter = meter;
    this.plan = plan;
    this.connections = connections;
    this.pace = pace;
    this.random = random;
  }

  @Override
  public double guess() {
    return switch (pace) {
      case Pace.Closed() -> GUESS_PER_SECOND;
      case Pace.Open(var perSecond) -> perSecond;
    };
  }

  @Override
  public double seconds() {
    return plan.whole().toMillis() / 1000.0;
  }

  @Override
  public Run run(Deals deals, Receipts receipts) throws InterruptedException {
    var next = new AtomicLong(receipts.first());
    var load =
        new Load(
            server.address(), connections, plan.threads(), pace, plan.warmUp(), plan.measured());
    try (var generator =
        LoadGenerator.start(load, () -> call(deals, receipts, next), random.split())) {
      generator.awaitWindow();
      long dueBefore = database.deliveriesDue();
      var begin = read();
      generator.awaitWindowEnd();
      var end = read();
      long dueAfter = database.deliveriesDue();
      Outcome outcome = generator.finish();
      if (!server.isAlive()) {
        throw new IllegalStateException("the server has ended: " + server.lastWords());
      }
      deals.takeBack(receipts, Math.min(next.get(), receipts.end()));
      double delivered =
          Math.max(0, outcome.perSecond() - (dueAfter - dueBefore) / outcome.seconds());
      return new Run(
          new Measurement(
              outcome.answered(),
              outcome.seconds(),
              outcome.latencies(),
              end.since(begin),
              OptionalDouble.of(delivered),
              outcome.troubles()),
          outcome.ranOut());
    }
  }

  private Meter.Reading read() {
    return meter.read(server::cpuTime, HttpCalls::ownCpuTime);
  }

  /// All of this process: signing, sending, judging, and what the Java machine needs for it.
  private static Duration ownCpuTime() {
    return CpuTime.of(ProcessHandle.current());
  }

  private Optional<Call> call(Deals deals, Receipts receipts, AtomicLong next) {
    long number = next.getAndIncrement();
    if (number >= receipts.end()) {
      return Optional.empty();
    }
    return Optional.of(
        new PayCall(
            clients.get(deals.owner(number)), deals.numbering().deal(number), number, receipts));
  }
}
