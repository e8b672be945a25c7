package io.yunfu.bench;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

/// The whole benchmark of the gateway on a tiny scale, on a database, a server and a simulator of
/// its own. Nothing here depends on how quick anything is.
class CpayBenchIT {
  private final ByteArrayOutputStream tables = new ByteArrayOutputStream();
  private final ByteArrayOutputStream progress = new ByteArrayOutputStream();

  @Test
  void a_quick_run_places_orders_with_either_channel_and_finds_all_of_them_there() {
    int status = bench("cpay", "--quick");

    assertThat(status).as("%s\n%s", progress, tables).isZero();
    assertThat(tables.toString(UTF_8))
        .contains("| at once | 2 |", "| at once | 8 |", "| 120 ms | 2 |", "| 120 ms | 8 |")
        .contains("Acknowledged and not there: 0. There and not acknowledged: 0.")
        .contains("The audit of the books found nothing.");
  }

  @Test
  void a_plan_that_makes_no_sense_is_refused() {
    assertThat(bench("cpay", "--merchants", "0")).isEqualTo(2);
    assertThat(progress.toString(UTF_8)).contains("1 to 10000 merchants, not 0");
    assertThat(bench("cpay", "--data", "x", "--database", "postgresql://127.0.0.1/y")).isEqualTo(2);
  }

  private int bench(String... arguments) {
    return Main.run(
        new PrintStream(tables, true, UTF_8), new PrintStream(progress, true, UTF_8), arguments);
  }
}
