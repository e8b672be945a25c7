package io.yunfu.gateway.payment;

import io.yunfu.gateway.channel.PayPlatform;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// What of a cell's payments is not at its end, counted at one instant: for figures and alarms.
///
/// @param cases those that a person has to look at
/// @param behind how long the oldest look that is due has been waiting for a worker
public record OpenPayments(
    List<Orders> orders, Map<PaymentCase.Kind, Long> cases, Duration behind) {
  public OpenPayments {
    orders = List.copyOf(orders);
    cases = Map.copyOf(cases);
  }

  /// Orders that are still looked at.
  public record Orders(PayPlatform platform, OrderState state, long count) {}
}
