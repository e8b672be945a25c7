package io.yunfu.simulator.wechat;

import java.util.Optional;

/// Who calls, for whom, and how answers to it are signed.
///
/// @param appId the provider's application
/// @param subAppId the sub-merchant's application, if it was sent
record Caller(
    Merchant merchant,
    SubMerchant sub,
    String appId,
    Optional<String> subAppId,
    SignType signType) {

  /// @throws Refused if the sub-merchant may not do that
  void needs(String permission) {
    if (!sub.permissions().contains(permission)) {
      throw new Refused("NOAUTH");
    }
  }

  /// Whether this is a sub-merchant's order.
  boolean owns(Order order) {
    return order.sub().subMchId().equals(sub.subMchId());
  }
}
