package io.yunfu.server;

import io.yunfu.server.config.Configuration;
import io.yunfu.server.observe.Logging;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `yunfu serve`: the production server, until it is told to stop.
@Command(
    name = "serve",
    description = {
      "Runs the server until it gets SIGTERM or SIGINT; then it finishes what it has admitted.",
      "Without database.url it runs a PostgreSQL of its own in data.directory."
    },
    mixinStandardHelpOptions = true)
final class Serve implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(Serve.class);

  @Mixin private ConfigurationOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    return run(options, spec.commandLine().getErr());
  }

  /// @param terminal for what is not to be kept
  static int run(ConfigurationOptions options, PrintWriter terminal) throws InterruptedException {
    Configuration configuration = options.read(Map.of());
    Logging.configure(configuration.log());
    Wiring wiring = Wiring.of(configuration);
    Main.stopOnSignal(wiring);
    wiring.start();
    // Not through the log: that one is kept, and a token must not be.
    wiring
        .running()
        .firstToken()
        .ifPresent(token -> {
          terminal.println("The token of the admin API, shown this once: " + token);
          terminal.flush();
        });
    LOG.atInfo()
        .addKeyValue("http", wiring.running().http().port().orElse(0))
        .addKeyValue("https", wiring.running().http().securePort().orElse(0))
        .log("ready");
    new CountDownLatch(1).await();
    return 0;
  }
}
