package io.yunfu.billing.voucher;

import io.yunfu.billing.deal.Deal;
import io.yunfu.kernel.Uin;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Which voucher a payment may use, and for how much (`billing.md` section 2.6). Pure.
public final class VoucherRule {
  private VoucherRule() {}

  /// May it be used, or why not.
  public sealed interface Verdict {
    record Usable(Deduction deduction) implements Verdict {}

    record Unusable(Reason reason) implements Verdict {}
  }

  /// Why a voucher cannot be used for a payment.
  public enum Reason {
    /// There is none of this id, or it is somebody else's: the same answer for both.
    NOT_FOUND,
    NOT_UNUSED,
    NOT_YET_VALID,
    EXPIRED,
    PAY_MODE,
    CURRENCY,
    PRODUCT,
    SCENE,
    /// The deals are of a promotion that forbids vouchers.
    PROMOTION,
    MINIMUM_SPEND
  }

  /// The voucher that the caller named. A payment of nothing is no reason to refuse it; it then
  /// takes off nothing.
  ///
  /// @param owner whose vouchers may pay
  /// @param today in UTC+8
  public static Verdict named(Voucher voucher, Uin owner, List<Deal> deals, LocalDate today) {
    if (!voucher.owner().equals(owner)) {
      return new Verdict.Unusable(Reason.NOT_FOUND);
    }
    if (voucher.status() != VoucherStatus.UNUSED || voucher.balanceCents() == 0) {
      return new Verdict.Unusable(Reason.NOT_UNUSED);
    }
    if (today.isBefore(voucher.begins())) {
      return new Verdict.Unusable(Reason.NOT_YET_VALID);
    }
    if (today.isAfter(voucher.ends())) {
      return new Verdict.Unusable(Reason.EXPIRED);
    }
    if (!voucher.coversPayMode(Deal.PREPAID)) {
      return new Verdict.Unusable(Reason.PAY_MODE);
    }
    if (deals.stream().anyMatch(deal -> deal.currency() != voucher.currency())) {
      return new Verdict.Unusable(Reason.CURRENCY);
    }
    return onDeals(voucher, deals);
  }

  /// The best voucher of those that may be chosen automatically: the one that ends first, then the
  /// one that takes off most, then the one with the least left, then by id. Empty when none takes
  /// anything off.
  public static Optional<Deduction> best(
      Collection<Voucher> vouchers, Uin owner, List<Deal> deals, LocalDate today) {
    return vouchers.stream()
        .filter(Voucher::autoUse)
        .map(voucher -> named(voucher, owner, deals, today))
        .filter(Verdict.Usable.class::isInstance)
        .map(verdict -> ((Verdict.Usable) verdict).deduction())
        .filter(deduction -> deduction.cents() > 0)
        .min(
            Comparator.comparing((Deduction deduction) -> deduction.voucher().ends())
                .thenComparing(Comparator.comparingLong(Deduction::cents).reversed())
                .thenComparingLong(deduction -> deduction.voucher().balanceMicro())
                .thenComparing(deduction -> deduction.voucher().id()));
  }

  private static Verdict onDeals(Voucher voucher, List<Deal> deals) {
    var ofProduct = deals.stream().filter(voucher::coversProduct).toList();
    if (ofProduct.isEmpty()) {
      return new Verdict.Unusable(Reason.PRODUCT);
    }
    var ofScene = ofProduct.stream().filter(voucher::coversScene).toList();
    if (ofScene.isEmpty()) {
      return new Verdict.Unusable(Reason.SCENE);
    }
    var applicable = ofScene.stream().filter(Deal::vouchersAllowed).toList();
    if (applicable.isEmpty()) {
      return new Verdict.Unusable(Reason.PROMOTION);
    }
    long sum =
        applicable.stream().mapToLong(deal -> deal.payable().cents()).reduce(0, Math::addExact);
    if (sum < voucher.minimumSpend()) {
      return new Verdict.Unusable(Reason.MINIMUM_SPEND);
    }
    long cents = Math.min(voucher.balanceCents(), sum);
    return new Verdict.Usable(Deduction.spread(voucher, cents, applicable));
  }
}
