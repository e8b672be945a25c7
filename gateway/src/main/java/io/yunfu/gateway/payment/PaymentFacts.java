package io.yunfu.gateway.payment;

import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.channel.OrderReport.AlipayDetail;
import io.yunfu.gateway.channel.OrderReport.WechatDetail;
import io.yunfu.kernel.Money;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the channel said of a payment, in the form that is kept.
public record PaymentFacts(
    String transactionId,
    Optional<Money> cash,
    Optional<Money> settlement,
    Optional<Instant> paidAt,
    List<OrderReport.Coupon> coupons,
    Optional<WechatDetail> wechat,
    Optional<AlipayDetail> alipay) {
  public PaymentFacts {
    coupons = List.copyOf(coupons);
  }

  static PaymentFacts of(OrderReport.Payment payment) {
    return new PaymentFacts(
        payment.transactionId(),
        payment.cash(),
        payment.settlement(),
        payment.paidAt(),
        payment.coupons(),
        payment.detail() instanceof WechatDetail wechat ? Optional.of(wechat) : Optional.empty(),
        payment.detail() instanceof AlipayDetail alipay ? Optional.of(alipay) : Optional.empty());
  }
}
