package io.yunfu.bench;

import io.yunfu.server.config.Configuration;
import io.yunfu.server.observe.Logging;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
    subcommands = {GoalsBench.class, PayBench.class, CpayBench.class})
public final class Main implements Runnable {
  private static final Duration LONGEST_END = Duration.ofMinutes(1);

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
    var ended = new CountDownLatch(1);
    endOnSignal(Thread.currentThread(), ended);
    int status = run(tables, System.err, arguments);
    ended.countDown();
    System.exit(status);
  }

  /// Lets a run that is broken off stop the servers and databases that it has started.
  private static void endOnSignal(Thread runner, CountDownLatch ended) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              runner.interrupt();
              try {
                var _ = ended.await(LONGEST_END.toSeconds(), TimeUnit.SECONDS);
              } catch (InterruptedException e) {
                // nobody interrupts it
              }
            }));
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
