package io.yunfu.wire.cpay;

import java.util.Optional;

/// `query_refund_order`: one refund, or all of an order. At least one of the numbers is there.
/// Source: `cloudpay.md` section 2.9.
public record QueryRefundOrderRequest(
    MerchantIds merchant,
    Optional<String> outTradeNo,
    Optional<String> outRefundNo,
    OrderClient client,
    String nonce)
    implements CallContent {
  public static final String NAME = "query_refund_order";

  public static QueryRefundOrderRequest of(FieldReader in) {
    FieldReader key = in.object("pay_mch_key");
    var request =
        new QueryRefundOrderRequest(
            MerchantIds.of(key),
            in.optionalIdentifier("out_trade_no", OrderRequest.LONGEST_NUMBER),
            in.optionalIdentifier("out_refund_no", OrderRequest.LONGEST_NUMBER),
            OrderClient.of(in.objectOrEmpty("order_client")),
            Nonces.read(in));
    if (request.outTradeNo.isEmpty() && request.outRefundNo.isEmpty()) {
      throw Results.ONE_FIELD_NEEDED.refused("out_trade_no", "out_refund_no");
    }
    return request;
  }
}
