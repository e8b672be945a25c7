package io.yunfu.channels.wechat;

import io.yunfu.channels.Unreadable;
import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.OrderReference;
import io.yunfu.kernel.Secret;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Reads what WeChat Pay posts to a notice URL. Pure. Source: `channels.md` section 2.13.
final class Notices {
  private static final String CONTENT_TYPE = "text/xml; charset=utf-8";

  /// Byte for byte; anything else counts as not delivered.
  private static final String TAKEN =
      "<xml><return_code><![CDATA[SUCCESS]]></return_code>"
          + "<return_msg><![CDATA[OK]]></return_msg></xml>";

  private static final int LONGEST_REFUSAL = 128;

  private Notices() {}

  static Optional<ChannelNotice.Subject> peek(ChannelNotice.Kind kind, byte[] body) {
    Fields fields;
    try {
      fields = fields(body);
    } catch (Unreadable e) {
      return Optional.empty();
    }
    return switch (kind) {
      case PAYMENT ->
          fields.text("out_trade_no").map(number -> new ChannelNotice.Subject(Optional.of(number)));
      case REFUND -> fields.text("req_info").map(_ -> new ChannelNotice.Subject(Optional.empty()));
    };
  }

  /// A payment: signature first, with the algorithm of the order, then whose it is, then what it
  /// says. A refund: whose it says it is, then what it hides; it cannot be verified.
  ///
  /// @param now for the keys that count
  static ChannelNotice read(
      ChannelAccount.Wechat account,
      Optional<OrderReference> order,
      ChannelNotice.Kind kind,
      byte[] body,
      Instant now) {
    List<Secret> keys = account.keysAt(now);
    try {
      return switch (kind) {
        case PAYMENT -> payment(account, keys, order, fields(body));
        case REFUND -> refund(account, keys, order, fields(body));
      };
    } catch (Unreadable e) {
      return new ChannelNotice.Rejected(e.why());
    }
  }

  /// @param refusal empty: taken
  static ChannelNotice.Acknowledgement acknowledge(Optional<String> refusal) {
    return new ChannelNotice.Acknowledgement(
        CONTENT_TYPE, refusal.map(Notices::refused).orElse(TAKEN));
  }

  private static ChannelNotice payment(
      ChannelAccount.Wechat account,
      List<Secret> keys,
      Optional<OrderReference> order,
      Fields fields) {
    if (order.isEmpty()) {
      return new ChannelNotice.Rejected("is about no order of ours");
    }
    if (!fields.says("return_code", "SUCCESS")) {
      return new ChannelNotice.Rejected("return_code is not SUCCESS");
    }
    var type = order.get().signType().orElse(account.signType());
    if (!Signing.verifies(fields.texts(), type, keys)) {
      return new ChannelNotice.Rejected("is not signed by WeChat Pay");
    }
    needOurs(account, fields);
    fields.needOurs("out_trade_no", order.get().outTradeNo());
    return fields.says("result_code", "SUCCESS")
        ? new ChannelNotice.AboutOrder(Reports.notice(fields), Optional.empty())
        : new ChannelNotice.Ignored("result_code is not SUCCESS", Optional.empty());
  }

  private static ChannelNotice refund(
      ChannelAccount.Wechat account,
      List<Secret> keys,
      Optional<OrderReference> order,
      Fields fields) {
    if (!fields.says("return_code", "SUCCESS")) {
      return new ChannelNotice.Rejected("return_code is not SUCCESS");
    }
    needOurs(account, fields);
    var hidden = new Fields(HiddenFields.read(fields.need("req_info"), keys));
    order.ifPresent(ours -> hidden.needOurs("out_trade_no", ours.outTradeNo()));
    return new ChannelNotice.RefundHint(Reports.hinted(hidden));
  }

  private static void needOurs(ChannelAccount.Wechat account, Fields fields) {
    fields.needOurs("appid", account.appId());
    fields.needOurs("mch_id", account.merchantNumber());
    fields.needOurs("sub_mch_id", account.subMerchantNumber());
    account.subAppId().ifPresent(ours -> fields.allowOurs("sub_appid", ours));
  }

  private static Fields fields(byte[] body) {
    if (body.length > Xml.LONGEST_NOTICE) {
      throw new Unreadable("is longer than a notice can be");
    }
    return new Fields(Xml.read(body, Xml.MESSAGE));
  }

  /// Without characters that XML cannot carry.
  private static String refused(String why) {
    String text = Masks.cut(why.replaceAll("\\p{Cntrl}", " "), LONGEST_REFUSAL);
    return "<xml><return_code><![CDATA[FAIL]]></return_code><return_msg><![CDATA["
        + text.replace("]]>", "]]]]><![CDATA[>")
        + "]]></return_msg></xml>";
  }
}
