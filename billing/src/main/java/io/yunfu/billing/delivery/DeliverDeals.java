package io.yunfu.billing.delivery;

import io.yunfu.billing.deal.DealId;
import io.yunfu.db.Database;
import io.yunfu.db.Transaction;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Takes paid deals one step further, many in one transaction: with the built-in provider to their
/// end, with an HTTP provider into its queue. Lock, decide, write; nobody outside is called.
///
/// A crash anywhere before the commit changes nothing, and the next run does the same again: the
/// ids of what is made follow from the deal.
final class DeliverDeals {
  /// A deal that our own mistake keeps from being delivered is given up after this many tries, so
  /// that a person sees it.
  static final int MOST_FAULTS = 10;

  /// Bounds a transaction by what it makes, since one deal may make [ResourceIds#MOST_PER_DEAL]
  /// resources.
  static final int MOST_RESOURCES = 10_000;

  /// More rounds of colliding resource ids than chance could ever bring.
  private static final int MOST_COLLISIONS = 20;

  private final Database database;
  private final DeliveryStore store;
  private final Clock clock;
  private final Backoff backoff;

  DeliverDeals(Database database, DeliveryStore store, Clock clock, Backoff backoff) {
    this.database = database;
    this.store = store;
    this.clock = clock;
    this.backoff = backoff;
  }

  /// @param results deals that have reached an end, now or before
  /// @param routed how many deals went into the queues of HTTP providers
  /// @param left deals for which this transaction had no more room
  record Step(Map<DealId, DeliveryResult> results, int routed, List<DealId> left) {}

  List<DealId> due(Instant paidBefore, int limit) {
    return database.read(tx -> store.due(tx, clock.instant(), paidBefore, limit));
  }

  /// One step for all of these deals.
  ///
  /// @param inHurry waits for deals that somebody else holds, instead of leaving them for later
  Step deliver(Collection<DealId> deals, boolean inHurry) {
    Set<String> taken = new HashSet<>();
    for (int round = 1; ; round++) {
      try {
        return database.inTransaction(tx -> deliver(tx, deals, inHurry, taken));
      } catch (DeliveryStore.ResourcesTaken e) {
        if (round == MOST_COLLISIONS) {
          throw new IllegalStateException("resource ids collide again and again: " + e.ids(), e);
        }
        taken.addAll(e.ids());
      }
    }
  }

  /// Notes that a deal could not be taken further because of a fault in here, and puts it off.
  Step putOff(DealId deal, String fault) {
    return database.inTransaction(tx -> {
      var changes = new DeliveryChanges(clock.instant());
      var locked = store.lock(tx, List.of(deal), true);
      for (Consignment one : locked.deals()) {
        QueueRow row = locked.rows().get(one.deal());
        if (row != null && row.isFresh() && one.isUnderWay()) {
          putOff(one, row, "Internal error: " + fault, changes);
        }
      }
      store.write(tx, changes, new Holdings(List.of(), Set.of()));
      return new Step(changes.results(), 0, List.of());
    });
  }

  private void putOff(Consignment deal, QueueRow row, String error, DeliveryChanges changes) {
    int faults = row.failures() + 1;
    if (faults >= MOST_FAULTS) {
      changes.fail(deal, row, error);
    } else {
      changes.put(row.retried(error, changes.now().plus(backoff.after(faults))));
    }
  }

  private Step deliver(Transaction tx, Collection<DealId> ids, boolean inHurry, Set<String> taken) {
    var locked = store.lock(tx, ids, inHurry);
    var deals = new ArrayList<>(locked.deals());
    // The terms of a resource follow each other in the order they were paid for.
    deals.sort(
        Comparator.comparing((Consignment deal) ->
                deal.term().map(Consignment.Term::paidAt).orElse(Instant.EPOCH))
            .thenComparing(Consignment::deal));
    var holdings = new Holdings(store.lockResources(tx, targets(deals)), taken);
    var changes = new DeliveryChanges(clock.instant());
    var left = new ArrayList<DealId>();
    int routed = 0;
    int resources = 0;
    for (Consignment deal : deals) {
      QueueRow row = locked.rows().get(deal.deal());
      if (row == null) {
        alreadyDecided(deal, changes);
      } else if (row.isFresh() && !deal.isUnderWay()) {
        changes.put(row.failed("The deal is in status " + deal.status(), changes.now()));
      } else if (row.isFresh() && !deal.provider().isEmpty()) {
        changes.route(deal, row);
        routed++;
      } else if (row.isFresh() && resources > 0 && resources + deal.quantity() > MOST_RESOURCES) {
        left.add(deal.deal());
      } else if (row.isFresh()) {
        resources += deliver(deal, row, holdings, changes);
      } // else it stands in the queue of an HTTP provider, or in the operator's list
    }
    store.write(tx, changes, holdings);
    return new Step(changes.results(), routed, left);
  }

  /// The built-in provider.
  ///
  /// @return how many resources the deal has now
  private static int deliver(
      Consignment deal, QueueRow row, Holdings holdings, DeliveryChanges changes) {
    if (deal.makesResources() && deal.quantity() > ResourceIds.MOST_PER_DEAL) {
      changes.fail(deal, row, "A deal makes at most " + ResourceIds.MOST_PER_DEAL + " resources");
      return 0;
    }
    List<String> resources = deal.makesResources() ? holdings.make(deal) : deal.targets();
    var objection = holdings.objection(deal, resources);
    if (resources.isEmpty()) {
      changes.fail(deal, row, "The deal names no resource to " + deal.action());
    } else if (objection.isPresent()) {
      changes.fail(deal, row, "Refused: " + objection.get());
    } else {
      holdings.give(deal, resources);
      changes.deliver(deal, resources);
    }
    return resources.size();
  }

  private static void alreadyDecided(Consignment deal, DeliveryChanges changes) {
    var result = DeliveryStore.result(deal.status(), deal.resources());
    if (!(result instanceof DeliveryResult.Pending)) {
      changes.results().put(deal.deal(), result);
    }
  }

  private static List<String> targets(List<Consignment> deals) {
    return deals.stream()
        .filter(deal -> !deal.makesResources() && deal.provider().isEmpty())
        .flatMap(deal -> deal.targets().stream())
        .toList();
  }
}
