package io.yunfu.gateway.payment;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.operator.MasterKey;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What the addresses look like at which channels report: `/channel/wechat/payment/1z2b-5f0c...`,
/// below the address of this installation. Behind the order's number stand 128 bits that nobody can
/// guess, made from the path before them with a key that all nodes derive from their master key:
/// nothing of it is stored, and who calls at an address that we never gave away is turned away
/// without a look into the database.
///
/// Source: `channels.md` section 9, S20.
final class NoticeAddresses {
  private static final Pattern PATH =
      Pattern.compile(
          "(/channel/(wechat|alipay)/(payment|refund)/([0-9a-z]{1,13}))-([0-9a-f]{32})");

  /// Unit: bytes.
  private static final int TAG_BYTES = 16;

  private final String base;

  /// Copied for each address: a lookup in the provider list costs more.
  private final Mac mac;

  /// @param base where channels reach this installation
  NoticeAddresses(URI base, MasterKey masterKey) {
    String text = base.toString();
    this.base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(masterKey.derive("channel-notice-address"), "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }

  URI of(PaymentOrder order, ChannelNotice.Kind kind) {
    return of(new NoticeAddress(order.platform(), kind, order.id()));
  }

  URI of(NoticeAddress address) {
    String path =
        "/channel/"
            + address.platform().name().toLowerCase(Locale.ROOT)
            + "/"
            + address.kind().name().toLowerCase(Locale.ROOT)
            + "/"
            + Long.toString(address.payment(), Character.MAX_RADIX);
    return URI.create(base + path + "-" + HexFormat.of().formatHex(tag(path)));
  }

  /// Reads a path; empty when it is none that was ever given away.
  Optional<NoticeAddress> parse(String path) {
    Matcher found = PATH.matcher(path);
    if (!found.matches()
        || !MessageDigest.isEqual(tag(found.group(1)), HexFormat.of().parseHex(found.group(5)))) {
      return Optional.empty();
    }
    return Optional.of(
        new NoticeAddress(
            PayPlatform.valueOf(found.group(2).toUpperCase(Locale.ROOT)),
            ChannelNotice.Kind.valueOf(found.group(3).toUpperCase(Locale.ROOT)),
            Long.parseLong(found.group(4), Character.MAX_RADIX)));
  }

  private byte[] tag(String path) {
    try {
      byte[] code = ((Mac) mac.clone()).doFinal(path.getBytes(US_ASCII));
      return Arrays.copyOf(code, TAG_BYTES);
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("this JDK cannot copy a MAC", e);
    }
  }
}
