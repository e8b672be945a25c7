package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.Field.may;
import static io.yunfu.server.api.admin.Field.must;

import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.payment.OrderState;
import io.yunfu.gateway.payment.PaymentOrder;
import io.yunfu.gateway.payment.Position;
import io.yunfu.gateway.payment.Refund;
import io.yunfu.gateway.payment.RefundState;
import io.yunfu.kernel.IdSource;

/// What the areas of the gateway's payments have in common.
final class PaymentTypes {
  static final ErrorCode NO_SUCH_PAYMENT =
      ErrorCode.of(404, "NoSuchPayment", "There is no payment {0}.", "支付订单 {0} 不存在。");
  static final ErrorCode NO_SUCH_REFUND =
      ErrorCode.of(404, "NoSuchRefund", "There is no refund {0}.", "退款 {0} 不存在。");
  static final ErrorCode CHANNEL_REFUSED =
      ErrorCode.of(
          409, "ChannelRefused", "The channel will not do it: {0} {1}.", "支付渠道拒绝:{0} {1}。");
  static final ErrorCode CHANNEL_SILENT =
      ErrorCode.of(
          504,
          "ChannelSilent",
          "The channel has not answered. It is asked again; repeat this with the same"
              + " Idempotency-Key, or look at {0}.",
          "支付渠道未响应,系统将继续查询;请使用相同的 Idempotency-Key 重试,或查看 {0}。");
  static final ErrorCode CHANNEL_MISSING =
      ErrorCode.of(
          409,
          "ChannelMissing",
          "The sub-merchant cannot be paid over this channel: see its channels.",
          "该子商户未开通此支付渠道,请检查其渠道配置。");

  static final Scalar<PayPlatform> CHANNEL = MerchantTypes.choice(PayPlatform.values());
  static final Scalar<OrderState> STATE = MerchantTypes.choice(OrderState.values());
  static final Scalar<RefundState> REFUND_STATE = MerchantTypes.choice(RefundState.values());

  /// A number that a merchant or a channel has given. Source: `cloudpay.md` section 6.4; channels
  /// have 64 characters.
  static final Scalar<String> NUMBER = Types.text(1, 64);

  static final Scalar<String> WORDS = Types.text(1000);

  static final Field.Must<Long> PAYMENT =
      must("payment", Types.ROW_ID, "The number of the payment in this installation.");
  static final Field.May<Long> PAYMENT_IS =
      may("payment", Types.ROW_ID, "Only those of this payment.");
  static final Field.May<PayPlatform> CHANNEL_IS =
      may("channel", CHANNEL, "Only those over this channel.");

  static final Cursor<Position> CURSOR =
      Cursor.timeAndNumber(Position::at, Position::id, Position::new);

  /// An order, and who is paid.
  record Paid(PaymentOrder order, Merchant merchant) {
    Position position() {
      return Position.of(order);
    }
  }

  static final Form<Paid> PAYMENT_FORM =
      Form.<Paid>of("Payment", "A payer's wish to pay over a channel, and what came of it.")
          .with("id", Types.ROW_ID, "Its number here.", its -> its.order.id())
          .with(
              "number",
              NUMBER,
              "The merchant's number: `out_trade_no`.",
              its -> its.order.outTradeNo())
          .with(
              "merchant",
              MerchantTypes.MERCHANT_ID,
              "The service provider.",
              its -> its.merchant.provider())
          .with(
              "subMerchant",
              MerchantTypes.SUB_MERCHANT_ID,
              "Who is paid.",
              its -> its.merchant.id())
          .with("shop", MerchantTypes.SHOP_ID, "Where.", its -> its.order.shop())
          .with("channel", CHANNEL, "Over which channel.", its -> its.order.platform())
          .with(
              "state",
              STATE,
              "`stored`: nobody was asked; `sent`: the channel has not answered, or is still taking"
                  + " it in; `waiting`: for its payer; `finished`: paid, and refunds are over; `void`:"
                  + " the channel refused it or never heard of it.",
              its -> its.order.state())
          .maybe(
              "stateText",
              WORDS,
              "What the channel said last.",
              its -> Answers.unlessEmpty(its.order.stateText()))
          .with("total", Amounts.CENTS, "In the smallest unit.", its -> its.order.total().cents())
          .with(
              "currency",
              Types.CURRENCY,
              "Of all amounts here.",
              its -> its.order.total().currency())
          .with("body", WORDS, "What is sold.", its -> its.order.details().body())
          .maybe(
              "topUp",
              Types.UIN,
              "The account whose balance it tops up; absent for a sale.",
              its -> its.order.topUp())
          .with(
              "fee",
              Amounts.CENTS,
              "What the channel keeps of what is left of it.",
              its -> its.order.fee())
          .with(
              "reserved",
              Amounts.CENTS,
              "What refunds under way or done take of it.",
              its -> its.order.reserved())
          .with(
              "refunded",
              Amounts.CENTS,
              "What has gone back to the payer.",
              its -> its.order.refunded())
          .maybe("transactionId", NUMBER, "The channel's number.", its -> its.order.transactionId())
          .with("createdAt", Types.INSTANT, "When it was made.", its -> its.order.createdAt())
          .with("updatedAt", Types.INSTANT, "When it last changed.", its -> its.order.updatedAt())
          .with(
              "expiresAt",
              Types.INSTANT,
              "From then on it is closed.",
              its -> its.order.expiresAt())
          .maybe("paidAt", Types.INSTANT, "When it was paid.", its -> its.order.paidAt())
          .maybe("closedAt", Types.INSTANT, "When it was closed.", its -> its.order.closedAt());

