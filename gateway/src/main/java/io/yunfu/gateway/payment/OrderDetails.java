package io.yunfu.gateway.payment;

import io.yunfu.gateway.channel.CreateOrder.WechatExtras;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What the caller said of an order and its payer, kept as it was said.
///
/// @param appId the provider's app id that the order was made under; empty for Alipay
/// @param subAppId the sub-merchant's, where there is one
/// @param nonce of the request; empty when it had none
public record OrderDetails(
    String body,
    String detail,
    String remark,
    WechatExtras wechat,
    String appId,
    String subAppId,
    String openId,
    String subOpenId,
    String userId,
    Terminal terminal,
    String nonce,
    String callerNotifyUrl) {

  /// The terminal that a call was made from. Source: `cloudpay.md` section 3.6.
  public record Terminal(
      Optional<String> deviceId,
      Optional<String> staffId,
      OptionalInt terminalType,
      OptionalLong subTerminalType,
      Optional<String> machineNo,
      Optional<String> sdkVersion,
      String address,
      Optional<String> snCode) {}
}
