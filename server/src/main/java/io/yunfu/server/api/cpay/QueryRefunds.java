package io.yunfu.server.api.cpay;

import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.payment.PaymentOrder;
import io.yunfu.gateway.payment.Refunds;
import io.yunfu.wire.cpay.FieldReader;
import io.yunfu.wire.cpay.Payload;
import io.yunfu.wire.cpay.Payload.QueryRefundOrder.Row;
import io.yunfu.wire.cpay.QueryRefundOrderRequest;
import io.yunfu.wire.cpay.Results;

/// `query_refund_order`. Source: `cloudpay.md` section 2.9.
final class QueryRefunds implements CpayCall<MerchantSeller, QueryRefundOrderRequest> {
  private final Refunds refunds;

  QueryRefunds(Refunds refunds) {
    this.refunds = refunds;
  }

  @Override
  public String name() {
    return QueryRefundOrderRequest.NAME;
  }

  @Override
  public Kind kind() {
    return Kind.READS;
  }

  @Override
  public QueryRefundOrderRequest read(FieldReader in) {
    return QueryRefundOrderRequest.of(in);
  }

  @Override
  public Told answer(Asked<MerchantSeller, QueryRefundOrderRequest> asked) {
    Merchant merchant = asked.seller().merchant();
    QueryRefundOrderRequest request = asked.content();
    Refunds.Found found =
        refunds
            .find(merchant, request.outTradeNo(), request.outRefundNo())
            .orElseThrow(Results.REFUND_NOT_FOUND::refused);
    PaymentOrder order = found.order();
    return Told.done(
        new Payload.QueryRefundOrder(
            Written.key(merchant, order, WrittenRefund.seller(order, true)),
            found.refunds().stream()
                .map(refund ->
                    new Row(
                        WrittenRefund.content(order, refund),
                        Written.clientInShop(merchant, order, refund.details().terminal())))
                .toList(),
            asked.nonce()));
  }
}
