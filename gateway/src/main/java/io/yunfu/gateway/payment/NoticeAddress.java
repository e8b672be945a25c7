package io.yunfu.gateway.payment;

import io.yunfu.gateway.channel.ChannelNotice;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.IdSource;

/// Where a channel reports about one order. It only finds the order; that a notice is genuine, its
/// signature says. What it looks like: [NoticeAddresses].
///
/// @param payment the order's number, which carries its cell
public record NoticeAddress(PayPlatform platform, ChannelNotice.Kind kind, long payment) {
  public CellId cell() {
    return IdSource.cellOf(payment);
  }
}
