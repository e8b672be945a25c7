package io.yunfu.billing.deal;

import io.yunfu.db.Cell;
import io.yunfu.db.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Looks at deals whose time has come, cell by cell, a bounded number at a time.
///
/// A purchase whose deadline has passed unpaid expires. The whole big deal does, since its deals
/// are sold together. PayDeals looks at the deadline itself, so a sweep that is late lets nobody
/// pay too late.
///
/// A deal that was left in status 12, paying, five minutes ago is payable again. Our own payment is
/// one transaction and leaves none there.
public final class DueDeals {
  /// Small, so that a sweep never holds many rows that a payment wants.
  public static final int BATCH = 200;

  private final InstantSource clock;
  private final LifeStore store = new LifeStore();

  public DueDeals(InstantSource clock) {
    this.clock = clock;
  }

  /// One batch. A big deal of which somebody holds a row is left for the next time.
  ///
  /// @return how many deals were looked at; 0 when there are no more, or all are held
  public int sweep(Cell cell) {
    Instant now = clock.instant();
    return cell.database().inTransaction(tx -> sweep(tx, now));
  }

  private int sweep(Transaction tx, Instant now) {
    var due = store.due(tx, now, BATCH);
    var held = new HashSet<DealId>();
    held.addAll(expire(tx, of(DealStatus.UNPAID, due, now), now));
    held.addAll(recover(tx, of(DealStatus.PAYING, due, now), now));
    var done = due.stream().filter(look -> !held.contains(look.deal())).toList();
    if (!done.isEmpty()) {
      store.forget(tx, done);
    }
    return done.size();
  }

  /// Those that are still as they were when their time was set.
  private static List<LifeStore.Due> of(DealStatus status, List<LifeStore.Due> due, Instant now) {
    return due.stream()
        .filter(look -> look.status() == status && !look.endsAt().isAfter(now))
        .toList();
  }

  /// @return those that somebody holds
  private Set<DealId> expire(Transaction tx, List<LifeStore.Due> overdue, Instant now) {
    if (overdue.isEmpty()) {
      return Set.of();
    }
    Map<BigDealId, List<LifeStore.Candidate>> found =
        store
            .lockFree(tx, overdue.stream().map(look -> look.bigDeal().value()).distinct().toList())
            .stream()
            .collect(
                Collectors.groupingBy(
                    LifeStore.Candidate::bigDeal, LinkedHashMap::new, Collectors.toList()));
    found.values().removeIf(deals -> deals.size() < deals.getFirst().bigDealSize());
    var unpaid = new ArrayList<DealId>();
    found.values().stream()
        .flatMap(List::stream)
        .filter(deal -> deal.status() == DealStatus.UNPAID)
        .forEach(deal -> unpaid.add(deal.id()));
    if (!unpaid.isEmpty()) {
      store.move(tx, unpaid, DealStatus.UNPAID, DealStatus.EXPIRED, now);
    }
    return overdue.stream()
        .filter(look -> !found.containsKey(look.bigDeal()))
        .map(LifeStore.Due::deal)
        .collect(Collectors.toSet());
  }

  /// @return those that somebody holds
  private Set<DealId> recover(Transaction tx, List<LifeStore.Due> left, Instant now) {
    if (left.isEmpty()) {
      return Set.of();
    }
    var held =
        left.stream().map(LifeStore.Due::deal).collect(Collectors.toCollection(HashSet::new));
    store.recover(tx, List.copyOf(held), now).forEach(held::remove);
    return held;
  }
}
