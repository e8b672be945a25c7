package io.yunfu.bench;

import io.yunfu.bench.load.Call;
import io.yunfu.bench.load.Outcome;
import io.yunfu.bench.load.Pace;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;

/// (b): the server, asked over HTTP for one deal a call.
final class HttpCalls implements Contender {
  private static final double GUESS_PER_SECOND = 10_000;

  private final ServerLoad load;
  private final List<Client> clients;
  private final BenchDatabase database;
  private final int connections;
  private final Pace pace;
  private final List<ServerLoad.Crowd> beside;
  private List<Outcome> seenBeside = List.of();

  /// @param clients of the accounts, by position
  HttpCalls(
      ServerLoad load, List<Client> clients, BenchDatabase database, int connections, Pace pace) {
    this(load, clients, database, connections, pace, List.of());
  }

  /// @param beside others who ask at the same time
  HttpCalls(
      ServerLoad load,
      List<Client> clients,
      BenchDatabase database,
      int connections,
      Pace pace,
      List<ServerLoad.Crowd> beside) {
    this.load = load;
    this.clients = clients;
    this.database = database;
    this.connections = connections;
    this.pace = pace;
    this.beside = List.copyOf(beside);
  }

  /// What the others saw in the last run.
  List<Outcome> seenBeside() {
    return seenBeside;
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
    return load.plan().whole().toMillis() / 1000.0;
  }

  @Override
  public Run run(Deals deals, Receipts receipts) throws InterruptedException {
    var next = new AtomicLong(receipts.first());
    ServerLoad.Window window =
        load.run(
            new ServerLoad.Crowd(
                connections, load.plan().threads(), pace, () -> call(deals, receipts, next)),
            beside,
            database::deliveriesDue);
    seenBeside = window.beside();
    deals.takeBack(receipts, Math.min(next.get(), receipts.end()));
    Outcome outcome = window.outcome();
    double delivered = Math.max(0, outcome.perSecond() - window.growth() / outcome.seconds());
    return new Run(
        Measurement.of(outcome, window.usage(), OptionalDouble.of(delivered)), outcome.ranOut());
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
