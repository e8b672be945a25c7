package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.yunfu.bench.machine.CpuTime;
import io.yunfu.bench.machine.Machine;
import io.yunfu.db.DatabaseSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The baseline: PostgreSQL's own load generator, which makes the payment of `pay.sql` statement by
/// statement.
final class Pgbench implements Contender {
  /// Where it usually is; `*` is a version. The embedded PostgreSQL does not have it.
  private static final List<String> USUAL_PLACES =
      List.of(
          "/usr/lib/postgresql/*/bin",
          "/usr/pgsql-*/bin",
          "/opt/homebrew/opt/postgresql@*/bin",
          "/usr/local/opt/postgresql@*/bin",
          "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
          "/Applications/Postgres.app/Contents/Versions/*/bin");

  static final String HOW_TO_INSTALL =
      """
      pgbench was not found, so there is no baseline to compare with. It comes with PostgreSQL 15 or newer:
        Debian, Ubuntu   apt install postgresql-contrib   (or any postgresql-NN)
        Fedora           dnf install postgresql-contrib
        macOS            brew install postgresql@18
      or say where it is with --pgbench FILE.
      """;

  /// A connection takes some milliseconds to be let in; they come one after the other.
  private static final Duration TO_CONNECT = Duration.ofMillis(500);

  private static final Duration TO_CONNECT_EACH = Duration.ofMillis(12);

  /// It runs a little longer than the window, so that all clients are busy until its end.
  private static final Duration TAIL = Duration.ofSeconds(1);

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final double GUESS_PER_SECOND = 3000;

  private final Path program;
  private final Path directory;
  private final BenchDatabase database;
  private final Meter meter;
  private final Plan plan;
  private final int clients;

  /// Makes it ready for use.
  ///
  /// @param directory for its script and its logs
  Pgbench(
      Path program, Path directory, BenchDatabase database, Meter meter, Plan plan, int clients) {
    this.program = program;
    this.directory = directory;
    this.database = database;
    this.meter = meter;
    this.plan = plan;
    this.clients = clients;
    try (InputStream script = Pgbench.class.getResourceAsStream("pay.sql")) {
      if (script == null) {
        throw new IllegalStateException("pay.sql is missing from the program");
      }
      Files.copy(script, directory.resolve("pay.sql"));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + directory, e);
    }
  }

  /// The program that is given, or else one that is found.
  static Optional<Path> find(@Nullable Path given) {
    return given != null ? Optional.of(given) : find();
  }

  /// Looks for the program: in the usual places, the newest version first, then on the path. The
  /// path comes last, since what Debian has there is a script around it.
  static Optional<Path> find() {
    return Stream.concat(
            USUAL_PLACES.stream().flatMap(place -> matching(place).stream()),
            Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .filter(place -> !place.isEmpty())
                .map(Path::of))
        .map(place -> place.resolve("pgbench"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// The directories that a pattern with one `*` stands for, the highest version first.
  private static List<Path> matching(String pattern) {
    Path path = Path.of(pattern.substring(0, pattern.lastIndexOf('/')));
    String last = pattern.substring(pattern.lastIndexOf('/') + 1);
    Path parent = path.getParent();
    Path name = path.getFileName();
    if (parent == null || name == null || !Files.isDirectory(parent)) {
      return List.of();
    }
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(parent, name.toString())) {
      directories.forEach(directory -> found.add(directory.resolve(last)));
    } catch (IOException e) {
      return List.of();
    }
    found.sort(Comparator.comparingInt(Pgbench::versionOf).reversed());
    return found;
  }

  private static int versionOf(Path directory) {
    Matcher digits = Pattern.compile("([0-9]+)[^0-9]*/bin").matcher(directory.toString());
    return digits.find() ? Integer.parseInt(digits.group(1)) : 0;
  }

  /// Such as `pgbench (PostgreSQL) 18.1`.
  String version() {
    return Machine.output(program.toString(), "--version").orElse("pgbench");
  }

  @Override
  public double guess() {
    return GUESS_PER_SECOND;
  }

  @Override
  public double seconds() {
    return connecting().plus(plan.whole()).plus(TAIL).toMillis() / 1000.0;
  }

  private Duration connecting() {
    return TO_CONNECT.plus(TO_CONNECT_EACH.multipliedBy(clients));
  }

  @Override
  public Run run(Deals deals, Receipts receipts) throws InterruptedException {
    Path logs = newLogs();
    Process process = start(deals, receipts.first(), logs);
    try {
      Thread.sleep(connecting().plus(plan.warmUp()));
      long from = System.currentTimeMillis();
      var begin = meter.read(() -> Duration.ZERO, () -> CpuTime.of(process.toHandle()));
      Thread.sleep(plan.measured());
      long to = System.currentTimeMillis();
      var end = meter.read(() -> Duration.ZERO, () -> CpuTime.of(process.toHandle()));
      boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
      var log = PgbenchLog.read(logs, clients, from, to, receipts);
      // Clients are not equally quick, so the quickest comes to the end first.
      boolean ranOut = log.end() > receipts.end() - clients;
      deals.takeBack(receipts, log.end());
      if (!ended || (process.exitValue() != 0 && !ranOut)) {
        throw new IllegalStateException(
            "pgbench " + (ended ? "failed" : "does not end") + ": " + tail(logs.resolve("output")));
      }
      return new Run(
          new Measurement(
              log.payments(),
              (to - from) / 1000.0,
              log.latencies(),
              end.since(begin),
              OptionalDouble.empty(),
              Map.of()),
          ranOut);
    } finally {
      process.destroy();
    }
  }

  private Process start(Deals deals, long first, Path logs) {
    var numbering = deals.numbering();
    List<String> command =
        new ArrayList<>(List.of(program.toString(), "--no-vacuum", "--protocol=prepared", "--log"));
    command.add("--log-prefix=" + logs.resolve("log"));
    command.add("--client=" + clients);
    command.add("--jobs=" + Math.min(clients, Runtime.getRuntime().availableProcessors()));
    command.add("--time=" + (long) Math.ceil(seconds()));
    command.add("--file=" + directory.resolve("pay.sql"));
    define(command, "prefix", numbering.prefix());
    define(command, "first", first);
    define(command, "clients", clients);
    define(command, "turn", -1);
    define(command, "first_uin", numbering.firstUin());
    define(command, "accounts", numbering.accounts());
    define(command, "hot_percent", deals.workload().hotPercent());
    DatabaseSettings settings = database.settings();
    command.add("--username=" + settings.user());
    command.add(settings.address());
    var builder = new ProcessBuilder(command);
    builder.environment().put("PGPASSWORD", settings.password());
    builder.environment().put("PGAPPNAME", "pgbench");
    builder.environment().put("PGOPTIONS", "-c search_path=" + database.cell().id().schema());
    builder.redirectErrorStream(true).redirectOutput(logs.resolve("output").toFile());
    try {
      return builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + program, e);
    }
  }

  private static void define(List<String> command, String name, Object value) {
    command.add("--define=" + name + "=" + value);
  }

  private static String tail(Path file) {
    try {
      String text = Files.readString(file, UTF_8);
      return text.substring(Math.max(0, text.length() - 2000));
    } catch (IOException e) {
      return "it said nothing";
    }
  }

  private Path newLogs() {
    try {
      return Files.createTempDirectory(directory, "pgbench-");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write to " + directory, e);
    }
  }
}
