package io.yunfu.simulator.people;

import java.time.Instant;

/// What a user shows to a cashier's scanner.
///
/// @param code digits; the first two tell the channel
/// @param expires after that it is worth nothing
/// @param used it pays once
public record PaymentCode(String code, User user, Instant expires, boolean used) {
  PaymentCode spent() {
    return new PaymentCode(code, user, expires, true);
  }
}
