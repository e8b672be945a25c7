package io.yunfu.wire.cpay;

import io.yunfu.kernel.Money;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// `pay_content`: what is to be paid for.
///
/// @param timeExpire as asked; absent means the merchant's default
/// @param body absent means the sub-merchant's default, if it has one
/// @param detail JSON text, unchecked
/// @param wechat empty for Alipay, which ignores it
public record PayContent(
    String outTradeNo,
    Optional<Instant> timeExpire,
    Money total,
    Optional<String> body,
    Optional<String> detail,
    Optional<String> remark,
    Wechat wechat) {

  /// `wxpay_pay_content_ext`.
  public record Wechat(
      Optional<String> attach,
      Optional<String> goodsTag,
      Optional<String> productId,
      Optional<String> limitPay) {
    static final Wechat NONE =
        new Wechat(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  static PayContent of(FieldReader content, Platform platform) {
    String outTradeNo = content.number("out_trade_no", platform != Platform.WECHAT);
    Optional<Instant> timeExpire = content.optionalTime("time_expire");
    Money total = content.money("total_fee");
    content.currency("fee_type");
    return new PayContent(
        outTradeNo,
        timeExpire,
        total,
        content.optionalText("body", 128),
        content.optionalJsonText("detail", 6000),
        content.optionalText("remark", 127),
        platform == Platform.WECHAT
            ? content
                .optionalObject("wxpay_pay_content_ext")
                .map(PayContent::wechat)
                .orElse(Wechat.NONE)
            : Wechat.NONE);
  }

  private static Wechat wechat(FieldReader ext) {
    return new Wechat(
        ext.optionalText("attach", 127),
        ext.optionalText("goods_tag", 32),
        ext.optionalText("product_id", 32),
        ext.optionalWord("limit_pay", Set.of("no_credit")));
  }
}
