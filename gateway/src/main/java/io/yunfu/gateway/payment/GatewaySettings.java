package io.yunfu.gateway.payment;

import java.net.URI;
import java.time.Duration;

/// How the gateway works.
///
/// @param noticeBase where channels reach this installation: absolute, without a query; the rest of
///   a notice's URL is added to it
/// @param closeAfter how old a WeChat order must be before the channel takes a close. Source:
///   `channels.md` section 2.8: five minutes
/// @param closeAtOnce whether an order that is younger counts as closed here meanwhile; else its
///   caller hears that the outcome is not known until the channel has taken the close. Source:
///   `cloudpay.md` section 7, OP-54
/// @param refundSpacing the least time between two refunds of one order at WeChat Pay. Source:
///   section 2.10: one minute
/// @param longestExpiry how far ahead an order may expire
/// @param looks when open orders are asked about
/// @param keepNotices for how long what channels reported is kept
/// @param lanes how orders share their commits
public record GatewaySettings(
    URI noticeBase,
    Duration closeAfter,
    boolean closeAtOnce,
    Duration refundSpacing,
    Duration longestExpiry,
    LookSchedule looks,
    Duration keepNotices,
    OrderLanes.Settings lanes) {
  /// Ten seconds are kept clear of the channel's own five minutes.
  public static final Duration USUAL_CLOSE_AFTER = Duration.ofSeconds(310);

  public static final Duration USUAL_REFUND_SPACING = Duration.ofSeconds(61);

  /// Source: `cloudpay.md` section 2.1.1, `time_expire`.
  public static final Duration USUAL_LONGEST_EXPIRY = Duration.ofDays(7);

  /// Longer than a payer may take to dispute a payment, and than any channel repeats a notice.
  public static final Duration USUAL_KEEP_NOTICES = Duration.ofDays(90);

  public static GatewaySettings at(URI noticeBase) {
    return new GatewaySettings(
        noticeBase,
        USUAL_CLOSE_AFTER,
        true,
        USUAL_REFUND_SPACING,
        USUAL_LONGEST_EXPIRY,
        LookSchedule.USUAL,
        USUAL_KEEP_NOTICES,
        OrderLanes.Settings.DEFAULT);
  }
}
