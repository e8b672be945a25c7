package io.yunfu.billing.delivery;

import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.deal.Deal;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A deal as its delivery sees it.
///
/// @param resources what was delivered already
/// @param term empty while the deal is unpaid
/// @param resourcePrefix of its product
/// @param provider of its product; empty is the built-in one
record Consignment(
    DealId deal,
    Uin owner,
    DealStatus status,
    String productCode,
    String subProductCode,
    String action,
    int quantity,
    List<String> targets,
    List<String> resources,
    Optional<Term> term,
    String resourcePrefix,
    String provider) {

  /// What leaves its owner; whoever gets it takes it with a move-in.
  private static final Set<String> ENDING = Set.of("refund", "preMoveOut", "postMoveOut");

  private static final Set<String> MOVING_IN = Set.of("preMoveIn", "postMoveIn");

  /// What a payment settled for a resource: who paid, how, and when.
  record Term(Uin payer, AgentPay mode, Instant paidAt) {}

  Term paidTerm() {
    return term.orElseThrow(() -> new IllegalStateException("deal " + deal + " is not paid"));
  }

  /// Whether it makes resources; everything else changes those it names as targets.
  boolean makesResources() {
    return action.equals(Deal.PURCHASE);
  }

  boolean endsResources() {
    return ENDING.contains(action);
  }

  boolean movesIn() {
    return MOVING_IN.contains(action);
  }

  /// Paid, and not at any end.
  boolean isUnderWay() {
    return status == DealStatus.PAID || status == DealStatus.DELIVERING;
  }
}
