package io.yunfu.gateway.reconcile;

import java.util.Optional;

/// What a bill comes to for one sub-merchant. Unit: fen; of the fee a thousandth of a fen.
///
/// @param merchant the number here; empty: of nobody whom we know
/// @param channelNumber as the bill numbers it; empty where it does not
/// @param fee kept of payments, less what was given back with refunds
/// @param bookedPaid what the books have of the same payments: what the channel owes, before fees
/// @param bookedRefunded what the books have of the same refunds, those that have arrived
public record SubMerchantTotals(
    Optional<Long> merchant,
    String channelNumber,
    long payments,
    long paid,
    long paidSettlement,
    long refunds,
    long refunded,
    long refundedSettlement,
    long fee,
    long bookedPaid,
    long bookedRefunded) {

  /// What is left for the sub-merchant; unit: fen, the fee rounded half up.
  public long net() {
    return paidSettlement - refundedSettlement - feeFen();
  }

  /// Unit: fen, rounded half up.
  public long feeFen() {
    return Math.floorDiv(fee + 500, 1000);
  }
}
