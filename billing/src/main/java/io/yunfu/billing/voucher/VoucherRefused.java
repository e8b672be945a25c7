package io.yunfu.billing.voucher;

import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Uin;
import java.time.LocalDate;

/// Why vouchers were not issued, or not moved.
public sealed interface VoucherRefused {
  record NoSuchAccount(Uin uin) implements VoucherRefused {}

  /// A voucher has the currency of its owner's account.
  record OtherCurrency(Currency account, Currency given) implements VoucherRefused {}

  record VoucherExists(VoucherId id) implements VoucherRefused {}

  /// The last day of validity is before today, in UTC+8.
  record ValidityIsPast(LocalDate ends, LocalDate today) implements VoucherRefused {}

  record NoSuchVoucher(VoucherId id) implements VoucherRefused {}

  /// The step does not start from the status that it has.
  record NotPossible(VoucherId id, VoucherStatus status) implements VoucherRefused {}

  /// The idempotency key came with another request before.
  record KeyReused() implements VoucherRefused {}
}
