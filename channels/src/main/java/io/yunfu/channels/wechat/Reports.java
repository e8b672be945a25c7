package io.yunfu.channels.wechat;

import io.yunfu.channels.Unreadable;
import io.yunfu.gateway.channel.OrderReference;
import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.channel.OrderReport.Coupon;
import io.yunfu.gateway.channel.OrderReport.Payment;
import io.yunfu.gateway.channel.OrderReport.WechatDetail;
import io.yunfu.gateway.channel.RefundOrder;
import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.kernel.Money;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What WeChat Pay's fields say about an order or a refund. Source: `channels.md` sections 2.7 to
/// 2.13, 5 and 6.
final class Reports {
  private static final String CNY = "CNY";

  /// WeChat Pay lets a payer use a handful.
  private static final int MOST_COUPONS = 100;

  /// Of one order. Source: `channels.md` section 2.10.
  private static final int MOST_REFUNDS = 50;

  private Reports() {}

  /// From the answer to a question about an order.
  static OrderReport order(Fields fields, OrderReference order) {
    fields.needOurs("out_trade_no", order.outTradeNo());
    String state = fields.need("trade_state");
    String description = fields.text("trade_state_desc").orElse(state);
    return switch (state) {
      case "SUCCESS" -> paid(OrderReport.State.PAID, description, fields);
      case "REFUND" -> paid(OrderReport.State.REFUNDED, description, fields);
      case "NOTPAY", "PAYERROR" ->
          unpaid(order.outTradeNo(), OrderReport.State.WAITING, description);
      case "USERPAYING" -> unpaid(order.outTradeNo(), OrderReport.State.PAYING, description);
      case "ACCEPT" -> unpaid(order.outTradeNo(), OrderReport.State.ACCEPTED, description);
      case "CLOSED" -> unpaid(order.outTradeNo(), OrderReport.State.CLOSED, description);
      case "REVOKED" -> unpaid(order.outTradeNo(), OrderReport.State.REVERSED, description);
      default -> throw new Unreadable("trade_state is none that we know");
    };
  }

  /// From a notice, which is only sent for a payment that succeeded.
  static OrderReport notice(Fields fields) {
    return paid(OrderReport.State.PAID, "", fields);
  }

  /// WeChat Pay knows no such order (yet).
  static OrderReport noOrder(String outTradeNo) {
    return unpaid(outTradeNo, OrderReport.State.NOT_EXIST, "");
  }

  /// From the answer to a refund, which says that it is accepted, not that money has moved.
  static RefundReport refund(Fields fields, RefundOrder refund) {
    needOurs(fields, refund.order());
    fields.needOurs("out_refund_no", refund.outRefundNo());
    Money amount = fields.needAmount("refund_fee");
    if (!amount.equals(refund.amount())) {
      throw Unreadable.aboutAnother("refund_fee");
    }
    return new RefundReport(
        refund.order().outTradeNo(),
        refund.outRefundNo(),
        RefundReport.State.PROCESSING,
        Optional.of(fields.need("refund_id")),
        Optional.of(amount),
        settlement(fields, "settlement_refund_fee", amount),
        Optional.empty(),
        Optional.of(
            new RefundReport.WechatDetail(
                fields.amount("cash_refund_fee"),
                fields.amount("coupon_refund_fee"),
                fields.count("coupon_refund_count"),
                "",
                "",
                "")));
  }

  /// From the answer to a question by our refund number: the first of its refunds is ours, or none.
  static RefundReport queriedRefund(Fields fields, RefundOrder.RefundReference refund) {
    fields.needOurs("out_refund_no_0", refund.outRefundNo());
    return queriedRefund(fields, refund.order(), 0);
  }

  /// A page of an order's refunds.
  ///
  /// @param total how many the order has in all
  record Page(List<RefundReport> refunds, int total) {
    static final Page EMPTY = new Page(List.of(), 0);
  }

  /// From the answer to a question about all refunds of an order.
  static Page queriedRefunds(Fields fields, OrderReference order) {
    int count = Math.min(fields.count("refund_count"), MOST_REFUNDS);
    List<RefundReport> refunds = new ArrayList<>();
    for (int n = 0; n < count; n++) {
      refunds.add(queriedRefund(fields, order, n));
    }
    int total = fields.count("total_refund_count");
    return new Page(refunds, Math.min(Math.max(total, count), MOST_REFUNDS));
  }

