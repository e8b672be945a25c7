package io.yunfu.server;

import io.yunfu.db.DatabaseAway;
import io.yunfu.db.DatabaseBusy;
import io.yunfu.db.EmbeddedPostgresFailed;
import io.yunfu.db.SchemaUnfit;
import io.yunfu.operator.MasterKey;
import io.yunfu.server.config.ConfigurationInvalid;
import io.yunfu.server.http.CannotListen;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// Where the program starts. What an operator can put right is said in one sentence, without a
/// stack trace.
@Command(
    name = "yunfu",
    description = "Self-hosted cloud billing and payment server.",
    subcommands = {Demo.class, Serve.class, Verify.class},
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
public final class Main {
  /// The command line or the configuration is wrong.
  static final int EXIT_USAGE = 2;

  /// The surroundings are wrong: a port is taken, a disk full, a database away.
  static final int EXIT_CANNOT = 1;

  /// What the process ends with. A stop that was asked for is a success.
  private static volatile int status = CommandLine.ExitCode.OK;

  private Main() {}

  public static void main(String[] args) {
    status = run(args);
    System.exit(status);
  }

  static int status() {
    return status;
  }

  static int run(String... args) {
    return new CommandLine(new Main())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExecutionExceptionHandler((e, line, result) -> {
          line.getErr().println("yunfu: " + sentence(e));
          return switch (e) {
            case ConfigurationInvalid invalid -> EXIT_USAGE;
            case Wiring.Stopped stopped -> CommandLine.ExitCode.OK;
            default -> EXIT_CANNOT;
          };
        })
        .execute(args);
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
