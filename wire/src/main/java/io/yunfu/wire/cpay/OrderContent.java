package io.yunfu.wire.cpay;

import io.yunfu.kernel.Money;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// `order_content`: an order as it stands. Calls that make an order write the short set of members,
/// which is that of the published example; queries and notifications write the long one, with `""`
/// for texts that are not there. Numbers that are not known yet are left out. Source: `cloudpay.md`
/// sections 2.1.2, 2.6 and 3.1.
///
/// @param transactionId the channel's number, once known
/// @param nonce of the call that made the order
/// @param transforming whether a channel was asked and its answer is not known
/// @param paid whether it was ever paid
public record OrderContent(
    String outTradeNo,
    Optional<String> transactionId,
    int tradeType,
    Instant timeExpire,
    Optional<Instant> timeEnd,
    String nonce,
    Instant createTime,
    Instant lastUpdateTime,
    boolean transforming,
    String callerNotifyUrl,
    Money total,
    Optional<Money> cash,
    Optional<Money> settlement,
    String body,
    String detail,
    String clientFlowId,
    String remark,
    boolean paid,
    List<CouponInfo> coupons,
    Channel channel) {
  /// Unit: 1.0, in hundred millionths. There is one currency.
  private static final long EXCHANGE_RATE = 100_000_000;

  /// Appears on everything that succeeded, explained nowhere (OP-30).
  private static final int SUCCEEDED = 4;

  /// No other kind of order has a source.
  private static final int NO_SOURCE = 0;

  /// Unit: characters of `trade_state_desc`.
  private static final int LONGEST_STATE = 255;

  public OrderContent {
    coupons = List.copyOf(coupons);
  }

  /// The block of one channel.
  public sealed interface Channel {}

  /// `wxpay_order_content_ext`.
  ///
  /// @param state WxpayOrderState, section 4.7
  /// @param prepareId the prepay id; the wire's spelling is `prepare_id`
  /// @param couponFee what coupons paid, once paid
  public record Wechat(
      int state,
      String attach,
      String bankType,
      String goodsTag,
      Optional<Money> couponFee,
      OptionalInt couponCount,
      String productId,
      String limitPay,
      String prepareId,
      String stateDescription)
      implements Channel {}

  /// `alipay_order_content_ext`.
  ///
  /// @param state AlipayOrderState, section 4.8
  /// @param discountGoodsDetail JSON text of an array
  public record Alipay(
      int state,
      List<AlipayVoucher> vouchers,
      List<FundBill> fundBills,
      Optional<Money> point,
      Optional<Money> invoice,
      Optional<String> productCode,
      Optional<Instant> sendPayDate,
      String discountGoodsDetail,
      String buyerLogonId,
      Optional<String> sellerId,
      Optional<String> sellerEmail,
      Optional<Instant> gmtRefund,
      Optional<Instant> gmtClose,
      Money refundFee,
      Optional<String> outBizNo)
      implements Channel {
    public Alipay {
      vouchers = List.copyOf(vouchers);
      fundBills = List.copyOf(fundBills);
    }
  }

  void writeShort(ContentFields out) {
    out.text("out_trade_no", outTradeNo);
    out.optionalText("transaction_id", transactionId);
    out.integer("trade_type", tradeType);
    out.time("time_expire", timeExpire);
    out.text("nonce_str", nonce);
    out.time("create_time", createTime);
    out.time("last_update_time", lastUpdateTime);
    out.flag("is_transforming", transforming);
    out.money("total_fee", total);
    out.text("fee_type", FieldReader.CNY);
    out.text("cash_fee_type", FieldReader.CNY);
    out.text("body", body);
    switch (channel) {
      case Wechat wechat -> out.object("wxpay_order_content_ext", ext -> writeShort(ext, wechat));
      case Alipay alipay ->
          out.object(
              "alipay_order_content_ext", ext -> ext.integer("current_trade_state", alipay.state));
    }
  }

  private static void writeShort(ContentFields ext, Wechat wechat) {
    ext.integer("current_trade_state", wechat.state);
    ext.optionalText("attach", given(wechat.attach));
    ext.text("goods_tag", wechat.goodsTag);
    ext.optionalText("product_id", given(wechat.productId));
    ext.optionalText("limit_pay", given(wechat.limitPay));
    ext.optionalText("prepare_id", given(wechat.prepareId));
  }

  private static Optional<String> given(String text) {
    return Optional.of(text).filter(known -> !known.isEmpty());
  }

  void writeLong(ContentFields out) {
    out.text("out_trade_no", outTradeNo);
    out.optionalText("transaction_id", transactionId);
    out.integer("trade_type", tradeType);
    out.time("time_expire", timeExpire);
    out.optionalTime("time_end", timeEnd);
    out.text("nonce_str", nonce);
    out.time("create_time", createTime);
    out.time("last_update_time", lastUpdateTime);
    out.flag("is_transforming", transforming);
    out.integer("source_type", NO_SOURCE);
    out.text("caller_notify_url", callerNotifyUrl);
    out.money("total_fee", total);
    out.text("fee_type", FieldReader.CNY);
    out.optionalMoney("cash_fee", cash);
    out.text("cash_fee_type", FieldReader.CNY);
    out.optionalMoney("settlement_total_fee", settlement);
    out.text("body", body);
    out.text("detail", detail);
    out.text("context", "");
    out.integer("exchange_rate", EXCHANGE_RATE);
    out.text("client_flow_id", clientFlowId);
    out.text("remark", remark);
    out.optionalInteger("trade_state", paid ? OptionalInt.of(SUCCEEDED) : OptionalInt.empty());
    CouponInfo.writeAll(out, coupons);
    switch (channel) {
      case Wechat wechat -> out.object("wxpay_order_content_ext", ext -> writeLong(ext, wechat));
      case Alipay alipay -> out.object("alipay_order_content_ext", ext -> writeLong(ext, alipay));
    }
  }

  private static void writeLong(ContentFields ext, Wechat wechat) {
    ext.integer("current_trade_state", wechat.state);
    ext.text("attach", wechat.attach);
    ext.text("bank_type", wechat.bankType);
    ext.text("goods_tag", wechat.goodsTag);
    ext.optionalMoney("coupon_fee", wechat.couponFee);
    ext.optionalInteger("coupon_count", wechat.couponCount);
    ext.text("product_id", wechat.productId);
    ext.text("limit_pay", wechat.limitPay);
    ext.text("prepare_id", wechat.prepareId);
    ext.text("trade_state_desc", Texts.cut(wechat.stateDescription, LONGEST_STATE));
  }

  private static void writeLong(ContentFields ext, Alipay alipay) {
    ext.integer("current_trade_state", alipay.state);
    if (!alipay.vouchers.isEmpty()) {
      ext.objects("voucher_detail_list", alipay.vouchers, (one, voucher) -> voucher.write(one));
    }
    ext.objects("fund_bill_list", alipay.fundBills, (one, bill) -> bill.write(one));
    ext.optionalMoney("point_amount", alipay.point);
    ext.optionalMoney("invoice_amount", alipay.invoice);
    ext.optionalText("product_code", alipay.productCode);
    ext.optionalTime("send_pay_date", alipay.sendPayDate);
    ext.text("discount_goods_detail", alipay.discountGoodsDetail);
    ext.text("buyer_logon_id", alipay.buyerLogonId);
    ext.optionalText("seller_id", alipay.sellerId);
    ext.optionalText("seller_email", alipay.sellerEmail);
    ext.integer("gmt_refund", alipay.gmtRefund.map(Instant::getEpochSecond).orElse(0L));
    ext.integer("gmt_close", alipay.gmtClose.map(Instant::getEpochSecond).orElse(0L));
    ext.money("refund_fee", alipay.refundFee);
    ext.optionalText("out_biz_no", alipay.outBizNo);
  }
}
