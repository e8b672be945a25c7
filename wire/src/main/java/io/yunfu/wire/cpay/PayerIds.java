package io.yunfu.wire.cpay;

import java.util.Optional;

/// Who pays, as the request says it; of two blocks the one of its platform counts.
public sealed interface PayerIds {
  /// `wxpay_pay_mch_key_ext`: at least one of the open ids is there.
  record Wechat(
      Optional<String> appId,
      Optional<String> subAppId,
      Optional<String> openId,
      Optional<String> subOpenId)
      implements PayerIds {}

  /// `alipay_pay_mch_key_ext`.
  record Alipay(String userId) implements PayerIds {}

  /// Of a platform that is not served: its block is not read.
  record Unserved() implements PayerIds {}

  static PayerIds of(FieldReader key, Platform platform) {
    return switch (platform) {
      case WECHAT -> wechat(key.object("wxpay_pay_mch_key_ext"));
      case ALIPAY ->
          // The table says 32; newer Alipay open ids are longer.
          new Alipay(key.object("alipay_pay_mch_key_ext").identifier("user_id", 128));
      case MEMBER_CARD, BOOKKEEPING -> new Unserved();
    };
  }

  private static PayerIds wechat(FieldReader ext) {
    var payer =
        new Wechat(
            ext.optionalIdentifier("app_id", 32),
            ext.optionalIdentifier("sub_app_id", 32),
            ext.optionalIdentifier("open_id", 128),
            ext.optionalIdentifier("sub_open_id", 128));
    if (payer.openId.isEmpty() && payer.subOpenId.isEmpty()) {
      throw Results.ONE_FIELD_NEEDED.refused(ext.path("open_id"), ext.path("sub_open_id"));
    }
    return payer;
  }
}
