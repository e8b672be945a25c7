package io.yunfu.billing.delivery;

import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.deal.Deal;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.db.Pipeline;
import io.yunfu.db.Transaction;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Purchases that the built-in provider delivers in the transaction that pays them: it asks nobody,
/// so there is nothing to wait for, and a payment costs one commit instead of two. What does not
/// fit goes through the queue like everything else. One object is one transaction's.
///
/// A crash before the commit leaves neither payment nor delivery, and one after it both.
public final class AtOnce {
  /// Deals of more resources go through the queue, so that they hold up nobody's payment; so do
  /// those for which the transaction has no more room.
  static final int MOST_PER_DEAL = 20;

  private final Map<DealId, List<String>> resources = new LinkedHashMap<>();

  /// By resource.
  private final TreeMap<String, Consignment> made = new TreeMap<>();

  private Pipeline.@Nullable Count making;

  /// A purchase that this transaction pays.
  public record Purchase(
      DealId deal,
      Uin owner,
      String productCode,
      String subProductCode,
      int quantity,
      String resourcePrefix,
      Uin payer,
      AgentPay mode,
      Instant paidAt) {}

  /// Makes the resources of a purchase, if it can be delivered so.
  public void make(Purchase purchase) {
    if (purchase.quantity() > MOST_PER_DEAL
        || made.size() + purchase.quantity() > DeliverDeals.MOST_RESOURCES) {
      return;
    }
    var ids = new ArrayList<String>(purchase.quantity());
    for (int ordinal = 0; ordinal < purchase.quantity(); ordinal++) {
      String id = ResourceIds.make(purchase.resourcePrefix(), purchase.deal(), ordinal, 0);
      if (made.containsKey(id) || ids.contains(id)) {
        return; // the queue gives one of the two another id
      }
      ids.add(id);
    }
    var deal = consignment(purchase);
    ids.forEach(id -> made.put(id, deal));
    resources.put(purchase.deal(), List.copyOf(ids));
  }

  private static Consignment consignment(Purchase purchase) {
    return new Consignment(
        purchase.deal(),
        purchase.owner(),
        DealStatus.PAID,
        purchase.productCode(),
        purchase.subProductCode(),
        Deal.PURCHASE,
        purchase.quantity(),
        List.of(),
        List.of(),
        Optional.of(new Consignment.Term(purchase.payer(), purchase.mode(), purchase.paidAt())),
        purchase.resourcePrefix(),
        "");
  }

  /// Has the resources written with whatever else the transaction writes. The deals themselves are
  /// the payment's to write: status 4, with the ids of [#make].
  public void write(Pipeline pipeline, Instant now) {
    if (!made.isEmpty()) {
      making = DeliveryStore.makeResources(pipeline, made, now);
    }
  }

  /// After the pipeline: an id that turns out to be another deal's, one in a million, sends its
  /// deal back to the queue, in the same transaction.
  ///
  /// @return what is delivered in the end
  public Map<DealId, List<String>> settle(Transaction tx, Instant now) {
    if (making != null && making.count() < made.size()) {
      var failed = new LinkedHashSet<DealId>();
      var taken = DeliveryStore.ofOthers(tx, made);
      made.forEach((id, deal) -> {
        if (taken.contains(id)) {
          failed.add(deal.deal());
        }
      });
      failed.forEach(resources::remove);
      var undone = new TreeMap<>(made);
      undone.values().removeIf(deal -> !failed.contains(deal.deal()));
      DeliveryStore.backToTheQueue(tx, failed, undone, now);
    }
    return Map.copyOf(resources);
  }

  /// Whether a deal is delivered so.
  public boolean holds(DealId deal) {
    return resources.containsKey(deal);
  }

  /// The ids of such a deal's resources, as one text for SQL.
  public String joined(DealId deal) {
    return ResourceIds.join(resources.getOrDefault(deal, List.of()));
  }
}
