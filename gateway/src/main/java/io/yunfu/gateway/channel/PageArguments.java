package io.yunfu.gateway.channel;

/// What a page inside the channel's app needs to open the cashier. Source: `cloudpay.md` section
/// 3.8.
public sealed interface PageArguments {
  /// Arguments of `getBrandWCPayRequest`.
  ///
  /// @param appId of the payer's open id
  /// @param timestamp Unix seconds, as text
  /// @param packageText `prepay_id=…`
  record Wechat(
      String appId,
      String timestamp,
      String nonce,
      String packageText,
      ChannelAccount.SignType signType,
      String paySign)
      implements PageArguments {}

  record Alipay(String tradeNo) implements PageArguments {}
}
