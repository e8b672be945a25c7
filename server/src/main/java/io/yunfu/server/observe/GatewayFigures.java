package io.yunfu.server.observe;

import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.notice.Outstanding;
import io.yunfu.gateway.payment.OpenPayments;
import io.yunfu.gateway.payment.OrderState;
import io.yunfu.gateway.payment.PaymentCase;
import io.yunfu.gateway.reconcile.OpenReconciliations;
import io.yunfu.kernel.CellId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// What of the gateway's work is not at its end, as it was counted last. All nodes count the same
/// cells, so that a rule takes the largest of them.
public final class GatewayFigures {
  private final Metrics metrics;
  private final Map<CellId, Cell> cells = new ConcurrentHashMap<>();

  /// The figures of one cell, and what was counted last.
  private record Cell(MultiGauge orders, MultiGauge cases, MultiGauge notices, Counted counted) {}

  private static final class Counted {
    volatile double behind;
    volatile double oldestNotice;
    volatile double lateBills;
    volatile double failedBills;
    volatile double differences;
  }

  GatewayFigures(Metrics metrics) {
    this.metrics = metrics;
  }

  /// Shows what was counted in a cell.
  public void counted(
      CellId id, OpenPayments payments, Outstanding notices, OpenReconciliations bills) {
    Cell cell = cells.computeIfAbsent(id, this::cell);
    cell.counted.behind = payments.behind().toMillis() / 1000.0;
    cell.counted.lateBills = bills.late();
    cell.counted.failedBills = bills.failed();
    cell.counted.differences = bills.differences();
    cell.counted.oldestNotice = notices.oldest().toMillis() / 1000.0;
    cell.orders.register(orders(payments), true);
    List<MultiGauge.Row<?>> cases = new ArrayList<>();
    for (PaymentCase.Kind kind : PaymentCase.Kind.values()) {
      cases.add(
          MultiGauge.Row.of(Tags.of("kind", kind.code()), payments.cases().getOrDefault(kind, 0L)));
    }
    cell.cases.register(cases, true);
    cell.notices.register(
        List.of(
            MultiGauge.Row.of(Tags.of("state", "queued"), notices.queued()),
            MultiGauge.Row.of(Tags.of("state", "undelivered"), notices.undelivered())),
        true);
  }

  /// All that there can be, so that none is a figure too.
  private static List<MultiGauge.Row<?>> orders(OpenPayments payments) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    for (PayPlatform platform : PayPlatform.values()) {
      for (OrderState state : OrderState.values()) {
        long count =
            payments.orders().stream()
                .filter(one -> one.platform() == platform && one.state() == state)
                .mapToLong(OpenPayments.Orders::count)
                .sum();
        String channel = platform.name().toLowerCase(Locale.ROOT);
        rows.add(MultiGauge.Row.of(Tags.of("channel", channel, "state", state.code()), count));
      }
    }
    return rows;
  }

  private Cell cell(CellId id) {
    String name = Integer.toString(id.value());
    var counted = new Counted();
    metrics.gauge(
        "yunfu.payment.behind.seconds",
        "How long the oldest order or refund that is due has been waiting for a worker",
        "cell",
        name,
        () -> counted.behind);
    metrics.gauge(
        "yunfu.merchant.notices.oldest.seconds",
        "The age of the oldest notice that is still to be taken",
        "cell",
        name,
        () -> counted.oldestNotice);
    metrics.gauge(
        "yunfu.reconciliation.bills.late",
        "Days whose bill was to be there by now",
        "cell",
        name,
        () -> counted.lateBills);
    metrics.gauge(
        "yunfu.reconciliation.bills.failed",
        "Days whose bill cannot be used, has changed or has not come at all",
        "cell",
        name,
        () -> counted.failedBills);
    metrics.gauge(
        "yunfu.reconciliation.differences.open",
        "Differences between bills and books that are neither settled nor decided",
        "cell",
        name,
        () -> counted.differences);
    return new Cell(
        gauge("yunfu.payment.orders.open", "Orders that are still looked at", name),
        gauge("yunfu.payment.cases.open", "Cases that a person has to look at", name),
        gauge("yunfu.merchant.notices", "Notices that no merchant has taken", name),
        counted);
  }

  private MultiGauge gauge(String name, String doc, String cell) {
    return MultiGauge.builder(name)
        .description(doc)
        .tags("cell", cell)
        .register(metrics.registry());
  }
}
