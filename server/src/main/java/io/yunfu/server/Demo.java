package io.yunfu.server;

import io.yunfu.server.config.Configuration;
import io.yunfu.server.observe.Logging;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `yunfu demo`: a whole server on loopback with a database of its own and sample data, to try
/// things out. Nothing is pretended: it is the production server with a real database and real
/// signatures.
@Command(
    name = "demo",
    description = {
      "Starts a server with its own database and sample data on loopback, and says what to try.",
      "A second demo on the same directory keeps what is there."
    },
    mixinStandardHelpOptions = true)
final class Demo implements Callable<Integer> {
  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "data/demo",
      description = "Where everything is kept; default: ${DEFAULT-VALUE}.")
  private Path data;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "The port to listen on, 0 for a free one; default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(names = "--config", paramLabel = "FILE", description = "Settings besides, as for serve.")
  private Optional<Path> file = Optional.empty();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    var options = new ConfigurationOptions();
    options.file = file.orElse(null);
    Configuration configuration = options.read(settings());
    Logging.configure(configuration.log());
    out.println("Starting the database and the server in " + data + " ...");
    out.flush();
    Wiring wiring = Wiring.of(configuration);
    Serve.stopOnSignal(wiring);
    wiring.start();
    var demo = SampleData.in(data, wiring.running(), Clock.systemUTC());
    SampleData.describe(demo, data, out);
    out.flush();
    new CountDownLatch(1).await();
    return 0;
  }

  private Map<String, String> settings() {
    var settings = new HashMap<String, String>();
    settings.put("data.directory", data.toString());
    settings.put("http.port", Integer.toString(port));
    settings.put("http.host", "127.0.0.1");
    settings.put("delivery.allow-private-targets", "true");
    settings.put("log.format", "text");
    settings.put("log.level", "warn");
    return settings;
  }
}
