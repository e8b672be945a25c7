package io.yunfu.gateway.payment;

import java.time.Instant;

/// Where a list that begins with the newest goes on: after what is of this time and number. Numbers
/// of different cells do not compare, times do.
public record Position(Instant at, long id) {
  public static Position of(PaymentOrder order) {
    return new Position(order.createdAt(), order.id());
  }

  public static Position of(Refund refund) {
    return new Position(refund.createdAt(), refund.id());
  }

  public static Position of(PaymentCase one) {
    return new Position(one.openedAt(), one.id());
  }
}
