package io.yunfu.billing.delivery;

import io.yunfu.kernel.CellId;
import java.time.Duration;
import java.util.List;

/// Hears what the deliveries of a cell do: for metrics. Called between the steps of the work, so it
/// must be quick and must not throw.
public interface DeliveryListener {
  DeliveryListener NONE = new DeliveryListener() {};

  /// One transaction of the worker.
  ///
  /// @param delivered deals that reached status 4 in it
  /// @param failed deals that reached status 5 in it
  default void worked(CellId cell, int deals, int delivered, int failed, Duration took) {}

  /// Deals that were delivered with their payment.
  default void deliveredAtOnce(CellId cell, int deals) {}

  /// One call to an HTTP provider.
  default void called(CellId cell, String provider, Attempt.Outcome outcome, Duration took) {}

  /// A provider's circuit has opened, or closed again.
  default void circuit(CellId cell, String provider, boolean open) {}

  /// The queue, counted.
  default void queue(CellId cell, List<QueueDepth> depths) {}

  /// Part of the queue.
  ///
  /// @param provider empty: not handed to any HTTP provider
  /// @param state `queued`, `running`, `failed`
  /// @param oldest how long its oldest deal has been there
  record QueueDepth(String provider, String state, long deals, Duration oldest) {}
}
