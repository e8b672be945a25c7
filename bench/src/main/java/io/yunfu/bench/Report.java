package io.yunfu.bench;

import io.yunfu.ledger.Finding;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A result in Markdown, and what every benchmark tells in it.
final class Report {
  private final StringBuilder text = new StringBuilder();

  /// What the figures depend on, a line for each.
  void conditions(Map<String, String> conditions) {
    beginTable("| | |\n|---|---|\n");
    conditions.forEach(this::row);
    endTable();
  }

  /// What breaks the rules of the books, or that nothing does.
  void findings(List<Finding> findings) {
    if (findings.isEmpty()) {
      paragraph("The audit of the books found nothing.");
    }
    for (Finding finding : findings) {
      paragraph(
          "**The books: %s: %s: %s**"
              .formatted(finding.rule(), finding.subject(), finding.detail()));
    }
  }

  void append(Report other) {
    text.append(other.text);
  }

  void paragraph(String words) {
    text.append(words).append("\n\n");
  }

  /// @param head its titles, and the line that says how the columns are aligned
  void beginTable(String head) {
    text.append(head);
  }

  void row(String... cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  void endTable() {
    text.append('\n');
  }

  /// A number without decimals. Where nothing was done, nothing can be shared by it.
  static String whole(double number) {
    return Double.isFinite(number) ? String.format(Locale.ROOT, "%,d", Math.round(number)) : "none";
  }

  static String tenths(double number) {
    return String.format(Locale.ROOT, "%.1f", number);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
