package io.yunfu.billing.balance;

import io.yunfu.billing.account.Caller;
import io.yunfu.db.Cells;
import io.yunfu.ledger.Balance;
import io.yunfu.ledger.Ledger;

/// What an owner has, as it stands now.
public final class DescribeBalance {
  private final Cells cells;
  private final Ledger ledger;

  public DescribeBalance(Cells cells, Ledger ledger) {
    this.cells = cells;
    this.ledger = ledger;
  }

  /// The balance of the caller's owner; a sub-user has none of its own.
  public Balance of(Caller caller) {
    return cells
        .get(caller.cell())
        .database()
        .read(tx -> ledger.balance(tx, caller.owner()))
        .orElseThrow(
            () -> new IllegalStateException("owner " + caller.owner() + " has no account"));
  }
}
