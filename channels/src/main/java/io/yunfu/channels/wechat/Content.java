package io.yunfu.channels.wechat;

import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.CreateOrder;
import io.yunfu.gateway.channel.OrderReference;
import io.yunfu.gateway.channel.PageArguments;
import io.yunfu.gateway.channel.Payer;
import io.yunfu.gateway.channel.Prepaid;
import io.yunfu.gateway.channel.RefundOrder;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/// The fields of each call, but for those that all have. Source: `channels.md` sections 2.5 to 2.11
/// and 5. A repetition says the same.
///
/// Texts for people are cut to WeChat Pay's limits. What else is too long goes as it is and is
/// refused there, or is left out where it only decorates.
final class Content {
  private static final JsonMapper JSON = new JsonMapper();

  private static final int LONGEST_BODY = 127;
  private static final int LONGEST_BODY_BYTES = 384;
  private static final int LONGEST_DETAIL = 6_000;
  private static final int LONGEST_REASON = 80;
  private static final int LONGEST_SCENE = 256;
  private static final int LONGEST_DEVICE = 32;

  /// WeChat Pay takes an order only when it lives on for a minute; ours may be shorter, and closes
  /// it. Counted from when the order was made, not from now, since another time is an error when
  /// the order is sent again; the rest is for the way.
  private static final Duration SHORTEST_LIFE = Duration.ofSeconds(70);

  private Content() {}

