package io.yunfu.demo;

import io.yunfu.server.ConfigurationOptions;
import io.yunfu.server.Main;
import io.yunfu.server.observe.Logging;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.node.ObjectNode;

/// `yunfu demo`: a whole server on loopback with a database of its own, sample data and simulated
/// channels, to try things out. Nothing else is pretended: it is the production server with a real
/// database and real signatures.
@Command(
    name = "yunfu demo",
    description = {
      "Starts a server with its own database, sample data and simulated channels on loopback, and"
          + " says what to try.",
      "DIR/demo.json has all addresses, keys and ids, once everything answers.",
      "A second demo on the same directory keeps what is there."
    },
    mixinStandardHelpOptions = true)
final class Demo implements Callable<Integer> {
  private static final int LAST_PORT = 65_535;

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

  @Option(
      names = "--simulator-port",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "The port of the simulator's pages. The simulated channels listen on the four after it:"
              + " WeChat Pay over http and https, Alipay over http and https. Default: free ones.")
  private int simulatorPort;

  @Option(
      names = "--shop-port",
      paramLabel = "N",
      defaultValue = "0",
      description = "The port of the sample shop. Default: a free one.")
  private int shopPort;

  @Mixin private ConfigurationOptions options;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws InterruptedException {
    requirePort("--port", port, LAST_PORT);
    requirePort("--simulator-port", simulatorPort, LAST_PORT - SampleChannels.CHANNEL_PORTS);
    requirePort("--shop-port", shopPort, LAST_PORT);
    PrintWriter out = spec.commandLine().getOut();
    // Mistakes in the settings are found before anything starts.
    Logging.configure(options.read(WholeDemo.LOG).log());
    out.println("Starting the database, the server and the simulator in " + data + " ...");
    out.flush();
    var ports = new WholeDemo.Ports(port, simulatorPort, shopPort);
    var whole = new WholeDemo(data, ports, Clock.systemUTC());
    Main.stopOnSignal(whole);
    describe(whole.start(options::read), out);
    out.flush();
    new CountDownLatch(1).await();
    return 0;
  }

  private void requirePort(String option, int given, int last) {
    if (given < 0 || given > last) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "%s is from 0 to %d, not %d".formatted(option, last, given));
    }
  }

  /// What to look at and to try, for the person at the terminal.
  private void describe(ObjectNode demo, PrintWriter out) {
    out.printf("%nYunfu is ready.%n%n");
    out.printf("  Shop             %s%n", demo.get("shop").asString());
    out.printf("  API              %s%n", demo.get("api").asString());
    out.printf("  Cloud Pay        %s%n", demo.get("cpay").asString());
    out.printf("  Console          %s%n", demo.get("console").asString());
    out.printf("  Operator's API   %s%n", demo.get("admin").get("url").asString());
    out.printf("  Cashier          %s%n", cashier(demo));
    out.printf("  Keys and ids     %s%n%n", new DemoFile(data).path());
    for (var account : demo.get(SampleData.ACCOUNTS)) {
      out.printf(
          "  %-6s account    %s, SecretId %s%n",
          account.get("edition").asString(),
          account.get("uin").asString(),
          account.get("secretId").asString());
    }
    out.printf(
        """

        Try next:
          open the shop in a browser                  pay in WeChat and in Alipay, top up an account
          README.md, "Pay a first deal"               with curl and with the vendor's Java SDK
          ./yunfu admin --demo %s accounts list
        Stop with Ctrl-C; then audit the books:
          ./yunfu verify --data %s
        """,
        data, data);
  }

  /// Where a person pays as a user of a channel.
  private static URI cashier(ObjectNode demo) {
    return URI.create(demo.get("simulator").asString()).resolve("/_sim/cashier");
  }
}
