package io.yunfu.gateway.reconcile;

import static io.yunfu.kernel.Check.require;

import io.yunfu.gateway.channel.PayPlatform;
import java.time.Duration;
import java.time.LocalTime;

/// When bills are fetched. The times are Beijing's, of the day after the bill's; they are the
/// channels' to change. Source: `channels.md` sections 8.3 and 11 (O-13).
///
/// @param enabled whether this node fetches any
/// @param retryEvery how long after a try that came to nothing there is another one
/// @param until when a bill that has not come is given up, and a person is told
/// @param lateAfter how long after the first try a bill counts as late, for the figures
public record ReconcileSettings(
    boolean enabled,
    LocalTime wechatFrom,
    LocalTime alipayFrom,
    Duration retryEvery,
    LocalTime until,
    Duration lateAfter) {
  public static final ReconcileSettings USUAL =
      new ReconcileSettings(
          true,
          LocalTime.of(10, 5),
          LocalTime.of(9, 30),
          Duration.ofMinutes(15),
          LocalTime.of(23, 0),
          Duration.ofHours(1));

  public ReconcileSettings {
    require(retryEvery.isPositive(), "a bill is asked for again after a while");
    require(
        wechatFrom.isBefore(until) && alipayFrom.isBefore(until), "bills are fetched until later");
  }

  LocalTime from(PayPlatform platform) {
    return switch (platform) {
      case WECHAT -> wechatFrom;
      case ALIPAY -> alipayFrom;
    };
  }
}
