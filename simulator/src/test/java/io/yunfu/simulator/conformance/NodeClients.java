package io.yunfu.simulator.conformance;

import io.yunfu.simulator.json.Json;
import io.yunfu.testkit.NodePrograms;
import io.yunfu.testkit.Prerequisite;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;

/// Clients for Node: scripts in `src/test/clients`. Where there is no Node these tests fail, unless
/// they are left out by name.
final class NodeClients {
  private static final NodePrograms PROGRAMS = new NodePrograms("clients");

  private NodeClients() {}

  /// Runs a script to its end. It fails the test by failing.
  ///
  /// @param authority the certificate that it is to trust
  /// @param input what it is told, as JSON on its standard input
  static void run(String script, Path authority, Object input) {
    Prerequisite.NODE.leftOut().ifPresent(Assumptions::abort);
    PROGRAMS.run(
        script,
        List.of(),
        // Alipay's package writes times as the machine's clock shows them.
        Map.of("NODE_EXTRA_CA_CERTS", authority.toString(), "TZ", "Asia/Shanghai"),
        Json.text(input));
  }
}
