package io.yunfu.simulator.wechat;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A service provider with its sub-merchants.
///
/// @param apiKey of 32 characters; signs everything
/// @param refundNotifyUrl where notices of refunds go that name no address; as set in the channel's
///   merchant console
record Merchant(
    String mchId,
    String name,
    Set<String> appIds,
    String apiKey,
    Optional<String> refundNotifyUrl,
    Map<String, SubMerchant> subs) {
  Merchant {
    appIds = Set.copyOf(appIds);
    subs = Map.copyOf(subs);
  }

  /// Without the key.
  @Override
  public String toString() {
    return "merchant " + mchId;
  }
}
