package io.yunfu.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `yunfu bench pay`: payments, side by side with pgbench.
@Command(
    name = "pay",
    description = {
      "Measures payments on one database, in one run, in turn: (a) pgbench with the same payment"
          + " statement by statement, (b) the server over HTTP, every call signed and verified. Then"
          + " audits the books, and compares what clients were told with what is there.",
      "The tables go to standard output, as Markdown; how far it is, to standard error."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class PayBench implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private QuickOption quick = new QuickOption();

  @Mixin private PaymentOptions payments = new PaymentOptions();

  @Mixin private PlanOptions plans = new PlanOptions();

  @Option(
      names = "--connections",
      paramLabel = "N",
      split = ",",
      description = "Connections of the load generator. Default: 32,256.")
  private @Nullable List<Integer> connections;

  @Option(
      names = "--pgbench-clients",
      paramLabel = "N",
      description = "Clients of the baseline. Default: 32.")
  private @Nullable Integer pgbenchClients;

  @Option(
      names = "--contenders",
      paramLabel = "NAME",
      split = ",",
      description = "Who runs: ${COMPLETION-CANDIDATES}. Default: pgbench,http.")
  private Set<Name> contenders = EnumSet.of(Name.pgbench, Name.http);

  /// As one types them.
  enum Name {
    /// (a)
    pgbench,
    /// (b)
    http,
    /// (c) and (d)
    engine
  }

  @Option(
      names = "--rate",
      paramLabel = "N",
      description =
          "Calls that fall due in a second in the last runs, which show latency in the open model."
              + " Default: half of what was reached.")
  private @Nullable Double rate;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "A setting of the server, such as pay.delivery-wait=0; shown with the result. May be"
              + " repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Mixin private DatabaseOptions where = new DatabaseOptions();

  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() throws IOException, InterruptedException {
    PayPlan plan = plan();
    where.check(spec.commandLine());
    try (var directory = new ScratchDirectory()) {
      return run(plan, directory.path());
    }
  }

  private PayPlan plan() {
    try {
      return new PayPlan(
          payments.accounts(quick),
          quick.or(pgbenchClients, 32, 4),
          plans.plan(quick, quick.or(connections, List.of(32, 256), List.of(4, 16))));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private int run(PayPlan plan, Path directory) throws IOException, InterruptedException {
    var progress = new Progress(spec.commandLine().getErr());
    var report = new Report();
    boolean good;
    try (BenchDatabase opened = where.open(directory);
        var run =
            new PayRun(
                plan,
                opened,
                where.masterKey(),
                directory,
                new SplittableRandom(),
                Clock.systemUTC(),
                progress)) {
      if (contenders.contains(Name.pgbench)) {
        payments
            .pgbench()
            .ifPresentOrElse(run::addBaseline, () -> progress.say(Pgbench.HOW_TO_INSTALL));
      }
      if (contenders.contains(Name.engine)) {
        run.addEngine();
      }
      if (contenders.contains(Name.http)) {
        run.startServer(settings);
      }
      run.measureAll();
      run.measureAtRate(Optional.ofNullable(rate));
      good = run.finish(report);
    }
    output.write(report, spec.commandLine().getOut());
    return good ? 0 : 1;
  }
}
