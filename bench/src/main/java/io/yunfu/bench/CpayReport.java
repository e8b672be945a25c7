package io.yunfu.bench;

import static io.yunfu.bench.Report.tenths;
import static io.yunfu.bench.Report.whole;

import io.yunfu.ledger.Finding;
import java.util.List;

/// What `bench cpay` reports.
final class CpayReport {
  private final Report report;

  CpayReport(Report report) {
    this.report = report;
  }

  /// A row for each series.
  void figures(List<CpaySeries> all, boolean seesDatabase) {
    report.beginTable(
        """
        | channel answers | connections | orders/s | least to most | p50 ms | p99 ms | p99 ms, corrected |
        |---|--:|--:|--:|--:|--:|--:|
        """);
    for (CpaySeries series : all) {
      Runs runs = series.runs();
      report.row(
          series.answers().title(),
          Integer.toString(series.connections()),
          whole(runs.median(Measurement::perSecond)),
          whole(runs.least(Measurement::perSecond))
              + " to "
              + whole(runs.most(Measurement::perSecond)),
          tenths(runs.median(run -> run.latency(50))),
          tenths(runs.median(run -> run.latency(99))),
          tenths(runs.median(run -> run.correctedLatency(99, series.connections()))));
    }
    report.endTable();
    report.beginTable(
        """
        CPU per order:

        | channel answers | connections | server, µs | database, µs | simulator, µs | load generator, µs | WAL, bytes |
        |---|--:|--:|--:|--:|--:|--:|
        """);
    for (CpaySeries series : all) {
      Runs runs = series.runs();
      report.row(
          series.answers().title(),
          Integer.toString(series.connections()),
          whole(runs.median(Measurement::serverMicros)),
          seesDatabase ? whole(runs.median(Measurement::databaseMicros)) : "not seen",
          whole(runs.median(Measurement::simulatorMicros)),
          whole(runs.median(Measurement::clientMicros)),
          whole(runs.median(Measurement::walBytes)));
    }
    report.endTable();
  }

  /// What went wrong, or that nothing did.
  void verdict(List<CpaySeries> all, ChannelBook book, List<Finding> findings) {
    for (CpaySeries series : all) {
      series
          .runs()
          .troubles()
          .forEach((what, count) ->
              report.paragraph(
                  "**Channel answers %s, %d connections: %d × %s**"
                      .formatted(series.answers().title(), series.connections(), count, what)));
    }
    report.paragraph(
        "Callers were told of %,d orders; the channel has %,d. Acknowledged and not there: %,d. There and not acknowledged: %,d."
            .formatted(book.acknowledged(), book.placed(), book.lost(), book.unacknowledged()));
    report.findings(findings);
  }
}
