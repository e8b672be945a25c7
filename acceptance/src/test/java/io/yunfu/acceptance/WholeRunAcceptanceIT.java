package io.yunfu.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// Looks back on everything that the other tests have done, so it runs last: ends the demo, audits
/// its books, and looks for secrets in all that was ever printed.
@Isolated("Isolated classes run after all others")
class WholeRunAcceptanceIT {
  /// What an Authorization header, a digest or a key looks like.
  private static final List<Pattern> SHAPES =
      List.of(
          Pattern.compile("Signature=[0-9a-f]{8}"),
          Pattern.compile("(?i)bearer [\\w.~+/-]{8}"),
          // The fingerprint of the simulator's authority is no secret.
          Pattern.compile("(?<!_fingerprint\":\")\\b[0-9a-fA-F]{64}\\b"));

  private final DemoServer demo = DemoServer.shared();

  @Test
  void after_all_of_it_the_demo_stops_cleanly_its_books_balance_and_no_secret_was_printed()
      throws Exception {
    // Something to find, also when this test runs alone.
    Customer customer = demo.operator().customer(Edition.CHINA, 1_000);
    CallV3.post(customer.key(), "PayDeals", demo.operator().order(customer, 100).json())
        .to(demo.port());
    orderCoffee();
    List<ProcessHandle> started = demo.program().descendants();
    demo.program().terminate();
    Program.Ended ended = demo.program().ended();
    assertThat(ended.status()).as(ended.err()).isZero();
    Scratch.requireEnded(started);
    assertThat(Scratch.database(demo.data())).isEmpty();

    Program.Ended audit =
        Program.run(
            Scratch.directory(),
            Program.withCells(Map.of("YUNFU_DATA_DIRECTORY", demo.data().toString())),
            "verify");
    assertThat(audit.status()).as("%s%s", audit.out(), audit.err()).isZero();

    for (Program program : Program.all()) {
      requireNoSecret(program);
    }
  }

  /// Over both channels, well and not.
  private void orderCoffee() throws Exception {
    try (var http = new Http()) {
      String simulator = demo.json().get("simulator").asString();
      for (PayChannel channel : PayChannel.values()) {
        String order = "{\"kind\":\"coffee\",\"channel\":\"%s\"}".formatted(channel.code());
        http.send("POST", demo.json().get("shop").asString() + "sales", order).wellDone();
        String fault =
            "{\"channel\":\"%s\",\"op\":\"%s\",\"times\":1,\"effect\":{\"kind\":\"sign\",\"fault\":\"bad\"}}"
                .formatted(channel.code(), channel.create);
        http.send("POST", simulator + "/_sim/faults", fault).wellDone();
        http.send("POST", demo.json().get("shop").asString() + "sales", order);
      }
    }
  }

  private static void requireNoSecret(Program program) {
    // A command of the operator answers with the key that it has made, or taken.
    String printed = (program.isCommand() ? "" : program.out()) + program.err();
    var secrets = new TreeSet<>(Secrets.all());
    if (program.isSimulator()) {
      secrets.removeAll(Secrets.ofChannels());
    } else {
      secrets.addAll(Secrets.ofChannels());
    }
    var found = new TreeSet<String>();
    for (String secret : secrets) {
      if (printed.contains(secret)) {
        found.add(secret);
      }
    }
    assertThat(found).as("secrets that %s has printed", program).isEmpty();
    for (Pattern shape : SHAPES) {
      assertThat(shape.matcher(printed).results().map(result -> result.group()))
          .as("what looks like a secret in what %s has printed", program)
          .isEmpty();
    }
  }
}