  private static RefundReport queriedRefund(Fields fields, OrderReference order, int n) {
    needOurs(fields, order);
    Money amount = fields.needAmount("refund_fee_" + n);
    return new RefundReport(
        order.outTradeNo(),
        fields.need("out_refund_no_" + n),
        refundState(fields.need("refund_status_" + n)),
        Optional.of(fields.need("refund_id_" + n)),
        Optional.of(amount),
        settlement(fields, "settlement_refund_fee_" + n, amount),
        fields.timeOfRefund("refund_success_time_" + n),
        Optional.of(
            new RefundReport.WechatDetail(
                Optional.empty(),
                fields.amount("coupon_refund_fee_" + n),
                fields.count("coupon_refund_count_" + n),
                fields.any("refund_account_" + n),
                fields.any("refund_channel_" + n),
                fields.any("refund_recv_accout_" + n))));
  }

  /// The channel names it where a coupon that nobody pays for gets a part back.
  private static Optional<Money> settlement(Fields fields, String name, Money amount) {
    return Optional.of(fields.amount(name).orElse(amount));
  }

  /// From what a refund notice hides.
  static RefundReport hinted(Fields fields) {
    return new RefundReport(
        fields.need("out_trade_no"),
        fields.need("out_refund_no"),
        refundState(fields.need("refund_status")),
        fields.text("refund_id"),
        fields.amount("refund_fee"),
        fields.amount("settlement_refund_fee"),
        fields.timeOfRefund("success_time"),
        Optional.of(
            new RefundReport.WechatDetail(
                Optional.empty(),
                Optional.empty(),
                0,
                fields.any("refund_account"),
                "",
                fields.any("refund_recv_accout"))));
  }

  static RefundReport noRefund(RefundOrder.RefundReference refund) {
    return new RefundReport(
        refund.order().outTradeNo(),
        refund.outRefundNo(),
        RefundReport.State.NOT_EXIST,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static RefundReport.State refundState(String status) {
    return switch (status) {
      case "SUCCESS" -> RefundReport.State.SUCCESS;
      case "PROCESSING" -> RefundReport.State.PROCESSING;
      case "REFUNDCLOSE", "FAIL" -> RefundReport.State.CLOSED;
      case "CHANGE" -> RefundReport.State.ABNORMAL;
      default -> throw new Unreadable("refund_status is none that we know");
    };
  }

  private static void needOurs(Fields fields, OrderReference order) {
    fields.needOurs("out_trade_no", order.outTradeNo());
    order.transactionId().ifPresent(ours -> fields.allowOurs("transaction_id", ours));
  }

  private static OrderReport unpaid(
      String outTradeNo, OrderReport.State state, String description) {
    return new OrderReport(outTradeNo, state, description, Optional.empty());
  }

  private static OrderReport paid(OrderReport.State state, String description, Fields fields) {
    fields.allowOurs("fee_type", CNY);
    boolean inYuan = fields.text("cash_fee_type").filter(type -> !type.equals(CNY)).isEmpty();
    return new OrderReport(
        fields.need("out_trade_no"),
        state,
        description,
        Optional.of(
            new Payment(
                fields.need("transaction_id"),
                fields.needAmount("total_fee"),
                inYuan ? fields.amount("cash_fee") : Optional.empty(),
                fields.amount("settlement_total_fee"),
                fields.timeOfOrder("time_end"),
                coupons(fields),
                new WechatDetail(
                    fields.text("openid"),
                    fields.text("sub_openid"),
                    fields.any("bank_type"),
                    fields.any("attach")))));
  }

  private static List<Coupon> coupons(Fields fields) {
    List<Coupon> coupons = new ArrayList<>();
    for (int n = 0; n < MOST_COUPONS && fields.text("coupon_fee_" + n).isPresent(); n++) {
      coupons.add(
          new Coupon(
              fields.any("coupon_id_" + n),
              "",
              fields.any("coupon_type_" + n),
              fields.needAmount("coupon_fee_" + n),
              Optional.empty(),
              Optional.empty(),
              ""));
    }
    return coupons;
  }
}
