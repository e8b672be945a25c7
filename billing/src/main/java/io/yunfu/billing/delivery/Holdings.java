package io.yunfu.billing.delivery;

import io.yunfu.billing.deal.DealId;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/// The resources that a batch of deliveries touches: those in the database, locked, and what the
/// batch makes of them, carried from deal to deal. Pure: it decides who may have what.
final class Holdings {
  private final Map<String, Held> held = new HashMap<>();
  private final Set<String> taken;
  private final TreeMap<String, Consignment> made = new TreeMap<>();
  private final TreeMap<String, Consignment> changed = new TreeMap<>();

  /// A resource and the deal of its current term.
  record Held(String resource, Uin owner, DealId deal, Instant paidAt, boolean ended) {}

  /// Begins with what is in the database.
  ///
  /// @param taken ids that are known to belong to other deals, without being locked
  Holdings(Collection<Held> known, Set<String> taken) {
    known.forEach(one -> held.put(one.resource(), one));
    this.taken = taken;
  }

  /// Ids for what a purchase makes with the built-in provider. Two deals that would get the same id
  /// are one in a million; then the later one gets its next.
  List<String> make(Consignment purchase) {
    var ids = new ArrayList<String>(purchase.quantity());
    for (int ordinal = 0; ordinal < purchase.quantity(); ordinal++) {
      int turn = 0;
      String id = ResourceIds.make(purchase.resourcePrefix(), purchase.deal(), ordinal, turn);
      while (taken.contains(id) || ids.contains(id) || isOfAnother(purchase, id)) {
        id = ResourceIds.make(purchase.resourcePrefix(), purchase.deal(), ordinal, ++turn);
      }
      ids.add(id);
    }
    return ids;
  }

  private boolean isOfAnother(Consignment purchase, String id) {
    Held one = held.get(id);
    return one != null && !one.deal().equals(purchase.deal());
  }

  /// Why a deal may not end with these resources; empty when it may.
  Optional<String> objection(Consignment deal, Collection<String> resources) {
    return resources.stream().flatMap(id -> objection(deal, id).stream()).findFirst();
  }

  private Optional<String> objection(Consignment deal, String resource) {
    Held one = held.get(resource);
    if (deal.makesResources()) {
      return one == null || one.deal().equals(deal.deal())
          ? Optional.empty()
          : Optional.of("resource " + resource + " exists already");
    }
    boolean mayHave =
        one == null || one.owner().equals(deal.owner()) || (deal.movesIn() && one.ended());
    return mayHave
        ? Optional.empty()
        : Optional.of("resource " + resource + " belongs to another owner");
  }

  /// Gives a deal its resources. A term is replaced by that of a deal that was paid later, never by
  /// one that was paid earlier and only delivered later.
  void give(Consignment deal, Collection<String> resources) {
    var term = deal.paidTerm();
    for (String resource : resources) {
      Held before = held.get(resource);
      if (deal.makesResources()) {
        if (before == null) {
          made.put(resource, deal);
        }
      } else if (before == null || !term.paidAt().isBefore(before.paidAt())) {
        changed.put(resource, deal);
      } else {
        continue;
      }
      held.put(
          resource,
          new Held(resource, deal.owner(), deal.deal(), term.paidAt(), deal.endsResources()));
    }
  }

  /// New resources, ascending. One that is made and changed in the same batch is only in
  /// [#changed], which inserts as well.
  SortedMap<String, Consignment> made() {
    var only = new TreeMap<>(made);
    only.keySet().removeAll(new HashSet<>(changed.keySet()));
    return only;
  }

  /// Resources with a new term, ascending.
  SortedMap<String, Consignment> changed() {
    return changed;
  }
}
