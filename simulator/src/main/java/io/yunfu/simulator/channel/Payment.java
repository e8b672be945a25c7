package io.yunfu.simulator.channel;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.people.User;
import java.time.Duration;

/// What a user does at the cashier.
///
/// @param reference what is paid: see [Channel#payable]
/// @param late whether it goes through although the order is closed or expired
public record Payment(String reference, User user, Action action, boolean late) {

  /// Source: channels.md, section 7.4.
  public sealed interface Action {
    record Success() implements Action {}

    record Cancel() implements Action {}

    record Insufficient() implements Action {}

    record PasswordWrong() implements Action {}

    record BankError() implements Action {}

    /// It takes a while, then ends well or not.
    record Pending(Duration lasting, boolean succeeds) implements Action {}

    /// A coupon pays a part.
    ///
    /// @param cash whether the coupon is money to the merchant (`CASH`) or a discount (`NO_CASH`)
    record Coupon(Money fee, boolean cash) implements Action {}
  }
}
