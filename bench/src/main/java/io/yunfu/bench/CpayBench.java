package io.yunfu.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `yunfu bench cpay`: orders over the Cloud Pay gateway.
@Command(
    name = "cpay",
    description = {
      "Measures official_account_pay: the server over HTTP, every call signed, every answer"
          + " verified, with a simulated WeChat Pay that answers at once, and with one that takes 120 ms"
          + " (median, log-normal). Then audits the books, and compares what callers were told with the"
          + " channel's orders.",
      "The tables go to standard output, as Markdown; how far it is, to standard error."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CpayBench implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private QuickOption quick = new QuickOption();

  @Option(
      names = "--merchants",
      paramLabel = "N",
      description = "Sub-merchants that orders are for, each with a key of its own. Default: 100.")
  private @Nullable Integer merchants;

  @Mixin private PlanOptions plans = new PlanOptions();

  @Option(
      names = "--connections",
      paramLabel = "N",
      split = ",",
      description = "Connections of the load generator. Default: 32,512.")
  private @Nullable List<Integer> connections;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting of the server; shown with the result. May be repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Mixin private DatabaseOptions where = new DatabaseOptions();

  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() throws IOException, InterruptedException {
    CpayPlan plan = plan();
    where.check(spec.commandLine());
    try (var directory = new ScratchDirectory()) {
      return run(plan, directory.path());
    }
  }

  private CpayPlan plan() {
    try {
      return new CpayPlan(
          quick.or(merchants, 100, 3),
          List.of(AnswerTime.values()),
          plans.plan(quick, quick.or(connections, List.of(32, 512), List.of(2, 8))));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private int run(CpayPlan plan, Path directory) throws IOException, InterruptedException {
    var progress = new Progress(spec.commandLine().getErr());
    var report = new Report();
    boolean good;
    try (BenchDatabase database = where.open(directory);
        var run =
            new CpayRun(
                plan,
                database,
                where.masterKey(),
                directory,
                settings,
                new SplittableRandom(),
                Clock.systemUTC(),
                progress,
                new Conditions(plan.common()))) {
      run.measureAll();
      good = run.finish(report);
    }
    output.write(report, spec.commandLine().getOut());
    return good ? 0 : 1;
  }
}
