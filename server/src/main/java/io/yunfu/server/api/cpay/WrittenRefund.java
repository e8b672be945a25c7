package io.yunfu.server.api.cpay;

import static io.yunfu.gateway.channel.PayPlatform.ALIPAY;
import static io.yunfu.gateway.channel.PayPlatform.WECHAT;

import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.gateway.payment.PaymentOrder;
import io.yunfu.gateway.payment.Refund;
import io.yunfu.gateway.payment.RefundFacts;
import io.yunfu.gateway.payment.RefundState;
import io.yunfu.kernel.Money;
import io.yunfu.wire.cpay.PayMchKey;
import io.yunfu.wire.cpay.RefundOrderContent;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// A refund of the gateway in the words of the wire. Source: `cloudpay.md` section 3.2 and
/// `channels.md` section 5.4.
final class WrittenRefund {
  private WrittenRefund() {}

  /// Whose order it was, without its payer.
  static PayMchKey.Channel seller(PaymentOrder order, boolean withSubAppId) {
    return switch (order.platform()) {
      case WECHAT ->
          new PayMchKey.Wechat(
              order.details().appId(),
              Optional.of(order.details().subAppId()).filter(id -> withSubAppId),
              Optional.empty(),
              Optional.empty(),
              Optional.empty());
      case ALIPAY -> new PayMchKey.Alipay(order.details().userId());
    };
  }

  static RefundOrderContent content(PaymentOrder order, Refund refund) {
    boolean succeeded = refund.state() == RefundState.SUCCESS;
    return new RefundOrderContent(
        refund.outRefundNo(),
        // Alipay has no number for it.
        order.platform() == ALIPAY ? Optional.of("") : refund.channelRefundId(),
        Written.TRADE_TYPE,
        order.outTradeNo(),
        refund.details().nonce(),
        refund.createdAt(),
        refund.updatedAt(),
        refund.isTransforming(),
        refund.succeededAt(),
        refund.details().reason(),
        order.total(),
        refund.amount(),
        refund.details().clientFlowId().orElse(""),
        refund.settlement().or(() -> refund.facts().flatMap(RefundFacts::settlement)),
        succeeded,
        List.of(),
        switch (order.platform()) {
          case WECHAT -> wechat(refund);
          case ALIPAY -> alipay(refund, succeeded);
        });
  }

  /// Parts are told once the channel has accepted it; those that it does not name are nothing.
  private static RefundOrderContent.Wechat wechat(Refund refund) {
    Optional<RefundReport.WechatDetail> detail = refund.facts().flatMap(RefundFacts::wechat);
    Optional<Money> coupon =
        detail.map(known -> known.coupon().orElse(Money.zero(refund.amount().currency())));
    return new RefundOrderContent.Wechat(
        refund.state().number(WECHAT),
        detail.map(known -> known.cash().orElse(refund.amount().minus(coupon.orElseThrow()))),
        coupon,
        detail.map(known -> OptionalInt.of(known.couponCount())).orElseGet(OptionalInt::empty),
        detail.map(RefundReport.WechatDetail::account).filter(text -> !text.isEmpty()),
        detail.map(RefundReport.WechatDetail::channel).filter(text -> !text.isEmpty()),
        detail.map(RefundReport.WechatDetail::receivedBy).filter(text -> !text.isEmpty()));
  }

  private static RefundOrderContent.Alipay alipay(Refund refund, boolean succeeded) {
    Optional<RefundReport.AlipayDetail> detail = refund.facts().flatMap(RefundFacts::alipay);
    return new RefundOrderContent.Alipay(
        refund.state().number(ALIPAY),
        succeeded,
        detail.flatMap(RefundReport.AlipayDetail::paidBackAt),
        detail.map(known -> Written.funds(known.items())).orElse(List.of()));
  }
}
