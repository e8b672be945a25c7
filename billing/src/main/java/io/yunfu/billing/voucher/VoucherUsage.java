package io.yunfu.billing.voucher;

import io.yunfu.billing.deal.DealId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;

/// What a voucher has paid of one deal, as its owner sees it.
///
/// @param amountMicro micro is 1e-8 of the main unit, a millionth of a cent
/// @param payMode the deal's
/// @param action the deal's
public record VoucherUsage(
    VoucherId voucher,
    DealId deal,
    long amountMicro,
    Instant usedAt,
    String payMode,
    String action,
    Product product) {

  /// What was paid. Where the catalogue does not have it, the codes stand for the names.
  public record Product(
      String code,
      String subCode,
      String nameZh,
      String nameEn,
      String subNameZh,
      String subNameEn) {}

  /// One page of a list.
  ///
  /// @param total matches before paging
  /// @param totalMicro the sum of all matches; can exceed 64 bits
  public record Found(List<VoucherUsage> usages, long total, BigDecimal totalMicro) {
    public Found {
      usages = List.copyOf(usages);
    }
  }
}
