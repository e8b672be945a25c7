package io.yunfu.gateway.channel;

import java.util.Optional;

/// What arrived at a notice URL, once a connector has read it.
public sealed interface ChannelNotice {
  /// Signed by the channel, about this merchant. Amount and number are the gateway's to check.
  ///
  /// @param noticeId the channel's number of this notice, the same when it is sent again: Alipay's
  ///   `notify_id`; WeChat Pay has none
  record AboutOrder(OrderReport report, Optional<String> noticeId) implements ChannelNotice {}

  /// About a refund, perhaps forged (WeChat Pay does not sign it): ask before believing.
  record RefundHint(RefundReport report) implements ChannelNotice {}

  /// Genuine, and of no consequence here.
  ///
  /// @param noticeId as of [AboutOrder]
  record Ignored(String why, Optional<String> noticeId) implements ChannelNotice {}

  /// Not from the channel, or not about this merchant.
  record Rejected(String why) implements ChannelNotice {}

  /// What it says it is about, before anything is verified: only to find the order.
  ///
  /// @param outTradeNo empty where the message hides it (WeChat Pay's refund notice)
  record Subject(Optional<String> outTradeNo) {}

  /// Which URL it arrived at.
  enum Kind {
    PAYMENT,
    REFUND
  }

  /// What the channel must be answered, byte for byte, with status 200.
  record Acknowledgement(String contentType, String body) {}
}
