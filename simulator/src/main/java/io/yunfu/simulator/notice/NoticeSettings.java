package io.yunfu.simulator.notice;

import static io.yunfu.kernel.Check.require;

import java.time.Duration;

/// How notices are delivered.
///
/// @param factor by which all gaps are divided, in mode `FAST`
/// @param timeout for the answer of the merchant's server, in real time; channels.md, section 2.13
/// @param strict whether extra bytes spoil an acknowledgement
public record NoticeSettings(Mode mode, double factor, Duration timeout, boolean strict) {
  public NoticeSettings {
    require(factor > 0, "gaps are divided by more than %s", factor);
    require(timeout.isPositive(), "an answer takes time, not %s", timeout);
  }

  /// When deliveries happen.
  public enum Mode {
    /// With the gaps of the channels.
    REAL,
    /// With shorter ones.
    FAST,
    /// When they are asked for.
    MANUAL
  }

  public static final NoticeSettings DEFAULT =
      new NoticeSettings(Mode.REAL, 1, Duration.ofSeconds(5), true);
}
