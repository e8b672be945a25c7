package io.yunfu.billing.balance;

import io.yunfu.billing.account.Directory;
import io.yunfu.db.Cells;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Balance;
import io.yunfu.ledger.Ledger;
import io.yunfu.ledger.Posting;
import java.util.List;
import java.util.Optional;

/// What an account has, and everything that moved it.
public final class Statements {
  private final Directory directory;
  private final Ledger ledger = new Ledger();

  public Statements(Cells cells) {
    this.directory = new Directory(cells);
  }

  public Optional<Balance> balance(Uin uin) {
    return directory
        .cellOf(uin)
        .flatMap(cell -> cell.database().read(tx -> ledger.balance(tx, uin)));
  }

  /// The postings of an account, newest first, with all their legs: those of other accounts in the
  /// same posting too.
  ///
  /// @param before the last id of the page before
  public List<Posting> postings(Uin uin, Posting.Filter filter, Optional<Long> before, int limit) {
    long above = before.orElse(Long.MAX_VALUE);
    return directory
        .cellOf(uin)
        .map(cell -> cell.database().read(tx -> ledger.postings(tx, uin, filter, above, limit)))
        .orElse(List.of());
  }
}
