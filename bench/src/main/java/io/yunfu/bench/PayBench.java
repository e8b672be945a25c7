package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.db.DatabaseSettings;
import io.yunfu.operator.MasterKey;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
  private static final Duration QUICK_WINDOW = Duration.ofSeconds(2);

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--quick",
      description = "A tiny run that only shows whether everything works: its figures say nothing.")
  private boolean quick;

  @Option(
      names = "--accounts",
      paramLabel = "N",
      description = "Accounts that pay, each with a key of its own. Default: 10000.")
  private @Nullable Integer accounts;

  @Option(
      names = "--seconds",
      paramLabel = "S",
      description = "The window of each run. Default: 6.")
  private @Nullable Integer seconds;

  @Option(
      names = "--warmup",
      paramLabel = "S",
      description = "What goes before each window, not counted. Default: 2.")
  private @Nullable Integer warmUp;

  @Option(
      names = "--pairs",
      paramLabel = "N",
      description = "How often each contender runs, in turn with the others. Default: 3.")
  private @Nullable Integer pairs;

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
      names = "--pgbench",
      paramLabel = "FILE",
      description = "Where pgbench is. Default: looked for.")
  private @Nullable Path pgbench;

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
      names = "--threads",
      paramLabel = "N",
      description = "Threads of the load generator. Default: 1.")
  private int threads = 1;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "A setting of the server, such as pay.delivery-wait=0; shown with the result. May be"
              + " repeated.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where the embedded database is, or is made. Default: a new one that is deleted"
              + " afterwards.")
  private @Nullable Path data;

  @Option(
      names = "--database",
      paramLabel = "URL",
      description =
          "Another database instead: postgresql://HOST:PORT/NAME. Empty, or with nothing but"
              + " benchmarks in it. Its password comes from PGPASSWORD.")
  private @Nullable String database;

  @Option(names = "--database-user", paramLabel = "NAME", description = "Its user. Default: yunfu.")
  private String databaseUser = "yunfu";

  @Option(
      names = "--master-key-file",
      paramLabel = "FILE",
      description =
          "The master key; made if there is no such file. Needed to use a database again. Default:"
              + " beside the data, or a new key for each run.")
  private @Nullable Path masterKeyFile;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "Writes the tables to a file, too.")
  private @Nullable Path output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Plan plan = plan();
    if (data != null && database != null) {
      throw new ParameterException(spec.commandLine(), "either --data or --database");
    }
    Path directory = Files.createTempDirectory("yunfu-bench-", passable());
    try {
      return run(plan, directory);
    } finally {
      delete(directory);
    }
  }

  /// PostgreSQL may have to run as another user, who has to get through to its files.
  private static java.nio.file.attribute.FileAttribute<?> passable() {
    return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx--x--x"));
  }

  private Plan plan() {
    try {
      return new Plan(
          or(accounts, 10_000, 200),
          or(pairs, 3, 1),
          Duration.ofSeconds(or(warmUp, 2, 1)),
          Duration.ofSeconds(or(seconds, 6, (int) QUICK_WINDOW.toSeconds())),
          connections != null ? connections : quick ? List.of(4, 16) : List.of(32, 256),
          or(pgbenchClients, 32, 4),
          threads,
          !quick);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private int or(@Nullable Integer given, int byDefault, int whenQuick) {
    return given != null ? given : quick ? whenQuick : byDefault;
  }

  private int run(Plan plan, Path directory) throws IOException, InterruptedException {
    PrintWriter progress = spec.commandLine().getErr();
    String masterKey = masterKey();
    var report = new Report();
    boolean good;
    try (BenchDatabase opened = open(directory);
        var run =
            new PayRun(
                plan,
                opened,
                MasterKey.parse(masterKey),
                directory,
                new SplittableRandom(),
                Clock.systemUTC(),
                progress)) {
      if (contenders.contains(Name.pgbench)) {
        findPgbench()
            .ifPresentOrElse(run::addBaseline, () -> progress.println(Pgbench.HOW_TO_INSTALL));
      }
      if (contenders.contains(Name.engine)) {
        run.addEngine();
      }
      if (contenders.contains(Name.http)) {
        run.startServer(masterKey, settings);
      }
      run.measureAll();
      run.measureAtRate(Optional.ofNullable(rate));
      good = run.finish(report);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(report);
    out.flush();
    if (output != null) {
      Files.writeString(output, report.toString(), UTF_8);
    }
    return good ? 0 : 1;
  }

  private Optional<Path> findPgbench() {
    return pgbench != null ? Optional.of(pgbench) : Pgbench.find();
  }

  private BenchDatabase open(Path directory) {
    if (database == null) {
      return BenchDatabase.embedded(data != null ? data : directory.resolve("data"));
    }
    String password = System.getenv().getOrDefault("PGPASSWORD", "");
    return BenchDatabase.external(DatabaseSettings.of(database, databaseUser, password));
  }

  private String masterKey() throws IOException {
    Path file =
        masterKeyFile != null ? masterKeyFile : data != null ? data.resolve("master.key") : null;
    if (file == null) {
      return MasterKey.generate();
    }
    if (!Files.exists(file)) {
      Path parent = file.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, MasterKey.generate(), UTF_8);
    }
    return Files.readString(file, UTF_8).strip();
  }

  private static void delete(Path directory) throws IOException {
    List<Path> found;
    try (Stream<Path> all = Files.walk(directory)) {
      found = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path path : found) {
      Files.deleteIfExists(path);
    }
  }
}
