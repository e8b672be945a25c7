package io.yunfu.billing.pay;

import io.yunfu.billing.account.Certification;
import io.yunfu.billing.deal.BigDealId;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.billing.voucher.VoucherId;
import io.yunfu.billing.voucher.VoucherRule;
import io.yunfu.kernel.Money;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What became of one PayDeals command. Only the adapter knows how a wire spells these.
public sealed interface PayOutcome {

  /// The money is taken and the deals are delivered or wait for it.
  ///
  /// @param deals in the order of the request, without duplicates
  /// @param bigDeals their parents, in order of first appearance
  /// @param delivered the resources of those that are delivered already
  record Paid(List<DealId> deals, List<BigDealId> bigDeals, Map<DealId, List<String>> delivered)
      implements PayOutcome {
    public Paid {
      deals = List.copyOf(deals);
      bigDeals = List.copyOf(bigDeals);
      delivered = Map.copyOf(delivered);
    }

    /// Nothing of it is delivered yet.
    public Paid(List<DealId> deals, List<BigDealId> bigDeals) {
      this(deals, bigDeals, Map.of());
    }

    /// The same, with what is delivered of it.
    ///
    /// @param all the resources of deals, others' too
    Paid delivered(Map<DealId, List<String>> all) {
      Map<DealId, List<String>> own = new HashMap<>();
      deals.forEach(deal -> {
        if (all.containsKey(deal)) {
          own.put(deal, all.get(deal));
        }
      });
      return new Paid(deals, bigDeals, own);
    }

    /// The resources of all its deals, flat, in their order; empty unless all are delivered.
    public Optional<List<String>> resources() {
      return delivered.size() == deals.size()
          ? Optional.of(
              deals.stream()
                  .flatMap(deal -> delivered.getOrDefault(deal, List.of()).stream())
                  .toList())
          : Optional.empty();
    }
  }

  /// Nothing has changed.
  sealed interface Refused extends PayOutcome {}

  /// The caller is a sub-user without the right, or not the payer or reseller that the pay mode
  /// asks for.
  record NoRight() implements Refused {}

  /// A member under unified payment cannot pay from its own balance.
  record GroupPays() implements Refused {}

  /// The owner of the deals, or the payer, is frozen by the operator.
  record AccountFrozen() implements Refused {}

  /// There is no such deal, or the caller may not see it: the same answer for both.
  record UnknownDeal(String id) implements Refused {}

  /// The same for a big deal.
  record UnknownBigDeal(String id) implements Refused {}

  /// The deals belong to several owners.
  record SeveralOwners() implements Refused {}

  /// The owner of the deals is not certified as it has to be.
  record NotCertified(Certification certification) implements Refused {}

  /// The deal is not unpaid, is overdue, or is not prepaid.
  ///
  /// @param status as it counts now: an overdue deal is expired even where no timer has moved it
  ///   yet
  record NotPayable(DealId deal, DealStatus status) implements Refused {}

  /// Unpaid deals of the same big deal are missing.
  record BoughtTogether(DealId deal, List<DealId> missing) implements Refused {}

  /// Unpaid big deals of the same package are missing.
  record SoldAsPackage(BigDealId bigDeal, List<BigDealId> missing) implements Refused {}

  /// A downgrade of what a reseller paid, or by a reseller.
  record CannotDowngrade(DealId deal) implements Refused {}

  /// The stored price is not the computed one, overflows, or is in another currency.
  record PriceWrong(DealId deal) implements Refused {}

  /// The named voucher does not fit.
  record VoucherUnusable(VoucherId voucher, VoucherRule.Reason reason) implements Refused {}

  /// The payer's available amount does not cover what is left after the voucher.
  record BalanceInsufficient(Money missing) implements Refused {}
}
