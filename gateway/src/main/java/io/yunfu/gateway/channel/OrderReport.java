package io.yunfu.gateway.channel;

import io.yunfu.kernel.Money;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a channel says about an order: in a verified answer to a query, or in a verified notice.
///
/// @param paid present when money has moved: [State#PAID], [State#REFUNDED], [State#FINISHED]
/// @param description the channel's text for the state, or empty
public record OrderReport(
    String outTradeNo, State state, String description, Optional<Payment> paid) {

  /// The channel's view of an order.
  public enum State {
    /// It knows no such order (yet).
    NOT_EXIST,
    /// It is still taking it in: nobody can pay it yet.
    ACCEPTED,
    /// Waits for the payer; a failed attempt to pay waits too.
    WAITING,
    /// The payer is at it.
    PAYING,
    PAID,
    /// Paid, and some or all of it went back. Alipay: all of it; while a part is left its order is
    /// still [#PAID], and the detail tells what went back.
    REFUNDED,
    /// Paid, and refunds are over.
    FINISHED,
    CLOSED,
    /// Undone by its seller, unpaid: closed for good.
    REVERSED
  }

  /// A payment that has happened.
  ///
  /// @param total as ordered; must equal our order's
  /// @param cash what the payer spent; absent when the channel does not say
  /// @param settlement what the merchant gets; absent when the channel does not say
  /// @param paidAt as the channel says
  public record Payment(
      String transactionId,
      Money total,
      Optional<Money> cash,
      Optional<Money> settlement,
      Optional<Instant> paidAt,
      List<Coupon> coupons,
      Detail detail) {
    public Payment {
      coupons = List.copyOf(coupons);
    }
  }

  /// A coupon that paid a part.
  ///
  /// @param type the channel's: `CASH`, `NO_CASH`; Alipay's voucher type
  public record Coupon(
      String id,
      String name,
      String type,
      Money amount,
      Optional<Money> byMerchant,
      Optional<Money> byOthers,
      String memo) {}

  /// What only one channel tells.
  public sealed interface Detail {}

  public record WechatDetail(
      Optional<String> openId, Optional<String> subOpenId, String bankType, String attach)
      implements Detail {}

  /// What Alipay tells besides.
  ///
  /// @param productCode what the order was made as; absent in what was kept before it was known
  /// @param discountGoodsDetail JSON text, or empty
  public record AlipayDetail(
      Optional<String> buyerId,
      String buyerLogonId,
      Optional<String> sellerId,
      Optional<String> sellerEmail,
      Optional<Money> point,
      Optional<Money> invoice,
      Optional<String> productCode,
      Optional<Instant> sentAt,
      Optional<Instant> refundedAt,
      Optional<Instant> closedAt,
      Optional<Money> refunded,
      Optional<String> outBizNo,
      List<FundBill> fundBills,
      String discountGoodsDetail)
      implements Detail {
    public AlipayDetail {
      fundBills = List.copyOf(fundBills);
    }
  }

  /// A source of the money.
  public record FundBill(String channel, Money amount, Optional<Money> real) {}
}
