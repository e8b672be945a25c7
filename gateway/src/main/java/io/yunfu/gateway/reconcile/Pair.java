package io.yunfu.gateway.reconcile;

import io.yunfu.gateway.channel.BillRow;
import io.yunfu.gateway.payment.OrderState;
import io.yunfu.gateway.payment.RefundState;
import java.util.Optional;

/// A line of a bill, and what of ours it is.
///
/// @param nth how often the bill has had the same payment or refund, this line included
/// @param order that the channel's number, or else ours, leads to
/// @param refund that the line of a refund leads to
record Pair(BillRow row, long line, long nth, Optional<Order> order, Optional<Back> refund) {

  /// What we know of an order. Amounts in the smallest unit of its currency.
  ///
  /// @param transactionId empty: not known
  /// @param settlement what the channel owes of it, before its fee; 0 before it is paid
  record Order(
      long id,
      OrderState state,
      String transactionId,
      long total,
      long settlement,
      String currency,
      long merchant,
      String appId,
      int feePpm) {}

  /// What we know of a refund.
  ///
  /// @param settlement what the merchant gave of it; 0 before it has arrived
  record Back(long id, RefundState state, long amount, long settlement, long feeBack) {}
}
