package io.yunfu.gateway.payment;

import io.yunfu.gateway.channel.PayPlatform;
import java.util.Optional;

/// Which payments, or which refunds of them, an operator wants to see.
///
/// @param merchant a sub-merchant's number; 0: of all
/// @param number the order's or the refund's, as its merchant gave it
/// @param transactionId the channel's number of a payment, or of a refund
/// @param payment for refunds: those of one order; 0: of all
/// @param <S> the states: of payments, or of refunds
public record PaymentFilter<S>(
    long merchant,
    Optional<S> state,
    Optional<PayPlatform> platform,
    Optional<String> number,
    Optional<String> transactionId,
    long payment) {

  /// Everything.
  public static <S> PaymentFilter<S> all() {
    return new PaymentFilter<>(
        0, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), 0);
  }
}
