package io.yunfu.wire.cpay;

import java.util.List;

/// What a provider that wants it is told when a refund has arrived: the form of the older contract,
/// signed as [Notification] is. Source: `cloudpay.md` section 2.20 and OP-27.
///
/// @param nonce fresh with each attempt
public record RefundNotification(PayMchKey merchant, RefundOrderContent refund, String nonce) {
  /// The bytes to send.
  ///
  /// @param key of the provider
  public byte[] signed(AuthenKey key) {
    String text =
        Content.text(out -> {
          out.text("nonce_str", nonce);
          out.object("pay_mch_key", merchant::write);
          out.objects(
              "refund_order_content", List.of(refund), (one, content) -> content.writeLong(one));
        });
    return Content.envelope("request_content", text, key);
  }
}
