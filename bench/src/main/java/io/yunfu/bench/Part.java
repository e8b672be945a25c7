package io.yunfu.bench;

/// The parts of `bench goals`, as one types them, in the order in which they run.
enum Part {
  /// PayDeals over HTTP beside the baseline, in a closed loop, and at half of a rate that lasts.
  http,
  /// The engine without HTTP, beside the baseline.
  engine,
  /// The bare handler that HTTP is compared with.
  bare,
  /// Calls that pay nothing.
  refused,
  /// Minutes instead of seconds.
  sustained,
  /// Deliveries through their queue.
  drain,
  /// Questions beside payments.
  reads,
  /// Tables of different sizes.
  growth,
  /// Orders over the gateway.
  cpay,
  /// A start of the packaged server.
  start,
  /// The distribution on a disk.
  size;

  /// Whether it takes so long that a quick run leaves it out unless it is asked for.
  boolean isLong() {
    return this == sustained || this == growth;
  }

  /// Whether it runs on the database with the payments of all these parts.
  boolean pays() {
    return compareTo(reads) < 0;
  }
}
