package io.yunfu.billing.deal;

import static io.yunfu.kernel.Check.require;

import io.yunfu.billing.product.Product;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One line of a purchase, as it is ordered.
///
/// @param id given when it is imported; made here otherwise
/// @param action the wire's `Action`
/// @param payMode the wire's `PayMode`; PayDeals only pays `prePay`
/// @param unitMicro the unit price; micro is 1e-8 of the main unit, a millionth of a cent
/// @param timeSpan how many units of time; at most four decimals
/// @param timeUnit `m` month, `y` year, `d` day, `p` one-off
/// @param policyPpm parts per million of the list price that are due; 1 000 000 is no discount
/// @param vouchersAllowed false in promotions that forbid vouchers
/// @param info descriptive pairs, the wire's `ProductInfo`
/// @param targets the resources that a renewal or change is about
public record NewDeal(
    Optional<DealId> id,
    Product.Key product,
    String action,
    String payMode,
    long unitMicro,
    int quantity,
    BigDecimal timeSpan,
    String timeUnit,
    int policyPpm,
    boolean vouchersAllowed,
    long projectId,
    List<Pair> info,
    String formula,
    String refReturnDeals,
    String zoneCode,
    List<String> targets) {

  /// What may be produced; when reading, the field is an open set (`billing.md` section 3.1).
  public static final Set<String> ACTIONS =
      Set.of(
          "purchase",
          "renew",
          "upgrade",
          "downgrade",
          "refund",
          "modifyNetworkMode",
          "modifyNetworkSize",
          "preMoveOut",
          "preMoveIn",
          "preToPost",
          "postMoveOut",
          "postMoveIn");

  public static final Set<String> PAY_MODES = Set.of("prePay", "postPay", "riPay");
  public static final Set<String> TIME_UNITS = Set.of("m", "y", "d", "p");

  /// The column's: 99 999 999.9999.
  public static final BigDecimal MOST_TIME = new BigDecimal("99999999.9999");

  public static final int TIME_DECIMALS = 4;
  public static final int NO_DISCOUNT = 1_000_000;

  private static final Set<String> ABOUT_RESOURCES =
      Set.of("renew", "upgrade", "downgrade", "modifyNetworkMode", "modifyNetworkSize");

  /// A descriptive pair.
  public record Pair(String name, String value) {}

  public NewDeal {
    info = List.copyOf(info);
    targets = List.copyOf(targets);
    require(ACTIONS.contains(action), "no action: %s", action);
    require(PAY_MODES.contains(payMode), "no pay mode: %s", payMode);
    require(TIME_UNITS.contains(timeUnit), "no unit of time: %s", timeUnit);
    require(unitMicro >= 0, "a price is not negative: %d", unitMicro);
    require(quantity > 0, "a quantity is positive: %d", quantity);
    require(
        timeSpan.signum() > 0
            && timeSpan.compareTo(MOST_TIME) <= 0
            && timeSpan.stripTrailingZeros().scale() <= TIME_DECIMALS,
        "not a time span: %s",
        timeSpan);
    require(policyPpm >= 0 && policyPpm <= NO_DISCOUNT, "not a discount: %d", policyPpm);
  }

  /// A prepaid purchase for some months at full price, made here.
  public static NewDeal purchase(Product.Key product, long unitMicro, int months) {
    return new NewDeal(
        Optional.empty(),
        product,
        "purchase",
        Deal.PREPAID,
        unitMicro,
        1,
        BigDecimal.valueOf(months),
        "m",
        NO_DISCOUNT,
        true,
        0,
        List.of(),
        "",
        "",
        "",
        List.of());
  }

  /// The same about resources that exist.
  public NewDeal about(String otherAction, List<String> resources) {
    return new NewDeal(
        id,
        product,
        otherAction,
        payMode,
        unitMicro,
        quantity,
        timeSpan,
        timeUnit,
        policyPpm,
        vouchersAllowed,
        projectId,
        info,
        formula,
        refReturnDeals,
        zoneCode,
        resources);
  }

  boolean needsTargets() {
    return ABOUT_RESOURCES.contains(action);
  }

  boolean mayHaveTargets() {
    return !action.equals("purchase");
  }

  /// The list price in micro; empty when it is no whole number, or too large.
  Optional<Long> listMicro() {
    return Deal.Price.list(unitMicro, quantity, timeSpan);
  }
}
