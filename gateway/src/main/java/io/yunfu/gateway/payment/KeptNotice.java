package io.yunfu.gateway.payment;

import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.operator.AuditLog;
import java.time.Instant;
import java.util.Locale;

/// A notice of a channel about a payment, as it is kept.
///
/// @param at where it stands in the list
/// @param why it was ignored or rejected; else empty
/// @param sha256 of the body, in hexadecimal digits
/// @param text the body without signatures and without what says who the payer is; empty where
///   nothing but the digest is kept, or the master key does not open it
public record KeptNotice(
    Position at, ChannelNotice.Kind kind, Verdict verdict, String why, String sha256, String text) {

  /// Notices of one payment are listed by this, the newest first.
  ///
  /// @param heardAt when it was heard first
  /// @param key tells it from others about the payment: Alipay's `notify_id`, WeChat Pay's
  ///   transaction and its state, a refund's number and its state
  public record Position(Instant heardAt, String key) {
    /// Before all notices.
    public static final Position NEWEST = new Position(AuditLog.END, "");
  }

  /// What was made of it.
  public enum Verdict {
    /// Signed by the channel and about the payment.
    VERIFIED,
    /// Genuine, and of no consequence.
    IGNORED,
    /// About a refund, and proves nothing: the channel was asked.
    HINT,
    /// Not from the channel, or not about the payment.
    REJECTED;

    /// As it is stored and shown.
    public String code() {
      return name().toLowerCase(Locale.ROOT);
    }

    static Verdict parse(String code) {
      return valueOf(code.toUpperCase(Locale.ROOT));
    }
  }
}
