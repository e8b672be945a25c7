package io.yunfu.bench;

/// Whose deals are paid.
enum Workload {
  /// Every account is as likely as any other.
  UNIFORM("uniform", 0, 1),
  /// One account owns nine deals in ten: a reseller, or a group payer.
  HOT("one hot account", 90, 1_000_000_001);

  private final String title;
  private final int hotPercent;
  private final long firstNumber;

  Workload(String title, int hotPercent, long firstNumber) {
    this.title = title;
    this.hotPercent = hotPercent;
    this.firstNumber = firstNumber;
  }

  String title() {
    return title;
  }

  /// How many of a hundred deals belong to account 0.
  int hotPercent() {
    return hotPercent;
  }

  /// Where the numbers of its deals begin. Both ranges stay below 2^31, as [Numbering] needs.
  long firstNumber() {
    return firstNumber;
  }

  /// The name under which its numbers are drawn from `id_block`.
  String block() {
    return "bench-" + name().toLowerCase(java.util.Locale.ROOT);
  }
}
