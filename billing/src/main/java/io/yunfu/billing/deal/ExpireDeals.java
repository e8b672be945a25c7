package io.yunfu.billing.deal;

import io.yunfu.db.Cell;
import io.yunfu.db.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Ends purchases whose deadline has passed, cell by cell, a bounded number at a time. The whole
/// big deal expires, since its deals are sold together. PayDeals looks at the deadline itself, so a
/// sweep that is late lets nobody pay too late.
public final class ExpireDeals {
  /// Small, so that a sweep never holds many rows that a payment wants.
  public static final int BATCH = 200;

  private final InstantSource clock;
  private final LifeStore store = new LifeStore();

  public ExpireDeals(InstantSource clock) {
    this.clock = clock;
  }

  /// One batch. A big deal of which somebody holds a row is left for the next time.
  ///
  /// @return how many deals were ended; 0 when there are no more, or all are held
  public int sweep(Cell cell) {
    Instant now = clock.instant();
    return cell.database().inTransaction(tx -> sweep(tx, now));
  }

  private int sweep(Transaction tx, Instant now) {
    var bigDeals = store.overdue(tx, now, BATCH);
    if (bigDeals.isEmpty()) {
      return 0;
    }
    Map<BigDealId, List<LifeStore.Candidate>> found =
        store.lockFree(tx, bigDeals).stream()
            .collect(
                Collectors.groupingBy(
                    LifeStore.Candidate::bigDeal, LinkedHashMap::new, Collectors.toList()));
    var overdue =
        found.values().stream()
            .filter(deals -> deals.size() == deals.getFirst().bigDealSize())
            .flatMap(List::stream)
            .filter(deal -> deal.status() == DealStatus.UNPAID)
            .map(LifeStore.Candidate::id)
            .toList();
    if (!overdue.isEmpty()) {
      store.move(tx, overdue, DealStatus.UNPAID, DealStatus.EXPIRED, now);
    }
    return overdue.size();
  }
}
