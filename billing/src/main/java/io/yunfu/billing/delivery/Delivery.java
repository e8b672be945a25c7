package io.yunfu.billing.delivery;

import io.yunfu.billing.deal.DealId;
import io.yunfu.db.Cell;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// The door to the deliveries of one cell: hands over what was paid, waits for what becomes of it.
/// Runs one named loop from [#start] to [#close].
public final class Delivery implements AutoCloseable {
  private final DeliveryWatch watch;
  private final DeliveryWorker worker;

  /// Starts nothing yet.
  ///
  /// @param calls shared by all cells of the node; not closed here
  public Delivery(
      Cell cell,
      ProviderEndpoints endpoints,
      HttpProviderCalls calls,
      DeliverySettings settings,
      Clock clock,
      RandomGenerator random,
      DeliveryListener listener) {
    this(cell, endpoints, (ProviderCalls) calls, settings, clock, random, listener);
  }

  Delivery(
      Cell cell,
      ProviderEndpoints endpoints,
      ProviderCalls calls,
      DeliverySettings settings,
      Clock clock,
      RandomGenerator random,
      DeliveryListener listener) {
    var store = new DeliveryStore();
    var retries = new Backoff(settings.firstRetry(), settings.longestRetry(), random);
    var pauses = new Backoff(settings.circuitPause(), settings.longestCircuitPause(), random);
    watch = new DeliveryWatch(cell.database(), store);
    worker =
        new DeliveryWorker(
            cell,
            store,
            new DeliverDeals(cell.database(), store, clock, retries),
            answers ->
                new CallProviders(
                    cell.id(),
                    cell.database(),
                    store,
                    endpoints,
                    calls,
                    settings,
                    clock,
                    retries,
                    pauses,
                    listener,
                    answers),
            watch,
            settings,
            clock,
            listener);
  }

  public void start() {
    worker.start();
  }

  /// Says that these deals have just been paid here, once the payment has committed. Returns at
  /// once. Without it they are delivered as well, when the queue is next looked at.
  ///
  /// Results are kept for a few seconds, so that [#await] may be called later than this.
  public void handOver(Collection<DealId> deals) {
    watch.expect(deals);
    worker.handOver(deals);
  }

  /// Hands over what has not been handed over, and waits until each of these deals is delivered or
  /// has failed, at most for this long. Answers for every deal, in the given order.
  public Map<DealId, DeliveryResult> await(List<DealId> deals, Duration atMost) {
    return watch.await(deals, atMost, worker::handOver);
  }

  /// How these deals stand now, without waiting. Deals that do not exist are absent.
  public Map<DealId, DeliveryResult> read(List<DealId> deals) {
    return watch.read(deals);
  }

  /// Has the queue looked at now.
  public void wake() {
    worker.wake();
  }

  /// Finishes what was begun, bounded by [DeliverySettings#stopGrace], and ends the loop. What is
  /// left stays in the queue for other nodes, or for the next start.
  @Override
  public void close() {
    worker.close();
  }
}
