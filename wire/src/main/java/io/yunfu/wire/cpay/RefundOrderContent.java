package io.yunfu.wire.cpay;

import io.yunfu.kernel.Money;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// `refund_order_content`: a refund as it stands; short in the answer to `refund`, long in queries.
/// Source: `cloudpay.md` sections 2.8, 2.9 and 3.2.
///
/// @param refundId the channel's number; Alipay has none: `""`
/// @param tradeType of the order
/// @param nonce of the call that asked for the refund
/// @param reason with the lines of the operator, see [RefundReason]
/// @param succeeded whether the money has gone back
public record RefundOrderContent(
    String outRefundNo,
    Optional<String> refundId,
    int tradeType,
    String outTradeNo,
    String nonce,
    Instant createTime,
    Instant lastUpdateTime,
    boolean transforming,
    Optional<Instant> successTime,
    String reason,
    Money total,
    Money amount,
    String clientFlowId,
    Optional<Money> settlement,
    boolean succeeded,
    List<CouponInfo> coupons,
    Channel channel) {
  private static final long EXCHANGE_RATE = 100_000_000;
  private static final int SUCCEEDED = 4;

  public RefundOrderContent {
    coupons = List.copyOf(coupons);
  }

  /// The block of one channel.
  public sealed interface Channel {}

  /// `wxpay_refund_order_content_ext`.
  ///
  /// @param state WxpayRefundOrderState, section 4.10
  /// @param account RefundAccount; `channel` RefundChannel; section 4.17
  public record Wechat(
      int state,
      Optional<Money> cash,
      Optional<Money> coupon,
      OptionalInt couponCount,
      Optional<String> account,
      Optional<String> channel,
      Optional<String> receivedBy)
      implements Channel {}

  /// `alipay_refund_order_content_ext`.
  ///
  /// @param state AlipayRefundOrderState, section 4.10
  /// @param fundChange whether money moved
  public record Alipay(
      int state, boolean fundChange, Optional<Instant> refundPaidAt, List<FundBill> items)
      implements Channel {
    public Alipay {
      items = List.copyOf(items);
    }
  }

  void writeShort(ContentFields out) {
    writeHead(out);
    out.text("refund_reason", reason);
    writeAmounts(out);
    CouponInfo.writeAll(out, coupons);
    switch (channel) {
      case Wechat wechat ->
          out.object("wxpay_refund_order_content_ext", ext -> writeShort(ext, wechat));
      case Alipay alipay ->
          out.object("alipay_refund_order_content_ext", ext -> write(ext, alipay));
    }
    out.flag("is_deposit_mode", false);
  }

  void writeLong(ContentFields out) {
    writeHead(out);
    out.optionalTime("refund_success_time", successTime);
    out.text("refund_reason", reason);
    writeAmounts(out);
    out.integer("exchange_rate", EXCHANGE_RATE);
    out.text("client_refund_flow_id", clientFlowId);
    out.optionalMoney("settlement_refund_fee", settlement);
    out.optionalInteger("trade_state", succeeded ? OptionalInt.of(SUCCEEDED) : OptionalInt.empty());
    CouponInfo.writeAll(out, coupons);
    switch (channel) {
      case Wechat wechat ->
          out.object("wxpay_refund_order_content_ext", ext -> writeLong(ext, wechat));
      case Alipay alipay ->
          out.object("alipay_refund_order_content_ext", ext -> write(ext, alipay));
    }
    out.flag("is_deposit_mode", false);
  }

  private void writeHead(ContentFields out) {
    out.text("out_refund_no", outRefundNo);
    out.optionalText("refund_id", refundId);
    out.integer("trade_type", tradeType);
    out.text("out_trade_no", outTradeNo);
    out.text("nonce_str", nonce);
    out.time("create_time", createTime);
    out.time("last_update_time", lastUpdateTime);
    out.flag("is_transforming", transforming);
  }

  private void writeAmounts(ContentFields out) {
    out.money("total_fee", total);
    out.money("refund_fee", amount);
    out.text("refund_fee_type", FieldReader.CNY);
  }

  private static void writeShort(ContentFields ext, Wechat wechat) {
    ext.integer("state", wechat.state);
    ext.optionalMoney("cash_refund_fee", wechat.cash);
    ext.optionalMoney("coupon_refund_fee", wechat.coupon);
    ext.optionalInteger("coupon_refund_count", wechat.couponCount);
  }

  private static void writeLong(ContentFields ext, Wechat wechat) {
    writeShort(ext, wechat);
    ext.optionalText("refund_account", wechat.account);
    ext.optionalText("refund_channel", wechat.channel);
    ext.optionalText("refund_recv_account", wechat.receivedBy);
  }

  private static void write(ContentFields ext, Alipay alipay) {
    ext.integer("refund_status", alipay.state);
    ext.text("fund_change", alipay.fundChange ? "Y" : "N");
    ext.text(
        "gmt_refund_pay",
        alipay.refundPaidAt.map(time -> Long.toString(time.getEpochSecond())).orElse(""));
    if (!alipay.items.isEmpty()) {
      ext.objects("refund_detail_item_list", alipay.items, (one, item) -> item.write(one));
    }
  }
}
