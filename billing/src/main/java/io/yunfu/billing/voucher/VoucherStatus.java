package io.yunfu.billing.voucher;

import java.util.Set;

/// The life of a voucher; the codes are the wire's (`billing.md` section 4.4). Only an unused one
/// can be spent.
public enum VoucherStatus {
  /// Issued, not yet claimed.
  DELIVERED("delivered"),
  UNUSED("unUsed"),
  /// Nothing is left.
  USED("used"),
  /// Past its last day.
  OVERDUE("overdue"),
  /// Withdrawn.
  CANCELLED("cancel");

  private final String code;

  VoucherStatus(String code) {
    this.code = code;
  }

  public String code() {
    return code;
  }

  /// Where a voucher may go from here. A new status does not compile until it has its row.
  public Set<VoucherStatus> next() {
    return switch (this) {
      case DELIVERED -> Set.of(UNUSED, OVERDUE, CANCELLED);
      case UNUSED -> Set.of(USED, OVERDUE, CANCELLED);
      case USED, OVERDUE, CANCELLED -> Set.of();
    };
  }

  /// Reads back the code.
  ///
  /// @throws IllegalArgumentException for any other text
  public static VoucherStatus parse(String code) {
    for (VoucherStatus status : values()) {
      if (status.code.equals(code)) {
        return status;
      }
    }
    throw new IllegalArgumentException("no voucher status: " + code);
  }
}
