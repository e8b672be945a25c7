package io.yunfu.gateway.channel;

import io.yunfu.kernel.Money;
import java.net.URI;
import java.time.Instant;
import java.util.Optional;

/// A wish to be paid by one payer, inside a page of the channel's app. Source: `channels.md`
/// section 5.1.
///
/// @param expiresAt ours; the connector raises it to the channel's minimum
/// @param detail JSON text as it arrived, or empty
/// @param noticeUrl where the channel reports, absolute, without a query
public record CreateOrder(
    String outTradeNo,
    Money total,
    String body,
    String detail,
    String remark,
    Instant createdAt,
    Instant expiresAt,
    WechatExtras wechat,
    Payer payer,
    Terminal terminal,
    Shop shop,
    URI noticeUrl) {

  /// What only WeChat Pay takes.
  public record WechatExtras(
      Optional<String> attach,
      Optional<String> goodsTag,
      Optional<String> productId,
      Optional<String> limitPay) {
    public static final WechatExtras NONE =
        new WechatExtras(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// Where the sale was made.
  ///
  /// @param address of the machine that called us: IPv4 or IPv6
  public record Terminal(Optional<String> deviceId, Optional<String> staffId, String address) {}

  /// The shop as the channel may know it.
  public record Shop(String id, String name) {}
}
