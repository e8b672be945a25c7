package io.yunfu.billing.voucher;

import io.yunfu.kernel.Uin;
import java.time.Instant;

/// A voucher as the operator sees it: how it was issued, and what has become of it.
public record IssuedVoucher(
    VoucherId id,
    Uin owner,
    VoucherStatus status,
    long balanceMicro,
    NewVoucher issue,
    Instant createdAt) {

  /// What a payment has taken from it.
  ///
  /// @param dealId what was paid for
  public record Usage(VoucherId voucher, String dealId, long amountMicro, Instant usedAt) {
    /// Where a list goes on: after this use.
    public record Position(Instant usedAt, String dealId) {
      /// Before all others.
      static final Position BOTTOM = new Position(Instant.parse("2000-01-01T00:00:00Z"), "");
    }

    public Position position() {
      return new Position(usedAt, dealId);
    }
  }
}
