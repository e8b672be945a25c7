package io.yunfu.simulator.wechat;

import io.yunfu.simulator.people.User;
import java.time.Instant;
import java.util.Optional;

/// One payment of an order. There is one, but for a double payment.
///
/// @param id `transaction_id`
/// @param openid the user's in the provider's application
/// @param subOpenid the user's in the sub-merchant's application, if the order named one
/// @param settlement what goes to the merchant, fees not yet taken off; in fen
/// @param cash what the user paid; in fen
record Transaction(
    String id,
    User user,
    String openid,
    Optional<String> subOpenid,
    Instant paid,
    String bank,
    long settlement,
    long cash,
    Optional<Coupon> coupon) {}
