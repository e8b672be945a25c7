package io.yunfu.bench;

import static io.yunfu.bench.Report.tenths;
import static io.yunfu.bench.Report.whole;

import io.yunfu.bench.load.Pace;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// What `bench pay` reports: docs/operating/performance.md quotes it.
final class PayReport {
  private final Report report;

  PayReport(Report report) {
    this.report = report;
  }

  /// A row for each series.
  ///
  /// @param all the baselines among them, which the ratios refer to
  void throughput(List<PaySeries> all) {
    report.beginTable(
        """
        | | accounts | clients | payments/s | least to most | × (a) | p50 ms | p99 ms | p99 ms, corrected |
        |---|---|--:|--:|--:|--:|--:|--:|--:|
        """);
    for (PaySeries series : all) {
      Runs runs = series.runs();
      report.row(
          series.title(),
          series.workload().title(),
          clients(series),
          whole(runs.median(Measurement::perSecond)),
          whole(runs.least(Measurement::perSecond))
              + " to "
              + whole(runs.most(Measurement::perSecond)),
          ratio(series, all, Measurement::perSecond),
          tenths(runs.median(run -> run.latency(50))),
          tenths(runs.median(run -> run.latency(99))),
          series.pace() instanceof Pace.Closed
              ? tenths(runs.median(run -> run.correctedLatency(99, series.clients())))
              : "as it is");
    }
    report.endTable();
  }

  /// What a payment costs.
  void costs(List<PaySeries> all, boolean seesDatabase) {
    report.beginTable(
        """
        | | accounts | clients | database CPU, µs | ÷ (a) | server CPU, µs | load generator CPU, µs | WAL, bytes | ÷ (a) | delivered/s |
        |---|---|--:|--:|--:|--:|--:|--:|--:|--:|
        """);
    for (PaySeries series : all) {
      Runs runs = series.runs();
      report.row(
          series.title(),
          series.workload().title(),
          clients(series),
          seesDatabase ? whole(runs.median(Measurement::databaseMicros)) : "not seen",
          seesDatabase ? ratio(series, all, run -> 1 / run.databaseMicros()) : "",
          isBaseline(series) ? "" : whole(runs.median(Measurement::serverMicros)),
          tenths(runs.median(Measurement::clientMicros)),
          whole(runs.median(Measurement::walBytes)),
          ratio(series, all, run -> 1 / run.walBytes()),
          runs.deliver() ? whole(runs.median(run -> run.delivered().orElse(0))) : "");
    }
    report.endTable();
  }

  /// Whatever was not a right answer.
  void troubles(List<PaySeries> all) {
    for (PaySeries series : all) {
      series
          .runs()
          .troubles()
          .forEach((what, count) ->
              report.paragraph(
                  "**%s, %s, %s clients: %d × %s**"
                      .formatted(
                          series.title(),
                          series.workload().title(),
                          series.clients(),
                          count,
                          what)));
    }
  }

  /// What the audit has found, or that it found nothing.
  void verdict(PayGround.Audit audit) {
    Books.Comparison comparison = audit.comparison();
    report.paragraph(
        "Clients were told of %,d payments; the database has %,d. Acknowledged and not there: %,d. There and never asked for: %,d."
            .formatted(
                comparison.acknowledged(),
                comparison.paid(),
                comparison.lost(),
                comparison.unasked()));
    report.findings(audit.findings());
  }

  private static boolean isBaseline(PaySeries series) {
    return series.contender() instanceof Pgbench;
  }

  /// How many times the baseline of the same workload.
  private static String ratio(
      PaySeries series, List<PaySeries> all, ToDoubleFunction<Measurement> figure) {
    Optional<PaySeries> baseline =
        all.stream()
            .filter(other -> isBaseline(other) && other.workload() == series.workload())
            .findFirst();
    if (baseline.isEmpty() || series.pace() instanceof Pace.Open) {
      return "";
    }
    return String.format(
        Locale.ROOT, "%.2f", series.runs().median(figure) / baseline.get().runs().median(figure));
  }

  private static String clients(PaySeries series) {
    return switch (series.pace()) {
      case Pace.Closed() -> Integer.toString(series.clients());
      case Pace.Open(var perSecond) -> series.clients() + ", " + whole(perSecond) + "/s due";
    };
  }
}
