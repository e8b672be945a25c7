package io.yunfu.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/// What `bench goals` reports: a row for each figure, what went wrong, and the tables behind the
/// figures.
final class GoalsReport {
  /// @param figure empty when it could not be measured; the remark says why
  private record Row(String name, Goal goal, OptionalDouble figure, String remark) {
    String met() {
      if (!goal.isSet()) {
        return "";
      }
      if (figure.isEmpty()) {
        return "not measured";
      }
      return goal.isMet(figure.getAsDouble()) ? "yes" : "**no**";
    }
  }

  private final List<Row> rows = new ArrayList<>();
  private final Report troubles = new Report();
  private final Report details = new Report();
  private boolean good = true;

  /// @param remark what the figure was made of
  void row(String name, Goal goal, double figure, String remark) {
    rows.add(new Row(name, goal, OptionalDouble.of(figure), remark));
  }

  void notMeasured(String name, Goal goal, String why) {
    rows.add(new Row(name, goal, OptionalDouble.empty(), why));
  }

  /// Whatever was not a right answer.
  void troubles(String where, Map<String, Long> found) {
    found.forEach((what, count) -> {
      good = false;
      troubles.paragraph("**%s: %d × %s**".formatted(where, count, what));
    });
  }

  /// What the database says after payments.
  void audit(String where, PayGround.Audit audit) {
    troubles.paragraph(where + ":");
    new PayReport(troubles).verdict(audit);
    good &= audit.isGood();
  }

  /// Whether the rest is as it should be.
  void require(boolean asItShouldBe) {
    good &= asItShouldBe;
  }

  /// Where the tables behind the figures go.
  Report details() {
    return details;
  }

  /// Whether every answer was right and the books are in order. Goals that are not met are no
  /// mistake: what is reached depends on the machine.
  boolean isGood() {
    return good;
  }

  void writeTo(Report report) {
    report.beginTable(
        """
        | Figure | Goal | Measured | Met | |
        |---|---|---|---|---|
        """);
    for (Row row : rows) {
      report.row(
          row.name(),
          row.goal().wanted(),
          row.figure().isPresent() ? row.goal().shown(row.figure().getAsDouble()) : "",
          row.met(),
          row.remark());
    }
    report.endTable();
    report.append(troubles);
    report.append(details);
  }
}
