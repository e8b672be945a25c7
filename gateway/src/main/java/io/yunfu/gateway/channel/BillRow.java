package io.yunfu.gateway.channel;

import java.time.Instant;
import java.util.Optional;

/// One line of a channel's bill. Amounts are never below zero, whatever sign the channel gives
/// them.
///
/// @param transactionId the channel's number of the payment that was made, or that money went back
///   of
/// @param refundId the channel's number of a refund; Alipay has none
/// @param outRefundNo ours
/// @param subMerchant whose it is, as the channel numbers it; Alipay's bill is of one alone
/// @param appId the provider's, at WeChat Pay
/// @param currency as the channel writes it: `CNY`
/// @param amount as ordered, or as a refund was asked for; unit: fen
/// @param settlement what the merchant got, or gave back, before the fee; unit: fen
/// @param fee what the channel keeps of a payment, or gives back with a refund; unit: a thousandth
///   of a fen
/// @param at when it was paid; of a refund when it was accepted (WeChat Pay) or done (Alipay)
/// @param status as it was when the bill was drawn up: `SUCCESS`, of refunds `PROCESSING`, `FAIL`,
///   `CHANGE` too, and `REVOKED`
public record BillRow(
    Kind kind,
    String transactionId,
    String outTradeNo,
    Optional<String> refundId,
    Optional<String> outRefundNo,
    Optional<String> subMerchant,
    Optional<String> appId,
    String currency,
    long amount,
    long settlement,
    long fee,
    Instant at,
    String status) {

  /// What has happened.
  public enum Kind {
    PAY,
    REFUND
  }
}
