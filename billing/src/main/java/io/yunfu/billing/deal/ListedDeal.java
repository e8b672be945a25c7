package io.yunfu.billing.deal;

import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Uin;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A deal as its owner sees it in a list, with the names of its product.
///
/// @param payer who was debited; empty while it is unpaid
/// @param realTotalCost cents that the balance paid, or is to pay
/// @param voucherDecline cents that a voucher paid
/// @param traits descriptive pairs
/// @param price the unit price in micro: 1e-8 of the main unit, a millionth of a cent
/// @param totalCost the list price in micro
/// @param policyPpm parts per million of the list price that are due
/// @param resources that it has produced, or is about
public record ListedDeal(
    DealId id,
    BigDealId bigDeal,
    DealStatus status,
    Optional<Uin> payer,
    Uin creator,
    Instant createdAt,
    long realTotalCost,
    long voucherDecline,
    long projectId,
    Product product,
    List<Trait> traits,
    BigDecimal timeSpan,
    String timeUnit,
    Currency currency,
    int policyPpm,
    long price,
    long totalCost,
    String formula,
    String refReturnDeals,
    String payMode,
    String action,
    List<String> resources,
    String zone) {

  /// What was ordered. Where the catalogue no longer has it, the codes stand for the names.
  public record Product(
      String code,
      String subCode,
      long goodsCategory,
      String nameZh,
      String nameEn,
      String subNameZh,
      String subNameEn) {}

  /// A descriptive pair.
  public record Trait(String name, String value) {}

  public ListedDeal {
    traits = List.copyOf(traits);
    resources = List.copyOf(resources);
  }
}
