package io.yunfu.gateway.payment;

import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.kernel.Money;
import java.util.Optional;

/// What a channel owes the merchant for a payment, and takes back for a refund, its fee aside: all
/// but what coupons paid that the merchant, or nobody, pays for. The channel says it where there
/// are any. Source: `cloudpay.md` sections 3.1, 3.2; `channels.md` sections 2.7, 2.11, 4.6, 4.8.
final class Settlement {
  /// A coupon that is no money to the merchant. Source: `cloudpay.md` section 4.16.
  private static final String NO_CASH = "NO_CASH";

  private Settlement() {}

  static Money of(PayPlatform platform, OrderReport.Payment payment) {
    return payment
        .settlement()
        .orElseGet(() ->
            payment.coupons().stream()
                .map(coupon -> byMerchant(platform, coupon))
                .reduce(payment.total(), Money::minus));
  }

  private static Money byMerchant(PayPlatform platform, OrderReport.Coupon coupon) {
    Money nothing = Money.zero(coupon.amount().currency());
    return switch (platform) {
      case WECHAT -> coupon.type().equals(NO_CASH) ? coupon.amount() : nothing;
      case ALIPAY -> coupon.byMerchant().orElse(nothing);
    };
  }

  /// Whether a channel can owe so much for a payment.
  static boolean isPossible(Money settlement, Money total) {
    return settlement.currency() == total.currency()
        && !settlement.isNegative()
        && settlement.compareTo(total) <= 0;
  }

  /// Of a refund: what the channel says now, or else what it said before, or else its share.
  static Money ofRefund(PaymentOrder order, Refund refund, Optional<RefundReport> report) {
    return report
        .flatMap(RefundReport::settlement)
        .or(() -> refund.facts().flatMap(RefundFacts::settlement))
        .orElseGet(() -> Money.of(share(order, refund.amount().cents()), order.total().currency()));
  }

  /// Reckoned from all that has gone back by then, so that many small refunds come to what one
  /// does.
  private static long share(PaymentOrder order, long refund) {
    long rest = order.settlement() - order.settlementRefunded();
    long after = order.refunded() + refund;
    return after == order.total().cents()
        ? rest
        : Math.min(rest, left(order, order.refunded()) - left(order, after));
  }

  /// What is left of the settlement when this much of the total has gone back. The coupons get the
  /// whole fen of their part.
  private static long left(PaymentOrder order, long refunded) {
    long total = order.total().cents();
    long coupons = total - order.settlement();
    return order.settlement() - (refunded - Math.multiplyExact(coupons, refunded) / total);
  }

  /// Whether a channel can have taken so much back for a refund of an order.
  static boolean isPossible(Money settlement, Refund refund, PaymentOrder order) {
    long rest = order.settlement() - order.settlementRefunded();
    return isPossible(settlement, refund.amount())
        && (refund.transactionId().isPresent() || settlement.cents() <= rest);
  }
}
