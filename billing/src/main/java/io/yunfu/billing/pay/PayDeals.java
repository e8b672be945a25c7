package io.yunfu.billing.pay;

import io.yunfu.billing.deal.BigDealId;
import io.yunfu.billing.deal.DealId;
import io.yunfu.kernel.CellId;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// PayDeals as its caller sees it: pays, then waits a bounded time for what was not delivered with
/// the payment. Delivery never undoes a payment.
public final class PayDeals {
  private static final Logger LOG = LoggerFactory.getLogger(PayDeals.class);

  private final PayEngine engine;
  private final Deliveries deliveries;
  private final Duration deliveryWait;

  /// How paid deals come to be delivered.
  public interface Deliveries {
    /// Waits until each of these paid deals is delivered or has failed, at most this long. What is
    /// still running then is in neither list of the answer.
    Result await(CellId cell, List<DealId> deals, Duration most);

    /// Hears of deals that were delivered with their payment.
    default void deliveredAtOnce(CellId cell, int deals) {}

    /// How far the delivery of some deals has come.
    ///
    /// @param resources of the delivered deals, flat, in the order of the deals
    record Result(List<String> resources, List<DealId> failed) {
      public Result {
        resources = List.copyOf(resources);
        failed = List.copyOf(failed);
      }
    }
  }

  /// The answer to one call.
  public sealed interface Answer {
    /// Paid, and nothing has failed so far.
    record Paid(List<DealId> deals, List<BigDealId> bigDeals, List<String> resources)
        implements Answer {}

    /// Paid, but these deals could not be delivered: they wait for the operator.
    record PaidNotDelivered(List<DealId> failed) implements Answer {}

    record Refused(PayOutcome.Refused why) implements Answer {}
  }

  /// Puts the two halves together.
  ///
  /// @param deliveryWait how long an answer waits for the delivery, zero to not wait at all
  ///   (`billing.md` section 2.7)
  public PayDeals(PayEngine engine, Deliveries deliveries, Duration deliveryWait) {
    this.engine = engine;
    this.deliveries = deliveries;
    this.deliveryWait = deliveryWait;
  }

  public Answer pay(PayCommand command) {
    return switch (engine.pay(command)) {
      case PayOutcome.Refused why -> new Answer.Refused(why);
      case PayOutcome.Paid paid -> {
        if (!paid.delivered().isEmpty()) {
          deliveries.deliveredAtOnce(command.caller().cell(), paid.delivered().size());
        }
        var result =
            paid.resources()
                .map(resources -> new Deliveries.Result(resources, List.of()))
                .orElseGet(() -> delivered(command, paid.deals()));
        yield result.failed().isEmpty()
            ? new Answer.Paid(paid.deals(), paid.bigDeals(), result.resources())
            : new Answer.PaidNotDelivered(result.failed());
      }
    };
  }

  /// The payment is durable by now. Whatever goes wrong with the waiting, such as a database that
  /// goes away, must not be told as if nothing had happened: the deals count as under way.
  private Deliveries.Result delivered(PayCommand command, List<DealId> deals) {
    try {
      return deliveries.await(command.caller().cell(), deals, deliveryWait);
    } catch (RuntimeException e) {
      LOG.warn("Request {} is paid, but its delivery cannot be watched", command.requestId(), e);
      return new Deliveries.Result(List.of(), List.of());
    }
  }
}
