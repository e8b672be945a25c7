package io.yunfu.server.api.cpay;

import io.yunfu.db.DatabaseAway;
import io.yunfu.db.DatabaseBusy;
import io.yunfu.db.LaneRefused;

/// How trouble that no rule foresaw is told apart for the log.
final class Faults {
  private Faults() {}

  /// Whether the surroundings are to blame, so that every request fails alike: the reason is worth
  /// a line then, and no stack.
  static boolean isExpected(Throwable fault) {
    return fault instanceof DatabaseAway
        || fault instanceof DatabaseBusy
        || fault instanceof LaneRefused;
  }
}
