package io.yunfu.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `yunfu bench goals`: everything there is a goal for.
@Command(
    name = "goals",
    description = {
      "Measures everything there is a goal for, and prints one table with goal and figure. Then"
          + " audits the books, and compares what callers were told with what is there. On embedded"
          + " databases of its own, which are deleted afterwards.",
      "The tables go to standard output, as Markdown; how far it is, to standard error. A goal that is"
          + " not met does not change the exit status: what is reached depends on the machine."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class GoalsBench implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private QuickOption quick = new QuickOption();

  @Option(
      names = "--only",
      paramLabel = "PART",
      split = ",",
      description =
          "Which parts run: ${COMPLETION-CANDIDATES}. Default: all; with --quick all but the long ones,"
              + " sustained and growth.")
  private @Nullable Set<Part> only;

  @Mixin private PlanOptions plans = new PlanOptions();

  @Option(
      names = "--connections",
      paramLabel = "N",
      split = ",",
      description = "Connections of the load generator. Default: 128,512.")
  private @Nullable List<Integer> connections;

  @Mixin private PaymentOptions payments = new PaymentOptions();

  @Option(
      names = "--sustained-seconds",
      paramLabel = "S",
      description = "The window of the long run. Default: 300.")
  private @Nullable Integer sustained;

  @Option(
      names = "--growth",
      paramLabel = "N",
      split = ",",
      description =
          "Deals of the past in the tables, from few to many. Default: 10000,1000000,10000000.")
  private @Nullable List<Integer> growth;

  @Option(
      names = "--starts",
      paramLabel = "N",
      description = "How often the packaged server is started. Default: 7.")
  private @Nullable Integer starts;

  @Option(
      names = "--distribution",
      paramLabel = "DIR",
      description = "An unpacked distribution that is started and weighed. Default: this one.")
  private @Nullable Path distribution;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description =
          "Where databases and logs are made; growth takes some 15 GB. Default: the system's directory"
              + " for temporary files.")
  private @Nullable Path directory;

  @Mixin private OutputOption output = new OutputOption();

  @Override
  public Integer call() throws IOException, InterruptedException {
    GoalsPlan plan = plan();
    try (var scratch =
        directory == null
            ? new ScratchDirectory()
            : new ScratchDirectory(Files.createDirectories(directory))) {
      return run(plan, scratch.path());
    }
  }

  private GoalsPlan plan() {
    try {
      return new GoalsPlan(
          parts(),
          payments.accounts(quick),
          quick.or(null, 32, 4),
          quick.or(null, 100, 3),
          quick.or(null, 1000, 20),
          Duration.ofSeconds(quick.or(sustained, 300, 2)),
          quick.or(growth, List.of(10_000, 1_000_000, 10_000_000), List.of(100, 1000)),
          quick.or(starts, 7, 2),
          plans.plan(quick, quick.or(connections, List.of(128, 512), List.of(4, 16))));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private Set<Part> parts() {
    if (only != null) {
      return only;
    }
    Set<Part> parts = EnumSet.allOf(Part.class);
    if (quick.isGiven()) {
      parts.removeIf(Part::isLong);
    }
    return parts;
  }

  private int run(GoalsPlan plan, Path scratch) throws IOException, InterruptedException {
    var report = new Report();
    var run =
        new GoalsRun(
            plan,
            scratch,
            payments.pgbench(),
            packaged(),
            Clock.systemUTC(),
            new Progress(spec.commandLine().getErr()));
    boolean good = run.run(report);
    output.write(report, spec.commandLine().getOut());
    return good ? 0 : 1;
  }

  private Optional<Distribution> packaged() {
    if (distribution == null) {
      return Distribution.here();
    }
    var given = new Distribution(distribution.toAbsolutePath());
    if (!given.isWhole()) {
      throw new ParameterException(spec.commandLine(), distribution + " is not a distribution");
    }
    return Optional.of(given);
  }
}
