package io.yunfu.wire.cpay;

import java.util.Optional;

/// `pay_mch_key` of answers and notifications: the identities of the request, completed. Source:
/// `cloudpay.md` section 3.5.
///
/// @param channel what only one channel has
public record PayMchKey(
    MerchantIds merchant, Platform platform, int subPlatform, Optional<Channel> channel) {

  /// The block of one channel.
  public sealed interface Channel {}

  /// `wxpay_pay_mch_key_ext`; what is absent is left out, what is empty is written as `""`.
  ///
  /// @param subMchId the channel's number of the sub-merchant; only notifications tell it
  public record Wechat(
      String appId,
      Optional<String> subAppId,
      Optional<String> openId,
      Optional<String> subOpenId,
      Optional<String> subMchId)
      implements Channel {
    /// As queries write it: every member, `""` for what is not there.
    public Wechat full() {
      return new Wechat(appId, orEmpty(subAppId), orEmpty(openId), orEmpty(subOpenId), subMchId);
    }

    private static Optional<String> orEmpty(Optional<String> text) {
      return text.or(() -> Optional.of(""));
    }
  }

  /// `alipay_pay_mch_key_ext`.
  public record Alipay(String userId) implements Channel {}

  void write(ContentFields out) {
    out.integer("pay_platform", platform.number());
    out.text("out_mch_id", merchant.outMchId());
    out.text("out_sub_mch_id", merchant.outSubMchId());
    out.text("out_shop_id", merchant.outShopId());
    out.integer("sub_pay_platform", subPlatform);
    channel.ifPresent(known -> write(out, known));
  }

  private static void write(ContentFields out, Channel channel) {
    switch (channel) {
      case Wechat wechat ->
          out.object(
              "wxpay_pay_mch_key_ext",
              ext -> {
                ext.text("app_id", wechat.appId);
                ext.optionalText("sub_app_id", wechat.subAppId);
                ext.optionalText("open_id", wechat.openId);
                ext.optionalText("sub_open_id", wechat.subOpenId);
                ext.optionalText("sub_mch_id", wechat.subMchId);
              });
      case Alipay(var userId) ->
          out.object("alipay_pay_mch_key_ext", ext -> ext.text("user_id", userId));
    }
  }
}
