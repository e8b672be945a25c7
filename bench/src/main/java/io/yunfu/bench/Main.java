package io.yunfu.bench;

import io.yunfu.server.config.Configuration;
import io.yunfu.server.observe.Logging;
import java.io.PrintStream;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `yunfu bench`: the measurements.
@Command(
    name = "yunfu bench",
    description = "Measures, and audits the books afterwards.",
    mixinStandardHelpOptions = true,
    subcommands = PayBench.class)
public final class Main implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private Main() {}

  /// Exits with 0 when all went well, 1 when something was found, 2 when the command makes no
  /// sense.
  public static void main(String[] arguments) {
    // Standard output is for the tables; the log goes to where the progress is told.
    PrintStream tables = System.out;
    System.setOut(System.err);
    Logging.configure(
        new Configuration.Log(Configuration.LogLevel.WARN, Configuration.LogFormat.TEXT));
    System.exit(run(tables, System.err, arguments));
  }

  /// The same without an end of the Java machine: for tests.
  static int run(PrintStream tables, PrintStream progress, String... arguments) {
    return new CommandLine(new Main())
        .setOut(new PrintWriter(tables, true, tables.charset()))
        .setErr(new PrintWriter(progress, true, progress.charset()))
        .setExecutionExceptionHandler((e, line, result) -> {
          line.getErr().println("yunfu bench: " + e.getMessage());
          // What is not our own way of saying that it cannot be done needs to be looked into.
          if (!(e instanceof IllegalStateException || e instanceof IllegalArgumentException)) {
            e.printStackTrace(line.getErr());
          }
          return 1;
        })
        .execute(arguments);
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "What is to be measured?");
  }
}
