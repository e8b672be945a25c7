package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

/// The whole benchmark on a tiny scale, on a database and a server of its own. Nothing here depends
/// on how quick anything is.
class PayBenchIT {
  private final ByteArrayOutputStream tables = new ByteArrayOutputStream();
  private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

  @Test
  void a_quick_run_pays_by_every_road_and_finds_the_books_in_order() {
    int status = bench("pay", "--quick", "--contenders", "pgbench,http,engine");

    assertThat(status).as("%s\n%s", progress, tables).isZero();
    assertThat(tables.toString(UTF_8))
        .contains("(b) HTTP PayDeals", "(c) own engine", "(d) own engine")
        .contains("Acknowledged and not there: 0. There and never asked for: 0.")
        .contains("The audit of the books found nothing.");
    if (Pgbench.find().isPresent()) {
      assertThat(tables.toString(UTF_8)).contains("| (a) pgbench |");
    } else {
      assertThat(progress.toString(UTF_8)).contains("pgbench was not found");
    }
  }

  @Test
  void a_plan_that_makes_no_sense_is_refused() {
    assertThat(bench("pay", "--pairs", "0")).isEqualTo(2);
    assertThat(progress.toString(UTF_8)).contains("1 to 100 pairs, not 0");
    assertThat(bench("pay", "--data", "x", "--database", "postgresql://127.0.0.1/y")).isEqualTo(2);
    assertThat(bench()).isEqualTo(2);
  }

  private int bench(String... arguments) {
    return Main.run(
        new PrintStream(tables, true, UTF_8), new PrintStream(progress, true, UTF_8), arguments);
  }
}
