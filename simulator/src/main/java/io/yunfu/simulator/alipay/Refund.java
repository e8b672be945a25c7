package io.yunfu.simulator.alipay;

import io.yunfu.kernel.Money;
import java.time.Instant;
import java.util.Optional;

/// Money that goes back, against one trade.
///
/// @param requestNo the merchant's number, unique within the trade
/// @param funds who gets which part back
/// @param fee that the channel returns to the merchant
/// @param reason for the payer
/// @param deposited whether the payer's bank has taken it; if not, it lies with the channel
record Refund(
    String requestNo,
    Funds funds,
    Money fee,
    Optional<String> reason,
    Instant at,
    boolean deposited) {
  Money amount() {
    return funds.total();
  }

  /// The same, but the payer's bank does not take it.
  Refund notDeposited() {
    return new Refund(requestNo, funds, fee, reason, at, false);
  }
}
