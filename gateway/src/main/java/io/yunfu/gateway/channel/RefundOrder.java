package io.yunfu.gateway.channel;

import io.yunfu.kernel.Money;
import java.net.URI;
import java.util.Optional;

/// Money back to the payer of an order. Source: `channels.md` section 5.4.
///
/// @param outRefundNo one refund per number: the same one is sent again after an unknown outcome
/// @param refundAccount WeChat Pay only
public record RefundOrder(
    OrderReference order,
    String outRefundNo,
    Money amount,
    String reason,
    Optional<String> refundAccount,
    CreateOrder.Terminal terminal,
    CreateOrder.Shop shop,
    URI noticeUrl) {

  /// What a refund query needs.
  public RefundReference reference() {
    return new RefundReference(order, outRefundNo, amount);
  }

  /// A refund that the channel was told of.
  public record RefundReference(OrderReference order, String outRefundNo, Money amount) {}
}
