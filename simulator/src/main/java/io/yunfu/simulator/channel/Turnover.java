package io.yunfu.simulator.channel;

import io.yunfu.kernel.Money;

/// What a merchant took and gave back, by the order book.
///
/// @param merchantAccount in the ledger: `merchant/wechat/1900000101`
/// @param feeAccount in the ledger: `fees/wechat/1900000101`
/// @param paid that went to the merchant, fees not yet taken off
/// @param refunded that was taken from the merchant for users
public record Turnover(
    String merchant, String merchantAccount, String feeAccount, Money paid, Money refunded) {}
