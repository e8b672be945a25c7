package io.yunfu.wire.cpay;

import java.util.OptionalLong;

/// What `query_order` and `close_order` ask with. Platform and trade type may be there, and what is
/// stored wins. Source: `cloudpay.md` sections 2.6 and 2.7.
public record OrderRequest(
    MerchantIds merchant,
    String outTradeNo,
    OrderClient client,
    String nonce,
    OptionalLong tradeType)
    implements CallContent {
  public static final String QUERY = "query_order";
  public static final String CLOSE = "close_order";

  /// Unit: characters. A number that nobody could have made is simply not found.
  static final int LONGEST_NUMBER = 32;

  public static OrderRequest of(FieldReader in) {
    FieldReader key = in.object("pay_mch_key");
    return new OrderRequest(
        MerchantIds.of(key),
        in.identifier("out_trade_no", LONGEST_NUMBER),
        OrderClient.of(in.objectOrEmpty("order_client")),
        Nonces.read(in),
        in.ignoredNumber("trade_type"));
  }
}
