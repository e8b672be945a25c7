package io.yunfu.simulator;

import io.yunfu.simulator.channel.Latency;
import io.yunfu.simulator.clock.Timeline;
import io.yunfu.simulator.http.CannotListen;
import io.yunfu.simulator.http.Port;
import io.yunfu.simulator.json.BadInput;
import io.yunfu.simulator.json.Json;
import io.yunfu.simulator.notice.NoticeSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `yunfu simulator`: stands in for the channels until it is told to stop.
@Command(
    name = "yunfu simulator",
    description = {
      "Stands in for WeChat Pay and Alipay, on loopback, with faults on demand.",
      "Prints one line of JSON once it answers: all addresses, and the files with keys and certificates"
          + " for clients. Then it runs until it gets SIGTERM or SIGINT.",
      "docs/operating/simulator.md tells how to use it."
    },
    mixinStandardHelpOptions = true)
public final class Main implements Callable<Integer> {
  /// The command line or the configuration is wrong.
  private static final int EXIT_USAGE = 2;

  /// The surroundings are wrong: a port is taken, a directory cannot be written.
  private static final int EXIT_CANNOT = 1;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Merchants, users and habits, in JSON; options below win over it.")
  private @Nullable Path config;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "The address to listen on; default: 127.0.0.1.")
  private @Nullable String host;

  @Option(
      names = "--port",
      paramLabel = "NAME=N",
      description = {
        "A port of its own for a listener: wx-http, wx-https, ali-http, ali-https or admin;"
            + " may be given several times. Default: free ones."
      })
  private Map<String, Integer> ports = Map.of();

  @Option(
      names = "--credentials",
      paramLabel = "DIR",
      defaultValue = "data/simulator",
      description =
          "Where certificates and keys for clients are written; default: ${DEFAULT-VALUE}.")
  private Path credentials = Path.of("data/simulator");

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "All ids and keys come from it; default: 1.")
  private @Nullable Long seed;

  @Option(
      names = "--clock",
      paramLabel = "MODE",
      description = "system, manual, or a factor such as 60 for a scaled one; default: system.")
  private @Nullable String clock;

  @Option(
      names = "--now",
      paramLabel = "TIME",
      description = "What the clock says at first, such as 2026-01-01T12:00:00+08:00.")
  private @Nullable String now;

  @Option(
      names = "--notify",
      paramLabel = "MODE",
      description =
          "real, manual, or a factor such as 1000 by which all gaps are divided; default: real.")
  private @Nullable String notices;

  @Option(
      names = "--latency",
      paramLabel = "TEXT",
      description =
          "How long answers take: none, 120ms, lognormal (median 120 ms), lognormal:80ms:0.5;"
              + " default: none.")
  private @Nullable String latency;

  @Option(
      names = "--journal",
      paramLabel = "FILE",
      description = "Where every request is written down, a line of JSON each; default: nowhere.")
  private @Nullable Path journal;

  @Spec private CommandSpec spec = CommandSpec.create();

  /// For picocli.
  public Main() {}

  public static void main(String[] arguments) {
    // Standard output is for the line of JSON; the log goes to standard error.
    PrintStream line = System.out;
    System.setOut(System.err);
    int status = run(new PrintWriter(line, true, StandardCharsets.UTF_8), arguments);
    System.exit(status);
  }

  static int run(PrintWriter out, String... arguments) {
    return new CommandLine(new Main())
        .setOut(out)
        .setExecutionExceptionHandler((e, line, result) -> {
          line.getErr().println("yunfu simulator: " + e.getMessage());
          return switch (e) {
            case BadInput wrong -> EXIT_USAGE;
            case CannotListen cannot -> EXIT_CANNOT;
            case UncheckedIOException cannot -> EXIT_CANNOT;
            default -> {
              e.printStackTrace(line.getErr());
              yield EXIT_CANNOT;
            }
          };
        })
        .execute(arguments);
  }

  @Override
  public Integer call() throws InterruptedException {
    Sandbox sandbox = Sandbox.start(settings());
    Runtime.getRuntime().addShutdownHook(new Thread(sandbox::close, "stop"));
    PrintWriter out = spec.commandLine().getOut();
    out.println(Json.text(sandbox.description()));
    out.flush();
    new CountDownLatch(1).await();
    return 0;
  }

  SandboxSettings settings() {
    SandboxSettings settings =
        config == null ? SandboxSettings.DEFAULT : SandboxSettings.read(Json.read(read(config)));
    settings = settings.withCredentials(credentials);
    settings = host == null ? settings : settings.withHost(host);
    settings = seed == null ? settings : settings.withSeed(seed);
    settings = latency == null ? settings : settings.withLatency(Latency.parse(latency));
    settings = journal == null ? settings : settings.withJournal(journal);
    for (Map.Entry<Port, Integer> each : ports().entrySet()) {
      settings = settings.withPort(each.getKey(), each.getValue());
    }
    if (clock != null || now != null) {
      String mode = clock == null ? "system" : clock;
      settings =
          switch (mode) {
            case "system" -> settings.withClock(Timeline.Mode.SYSTEM, 1, start());
            case "manual" -> settings.withClock(Timeline.Mode.MANUAL, 1, start());
            default -> settings.withClock(Timeline.Mode.SCALED, factor("--clock", mode), start());
          };
    }
    return notices == null ? settings : settings.withNotices(notices(settings.notices(), notices));
  }

  private static NoticeSettings notices(NoticeSettings old, String mode) {
    return switch (mode) {
      case "real" -> new NoticeSettings(NoticeSettings.Mode.REAL, 1, old.timeout(), old.strict());
      case "manual" ->
          new NoticeSettings(NoticeSettings.Mode.MANUAL, 1, old.timeout(), old.strict());
      default ->
          new NoticeSettings(
              NoticeSettings.Mode.FAST, factor("--notify", mode), old.timeout(), old.strict());
    };
  }

  private static double factor(String option, String text) {
    try {
      double factor = Double.parseDouble(text);
      if (factor > 0 && Double.isFinite(factor)) {
        return factor;
      }
    } catch (NumberFormatException e) {
      throw new BadInput(option + " takes a word from its help or a number, not " + text);
    }
    throw new BadInput(option + " takes a positive number, not " + text);
  }

  private Optional<Instant> start() {
    if (now == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(OffsetDateTime.parse(now).toInstant());
    } catch (DateTimeParseException e) {
      throw new BadInput("--now takes a time such as 2026-01-01T12:00:00+08:00, not " + now);
    }
  }

  private Map<Port, Integer> ports() {
    Map<Port, Integer> named = new EnumMap<>(Port.class);
    ports.forEach((name, number) -> {
      Port port =
          java.util.Arrays.stream(Port.values())
              .filter(each -> each.label().equals(name))
              .findFirst()
              .orElseThrow(() -> new BadInput("--port: there is no listener " + name));
      if (number < 0 || number > 65535) {
        throw new BadInput("--port: " + number + " is no port");
      }
      named.put(port, number);
    });
    return named;
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}
