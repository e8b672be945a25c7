package io.yunfu.server.observe;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.yunfu.billing.delivery.Attempt;
import io.yunfu.billing.delivery.DeliveryListener;
import io.yunfu.kernel.CellId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// What the deliveries of all cells do. Providers are named by the operator; past a bound they
/// count as one, so that no figure grows without end.
final class DeliveryFigures implements DeliveryListener {
  private static final int MOST_PROVIDERS = 100;

  private final Metrics metrics;
  private final Traces traces;
  private final Map<String, String> providers = new ConcurrentHashMap<>();
  private final Map<String, AtomicInteger> circuits = new ConcurrentHashMap<>();
  private final Map<CellId, Queue> queues = new ConcurrentHashMap<>();

  /// Asked for with every payment, so looked up once.
  private final Map<CellId, Counter> deliveredDeals = new ConcurrentHashMap<>();

  /// Parts of the queue come and go; what is gone is not shown any more.
  private record Queue(MultiGauge deals, MultiGauge oldest) {}

  DeliveryFigures(Metrics metrics, Traces traces) {
    this.metrics = metrics;
    this.traces = traces;
  }

  @Override
  public void worked(CellId cell, int deals, int delivered, int failed, Duration took) {
    metrics
        .timer("yunfu.delivery.batch", "One transaction of the delivery worker", "cell", name(cell))
        .record(took);
    deliveredAtOnce(cell, delivered);
    ended(cell, "failed").increment(failed);
  }

  @Override
  public void deliveredAtOnce(CellId cell, int deals) {
    deliveredDeals.computeIfAbsent(cell, _ -> ended(cell, "delivered")).increment(deals);
  }

  private Counter ended(CellId cell, String outcome) {
    return metrics.counter(
        "yunfu.delivery.deals",
        "Deals whose delivery came to an end",
        "cell",
        name(cell),
        "outcome",
        outcome);
  }

  @Override
  public void called(CellId cell, String provider, Attempt.Outcome outcome, Duration took) {
    metrics
        .timer(
            "yunfu.delivery.call",
            "Calls to providers",
            "cell",
            name(cell),
            "provider",
            bounded(provider),
            "outcome",
            outcome.code())
        .record(took);
    traces.worked(
        "delivery call",
        took,
        Map.of("cell", name(cell), "provider", provider, "outcome", outcome.code()),
        outcome == Attempt.Outcome.UNKNOWN);
  }

  @Override
  public void circuit(CellId cell, String provider, boolean open) {
    String shown = bounded(provider);
    circuits.computeIfAbsent(name(cell) + "/" + shown, _ -> circuit(cell, shown)).set(open ? 1 : 0);
  }

  private AtomicInteger circuit(CellId cell, String provider) {
    var open = new AtomicInteger();
    Gauge.builder("yunfu.delivery.circuit.open", open, AtomicInteger::get)
        .description("1 while a provider gets no calls because it does not answer")
        .tags("cell", name(cell), "provider", provider)
        .strongReference(true)
        .register(metrics.registry());
    return open;
  }

  @Override
  public void queue(CellId cell, List<QueueDepth> depths) {
    Queue queue = queues.computeIfAbsent(cell, this::queue);
    List<MultiGauge.Row<?>> deals = new ArrayList<>();
    List<MultiGauge.Row<?>> oldest = new ArrayList<>();
    for (QueueDepth depth : depths) {
      Tags tags = Tags.of("provider", bounded(depth.provider()), "state", depth.state());
      deals.add(MultiGauge.Row.of(tags, depth.deals()));
      oldest.add(MultiGauge.Row.of(tags, depth.oldest().toMillis() / 1000.0));
    }
    queue.deals.register(deals, true);
    queue.oldest.register(oldest, true);
  }

  private Queue queue(CellId cell) {
    return new Queue(
        MultiGauge.builder("yunfu.delivery.queue.deals")
            .description("Deals whose delivery is not at its end")
            .tags("cell", name(cell))
            .register(metrics.registry()),
        MultiGauge.builder("yunfu.delivery.queue.oldest.seconds")
            .description("How long the oldest of them has been there")
            .tags("cell", name(cell))
            .register(metrics.registry()));
  }

  private static String name(CellId cell) {
    return Integer.toString(cell.value());
  }

  private String bounded(String provider) {
    if (providers.containsKey(provider) || providers.size() < MOST_PROVIDERS) {
      providers.put(provider, provider);
      return provider;
    }
    return Metrics.OTHER;
  }
}
