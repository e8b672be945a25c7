package io.yunfu.server.api.billing;

import io.yunfu.server.config.AddressRanges;
import io.yunfu.server.config.RateLimits;

/// Who may call from where, and how often.
///
/// @param allowed empty for everywhere
/// @param blocked wins over `allowed`
/// @param perAddress calls per second of one address, before authentication; 0 for no limit
/// @param perAccount calls per second of one owner account over all actions; 0 for no limit
/// @param perAction calls per second of one owner account and action: 20 by default (billing
///   2018-07-09, PayDeals, section 1, "20次/秒")
public record TrafficRules(
    AddressRanges allowed,
    AddressRanges blocked,
    int perAddress,
    int perAccount,
    RateLimits perAction) {}
