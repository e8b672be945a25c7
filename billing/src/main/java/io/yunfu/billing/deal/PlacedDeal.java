package io.yunfu.billing.deal;

import io.yunfu.billing.product.Product;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A deal as the operator sees it: what was ordered, what it costs, and what has become of it.
///
/// @param packageId empty when it is in no package
/// @param payment absent until it is paid
public record PlacedDeal(
    DealId id,
    BigDealId bigDeal,
    int bigDealSize,
    String packageId,
    Uin owner,
    Uin creator,
    DealStatus status,
    Instant statusAt,
    Product.Key product,
    String action,
    String payMode,
    Deal.Price price,
    String timeUnit,
    Money payable,
    boolean vouchersAllowed,
    long projectId,
    List<NewDeal.Pair> info,
    String formula,
    String refReturnDeals,
    String zoneCode,
    List<String> targets,
    List<String> resources,
    Instant createdAt,
    Instant payUntil,
    Optional<Payment> payment) {

  /// How it was paid.
  ///
  /// @param agentPay the wire's `AgentPay`
  /// @param realTotalCost cents from the balance
  /// @param voucherDecline cents from the voucher
  /// @param voucher empty when there was none
  public record Payment(
      Uin payer,
      int agentPay,
      long realTotalCost,
      long voucherDecline,
      String voucher,
      String cpsUin,
      long posting,
      Instant paidAt) {}
}
