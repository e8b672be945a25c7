package io.yunfu.server.api.cpay;

import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.ShopId;
import io.yunfu.gateway.payment.PaymentOrder;
import io.yunfu.gateway.payment.Refund;
import io.yunfu.gateway.payment.RefundDetails;
import io.yunfu.gateway.payment.RefundRight;
import io.yunfu.gateway.payment.Refunds;
import io.yunfu.gateway.payment.Refunds.Outcome;
import io.yunfu.wire.cpay.FieldReader;
import io.yunfu.wire.cpay.Payload;
import io.yunfu.wire.cpay.RefundReason;
import io.yunfu.wire.cpay.RefundRequest;
import io.yunfu.wire.cpay.Results;

/// `refund`. Source: `cloudpay.md` section 2.8.
final class RefundOrder implements CpayCall<MerchantSeller, RefundRequest> {
  private final Refunds refunds;

  RefundOrder(Refunds refunds) {
    this.refunds = refunds;
  }

  @Override
  public String name() {
    return RefundRequest.NAME;
  }

  @Override
  public Kind kind() {
    return Kind.REFUNDS;
  }

  @Override
  public RefundRequest read(FieldReader in) {
    return RefundRequest.of(in);
  }

  @Override
  public Told answer(Asked<MerchantSeller, RefundRequest> asked) {
    RefundRequest request = asked.content();
    Merchant merchant = asked.seller().merchant();
    requireRight(merchant, request);
    return switch (refunds.refund(command(asked))) {
      case Outcome.Taken(PaymentOrder order, Refund refund) ->
          Told.done(payload(asked, order, refund));
      case Outcome.Unknown(PaymentOrder order, Refund refund) ->
          new Told(Results.CHANNEL_UNKNOWN.with(), payload(asked, order, refund));
      case Outcome.NoSuchOrder() -> throw Results.NOT_FOUND.refused();
      case Outcome.NotRefundable() -> throw Results.NOT_REFUNDABLE.refused();
      case Outcome.TooMuch _ -> throw Results.AMOUNT_EXCEEDED.refused();
      case Outcome.TotalDiffers() ->
          throw Results.AMOUNT_DIFFERS.refused("refund_content.total_fee");
      case Outcome.NumberUsed() ->
          throw Results.NUMBER_USED.refused("refund_content.out_refund_no");
      case Outcome.ChannelMissing() -> throw Results.CHANNEL_NOT_CONFIGURED.refused();
      case Outcome.ChannelRefused refused ->
          throw Results.CHANNEL_REFUSED.refused(
              refused.message().isEmpty() ? refused.code() : refused.message());
    };
  }

  private static void requireRight(Merchant merchant, RefundRequest request) {
    var right =
        new RefundRight(request.operator().admin(), request.operator().authorizationStaffId());
    boolean checked = request.checksRight() || merchant.refundNeedsRight();
    if (checked && !right.suffices(merchant, new ShopId(request.merchant().outShopId()))) {
      throw Results.NO_REFUND_RIGHT.refused();
    }
  }

  private static Refunds.Command command(Asked<MerchantSeller, RefundRequest> asked) {
    RefundRequest request = asked.content();
    return new Refunds.Command(
        asked.seller().merchant(),
        request.outTradeNo(),
        request.outRefundNo(),
        request.total(),
        request.amount(),
        new RefundDetails(
            RefundReason.of(request),
            request.clientFlowId(),
            request.refundAccount(),
            Written.terminal(asked),
            request.nonce(),
            false));
  }

  private static Payload payload(
      Asked<MerchantSeller, ?> asked, PaymentOrder order, Refund refund) {
    return new Payload.Refund(
        Written.key(asked.seller().merchant(), order, WrittenRefund.seller(order, false)),
        WrittenRefund.content(order, refund),
        asked.nonce());
  }
}
