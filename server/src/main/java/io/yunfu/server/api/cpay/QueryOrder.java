package io.yunfu.server.api.cpay;

import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.payment.FollowOrder;
import io.yunfu.gateway.payment.PaymentOrder;
import io.yunfu.wire.cpay.FieldReader;
import io.yunfu.wire.cpay.OrderRequest;
import io.yunfu.wire.cpay.Payload;
import io.yunfu.wire.cpay.Results;

/// `query_order`. Source: `cloudpay.md` section 2.6.
final class QueryOrder implements CpayCall<MerchantSeller, OrderRequest> {
  private final FollowOrder followOrder;
  private final boolean wholeOnly;

  QueryOrder(FollowOrder followOrder, boolean wholeOnly) {
    this.followOrder = followOrder;
    this.wholeOnly = wholeOnly;
  }

  @Override
  public String name() {
    return OrderRequest.QUERY;
  }

  @Override
  public Kind kind() {
    return Kind.READS;
  }

  @Override
  public OrderRequest read(FieldReader in) {
    return OrderRequest.of(in);
  }

  @Override
  public Told answer(Asked<MerchantSeller, OrderRequest> asked) {
    Merchant merchant = asked.seller().merchant();
    PaymentOrder order =
        followOrder
            .find(merchant, asked.content().outTradeNo())
            .orElseThrow(Results.NOT_FOUND::refused);
    return Told.done(
        new Payload.QueryOrder(
            Written.key(merchant, order, Written.fullPayer(order)),
            Written.content(order, wholeOnly),
            asked.nonce(),
            Written.clientInShop(merchant, order, order.details().terminal())));
  }
}
