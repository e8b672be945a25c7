package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.yunfu.bench.load.Call;
import io.yunfu.bench.load.Pace;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ToDoubleFunction;

/// Calls of PayDeals that pay nothing: for a deal that is paid already, by an account that has
/// nothing, for a deal that was cancelled. In turn with calls that pay, on as many connections.
final class RefusedGoals {
  private static final String NOT_PAYABLE = "FailedOperation.InvalidDeal";
  private static final String NO_FUNDS = "FailedOperation.BalanceInsufficient";

  /// Enough that no account is asked for again while it is still busy; they are asked in turn.
  private static final int MOST_DEALS = 20_000;

  private final Plan plan;
  private final PayGround ground;
  private final Progress progress;
  private final int connections;
  private final Runs paid = new Runs();
  private final List<Refusal> refusals = new ArrayList<>();

  private record Refusal(String title, List<Call> calls, Runs runs) {}

  RefusedGoals(GoalsPlan goals, PayGround ground, Progress progress, int connections) {
    this.plan = goals.common();
    this.ground = ground;
    this.progress = progress;
    this.connections = connections;
  }

  void measure(int accounts) throws InterruptedException {
    PaySeries paying = ground.http(plan, Workload.UNIFORM, connections, new Pace.Closed());
    // Not counted: its deals are those that are paid already.
    ground.measure(paying);
    addRefusals(accounts);
    for (int pair = 1; pair <= plan.pairs(); pair++) {
      paid.add(ground.measure(paying));
      for (Refusal refusal : refusals) {
        Measurement run = measure(refusal.calls());
        refusal.runs().add(run);
        progress.say(
            "%d of %d: %s: %,.0f calls/s, server %.1f µs, database %.1f µs",
            pair,
            plan.pairs(),
            refusal.title(),
            run.perSecond(),
            run.serverMicros(),
            run.databaseMicros());
      }
    }
  }

  private void addRefusals(int accounts) {
    Population rich = ground.population();
    Deals deals = rich.deals(Workload.UNIFORM);
    Receipts last = ground.lastReceipts();
    List<Call> again = new ArrayList<>();
    for (long n = last.first(); n < last.end() && again.size() < MOST_DEALS; n++) {
      if (last.isAcknowledged(n)) {
        again.add(
            call(ground.clients().get(deals.owner(n)), rich.numbering().deal(n), NOT_PAYABLE));
      }
    }
    int few = Math.min(accounts, MOST_DEALS);
    Population poor = ground.settlePoor(few);
    refusals.add(new Refusal("repeated calls, paid already", again, new Runs()));
    refusals.add(
        new Refusal(
            "refused calls, no funds",
            calls(
                poor,
                poor.keys().clientsOf(ground.server().host()),
                poor.addUnpayable(few, false),
                NO_FUNDS),
            new Runs()));
    refusals.add(
        new Refusal(
            "refused calls, wrong state",
            calls(rich, ground.clients(), rich.addUnpayable(few, true), NOT_PAYABLE),
            new Runs()));
    ground.database().settle();
  }

  /// @param unpayable kept, so that one that was paid all the same is found
  private List<Call> calls(
      Population owners, List<Client> clients, Receipts unpayable, String code) {
    ground.keep(unpayable);
    Numbering numbering = owners.numbering();
    List<Call> calls = new ArrayList<>();
    for (long n = unpayable.first(); n < unpayable.end(); n++) {
      calls.add(call(clients.get(numbering.position(n, 0)), numbering.deal(n), code));
    }
    return calls;
  }

  private static Call call(Client client, String deal, String code) {
    return new SignedCall(
        client,
        BillingAction.PAY_DEALS,
        PayCall.body(deal),
        ("\"Code\":\"" + code + "\"").getBytes(ISO_8859_1));
  }

  private Measurement measure(List<Call> calls) throws InterruptedException {
    ground.awaitDelivered();
    ground.database().checkpoint();
    var next = new AtomicInteger();
    ServerLoad.Window window =
        ground
            .load(plan)
            .run(
                connections,
                new Pace.Closed(),
                () -> Optional.of(calls.get(Math.floorMod(next.getAndIncrement(), calls.size()))),
                () -> 0);
    return Measurement.of(window.outcome(), window.usage(), OptionalDouble.empty());
  }

  void tell(GoalsReport report) {
    report.troubles("paid calls beside refused ones", paid.troubles());
    for (Refusal refusal : refusals) {
      tell(report, refusal, "server CPU per call", Measurement::serverMicros);
      if (ground.meter().seesDatabase()) {
        tell(report, refusal, "database CPU per call", Measurement::databaseMicros);
      }
      report.troubles(refusal.title(), refusal.runs().troubles());
    }
  }

  private void tell(
      GoalsReport report, Refusal refusal, String what, ToDoubleFunction<Measurement> figure) {
    double refused = refusal.runs().median(figure);
    double inFull = paid.median(figure);
    report.row(
        refusal.title() + ", " + what,
        Goal.below(1, "× paid", 2),
        refused / inFull,
        "%.1f µs; paid %.1f µs".formatted(refused, inFull));
  }
}
