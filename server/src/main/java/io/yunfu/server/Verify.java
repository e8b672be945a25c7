package io.yunfu.server;

import io.yunfu.billing.audit.BillingAuditStore;
import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.gateway.audit.GatewayAuditStore;
import io.yunfu.ledger.Finding;
import io.yunfu.ledger.LedgerAuditStore;
import io.yunfu.server.observe.Logging;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `yunfu verify`: audits the books of every cell in one snapshot each, so it is right beside a
/// running server as well.
@Command(
    name = "verify",
    description = {
      "Audits the books: every rule that must always hold, in every cell.",
      "Exit status 0: all hold. 3: at least one is broken. 1 or 2: could not be asked."
    },
    mixinStandardHelpOptions = true)
final class Verify implements Callable<Integer> {
  static final int EXIT_BROKEN = 3;

  @Mixin private ConfigurationOptions options;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "The directory of an installation with an embedded database, such as a demo's.")
  private Optional<Path> data = Optional.empty();

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    var more = new HashMap<>(Map.of("log.level", "warn", "log.format", "text"));
    data.ifPresent(directory -> more.put("data.directory", directory.toString()));
    var configuration = options.read(more);
    Logging.configure(configuration.log());
    try (var home = DatabaseHome.lookInto(configuration);
        var cells = Cells.open(home.settings(), configuration.cells().count())) {
      return report(cells, spec.commandLine().getOut()) ? 0 : EXIT_BROKEN;
    }
  }

  /// Prints what is broken.
  ///
  /// @return whether nothing is
  static boolean report(Cells cells, PrintWriter out) {
    boolean sound = true;
    for (Cell cell : cells.all()) {
      List<Finding> findings = findings(cell);
      for (Finding finding : findings) {
        out.printf(
            "%s: %s: %s: %s%n", cell.id(), finding.rule(), finding.subject(), finding.detail());
      }
      out.printf(
          "%s: %s%n",
          cell.id(), findings.isEmpty() ? "every rule holds" : findings.size() + " findings");
      sound &= findings.isEmpty();
    }
    out.flush();
    return sound;
  }

  static List<Finding> findings(Cell cell) {
    return cell.database()
        .snapshot(tx -> {
          var findings = new ArrayList<Finding>();
          findings.addAll(new LedgerAuditStore().findings(tx));
          findings.addAll(new BillingAuditStore().findings(tx));
          findings.addAll(new GatewayAuditStore().findings(tx));
          return findings;
        });
  }
}
