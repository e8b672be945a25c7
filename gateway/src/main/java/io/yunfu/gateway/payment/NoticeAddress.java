package io.yunfu.gateway.payment;

import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.IdSource;
import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a channel reports about one order: `/channel/wechat/payment/1z2b`, below the address of
/// this installation. The number only finds the order; that a notice is genuine, its signature
/// says.
///
/// @param payment the order's number, which carries its cell
public record NoticeAddress(PayPlatform platform, ChannelNotice.Kind kind, long payment) {
  private static final Pattern PATH =
      Pattern.compile("/channel/(wechat|alipay)/(payment|refund)/([0-9a-z]{1,13})");

  static URI of(URI base, PaymentOrder order, String kind) {
    String text = base.toString();
    String start = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    String platform = order.platform().name().toLowerCase(Locale.ROOT);
    return URI.create(
        "%s/channel/%s/%s/%s"
            .formatted(start, platform, kind, Long.toString(order.id(), Character.MAX_RADIX)));
  }

  /// Reads a path; empty when it is none of ours.
  public static Optional<NoticeAddress> parse(String path) {
    Matcher found = PATH.matcher(path);
    if (!found.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new NoticeAddress(
              PayPlatform.valueOf(found.group(1).toUpperCase(Locale.ROOT)),
              ChannelNotice.Kind.valueOf(found.group(2).toUpperCase(Locale.ROOT)),
              Long.parseLong(found.group(3), Character.MAX_RADIX)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  public CellId cell() {
    return IdSource.cellOf(payment);
  }
}
