package io.yunfu.bench;

import static io.yunfu.bench.Report.whole;

import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/// Orders over the gateway, with a channel that answers at once.
final class CpayGoals {
  private CpayGoals() {}

  /// @param all runs with different numbers of connections, of which the quickest count
  /// @param payments per second over HTTP; empty if that was not measured
  static void tell(GoalsReport report, List<CpaySeries> all, OptionalDouble payments) {
    CpaySeries best =
        all.stream()
            .max(Comparator.comparingDouble(series -> series.runs().median(Measurement::perSecond)))
            .orElseThrow();
    double orders = best.runs().median(Measurement::perSecond);
    String remark = "%s/s with %d".formatted(whole(orders), best.connections());
    report.row(
        "official_account_pay, server CPU per order",
        Goal.atMost(150, "µs", 1),
        best.runs().median(Measurement::serverMicros),
        remark);
    String name = "official_account_pay, throughput";
    var goal = Goal.atLeast(0.5, "× HTTP PayDeals", 2);
    if (payments.isPresent()) {
      report.row(name, goal, orders / payments.getAsDouble(), remark);
    } else {
      report.notMeasured(name, goal, remark + "; needs http");
    }
  }
}
