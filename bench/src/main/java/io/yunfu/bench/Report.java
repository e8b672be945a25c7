package io.yunfu.bench;

import io.yunfu.bench.load.Pace;
import io.yunfu.ledger.Finding;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/// The result in Markdown: what docs/operating/performance.md quotes.
final class Report {
  private final StringBuilder text = new StringBuilder();

  /// What the figures depend on, a line for each.
  void conditions(Map<String, String> conditions) {
    text.append("| | |\n|---|---|\n");
    conditions.forEach(
        (name, value) -> text.append("| ").append(name).append(" | ").append(value).append(" |\n"));
    text.append('\n');
  }

  void paragraph(String words) {
    text.append(words).append("\n\n");
  }

  /// A row for each series.
  ///
  /// @param all the baselines among them, which the ratios refer to
  void throughput(List<Series> all) {
    text.append(
        """
        | | accounts | clients | payments/s | least to most | × (a) | p50 ms | p99 ms | p99 ms, corrected |
        |---|---|--:|--:|--:|--:|--:|--:|--:|
        """);
    for (Series series : all) {
      row(
          series.title(),
          series.workload().title(),
          clients(series),
          whole(series.median(Measurement::perSecond)),
          whole(series.least(Measurement::perSecond))
              + " to "
              + whole(series.most(Measurement::perSecond)),
          ratio(series, all, Measurement::perSecond),
          tenths(series.median(run -> run.latency(50))),
          tenths(series.median(run -> run.latency(99))),
          series.pace() instanceof Pace.Closed
              ? tenths(series.median(run -> run.correctedLatency(99, series.clients())))
              : "as it is");
    }
    text.append('\n');
  }

  /// What a payment costs.
  void costs(List<Series> all, boolean seesDatabase) {
    text.append(
        """
        | | accounts | clients | database CPU, µs | ÷ (a) | server CPU, µs | load generator CPU, µs | WAL, bytes | ÷ (a) | delivered/s |
        |---|---|--:|--:|--:|--:|--:|--:|--:|--:|
        """);
    for (Series series : all) {
      row(
          series.title(),
          series.workload().title(),
          clients(series),
          seesDatabase ? whole(series.median(Measurement::databaseMicros)) : "not seen",
          seesDatabase ? ratio(series, all, run -> 1 / run.databaseMicros()) : "",
          isBaseline(series) ? "" : whole(series.median(Measurement::serverMicros)),
          tenths(series.median(Measurement::clientMicros)),
          whole(series.median(Measurement::walBytes)),
          ratio(series, all, run -> 1 / run.walBytes()),
          series.delivers() ? whole(series.median(run -> run.delivered().orElse(0))) : "");
    }
    text.append('\n');
  }

  /// What went wrong, or that nothing did.
  void verdict(List<Series> all, Books.Comparison comparison, List<Finding> findings) {
    for (Series series : all) {
      series
          .troubles()
          .forEach((what, count) ->
              paragraph(
                  "**%s, %s, %s clients: %d × %s**"
                      .formatted(
                          series.title(),
                          series.workload().title(),
                          series.clients(),
                          count,
                          what)));
    }
    paragraph(
        "Clients were told of %,d payments; the database has %,d. Acknowledged and not there: %,d. There and never asked for: %,d."
            .formatted(
                comparison.acknowledged(),
                comparison.paid(),
                comparison.lost(),
                comparison.unasked()));
    if (findings.isEmpty()) {
      paragraph("The audit of the books found nothing.");
    }
    for (Finding finding : findings) {
      paragraph(
          "**The books: %s: %s: %s**"
              .formatted(finding.rule(), finding.subject(), finding.detail()));
    }
  }

  private static boolean isBaseline(Series series) {
    return series.contender() instanceof Pgbench;
  }

  /// How many times the baseline of the same workload.
  private static String ratio(
      Series series, List<Series> all, ToDoubleFunction<Measurement> figure) {
    Optional<Series> baseline =
        all.stream()
            .filter(other -> isBaseline(other) && other.workload() == series.workload())
            .findFirst();
    if (baseline.isEmpty() || series.pace() instanceof Pace.Open) {
      return "";
    }
    return String.format(
        Locale.ROOT, "%.2f", series.median(figure) / baseline.get().median(figure));
  }

  private static String clients(Series series) {
    return switch (series.pace()) {
      case Pace.Closed() -> Integer.toString(series.clients());
      case Pace.Open(var perSecond) -> series.clients() + ", " + whole(perSecond) + "/s due";
    };
  }

  private void row(String... cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private static String whole(double number) {
    return String.format(Locale.ROOT, "%,d", Math.round(number));
  }

  private static String tenths(double number) {
    return String.format(Locale.ROOT, "%.1f", number);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
