package io.yunfu.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.bench.Meter.Usage;
import io.yunfu.bench.load.Pace;
import io.yunfu.ledger.Finding;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class ReportTest {
  @Test
  void a_series_shows_the_middle_of_its_runs() {
    Runs runs = series(run(100), run(300), run(120)).runs();
    assertThat(runs.median(Measurement::perSecond)).isEqualTo(120);
    assertThat(runs.least(Measurement::perSecond)).isEqualTo(100);
    assertThat(runs.most(Measurement::perSecond)).isEqualTo(300);
    runs.add(run(110));
    assertThat(runs.median(Measurement::perSecond)).isEqualTo(115);
  }

  @Test
  void what_is_used_in_a_second_is_shared_by_its_payments() {
    Measurement run = run(100);
    assertThat(run.databaseMicros()).isEqualTo(5000);
    assertThat(run.serverMicros()).isEqualTo(1000);
    assertThat(run.clientMicros()).isEqualTo(100);
    assertThat(run.simulatorMicros()).isEqualTo(3000);
    assertThat(run.walBytes()).isEqualTo(20);
  }

  @Test
  void a_stall_stands_for_the_requests_that_were_not_sent_meanwhile() {
    var latencies = new Histogram(1, 60_000_000, 3);
    latencies.recordValueWithCount(10_000, 995);
    latencies.recordValueWithCount(1_000_000, 5);
    var run =
        new Measurement(
            1000, 10, latencies, new Usage(0, 0, 0, 0, 0), OptionalDouble.empty(), Map.of());
    assertThat(run.latency(99)).isBetween(9.9, 10.1);
    assertThat(run.correctedLatency(99, 1)).isGreaterThan(900);
  }

  @Test
  void troubles_and_findings_are_told() {
    var report = new Report();
    var run =
        new Measurement(
            1,
            1,
            new Histogram(3),
            new Usage(0, 0, 0, 0, 0),
            OptionalDouble.empty(),
            Map.of("InternalError", 3L));
    var tables = new PayReport(report);
    tables.troubles(List.of(series(run)));
    tables.verdict(
        new PayGround.Audit(
            new Books.Comparison(10, 9, 1, 0),
            List.of(new Finding("Every balance is the sum of its entries", "7", "off by 1"))));
    assertThat(report.toString())
        .contains("3 × InternalError")
        .contains("Acknowledged and not there: 1")
        .contains("Every balance is the sum of its entries: 7: off by 1")
        .doesNotContain("found nothing");
  }

  @Test
  void a_comparison_is_good_when_nothing_is_lost_and_nothing_was_paid_unasked() {
    assertThat(new Books.Comparison(9, 10, 0, 0).isGood()).isTrue();
    assertThat(new Books.Comparison(10, 9, 1, 0).isGood()).isFalse();
    assertThat(new Books.Comparison(9, 10, 0, 1).isGood()).isFalse();
  }

  private static PaySeries series(Measurement... runs) {
    Contender nobody =
        new Contender() {
          @Override
          public Run run(Deals deals, Receipts receipts) {
            throw new UnsupportedOperationException();
          }

          @Override
          public double seconds() {
            return 1;
          }

          @Override
          public double guess() {
            return 1;
          }
        };
    var series = new PaySeries("(x)", Workload.UNIFORM, 1, new Pace.Closed(), nobody);
    for (Measurement run : runs) {
      series.runs().add(run);
    }
    return series;
  }

  private static Measurement run(long payments) {
    return new Measurement(
        payments,
        1,
        new Histogram(3),
        new Usage(500_000, 100_000, 10_000, 300_000, 2000),
        OptionalDouble.empty(),
        Map.of());
  }
}
