package io.yunfu.gateway.payment;

import io.yunfu.gateway.channel.ChannelAccount.SignType;
import io.yunfu.gateway.channel.OrderReference;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.merchant.ShopId;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.util.Optional;

/// An order at rest.
///
/// @param merchant the sub-merchant's number
/// @param isTransforming a channel was asked and has not answered
/// @param prepaid the channel's prepay id, or Alipay's trade number
/// @param reserved what refunds under way or done take of the total; unit: the smallest of its
///   currency
/// @param settlement what the channel owes for the payment, its fee not yet taken off: all but what
///   coupons of the merchant paid; 0 before it is paid
/// @param settlementRefunded what of it went back
/// @param fee what the channel keeps of what is left of the settlement
/// @param feePpm its rate, as it was when the payment arrived; 0 before
/// @param topUp the owner account that the money is for; empty for a sale
/// @param closeDueAt when the channel may be told of a close that it would not take yet
/// @param reversed whether it is closed because its seller has undone it at the channel
public record PaymentOrder(
    long id,
    String outTradeNo,
    long merchant,
    ShopId shop,
    PayPlatform platform,
    int subPlatform,
    OrderState state,
    boolean isTransforming,
    Money total,
    OrderDetails details,
    Optional<SignType> signType,
    Optional<String> prepaid,
    Optional<String> transactionId,
    Optional<PaymentFacts> payment,
    String stateText,
    Optional<Uin> topUp,
    long settlement,
    long settlementRefunded,
    long fee,
    int feePpm,
    long reserved,
    long refunded,
    Instant createdAt,
    Instant updatedAt,
    Instant expiresAt,
    Optional<Instant> paidAt,
    Optional<Instant> closedAt,
    Optional<Instant> closeDueAt,
    Optional<Instant> askedAt,
    int looks,
    boolean reversed) {

  /// WeChat Pay's number of an order that was reversed. Source: `cloudpay.md` section 4.7.
  private static final int REVERSED = 8;

  /// As a channel is asked about it.
  public OrderReference reference() {
    return new OrderReference(outTradeNo, transactionId, total, signType);
  }

  /// The same, as it stands once its channel knows it.
  PaymentOrder waiting(PaymentStore.Known known) {
    return new PaymentOrder(
        id,
        outTradeNo,
        merchant,
        shop,
        platform,
        subPlatform,
        OrderState.WAITING,
        false,
        total,
        details,
        signType,
        Optional.of(known.prepaid()),
        transactionId.or(known::transactionId),
        payment,
        stateText,
        topUp,
        settlement,
        settlementRefunded,
        fee,
        feePpm,
        reserved,
        refunded,
        createdAt,
        known.at(),
        expiresAt,
        paidAt,
        closedAt,
        closeDueAt,
        askedAt,
        looks,
        reversed);
  }

  /// The wire's number of its state: WxpayOrderState or AlipayOrderState.
  ///
  /// @param wholeOnly whether an order at WeChat Pay is called refunded only once all of it has
  ///   gone back, as one at Alipay always is, and paid before; else from the first refund that the
  ///   channel takes. Source: `cloudpay.md` section 7, OP-19
  public int stateNumber(boolean wholeOnly) {
    if (platform == PayPlatform.WECHAT && reversed) {
      return REVERSED;
    }
    boolean isPart = state == OrderState.REFUNDED && refunded < total.cents();
    return (wholeOnly && isPart ? OrderState.PAID : state).number(platform);
  }

  public boolean hasExpired(Instant now) {
    return !now.isBefore(expiresAt);
  }

  /// What can still be refunded; unit: the smallest of its currency.
  public long refundable() {
    return total.cents() - reserved;
  }
}
