package io.yunfu.bench;

import static io.yunfu.bench.Report.whole;
import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.yunfu.bench.load.Call;
import io.yunfu.bench.load.Outcome;
import io.yunfu.bench.load.Pace;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;

/// Questions at a fixed rate beside as many payments as the server can make: the first page of an
/// account's deals of the last day, whatever their status, and its balance.
final class ReadGoals {
  private static final byte[] DEALS = "\"TotalCount\":".getBytes(ISO_8859_1);
  private static final byte[] BALANCE = "\"RealCreditBalance\":".getBytes(ISO_8859_1);

  /// Enough that no question waits for another one, as long as answers take less than this many
  /// milliseconds at 1,000 a second.
  private static final int CONNECTIONS = 100;

  /// Of the API's times.
  private static final ZoneOffset ZONE = ZoneOffset.ofHours(8);

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  private final GoalsPlan goals;
  private final PayGround ground;
  private final Clock clock;
  private final Progress progress;
  private final Runs payments = new Runs();
  private final Runs deals = new Runs();
  private final Runs balances = new Runs();
  private final AtomicLong asked = new AtomicLong();

  ReadGoals(GoalsPlan goals, PayGround ground, Clock clock, Progress progress) {
    this.goals = goals;
    this.ground = ground;
    this.clock = clock;
    this.progress = progress;
  }

  void measure(int connections) throws InterruptedException {
    var calls =
        new HttpCalls(
            ground.load(goals.common()),
            ground.clients(),
            ground.database(),
            connections,
            new Pace.Closed(),
            List.of(
                crowd(BillingAction.DESCRIBE_DEALS, lastDay(), DEALS),
                crowd(BillingAction.DESCRIBE_BALANCE, "{}", BALANCE)));
    var series =
        new PaySeries(
            "(b) with questions beside", Workload.UNIFORM, connections, new Pace.Closed(), calls);
    goals.common().warm(progress, () -> ground.measure(series));
    for (int pair = 1; pair <= goals.common().pairs(); pair++) {
      payments.add(ground.measure(series));
      deals.add(unmetered(calls.seenBeside().getFirst()));
      balances.add(unmetered(calls.seenBeside().getLast()));
      progress.say(
          "%d of %d: questions beside payments: p99 %.1f and %.1f ms",
          pair, goals.common().pairs(), p99(deals), p99(balances));
    }
  }

  private ServerLoad.Crowd crowd(BillingAction action, String body, byte[] expected) {
    byte[] bytes = body.getBytes(ISO_8859_1);
    return new ServerLoad.Crowd(
        CONNECTIONS,
        1,
        new Pace.Open(goals.readsPerSecond()),
        () -> Optional.<Call>of(new SignedCall(anyClient(), action, bytes, expected)));
  }

  private Client anyClient() {
    long number = asked.getAndIncrement() % Numbering.MAX + 1;
    return ground.clients().get(ground.population().numbering().position(number, 0));
  }

  private String lastDay() {
    var now = LocalDateTime.ofInstant(clock.instant(), ZONE);
    return """
    {"StartTime":"%s","EndTime":"%s","Limit":20,"StatusSet":[1,2,3,4,5]}\
    """
        .formatted(
            TIME.format(now.minus(Duration.ofDays(1))), TIME.format(now.plus(Duration.ofDays(1))));
  }

  /// What they use cannot be told from what the payments do.
  private static Measurement unmetered(Outcome outcome) {
    return Measurement.of(outcome, new Meter.Usage(0, 0, 0, 0, 0), OptionalDouble.empty());
  }

  private static double p99(Runs runs) {
    return runs.median(run -> run.latency(99));
  }

  void tell(GoalsReport report) {
    tell(report, "DescribeDealsByCond", deals);
    tell(report, "DescribeAccountBalance", balances);
    report.row(
        "payments beside these questions",
        Goal.gain("/s", 0),
        payments.median(Measurement::perSecond),
        "closed loop, uniform");
    report.troubles("payments beside questions", payments.troubles());
  }

  private void tell(GoalsReport report, String action, Runs runs) {
    report.row(
        "%s at %,d/s beside full payment load, p99".formatted(action, goals.readsPerSecond()),
        Goal.atMost(50, "ms", 1),
        p99(runs),
        whole(runs.median(Measurement::perSecond)) + "/s answered");
    report.troubles(action, runs.troubles());
  }
}