  /// A refund, its order, and whose it is.
  record Refunded(Refund refund, PaymentOrder order, Merchant merchant) {
    Position position() {
      return Position.of(refund);
    }
  }

  static final Form<Refunded> REFUND_FORM =
      Form.<Refunded>of("PaymentRefund", "Money back to a payer, and how far it has come.")
          .with("id", Types.ROW_ID, "Its number here.", its -> its.refund.id())
          .with(
              "number",
              NUMBER,
              "The merchant's number: `out_refund_no`.",
              its -> its.refund.outRefundNo())
          .with("payment", Types.ROW_ID, "The payment's number here.", its -> its.order.id())
          .with(
              "paymentNumber",
              NUMBER,
              "The payment's `out_trade_no`.",
              its -> its.order.outTradeNo())
          .with(
              "subMerchant",
              MerchantTypes.SUB_MERCHANT_ID,
              "Whose it is.",
              its -> its.merchant.id())
          .with("channel", CHANNEL, "Over which channel.", its -> its.order.platform())
          .with(
              "state",
              REFUND_STATE,
              "`stored`: reserved, and not answered; `accepted`: on its way; `refused`: for a reason"
                  + " that may pass, and the same call sends it again; `abnormal`: the payer's bank"
                  + " sent it back; `unknown`: the channel does not know what became of it.",
              its -> its.refund.state())
          .maybe(
              "stateText",
              WORDS,
              "What the channel said last.",
              its -> Answers.unlessEmpty(its.refund.stateText()))
          .with(
              "amount", Amounts.CENTS, "In the smallest unit.", its -> its.refund.amount().cents())
          .with("currency", Types.CURRENCY, "Of the amount.", its -> its.refund.amount().currency())
          .with("reason", WORDS, "As it was said.", its -> its.refund.details().reason())
          .with(
              "own",
              Types.FLAG,
              "True: nobody asked for it; a late or a second payment goes back.",
              its -> its.refund.details().own())
          .maybe(
              "channelRefundId",
              NUMBER,
              "The channel's number.",
              its -> its.refund.channelRefundId())
          .with("createdAt", Types.INSTANT, "When it was asked for.", its -> its.refund.createdAt())
          .with("updatedAt", Types.INSTANT, "When it last changed.", its -> its.refund.updatedAt())
          .maybe("sentAt", Types.INSTANT, "When it was sent.", its -> its.refund.sentAt())
          .maybe("succeededAt", Types.INSTANT, "When it arrived.", its -> its.refund.succeededAt());

  private PaymentTypes() {}

  /// Who is paid with an order of this number and merchant.
  static Merchant merchant(Merchants merchants, long id, long merchant) {
    return merchants
        .byNumber(IdSource.cellOf(id), merchant)
        .orElseThrow(() -> new IllegalStateException("no merchant " + merchant + " for " + id));
  }

  /// The number of a sub-merchant for a filter; a negative one, which nobody has, when there is no
  /// such sub-merchant.
  static long filtered(Merchants merchants, Call call) {
    return call.get(MerchantTypes.SUB_MERCHANT_IS)
        .map(id -> merchants.find(id).map(Merchant::number).orElse(-1L))
        .orElse(0L);
  }
}
