package io.yunfu.bench;

/// How long the simulated channel takes to answer, on top of its computing.
enum AnswerTime {
  /// What is measured is ours alone.
  AT_ONCE("at once", "none"),
  /// As a channel answers across the internet: half of the answers within 120 ms, one in a hundred
  /// after 300 ms (log-normal, sigma 0.4).
  REMOTE("120 ms", "lognormal:120ms:0.4");

  private final String title;
  private final String spelling;

  AnswerTime(String title, String spelling) {
    this.title = title;
    this.spelling = spelling;
  }

  String title() {
    return title;
  }

  /// As the simulator spells it.
  String spelling() {
    return spelling;
  }
}
