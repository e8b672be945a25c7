package io.yunfu.billing.voucher;

import static io.yunfu.kernel.Check.require;

import io.yunfu.billing.deal.Deal;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Uin;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;

/// What a payment has to know of a voucher (`billing.md` sections 2.6 and 4.4).
///
/// @param balanceMicro what is left, in micro: 1e-8 of the main unit, a millionth of a cent
/// @param payMode `prePay`, `postPay`, `riPay`; empty or `*` for all
/// @param payScenes `purchase`, `renew`, `modify`, …; `*` for all
/// @param applicableProducts product codes, or `product/sub-product`; `*` for all
/// @param minimumSpend in cents, reached by the sum of the applicable deals
/// @param autoUse whether it may be chosen automatically
/// @param begins first day of validity, in UTC+8
/// @param ends last day of validity, in UTC+8, inclusive
public record Voucher(
    VoucherId id,
    Uin owner,
    VoucherStatus status,
    Currency currency,
    long balanceMicro,
    String payMode,
    Set<String> payScenes,
    List<String> applicableProducts,
    List<String> excludedProducts,
    long minimumSpend,
    boolean autoUse,
    LocalDate begins,
    LocalDate ends) {

  public static final long MICRO_PER_CENT = 1_000_000;

  /// Among products or scenes: every one.
  static final String ALL = "*";

  public Voucher {
    payScenes = Set.copyOf(payScenes);
    applicableProducts = List.copyOf(applicableProducts);
    excludedProducts = List.copyOf(excludedProducts);
    require(balanceMicro >= 0, "voucher %s has a negative balance", id);
  }

  /// What is left in whole cents, rounded down.
  public long balanceCents() {
    return balanceMicro / MICRO_PER_CENT;
  }

  /// This voucher after a deduction. At zero it is used up.
  public Voucher after(long cents) {
    long left = Math.subtractExact(balanceMicro, Math.multiplyExact(cents, MICRO_PER_CENT));
    return new Voucher(
        id,
        owner,
        left == 0 ? VoucherStatus.USED : status,
        currency,
        left,
        payMode,
        payScenes,
        applicableProducts,
        excludedProducts,
        minimumSpend,
        autoUse,
        begins,
        ends);
  }

  boolean coversPayMode(String mode) {
    return payMode.isEmpty() || payMode.equals(ALL) || payMode.equals(mode);
  }

  boolean coversScene(Deal deal) {
    return payScenes.contains(ALL) || payScenes.contains(scene(deal.action()));
  }

  boolean coversProduct(Deal deal) {
    return lists(applicableProducts, deal) && !lists(excludedProducts, deal);
  }

  private static boolean lists(List<String> products, Deal deal) {
    return products.contains(ALL)
        || products.contains(deal.productCode())
        || products.contains(deal.productCode() + "/" + deal.subProductCode());
  }

  private static String scene(String action) {
    return switch (action) {
      case "purchase" -> "purchase";
      case "renew" -> "renew";
      case "upgrade", "downgrade", "modifyNetworkMode", "modifyNetworkSize" -> "modify";
      default -> "";
    };
  }
}
