package io.yunfu.billing.voucher;

import io.yunfu.kernel.Uin;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;

/// A voucher as its owner sees it in a list, with the names of its products.
///
/// @param status as it counts today
/// @param nominalMicro what it was worth when issued; micro is 1e-8 of the main unit
/// @param balanceMicro what is left
public record ListedVoucher(
    VoucherId id,
    Uin owner,
    VoucherStatus status,
    long nominalMicro,
    long balanceMicro,
    String payMode,
    List<String> payScenes,
    LocalDate begins,
    LocalDate ends,
    List<Product> applicable,
    List<Product> excluded,
    String policyRemark,
    Instant createdAt) {

  /// A product, or a sub-product, in the scope of a voucher. Where the catalogue does not have it,
  /// the code stands for the names.
  public record Product(String code, String nameZh, String nameEn) {
    /// Every product.
    public boolean isAll() {
      return code.equals(Voucher.ALL);
    }
  }

  public ListedVoucher {
    payScenes = List.copyOf(payScenes);
    applicable = List.copyOf(applicable);
    excluded = List.copyOf(excluded);
  }

  ListedVoucher of(List<Product> newApplicable, List<Product> newExcluded) {
    return new ListedVoucher(
        id,
        owner,
        status,
        nominalMicro,
        balanceMicro,
        payMode,
        payScenes,
        begins,
        ends,
        newApplicable,
        newExcluded,
        policyRemark,
        createdAt);
  }

  /// One page of a list.
  ///
  /// @param total matches before paging
  /// @param totalBalanceMicro what is left on all of them together; can exceed 64 bits
  public record Found(List<ListedVoucher> vouchers, long total, BigDecimal totalBalanceMicro) {
    public Found {
      vouchers = List.copyOf(vouchers);
    }
  }
}
