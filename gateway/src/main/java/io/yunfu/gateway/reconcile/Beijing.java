package io.yunfu.gateway.reconcile;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;

/// The channels' days, which begin at midnight in Beijing, whatever the machine's zone is.
final class Beijing {
  private static final ZoneOffset ZONE = ZoneOffset.ofHours(8);

  private Beijing() {}

  static LocalDate dayOf(Instant at) {
    return at.atOffset(ZONE).toLocalDate();
  }

  static LocalTime timeOf(Instant at) {
    return at.atOffset(ZONE).toLocalTime();
  }

  static Instant startOf(LocalDate day) {
    return at(day, LocalTime.MIDNIGHT);
  }

  static Instant at(LocalDate day, LocalTime time) {
    return day.atTime(time).toInstant(ZONE);
  }
}