  static Map<String, String> create(CreateOrder order, Payer.WechatUser payer) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put(
        "device_info",
        order
            .terminal()
            .deviceId()
            .map(Content::plain)
            .filter(id -> !id.isEmpty() && id.length() <= LONGEST_DEVICE)
            .orElse("WEB"));
    fields.put("body", body(order));
    detail(order.detail())
        .ifPresent(detail -> {
          fields.put("detail", detail);
          fields.put("version", "1.0");
        });
    put(fields, "attach", order.wechat().attach());
    fields.put("out_trade_no", order.outTradeNo());
    fields.put("fee_type", "CNY");
    fields.put("total_fee", Long.toString(order.total().cents()));
    fields.put("spbill_create_ip", order.terminal().address());
    fields.put("time_start", BeijingTime.ofOrder(order.createdAt()));
    fields.put(
        "time_expire",
        BeijingTime.ofOrder(later(order.expiresAt(), order.createdAt().plus(SHORTEST_LIFE))));
    put(fields, "goods_tag", order.wechat().goodsTag());
    fields.put("notify_url", order.noticeUrl().toString());
    fields.put("trade_type", "JSAPI");
    put(fields, "product_id", order.wechat().productId());
    put(fields, "limit_pay", order.wechat().limitPay());
    put(fields, "openid", payer.openId());
    put(fields, "sub_openid", payer.subOpenId());
    scene(order.shop()).ifPresent(scene -> fields.put("scene_info", scene));
    return fields;
  }

  static Map<String, String> query(OrderReference order) {
    return reference(order);
  }

  /// Only by our number: WeChat Pay takes no other here.
  static Map<String, String> close(OrderReference order) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("out_trade_no", order.outTradeNo());
    return fields;
  }

  static Map<String, String> refund(RefundOrder refund) {
    Map<String, String> fields = reference(refund.order());
    fields.put("out_refund_no", refund.outRefundNo());
    fields.put("total_fee", Long.toString(refund.order().total().cents()));
    fields.put("refund_fee", Long.toString(refund.amount().cents()));
    fields.put("refund_fee_type", "CNY");
    String reason = Masks.cut(plain(refund.reason()), LONGEST_REASON);
    if (!reason.isEmpty()) {
      fields.put("refund_desc", reason);
    }
    put(fields, "refund_account", refund.refundAccount());
    fields.put("notify_url", refund.noticeUrl().toString());
    return fields;
  }

  /// By our refund number alone, so that the first of the answer is the one asked for.
  static Map<String, String> queryRefund(RefundOrder.RefundReference refund) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("out_refund_no", refund.outRefundNo());
    return fields;
  }

  /// All that a bill is asked for with, signed. It names no sub-merchant, and so is of all of them.
  static Map<String, String> bill(ChannelAccount.Wechat account, LocalDate day, String nonce) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("appid", account.appId());
    fields.put("mch_id", account.merchantNumber());
    fields.put("nonce_str", nonce);
    fields.put("sign_type", account.signType().code());
    fields.put("bill_date", DateTimeFormatter.BASIC_ISO_DATE.format(day));
    fields.put("bill_type", "ALL");
    fields.put("tar_type", "GZIP");
    fields.put(Signing.FIELD, Signing.sign(fields, account.signType(), account.apiKey()));
    return fields;
  }

  /// All refunds of an order, from the given one on.
  static Map<String, String> queryRefunds(OrderReference order, int offset) {
    Map<String, String> fields = new LinkedHashMap<>();
    order
        .transactionId()
        .ifPresentOrElse(
            number -> fields.put("transaction_id", number),
            () -> fields.put("out_trade_no", order.outTradeNo()));
    if (offset > 0) {
      fields.put("offset", Integer.toString(offset));
    }
    return fields;
  }

  /// The arguments of `getBrandWCPayRequest`, signed. The app id is that under which the payer is
  /// known to the page: the sub-merchant's where the payer is.
  static PageArguments.Wechat page(
      ChannelAccount.Wechat account,
      Payer.WechatUser payer,
      Prepaid prepaid,
      ChannelAccount.SignType type,
      String nonce,
      Instant now) {
    String appId = payer.subOpenId().flatMap(_ -> account.subAppId()).orElse(account.appId());
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("appId", appId);
    fields.put("timeStamp", Long.toString(now.getEpochSecond()));
    fields.put("nonceStr", nonce);
    fields.put("package", "prepay_id=" + prepaid.reference());
    fields.put("signType", type.code());
    return new PageArguments.Wechat(
        appId,
        Long.toString(now.getEpochSecond()),
        nonce,
        "prepay_id=" + prepaid.reference(),
        type,
        Signing.sign(fields, type, account.apiKey()));
  }

  /// With what all calls have, and signed.
  static Map<String, String> signed(
      ChannelAccount.Wechat account,
      ChannelAccount.SignType type,
      Map<String, String> business,
      String nonce) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("appid", account.appId());
    fields.put("mch_id", account.merchantNumber());
    account.subAppId().ifPresent(id -> fields.put("sub_appid", id));
    fields.put("sub_mch_id", account.subMerchantNumber());
    fields.put("nonce_str", nonce);
    fields.put("sign_type", type.code());
    fields.putAll(business);
    fields.put(Signing.FIELD, Signing.sign(fields, type, account.apiKey()));
    return fields;
  }

  /// By the channel's number once it is known; given both, WeChat Pay would follow it anyway.
  private static Map<String, String> reference(OrderReference order) {
    Map<String, String> fields = new LinkedHashMap<>();
    order
        .transactionId()
        .ifPresentOrElse(
            number -> fields.put("transaction_id", number),
            () -> fields.put("out_trade_no", order.outTradeNo()));
    return fields;
  }

  /// What the payer reads; WeChat Pay wants some. Its limit counts characters or bytes, depending
  /// on whom one asks.
  private static String body(CreateOrder order) {
    String body = plain(order.body());
    String text = body.isEmpty() ? order.outTradeNo() : body;
    var cut = new StringBuilder();
    int bytes = 0;
    for (int c : Masks.cut(text, LONGEST_BODY).codePoints().toArray()) {
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x1_0000 ? 3 : 4;
      if (bytes > LONGEST_BODY_BYTES) {
        break;
      }
      cut.appendCodePoint(c);
    }
    return cut.toString();
  }

  /// Unchanged, if it is JSON; what is not would spoil the whole order.
  private static Optional<String> detail(String detail) {
    if (detail.isBlank() || detail.length() > LONGEST_DETAIL) {
      return Optional.empty();
    }
    try {
      return JSON.readTree(detail).isObject() ? Optional.of(plain(detail)) : Optional.empty();
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private static Optional<String> scene(CreateOrder.Shop shop) {
    var scene = JSON.createObjectNode();
    scene.putObject("store_info").put("id", shop.id()).put("name", shop.name());
    return Optional.of(plain(scene.toString())).filter(text -> text.length() <= LONGEST_SCENE);
  }

  private static void put(Map<String, String> fields, String name, Optional<String> value) {
    value
        .map(Content::plain)
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> fields.put(name, text));
  }

  /// Without what XML cannot carry, or changes on the way: then the signature would not fit.
  private static String plain(String text) {
    int i = 0;
    while (i < text.length() && isPlain(text.charAt(i))) {
      i++;
    }
    if (i == text.length()) {
      return text.strip(); // nearly all texts
    }
    return text.codePoints()
        .filter(c -> !(Character.MIN_SURROGATE <= c && c <= Character.MAX_SURROGATE))
        .filter(c -> (c & 0xFFFE) != 0xFFFE)
        .map(c -> Character.isISOControl(c) ? ' ' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString()
        .strip();
  }

  /// A whole character that XML carries as it is.
  private static boolean isPlain(char c) {
    return !Character.isISOControl(c) && c < Character.MIN_SURROGATE;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
