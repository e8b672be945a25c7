package io.yunfu.gateway.payment;

import static io.yunfu.kernel.Check.require;

/// What a channel keeps of a payment. It takes its rate of what is left of the payment after
/// refunds, rounded half up to the smallest unit, so a full refund gives all of the fee back.
/// Source: `channels.md` section 8.1 (the bill's fee column; a refund's is negative).
final class Fees {
  private static final long PPM = 1_000_000;

  private Fees() {}

  /// @param cents what is left of the payment
  static long of(long cents, int ppm) {
    require(cents >= 0 && ppm >= 0 && ppm <= PPM, "no fee of %d at %d ppm", cents, ppm);
    return Math.addExact(Math.multiplyExact(cents, ppm), PPM / 2) / PPM;
  }

  /// What comes back of the fee when this much more is refunded.
  static long back(long total, long refundedBefore, long refund, int ppm) {
    return of(total - refundedBefore, ppm) - of(total - refundedBefore - refund, ppm);
  }
}
