package io.yunfu.billing.delivery;

import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.db.Database;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The operator has failed deals delivered again: 5 → 3, and back to the beginning of the queue
/// with all attempts to come. A product that has another provider by now goes there. The
/// idempotency key stays the same, so a provider that did deliver says so.
public final class RedeliverDeals {
  /// Deals of one transaction.
  private static final int BATCH = 500;

  private final Database database;
  private final Delivery delivery;
  private final Clock clock;
  private final DeliveryStore store = new DeliveryStore();
  private final DeliveryListStore lists = new DeliveryListStore();

  /// Of one cell.
  public RedeliverDeals(Database database, Delivery delivery, Clock clock) {
    this.database = database;
    this.delivery = delivery;
    this.clock = clock;
  }

  /// What became of a request: deals that are queued again, and why others are not.
  public record Redelivered(List<DealId> queued, Map<DealId, Refused> refused) {}

  /// Why a deal is not delivered again.
  public sealed interface Refused {
    record NoSuchDeal() implements Refused {}

    /// Only what has failed can be delivered again.
    record NotFailed(DealStatus status) implements Refused {}
  }

  /// Has these deals delivered again, those that have failed.
  public Redelivered redeliver(Collection<DealId> deals) {
    var queued = new ArrayList<DealId>();
    Map<DealId, Refused> refused = new LinkedHashMap<>();
    var distinct = List.copyOf(deals).stream().distinct().sorted().toList();
    for (int from = 0; from < distinct.size(); from += BATCH) {
      var batch = distinct.subList(from, Math.min(distinct.size(), from + BATCH));
      var done = requeue(batch);
      queued.addAll(done.queued());
      refused.putAll(done.refused());
    }
    delivery.handOver(queued);
    return new Redelivered(queued, refused);
  }

  /// Has everything delivered again that has failed so far with one provider.
  ///
  /// @param provider empty for the built-in one
  /// @return how many deals are queued again
  public int redeliverAll(String provider) {
    Instant start = clock.instant();
    var failed =
        new ListDeliveries.Filter(
            Optional.of(QueueState.FAILED),
            Optional.of(provider),
            Optional.empty(),
            Optional.empty());
    Optional<ListDeliveries.Position> after = Optional.empty();
    int queued = 0;
    while (true) {
      var from = after;
      var batch = database.read(tx -> lists.list(tx, failed, from, BATCH));
      if (batch.isEmpty() || batch.getFirst().queuedAt().isAfter(start)) {
        return queued;
      }
      queued +=
          redeliver(batch.stream().map(ListDeliveries.QueuedDelivery::deal).toList())
              .queued()
              .size();
      after = Optional.of(batch.getLast().position());
    }
  }

  private Redelivered requeue(List<DealId> deals) {
    return database.inTransaction(tx -> {
      var again = new ArrayList<Consignment>();
      Map<DealId, Refused> refused = new LinkedHashMap<>();
      deals.forEach(deal -> refused.put(deal, new Refused.NoSuchDeal()));
      for (Consignment deal : store.lock(tx, deals, true).deals()) {
        if (deal.status() == DealStatus.DELIVERY_FAILED) {
          refused.remove(deal.deal());
          again.add(deal);
        } else {
          refused.put(deal.deal(), new Refused.NotFailed(deal.status()));
        }
      }
      store.requeue(tx, again, clock.instant());
      return new Redelivered(again.stream().map(Consignment::deal).toList(), refused);
    });
  }
}
