package io.yunfu.billing.delivery;

import io.yunfu.billing.account.Directory;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.billing.deal.Deals;
import io.yunfu.billing.deal.Whereabouts;
import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.CellId;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.Detail;
import io.yunfu.operator.Operator;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The operator has failed deals delivered again: 5 → 3, and back to the beginning of the queue
/// with all attempts to come. A product that has another provider by now goes there. The
/// idempotency key stays the same, so a provider that did deliver says so.
public final class RedeliverDeals {
  /// Deals of one transaction.
  private static final int BATCH = 500;

  private final Cells cells;
  private final Whereabouts whereabouts;
  private final Function<CellId, Delivery> deliveries;
  private final Clock clock;
  private final DeliveryStore store = new DeliveryStore();
  private final DeliveryListStore lists = new DeliveryListStore();
  private final AuditLog audit = new AuditLog();

  /// @param deliveries of each cell, to be woken
  public RedeliverDeals(Cells cells, Function<CellId, Delivery> deliveries, Clock clock) {
    this.cells = cells;
    this.whereabouts = new Whereabouts(cells);
    this.deliveries = deliveries;
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
  public Redelivered redeliver(Operator operator, Collection<DealId> deals) {
    var byCell = new LinkedHashMap<Cell, List<DealId>>();
    Map<DealId, Refused> refused = new LinkedHashMap<>();
    for (DealId deal : List.copyOf(deals).stream().distinct().sorted().toList()) {
      cellOf(deal)
          .ifPresentOrElse(
              cell -> byCell.computeIfAbsent(cell, unseen -> new ArrayList<>()).add(deal),
              () -> refused.put(deal, new Refused.NoSuchDeal()));
    }
    var queued = new ArrayList<DealId>();
    byCell.forEach((cell, its) -> {
      var done = redeliver(operator, cell, its);
      queued.addAll(done.queued());
      refused.putAll(done.refused());
    });
    return new Redelivered(queued, refused);
  }

  /// Has everything delivered again that has failed so far with one provider.
  ///
  /// @param provider empty for the built-in one
  /// @return how many deals are queued again
  public int redeliverAll(Operator operator, String provider) {
    Instant start = clock.instant();
    return cells.all().stream()
        .mapToInt(cell -> redeliverAll(operator, cell, provider, start))
        .sum();
  }

  private int redeliverAll(Operator operator, Cell cell, String provider, Instant start) {
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
      var batch = cell.database().read(tx -> lists.list(tx, failed, from, BATCH));
      if (batch.isEmpty() || batch.getFirst().queuedAt().isAfter(start)) {
        return queued;
      }
      var deals = batch.stream().map(ListDeliveries.QueuedDelivery::deal).sorted().toList();
      queued += redeliver(operator, cell, deals).queued().size();
      after = Optional.of(batch.getLast().position());
    }
  }

  /// In batches, so that no transaction locks very many.
  ///
  /// @param deals distinct, in order
  private Redelivered redeliver(Operator operator, Cell cell, List<DealId> deals) {
    var queued = new ArrayList<DealId>();
    Map<DealId, Refused> refused = new LinkedHashMap<>();
    for (int from = 0; from < deals.size(); from += BATCH) {
      var batch = deals.subList(from, Math.min(deals.size(), from + BATCH));
      var done = cell.database().inTransaction(tx -> requeue(tx, cell, operator, batch));
      queued.addAll(done.queued());
      refused.putAll(done.refused());
    }
    deliveries.apply(cell.id()).handOver(queued);
    return new Redelivered(queued, refused);
  }

  private Redelivered requeue(Transaction tx, Cell cell, Operator operator, List<DealId> deals) {
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
    Instant now = clock.instant();
    store.requeue(tx, again, now);
    for (Consignment deal : again) {
      audit.write(
          tx,
          cell.ids(),
          now,
          operator,
          "deal.redeliver",
          Deals.subject(deal.deal()),
          Detail.of("provider", deal.provider()));
    }
    return new Redelivered(again.stream().map(Consignment::deal).toList(), refused);
  }

  private Optional<Cell> cellOf(DealId deal) {
    return whereabouts.find(
        Directory.Foreign.DEAL,
        deal.value(),
        cell ->
            cell.database().read(tx -> store.exists(tx, deal))
                ? Optional.of(cell)
                : Optional.empty());
  }
}
