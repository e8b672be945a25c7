package io.yunfu.billing.voucher;

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
