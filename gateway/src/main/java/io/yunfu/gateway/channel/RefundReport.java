package io.yunfu.gateway.channel;

import io.yunfu.kernel.Money;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a channel says about a refund.
///
/// @param refundId the channel's number; Alipay has none
/// @param settlement what is taken back from the merchant; absent when the channel does not say
public record RefundReport(
    String outTradeNo,
    String outRefundNo,
    State state,
    Optional<String> refundId,
    Optional<Money> amount,
    Optional<Money> settlement,
    Optional<Instant> succeededAt,
    Optional<Detail> detail) {

  /// The channel's view of a refund.
  public enum State {
    /// It knows no such refund (yet).
    NOT_EXIST,
    /// Accepted, money is on its way.
    PROCESSING,
    SUCCESS,
    /// Closed without money.
    CLOSED,
    /// The bank sent the money back: a person must act.
    ABNORMAL
  }

  /// What only one channel tells.
  public sealed interface Detail {}

  public record WechatDetail(
      Optional<Money> cash,
      Optional<Money> coupon,
      int couponCount,
      String account,
      String channel,
      String receivedBy)
      implements Detail {}

  /// What Alipay tells besides.
  ///
  /// @param fundChange whether money moved by this very call
  public record AlipayDetail(
      boolean fundChange, Optional<Instant> paidBackAt, List<OrderReport.FundBill> items)
      implements Detail {
    public AlipayDetail {
      items = List.copyOf(items);
    }
  }
}
