package io.yunfu.billing.pay;

import io.yunfu.db.Database;
import io.yunfu.kernel.CellId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where commands become durable outcomes: each in the cell of its caller.
public final class PayEngine {
  private final PayBatch batch = new PayBatch();
  private final Map<CellId, Database> cells;

  public PayEngine(Map<CellId, Database> cells) {
    this.cells = Map.copyOf(cells);
  }

  /// Carries one command out. When this returns [PayOutcome.Paid], the payment is durable.
  ///
  /// @throws io.yunfu.db.DatabaseAway when nothing has changed and a retry may help
  /// @throws io.yunfu.db.OutcomeUnknown when the database was lost at the commit
  public PayOutcome pay(PayCommand command) {
    Database database =
        Optional.ofNullable(cells.get(command.caller().cell()))
            .orElseThrow(() -> new IllegalArgumentException("no cell " + command.caller().cell()));
    return database.inTransaction(tx -> batch.run(tx, List.of(command)).getFirst());
  }
}
