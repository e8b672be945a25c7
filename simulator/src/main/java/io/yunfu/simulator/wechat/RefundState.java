package io.yunfu.simulator.wechat;

import java.util.Set;

/// The life of a refund; named as `refund_status` on the wire.
enum RefundState {
  PROCESSING,
  SUCCESS,
  /// The money cannot be given back: a person has to see to it.
  CHANGE,
  /// It is off, and may be asked for again under its number.
  REFUNDCLOSE;

  Set<RefundState> next() {
    return switch (this) {
      case PROCESSING -> Set.of(SUCCESS, CHANGE, REFUNDCLOSE);
      case REFUNDCLOSE -> Set.of(PROCESSING);
      case SUCCESS, CHANGE -> Set.of();
    };
  }
}
