package io.yunfu.channels.alipay;

import io.yunfu.channels.Unreadable;
import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.channel.OrderReport.AlipayDetail;
import io.yunfu.gateway.channel.OrderReport.Coupon;
import io.yunfu.gateway.channel.OrderReport.FundBill;
import io.yunfu.gateway.channel.OrderReport.Payment;
import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.kernel.Money;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// What Alipay's fields say about an order or a refund. Source: `channels.md` sections 4.6 to 4.10,
/// 5 and 6.
final class Reports {
  private Reports() {}

  /// From a query's answer, or from a notice.
  ///
  /// `TRADE_CLOSED` says two things: nobody paid, or all of it went back. Then the trade has a time
  /// of payment, or a trace of a refund. `TRADE_SUCCESS` stays while a part is left, and the notice
  /// of a partial refund looks like that of the payment but for what went back.
  ///
  /// @param seller whose account it is, since answers do not always say it
  static OrderReport order(Fields fields, Optional<String> seller) {
    String outTradeNo = fields.need("out_trade_no");
    String status = fields.need("trade_status");
    return switch (status) {
      case "WAIT_BUYER_PAY" -> unpaid(outTradeNo, OrderReport.State.WAITING, status);
      case "TRADE_SUCCESS" -> paid(outTradeNo, OrderReport.State.PAID, status, fields, seller);
      case "TRADE_FINISHED" -> paid(outTradeNo, OrderReport.State.FINISHED, status, fields, seller);
      case "TRADE_CLOSED" ->
          wasPaid(fields)
              ? paid(outTradeNo, OrderReport.State.REFUNDED, status, fields, seller)
              : unpaid(outTradeNo, OrderReport.State.CLOSED, status);
      default -> throw new Unreadable("trade_status is none that we know");
    };
  }

  /// Alipay knows no such trade; it appears there at the latest with the answer to its creation.
  static OrderReport noOrder(String outTradeNo) {
    return unpaid(outTradeNo, OrderReport.State.NOT_EXIST, "");
  }

  /// From the answer to a refund. `refund_fee` in it is the sum of all refunds of the trade so far,
  /// and so tells nothing about this one. `fund_change` is `N` also when a finished refund is
  /// repeated: only the question tells.
  static RefundReport refund(Fields fields, String outRefundNo, Money amount) {
    boolean moved = fields.text("fund_change").filter("Y"::equals).isPresent();
    fields
        .amount("refund_fee")
        .filter(sum -> moved && sum.compareTo(amount) < 0)
        .ifPresent(_ -> {
          throw new Unreadable("refund_fee is less than this refund");
        });
    Optional<Instant> at = fields.time("gmt_refund_pay");
    return new RefundReport(
        fields.need("out_trade_no"),
        outRefundNo,
        moved ? RefundReport.State.SUCCESS : RefundReport.State.PROCESSING,
        Optional.empty(),
        Optional.empty(),
        fields.amount("send_back_fee"),
        moved ? at : Optional.empty(),
        Optional.of(
            new RefundReport.AlipayDetail(moved, at, bills(fields, "refund_detail_item_list"))));
  }

  /// From the answer to a question about a refund. Without a status it is not received, or failed,
  /// or not yet done: Alipay then tells nothing about it at all.
  static RefundReport queriedRefund(Fields fields, String outTradeNo, String outRefundNo) {
    Optional<String> status = fields.text("refund_status");
    Optional<Money> amount = fields.amount("refund_amount");
    if (status.isEmpty()) {
      return refundWithoutStatus(outTradeNo, outRefundNo, amount);
    }
    if (!status.get().equals("REFUND_SUCCESS")) {
      throw new Unreadable("refund_status is none that we know");
    }
    Optional<Instant> at = fields.time("gmt_refund_pay");
    return new RefundReport(
        outTradeNo,
        outRefundNo,
        RefundReport.State.SUCCESS,
        Optional.empty(),
        Optional.of(Yuan.parse("refund_amount", fields.need("refund_amount"))),
        fields.amount("send_back_fee"),
        at,
        Optional.of(
            new RefundReport.AlipayDetail(true, at, bills(fields, "refund_detail_item_list"))));
  }

  static RefundReport noRefund(String outTradeNo, String outRefundNo) {
    return refundWithoutStatus(outTradeNo, outRefundNo, Optional.empty());
  }

  private static RefundReport refundWithoutStatus(
      String outTradeNo, String outRefundNo, Optional<Money> amount) {
    return new RefundReport(
        outTradeNo,
        outRefundNo,
        amount.isPresent() ? RefundReport.State.PROCESSING : RefundReport.State.NOT_EXIST,
        Optional.empty(),
        amount,
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static OrderReport unpaid(String outTradeNo, OrderReport.State state, String status) {
    return new OrderReport(outTradeNo, state, status, Optional.empty());
  }

  private static OrderReport paid(
      String outTradeNo,
      OrderReport.State state,
      String status,
      Fields fields,
      Optional<String> seller) {
    Optional<Instant> paidAt = fields.time("send_pay_date").or(() -> fields.time("gmt_payment"));
    var payment =
        new Payment(
            fields.need("trade_no"),
            Yuan.parse("total_amount", fields.need("total_amount")),
            fields.amount("buyer_pay_amount"),
            fields.amount("receipt_amount"),
            paidAt,
            coupons(fields),
            detail(fields, paidAt, seller));
    return new OrderReport(outTradeNo, state, status, Optional.of(payment));
  }

  private static AlipayDetail detail(
      Fields fields, Optional<Instant> paidAt, Optional<String> seller) {
    return new AlipayDetail(
        fields.text("buyer_user_id", "buyer_id", "buyer_open_id", "open_id"),
        fields.text("buyer_logon_id").orElse(""),
        fields.text("seller_id").or(() -> seller),
        fields.text("seller_email"),
        fields.amount("point_amount"),
        fields.amount("invoice_amount"),
        fields.text("product_code").or(() -> Optional.of(Content.PRODUCT)),
        paidAt,
        fields.time("gmt_refund"),
        fields.time("gmt_close"),
        refunded(fields),
        fields.text("out_biz_no"),
        bills(fields, "fund_bill_list"),
        fields.text("discount_goods_detail").orElse(""));
  }

  private static boolean wasPaid(Fields fields) {
    return fields
        .text("send_pay_date", "gmt_payment", "gmt_refund", "out_biz_no")
        .or(() -> refunded(fields).map(Money::toString))
        .isPresent();
  }

  /// All that went back so far; only notices tell.
  private static Optional<Money> refunded(Fields fields) {
    return fields.amount("refund_fee").filter(Money::isPositive);
  }

  private static List<FundBill> bills(Fields fields, String name) {
    return fields.list(name).stream()
        .filter(has("amount"))
        .map(bill ->
            new FundBill(
                bill.text("fund_channel", "fundChannel").orElse(""),
                Yuan.parse("amount", bill.need("amount")),
                bill.amount("real_amount", "realAmount")))
        .toList();
  }

  private static List<Coupon> coupons(Fields fields) {
    return fields.list("voucher_detail_list").stream()
        .filter(has("amount"))
        .map(voucher ->
            new Coupon(
                voucher.text("id", "voucherId").orElse(""),
                voucher.text("name").orElse(""),
                voucher.text("type").orElse(""),
                Yuan.parse("amount", voucher.need("amount")),
                voucher.amount("merchant_contribute", "merchantContribute"),
                voucher.amount("other_contribute", "otherContribute"),
                voucher.text("memo").orElse("")))
        .toList();
  }

  private static Predicate<Fields> has(String name) {
    return fields -> fields.text(name).isPresent();
  }
}
