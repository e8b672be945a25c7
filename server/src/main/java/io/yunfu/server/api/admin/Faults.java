package io.yunfu.server.api.admin;

import io.yunfu.db.DatabaseAway;
import io.yunfu.db.DatabaseBusy;
import io.yunfu.db.LaneRefused;
import io.yunfu.db.OutcomeUnknown;

/// How trouble that no rule foresaw is told to a client: without a detail, but so that it knows
/// whether to ask again.
final class Faults {
  private Faults() {}

  static Refused spelt(Throwable fault) {
    return switch (fault) {
      case DatabaseAway away -> Errors.UNAVAILABLE.with();
      case DatabaseBusy busy -> Errors.UNAVAILABLE.with();
      case LaneRefused refused -> Errors.UNAVAILABLE.with();
      case OutcomeUnknown unknown -> Errors.OUTCOME_UNKNOWN.with();
      default -> Errors.INTERNAL_ERROR.with();
    };
  }
}
