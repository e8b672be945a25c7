package io.yunfu.billing.account;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Instants as the database keeps them, so that what is answered at once equals what is read later.
final class Times {
  private Times() {}

  static Instant micros(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS);
  }
}
