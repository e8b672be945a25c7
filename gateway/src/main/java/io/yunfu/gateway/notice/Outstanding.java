package io.yunfu.gateway.notice;

import java.time.Duration;

/// The notices of a cell that no merchant has taken, counted at one instant: for figures and
/// alarms.
///
/// @param queued will be sent, perhaps again
/// @param oldest the age of the oldest of these; zero when there is none
/// @param undelivered their schedule has ended; a person can send them again
public record Outstanding(long queued, Duration oldest, long undelivered) {}
