package io.yunfu.server.api.billing;

import io.yunfu.billing.account.Callers;
import io.yunfu.db.DatabaseAway;
import io.yunfu.db.DatabaseBusy;
import io.yunfu.db.LaneRefused;
import io.yunfu.db.OutcomeUnknown;
import io.yunfu.server.observe.Answered;
import io.yunfu.wire.tc3.ApiError;
import io.yunfu.wire.tc3.CommonErrors;
import io.yunfu.wire.tc3.ErrorTemplate;
import org.jspecify.annotations.Nullable;

/// How trouble that no rule foresaw is told to a client: without a detail, but so that it knows
/// whether to ask again.
final class Faults {
  /// Asking again would be refused as paid if it was, but a person should look first.
  static final ErrorTemplate OUTCOME_UNKNOWN =
      CommonErrors.INTERNAL_ERROR.saying(
          "It is not known whether this call took effect. Look the deals up with DescribeDealsByCond,"
              + " giving OrderId and Status, before you call again.",
          "本次调用是否生效未知。请先用 DescribeDealsByCond(传入 OrderId 和 Status)查询订单,再决定是否重试。");

  private Faults() {}

  /// As everywhere, and that too many callers are looked up at once.
  static boolean isExpected(Throwable fault) {
    return Answered.isExpected(fault) || fault instanceof Callers.Busy;
  }

  /// @param action null when the request did not get that far
  static ApiError spelt(Throwable fault, @Nullable Action action) {
    return switch (fault) {
      // Nothing has changed, and a retry may well pass.
      case DatabaseAway away -> CommonErrors.SERVICE_UNAVAILABLE.with();
      case LaneRefused refused -> CommonErrors.SERVICE_UNAVAILABLE.with();
      case Callers.Busy busy -> CommonErrors.SERVICE_UNAVAILABLE.with();
      case DatabaseBusy busy ->
          (action == null ? CommonErrors.SERVICE_UNAVAILABLE : action.whenBusy()).with();
      case OutcomeUnknown unknown -> OUTCOME_UNKNOWN.with();
      default -> CommonErrors.INTERNAL_ERROR.with();
    };
  }
}
