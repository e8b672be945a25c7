package io.yunfu.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.ledger.Finding;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GoalsReportTest {
  private final GoalsReport goals = new GoalsReport();

  @Test
  void every_figure_says_what_was_wanted_and_whether_it_was_reached() {
    goals.row("engine", Goal.atLeast(7, "× A1", 2), 7.216, "8,000/s");
    goals.row("start", Goal.atMost(1.5, "s", 2), 1.831, "7 starts");
    goals.row("accepted", Goal.gain("/s", 0), 8123.9, "");
    goals.notMeasured("hot", Goal.atLeast(10, "× A1", 2), "pgbench was not found");

    assertThat(text())
        .contains("| engine | ≥ 7 × A1 | 7.21 × A1 | yes | 8,000/s |")
        .contains("| start | ≤ 1.5 s | 1.84 s | **no** | 7 starts |")
        .contains("| accepted |  | 8123 /s |  |  |")
        .contains("| hot | ≥ 10 × A1 |  | not measured | pgbench was not found |");
  }

  @Test
  void a_goal_that_is_not_met_is_no_mistake() {
    goals.row("start", Goal.atMost(1.5, "s", 2), 9, "");
    assertThat(goals.isGood()).isTrue();
  }

  @Test
  void a_wrong_answer_is_told_and_is_a_mistake() {
    goals.troubles("reads", Map.of("InternalError", 3L));
    assertThat(goals.isGood()).isFalse();
    assertThat(text()).contains("**reads: 3 × InternalError**");
  }

  @Test
  void books_out_of_order_are_told_and_are_a_mistake() {
    goals.audit(
        "Payments",
        new PayGround.Audit(
            new Books.Comparison(1, 1, 0, 0),
            List.of(new Finding("Every payment has its posting", "7", "none"))));
    assertThat(goals.isGood()).isFalse();
    assertThat(text()).contains("Payments:", "Every payment has its posting: 7: none");
  }

  @Test
  void a_payment_that_nobody_asked_for_is_a_mistake() {
    goals.audit("Payments", new PayGround.Audit(new Books.Comparison(1, 2, 0, 1), List.of()));
    assertThat(goals.isGood()).isFalse();
  }

  private String text() {
    var report = new Report();
    goals.writeTo(report);
    return report.toString();
  }
}
