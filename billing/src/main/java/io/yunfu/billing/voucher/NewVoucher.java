package io.yunfu.billing.voucher;

import static io.yunfu.kernel.Check.require;

import io.yunfu.kernel.Currency;
import java.time.LocalDate;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What vouchers of one issue have in common: everything but the id.
///
/// @param nominalMicro the face value; micro is 1e-8 of the main unit, a millionth of a cent
/// @param claimed false: it is delivered, and must be claimed before it can be spent
/// @param payMode `prePay`, `postPay`, `riPay`; empty or `*` for all
/// @param payScenes `purchase`, `renew`, `modify`, …; `*` for all
/// @param applicableProducts product codes, or `product/sub-product`; `*` for all
/// @param minimumSpend in cents, reached by the sum of the applicable deals
/// @param autoUse whether it may be chosen automatically
/// @param begins first day of validity, in UTC+8
/// @param ends last day of validity, in UTC+8, inclusive
/// @param codeId the voucher order that it came from, the wire's `CodeId`
public record NewVoucher(
    Currency currency,
    long nominalMicro,
    boolean claimed,
    String payMode,
    List<String> payScenes,
    List<String> applicableProducts,
    List<String> excludedProducts,
    long minimumSpend,
    boolean autoUse,
    LocalDate begins,
    LocalDate ends,
    String mainType,
    String subType,
    String name,
    String codeId,
    String activityId,
    String policyRemark) {

  /// A bound far above any voucher and far below an overflow: 1e9 of the main unit.
  public static final long MOST_MICRO = 100_000_000_000_000_000L;

  public static final Set<String> PAY_MODES = Set.of("", "*", "prePay", "postPay", "riPay");

  /// Source: billing 2018-07-09, DescribeVoucherInfo, `PayScene`.
  public static final Set<String> PAY_SCENES =
      Set.of(
          "*",
          "purchase",
          "renew",
          "modify",
          "spotpay",
          "settle account",
          "oneOffFee",
          "hourlyFee");

  public static final Set<String> MAIN_TYPES = Set.of("has_price", "no_price");
  public static final Set<String> SUB_TYPES = Set.of("discount", "deduct");

  /// A product, or a product and one of its sub-products, or all of them.
  public static final Pattern PRODUCT =
      Pattern.compile("\\*|[A-Za-z0-9_-]{1,64}(/[A-Za-z0-9_-]{1,64})?");

  public static final int MOST_PRODUCTS = 200;

  public NewVoucher {
    payScenes = List.copyOf(payScenes);
    applicableProducts = List.copyOf(applicableProducts);
    excludedProducts = List.copyOf(excludedProducts);
    require(nominalMicro > 0 && nominalMicro <= MOST_MICRO, "no voucher of %d micro", nominalMicro);
    require(PAY_MODES.contains(payMode), "no pay mode: %s", payMode);
    require(
        !payScenes.isEmpty() && PAY_SCENES.containsAll(payScenes), "no pay scenes: %s", payScenes);
    require(!applicableProducts.isEmpty(), "a voucher applies to some product");
    applicableProducts.forEach(NewVoucher::requireProduct);
    excludedProducts.forEach(NewVoucher::requireProduct);
    require(minimumSpend >= 0, "a minimum spend is not negative: %d", minimumSpend);
    require(!ends.isBefore(begins), "a validity ends on %s before it begins on %s", ends, begins);
    require(MAIN_TYPES.contains(mainType), "no main type: %s", mainType);
    require(SUB_TYPES.contains(subType), "no sub type: %s", subType);
  }

  /// One that pays for everything, can be spent at once, and may be chosen automatically.
  public static NewVoucher forAll(
      Currency currency, long nominalMicro, LocalDate begins, LocalDate ends) {
    return new NewVoucher(
        currency,
        nominalMicro,
        true,
        "*",
        List.of("*"),
        List.of("*"),
        List.of(),
        0,
        true,
        begins,
        ends,
        "has_price",
        "deduct",
        "",
        "",
        "",
        "");
  }

  private static void requireProduct(String product) {
    require(PRODUCT.matcher(product).matches(), "not a product: %s", product);
  }
}
