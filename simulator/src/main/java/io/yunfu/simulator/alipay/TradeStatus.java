package io.yunfu.simulator.alipay;

import java.util.Set;

/// The life of a trade, in the channel's words. Source: channels.md, section 4.6.
enum TradeStatus {
  WAIT_BUYER_PAY,
  /// Paid, also after refunds of a part.
  TRADE_SUCCESS,
  /// Never paid and over, or paid and refunded as a whole.
  TRADE_CLOSED,
  /// Paid, and too old to be refunded.
  TRADE_FINISHED;

  Set<TradeStatus> next() {
    return switch (this) {
      case WAIT_BUYER_PAY -> Set.of(TRADE_SUCCESS, TRADE_CLOSED);
      case TRADE_SUCCESS -> Set.of(TRADE_CLOSED, TRADE_FINISHED);
      case TRADE_CLOSED -> Set.of(TRADE_SUCCESS); // by the fault `late_payment` alone
      case TRADE_FINISHED -> Set.of();
    };
  }
}
