package io.yunfu.wire.cpay;

/// What a provider is told when an order is paid, in the envelope of a request. Source:
/// `cloudpay.md` section 2.20.
///
/// @param nonce fresh with each attempt
public record Notification(
    PayMchKey merchant, OrderContent order, String nonce, Payload.ShopClient client) {
  public static final String CONTENT_TYPE = "application/json";

  /// The bytes to send.
  ///
  /// @param key of the provider
  public byte[] signed(AuthenKey key) {
    String text =
        Content.text(out -> {
          out.object("pay_mch_key", merchant::write);
          out.object("order_content", order::writeLong);
          out.text("nonce_str", nonce);
          out.object("order_client", client::write);
        });
    return Content.envelope("request_content", text, key);
  }
}
