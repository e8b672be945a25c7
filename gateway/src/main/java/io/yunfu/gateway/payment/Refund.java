package io.yunfu.gateway.payment;

import io.yunfu.kernel.Money;
import java.time.Instant;
import java.util.Optional;

/// A refund at rest.
///
/// @param payment the order's number
/// @param settlement what of the amount the merchant gave: all but what goes back into its own
///   coupons; empty until it has arrived
/// @param transactionId of a second payment that goes back: it does not count against the order
public record Refund(
    long id,
    String outRefundNo,
    long payment,
    long merchant,
    RefundState state,
    boolean isTransforming,
    Money amount,
    Optional<Money> settlement,
    RefundDetails details,
    Optional<String> transactionId,
    Optional<String> channelRefundId,
    Optional<RefundFacts> facts,
    String stateText,
    Instant createdAt,
    Instant updatedAt,
    Optional<Instant> sentAt,
    Optional<Instant> succeededAt,
    int looks) {

  /// A refund that nobody has asked its channel for yet.
  static Refund stored(
      PaymentOrder order,
      long id,
      String outRefundNo,
      Money amount,
      RefundDetails details,
      Optional<String> transactionId,
      Instant now) {
    return new Refund(
        id,
        outRefundNo,
        order.id(),
        order.merchant(),
        RefundState.STORED,
        true,
        amount,
        Optional.empty(),
        details,
        transactionId,
        Optional.empty(),
        Optional.empty(),
        "",
        now,
        now,
        Optional.empty(),
        Optional.empty(),
        0);
  }
}
