package io.yunfu.billing.delivery;

import java.util.List;

/// How the delivery of a paid deal stands.
public sealed interface DeliveryResult {

  /// The deal is in status 4; or in 30, where the buyer still has to confirm.
  record Delivered(List<String> resources) implements DeliveryResult {
    public Delivered {
      resources = List.copyOf(resources);
    }
  }

  /// The deal is in status 5, or being refunded from there or refunded.
  record Failed() implements DeliveryResult {}

  /// Neither yet. The delivery goes on, whether anybody waits for it or not.
  record Pending() implements DeliveryResult {}
}
