package io.yunfu.channels.alipay;

import io.yunfu.channels.Unreadable;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.OrderReference;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// Reads what Alipay posts to a notice URL. Pure. Source: `channels.md` section 4.10.
final class Notices {
  private static final String ABOUT_ORDERS = "trade_status_sync";

  private Notices() {}

  static Optional<ChannelNotice.Subject> peek(byte[] body) {
    return NoticeForm.parse(body)
        .filter(parameters -> parameters.containsKey("notify_id"))
        .map(parameters ->
            new ChannelNotice.Subject(
                Optional.ofNullable(parameters.get("out_trade_no"))
                    .filter(number -> !number.isEmpty())));
  }

  /// Signature first, then whose it is, then what it says. A replay is genuine too: the gateway
  /// knows it by its id and by the order's state.
  static ChannelNotice read(
      ChannelAccount.Alipay account, Optional<OrderReference> order, byte[] body, Instant now) {
    Map<String, String> parameters = NoticeForm.parse(body).orElse(Map.of());
    if (parameters.isEmpty()) {
      return new ChannelNotice.Rejected("is no form in UTF-8");
    }
    try {
      return read(account, Credentials.of(account, now), order, parameters);
    } catch (CredentialsUnfit e) {
      return new ChannelNotice.Rejected("cannot be verified: " + e.why());
    } catch (Unreadable e) {
      return new ChannelNotice.Rejected(e.why());
    }
  }

  private static ChannelNotice read(
      ChannelAccount.Alipay account,
      Credentials credentials,
      Optional<OrderReference> order,
      Map<String, String> parameters) {
    var fields = Fields.of(parameters);
    boolean aboutOrders = fields.text("notify_type").filter(ABOUT_ORDERS::equals).isPresent();
    // The algorithm is ours to name, not the message's.
    if (!fields.text("sign_type").filter(Rsa2.SIGN_TYPE::equals).isPresent()) {
      return new ChannelNotice.Rejected("is not signed with " + Rsa2.SIGN_TYPE);
    }
    if (fields.text("charset").filter(charset -> !charset.equalsIgnoreCase("utf-8")).isPresent()) {
      return new ChannelNotice.Rejected("is not in utf-8");
    }
    byte[] text =
        aboutOrders ? SignedText.ofPaymentNotice(parameters) : SignedText.ofOtherNotice(parameters);
    if (!credentials.verifies(text, fields.need("sign"), fields.text("alipay_cert_sn"))) {
      return new ChannelNotice.Rejected("is not signed by Alipay");
    }
    if (!fields.text("app_id").filter(account.appId()::equals).isPresent()) {
      return new ChannelNotice.Rejected("is for another application");
    }
    return aboutOrders
        ? aboutOrder(account, order, fields)
        : new ChannelNotice.Ignored("notify_type is not " + ABOUT_ORDERS, fields.text("notify_id"));
  }

  private static ChannelNotice aboutOrder(
      ChannelAccount.Alipay account, Optional<OrderReference> order, Fields fields) {
    if (account.sellerId().isPresent() && !account.sellerId().equals(fields.text("seller_id"))) {
      return new ChannelNotice.Rejected("is for another seller");
    }
    var report = Reports.order(fields, account.sellerId());
    if (order.filter(one -> one.outTradeNo().equals(report.outTradeNo())).isEmpty()) {
      return new ChannelNotice.Rejected("is about another order");
    }
    return new ChannelNotice.AboutOrder(report, fields.text("notify_id"));
  }
}
