package io.yunfu.server;

import io.yunfu.db.DatabaseAway;
import io.yunfu.db.DatabaseBusy;
import io.yunfu.db.EmbeddedPostgresFailed;
import io.yunfu.db.SchemaUnfit;
import io.yunfu.operator.MasterKey;
import io.yunfu.server.config.ConfigurationInvalid;
import io.yunfu.server.http.CannotListen;
import io.yunfu.server.observe.Logging;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Where the program starts. What an operator can put right is said in one sentence, without a
/// stack trace.
@Command(
    name = "yunfu",
    description = "Self-hosted cloud billing and payment server.",
    subcommands = {Serve.class, Verify.class},
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  private static final Logger LOG = LoggerFactory.getLogger(Main.class);

  /// The command line or the configuration is wrong.
  static final int EXIT_USAGE = 2;

  /// The surroundings are wrong: a port is taken, a disk full, a database away.
  static final int EXIT_CANNOT = 1;

  /// What the process ends with. A stop that was asked for is a success.
  private static volatile int status = CommandLine.ExitCode.OK;

  private Main() {}

  public static void main(String[] args) {
    addCarriers();
    Optional<ConfigurationOptions> usual = usualServe(List.of(args));
    if (usual.isPresent()) {
      var terminal = new PrintWriter(System.err, true, System.err.charset());
      status = serve(usual.get(), terminal);
      System.exit(status);
    }
    execute(new Main(), args);
  }

  /// Virtual threads run on as many carriers as there are processors, each until it waits for
  /// something, in the order in which they came. PostgreSQL, the lanes and the threads of the
  /// database take the same processors. With twice as many carriers the system shares out what is
  /// left, and who has little to do stands in line for less time: docs/decisions/0028. Java reads
  /// this when the first virtual thread starts.
  private static void addCarriers() {
    String carriers = "jdk.virtualThreadScheduler.parallelism";
    if (System.getProperty(carriers) == null) {
      int twice = 2 * Runtime.getRuntime().availableProcessors();
      System.setProperty(carriers, Integer.toString(twice));
    }
  }

  /// The usual `serve` and `serve --config FILE`, read by hand: reading two words with picocli
  /// takes a tenth of the start, since its classes are too old for Java's AOT cache.
  private static Optional<ConfigurationOptions> usualServe(List<String> args) {
    if (args.equals(List.of("serve"))) {
      return Optional.of(ConfigurationOptions.usual());
    }
    boolean file =
        args.size() == 3
            && args.subList(0, 2).equals(List.of("serve", "--config"))
            && !args.getLast().startsWith("-");
    return file ? Optional.of(ConfigurationOptions.of(Path.of(args.getLast()))) : Optional.empty();
  }

  private static int serve(ConfigurationOptions options, PrintWriter terminal) {
    try {
      return Serve.run(options, terminal);
    } catch (Exception e) {
      return refused(e, terminal);
    }
  }

  /// Runs a command to its end and ends the process with its status. For programs around the server
  /// that fail in the same ways and are to say it in the same words.
  ///
  /// @param command for picocli
  public static void execute(Object command, String... args) {
    status = run(command, args);
    System.exit(status);
  }

  /// Stops all of it in an orderly way when the process is told to end; also undoes what is running
  /// when the program ends because something failed. Nothing else that ends with the process may
  /// outrun it.
  public static void stopOnSignal(AutoCloseable whole) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    whole.close();
                  } catch (Exception e) { // the process ends whatever happens
                    LOG.warn("it did not stop cleanly", e);
                  }
                  LOG.info("stopped");
                  Logging.flush();
                  Runtime.getRuntime().halt(status);
                },
                "stop"));
  }

  private static int run(Object command, String... args) {
    return new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((e, line, result) -> refused(e, line.getErr()))
        .execute(args);
  }

  /// @return the status to end with
  private static int refused(Exception e, PrintWriter terminal) {
    terminal.println("yunfu: " + sentence(e));
    terminal.flush();
    return switch (e) {
      case ConfigurationInvalid invalid -> EXIT_USAGE;
      case Wiring.Stopped stopped -> CommandLine.ExitCode.OK;
      default -> EXIT_CANNOT;
    };
  }

  /// What the operator is told. An exception that is nobody's but ours keeps its stack trace.
  private static String sentence(Exception e) {
    return switch (e) {
      case ConfigurationInvalid invalid -> String.valueOf(invalid.getMessage());
      case CannotListen cannot -> String.valueOf(cannot.getMessage());
      case EmbeddedPostgresFailed failed -> String.valueOf(failed.getMessage());
      case SchemaUnfit unfit -> String.valueOf(unfit.getMessage());
      case MasterKey.DoesNotFit wrong -> String.valueOf(wrong.getMessage());
      case DatabaseAway away -> "the database cannot be reached: " + away.getMessage();
      case DatabaseBusy busy -> "the database has no time: " + busy.getMessage();
      case Wiring.Stopped stopped -> String.valueOf(stopped.getMessage());
      case UncheckedIOException io -> String.valueOf(io.getMessage());
      default -> {
        e.printStackTrace();
        yield "this should not have happened: " + e;
      }
    };
  }
}
