package io.yunfu.server.observe;

import java.util.Locale;

/// Where the time of a request goes, as far as somebody measured it. Parts do not overlap.
public enum Part {
  /// A command waits until a lane takes it.
  QUEUE,
  /// The lane's transaction: lock, decide, write, commit.
  LANE,
  /// Transactions and queries of the request itself.
  DATABASE,
  /// The answer waits for the delivery of what was paid.
  DELIVERY,
  /// Calls to channels.
  CHANNEL;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
