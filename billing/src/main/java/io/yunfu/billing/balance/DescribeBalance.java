package io.yunfu.billing.balance;

import io.yunfu.billing.account.Caller;
import io.yunfu.db.Database;
import io.yunfu.kernel.CellId;
import io.yunfu.ledger.Balance;
import io.yunfu.ledger.Ledger;
import java.util.function.Function;

/// What an owner has, as it stands now.
public final class DescribeBalance {
  private final Function<CellId, Database> cells;
  private final Ledger ledger;

  public DescribeBalance(Function<CellId, Database> cells, Ledger ledger) {
    this.cells = cells;
    this.ledger = ledger;
  }

  /// The balance of the caller's owner; a sub-user has none of its own.
  public Balance of(Caller caller) {
    return cells
        .apply(caller.cell())
        // The account and its grants of temporary credit are two statements.
        .snapshot(tx -> ledger.balance(tx, caller.owner()))
        .orElseThrow(
            () -> new IllegalStateException("owner " + caller.owner() + " has no account"));
  }
}
