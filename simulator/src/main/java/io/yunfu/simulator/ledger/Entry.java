package io.yunfu.simulator.ledger;

import io.yunfu.kernel.Money;

/// One side of a posting.
///
/// @param account such as `user/alice` or `merchant/wechat/1900000101`
/// @param amount positive when it comes in, negative when it goes out
public record Entry(String account, Money amount) {}
