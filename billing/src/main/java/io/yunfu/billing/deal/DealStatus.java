package io.yunfu.billing.deal;

import java.util.Set;

/// The life of a deal. The numbers are the wire's: `Deal.Status` of DescribeDealsByCond
/// (`billing.md` section 4.1).
public enum DealStatus {
  UNPAID(1),
  PAID(2),
  DELIVERING(3),
  DELIVERED(4),
  DELIVERY_FAILED(5),
  REFUNDED(6),
  CLOSED(7),
  EXPIRED(8),
  INVALID(9),
  PRODUCT_INVALID(10),
  PAYMENT_REFUSED(11),
  PAYING(12),
  REFUNDING(13),
  AWAITING_CONFIRMATION(30);

  private final int code;

  DealStatus(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /// Where a deal may go from here. A new status does not compile until it has its row.
  public Set<DealStatus> next() {
    return switch (this) {
      // Straight to PAID, since a payment is one transaction; PAYING is only left by recovery.
      case UNPAID ->
          Set.of(PAID, PAYING, CLOSED, EXPIRED, INVALID, PRODUCT_INVALID, PAYMENT_REFUSED);
      case PAYING -> Set.of(PAID, UNPAID);
      case PAID -> Set.of(DELIVERING);
      case DELIVERING -> Set.of(DELIVERED, DELIVERY_FAILED, AWAITING_CONFIRMATION);
      case AWAITING_CONFIRMATION -> Set.of(DELIVERED);
      case DELIVERY_FAILED -> Set.of(DELIVERING, REFUNDING);
      case DELIVERED -> Set.of(REFUNDING);
      case REFUNDING -> Set.of(REFUNDED, DELIVERED, DELIVERY_FAILED);
      case REFUNDED, CLOSED, EXPIRED, INVALID, PRODUCT_INVALID, PAYMENT_REFUSED -> Set.of();
    };
  }

  /// Reads back the code.
  ///
  /// @throws IllegalArgumentException for a number that is no status
  public static DealStatus of(int code) {
    for (DealStatus status : values()) {
      if (status.code == code) {
        return status;
      }
    }
    throw new IllegalArgumentException("no deal status: " + code);
  }
}
