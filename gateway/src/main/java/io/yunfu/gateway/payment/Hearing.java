package io.yunfu.gateway.payment;

import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.kernel.Money;
import java.time.Duration;
import java.time.Instant;

/// What follows from a channel's report about an order: a pure decision, the same whichever way the
/// report came. Source: `cloudpay.md` sections 5.1, 5.2, 5.4.
sealed interface Hearing {
  /// So long after it was made, an order that the channel has never heard of is void.
  Duration UNKNOWN_WINDOW = Duration.ofMinutes(1);

  /// Nothing new.
  record Nothing() implements Hearing {}

  /// It still waits.
  record Waits(String text) implements Hearing {}

  /// The channel is still taking it in.
  record Accepting(String text) implements Hearing {}

  /// It is paid.
  ///
  /// @param late it was closed or void before it was paid
  record Paid(OrderReport.Payment payment, boolean late) implements Hearing {}

  /// Nobody can pay it any more.
  ///
  /// @param reversed its seller has undone it
  record Closed(boolean reversed) implements Hearing {}

  record NeverThere() implements Hearing {}

  /// Paid, and refunds are over.
  record Finished() implements Hearing {}

  /// A second payment of the same order.
  record PaidTwice(OrderReport.Payment payment) implements Hearing {}

  /// Not the amount that was ordered, or not the order: nothing changes but that a person is told.
  record Mismatch(String detail) implements Hearing {}

  static Hearing decide(PaymentOrder order, OrderReport report, Instant now) {
    if (!report.outTradeNo().equals(order.outTradeNo())) {
      return new Mismatch("the report is about " + report.outTradeNo());
    }
    return report
        .paid()
        .map(payment -> paid(order, report, payment))
        .orElseGet(() -> unpaid(order, report, now));
  }

  private static Hearing paid(PaymentOrder order, OrderReport report, OrderReport.Payment payment) {
    if (!payment.total().equals(order.total())) {
      return new Mismatch("ordered %s, paid %s".formatted(order.total(), payment.total()));
    }
    Money settlement = Settlement.of(order.platform(), payment);
    if (!Settlement.isPossible(settlement, order.total())) {
      return new Mismatch("paid %s, settled %s".formatted(order.total(), settlement));
    }
    if (!order.state().isPaid()) {
      return new Paid(payment, isLate(order, payment));
    }
    if (order.transactionId().filter(known -> !known.equals(payment.transactionId())).isPresent()) {
      return new PaidTwice(payment);
    }
    return report.state() == OrderReport.State.FINISHED && order.state() == OrderState.PAID
        ? new Finished()
        : new Nothing();
  }

  /// Paid in time, but heard of late, is no late payment.
  private static boolean isLate(PaymentOrder order, OrderReport.Payment payment) {
    if (order.state().isOpen()) {
      return false;
    }
    return order
        .closedAt()
        .flatMap(closed -> payment.paidAt().map(paid -> paid.isAfter(closed)))
        .orElse(true);
  }

  private static Hearing unpaid(PaymentOrder order, OrderReport report, Instant now) {
    if (!order.state().isOpen()) {
      return new Nothing(); // closed already; and what is paid never becomes unpaid
    }
    return switch (report.state()) {
      case CLOSED -> new Closed(false);
      case REVERSED -> new Closed(true);
      case NOT_EXIST -> {
        boolean sure = now.isAfter(order.createdAt().plus(UNKNOWN_WINDOW)) || order.hasExpired(now);
        if (!sure) {
          yield new Waits(report.description());
        }
        // A trade that only a scan would have made (Alipay) is closed, not void.
        yield order.prepaid().isPresent()
            ? (order.hasExpired(now) ? new Closed(false) : new Waits(report.description()))
            : new NeverThere();
      }
      case ACCEPTED -> new Accepting(report.description());
      case WAITING, PAYING -> new Waits(report.description());
      case PAID, REFUNDED, FINISHED ->
          new Mismatch("the channel says " + report.state() + " and names no payment");
    };
  }
}
