package io.yunfu.billing.deal;

import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What a payment has to know of a deal.
///
/// @param bigDealSize how many deals the big deal holds
/// @param packageId of big deals that are sold only as a whole; empty otherwise
/// @param action the wire's `Action`: `purchase`, `renew`, …
/// @param payMode the wire's `PayMode`; only `prePay` can be paid
/// @param payable what is due, as it was told to the buyer
/// @param price what `payable` is computed from
/// @param targets the resources that a renewal or change is about
public record Deal(
    DealId id,
    BigDealId bigDeal,
    int bigDealSize,
    String packageId,
    Uin owner,
    Uin creator,
    DealStatus status,
    String productCode,
    String subProductCode,
    String action,
    String payMode,
    Money payable,
    Price price,
    boolean vouchersAllowed,
    List<String> targets,
    Instant payUntil) {

  public static final String PREPAID = "prePay";
  public static final String PURCHASE = "purchase";
  public static final String DOWNGRADE = "downgrade";

  /// How a price is made up. Micro is 1e-8 of the main unit, a millionth of a cent.
  ///
  /// @param policyPpm parts per million of the list price that are due; 1 000 000 is no discount
  public record Price(
      long unitMicro, int quantity, BigDecimal timeSpan, long listMicro, int policyPpm) {
    private static final BigDecimal MICRO_PER_CENT = BigDecimal.valueOf(1_000_000);

    /// The list price: unit price × quantity × time span, in micro. Empty when it is no whole
    /// number of micro or leaves 64 bits.
    public static Optional<Long> list(long unitMicro, int quantity, BigDecimal timeSpan) {
      try {
        return Optional.of(
            BigDecimal.valueOf(unitMicro)
                .multiply(BigDecimal.valueOf(quantity))
                .multiply(timeSpan)
                .longValueExact());
      } catch (ArithmeticException e) {
        return Optional.empty();
      }
    }

    /// What is due in cents: the list price after discount, half a cent rounded up. Empty when the
    /// parts do not fit together, so that the deal must not be charged.
    public Optional<Long> payableCents() {
      var list = list(unitMicro, quantity, timeSpan);
      if (list.isEmpty() || list.get() != listMicro) {
        return Optional.empty();
      }
      return Optional.of(payable(listMicro, policyPpm));
    }

    /// The list price after discount, in cents, half a cent rounded up.
    public static long payable(long listMicro, int policyPpm) {
      return BigDecimal.valueOf(listMicro)
          .multiply(BigDecimal.valueOf(policyPpm, 6))
          .divide(MICRO_PER_CENT, 0, RoundingMode.HALF_UP)
          .longValueExact();
    }
  }

  /// This deal once it is paid.
  public Deal paid() {
    return new Deal(
        id,
        bigDeal,
        bigDealSize,
        packageId,
        owner,
        creator,
        DealStatus.PAID,
        productCode,
        subProductCode,
        action,
        payMode,
        payable,
        price,
        vouchersAllowed,
        targets,
        payUntil);
  }

  public Currency currency() {
    return payable.currency();
  }

  /// Overdue deals are not payable, even where no timer has moved them yet. The deadline itself is
  /// too late.
  public boolean isPayableAt(Instant now) {
    return status == DealStatus.UNPAID && now.isBefore(payUntil) && payMode.equals(PREPAID);
  }

  /// Whether it is the only deal of its purchase and in no package, so that nothing has to be paid
  /// beside it.
  public boolean isSoldAlone() {
    return bigDealSize == 1 && packageId.isEmpty();
  }

  public boolean isDowngrade() {
    return action.equals(DOWNGRADE);
  }

  /// Whether the stored price is still what its parts give, and can be charged at all.
  public boolean isPricedRight() {
    return !payable.isNegative()
        && price.payableCents().filter(cents -> cents == payable.cents()).isPresent();
  }
}
