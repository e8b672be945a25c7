package io.yunfu.server.api.cpay;

import io.yunfu.gateway.payment.FollowOrder;
import io.yunfu.gateway.payment.FollowOrder.CloseOutcome;
import io.yunfu.wire.cpay.FieldReader;
import io.yunfu.wire.cpay.OrderRequest;
import io.yunfu.wire.cpay.Payload;
import io.yunfu.wire.cpay.Results;

/// `close_order`. Source: `cloudpay.md` section 2.7.
final class CloseOrder implements CpayCall<MerchantSeller, OrderRequest> {
  private final FollowOrder followOrder;

  CloseOrder(FollowOrder followOrder) {
    this.followOrder = followOrder;
  }

  @Override
  public String name() {
    return OrderRequest.CLOSE;
  }

  @Override
  public Kind kind() {
    return Kind.CHANGES;
  }

  @Override
  public OrderRequest read(FieldReader in) {
    return OrderRequest.of(in);
  }

  @Override
  public Told answer(Asked<MerchantSeller, OrderRequest> asked) {
    OrderRequest request = asked.content();
    return switch (followOrder.close(
        asked.seller().merchant(), request.outTradeNo(), request.client().staffId())) {
      case CloseOutcome.Closed() -> Told.done(new Payload.NonceOnly(name(), asked.nonce()));
      case CloseOutcome.NoSuchOrder() -> throw Results.NOT_FOUND.refused();
      case CloseOutcome.AlreadyPaid() -> throw Results.PAID_NOT_CLOSED.refused();
      case CloseOutcome.Undecided() -> throw Results.CHANNEL_UNKNOWN.refused();
    };
  }
}
