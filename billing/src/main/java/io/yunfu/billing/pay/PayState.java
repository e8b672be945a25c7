package io.yunfu.billing.pay;

import io.yunfu.billing.account.Owner;
import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.deal.BigDealId;
import io.yunfu.billing.deal.Deal;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.billing.voucher.Voucher;
import io.yunfu.billing.voucher.VoucherId;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Balance;
import io.yunfu.ledger.Leg;
import io.yunfu.ledger.Pocket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What the decisions of one batch look at, carried from command to command: a command sees what
/// the commands before it have changed. Filled from locked rows; knows no database.
public final class PayState {
  private final Map<Uin, Owner> owners = new HashMap<>();
  private final Map<Uin, Uin> groupPayers = new HashMap<>();
  private final Map<Uin, Uin> resellers = new HashMap<>();
  private final Set<Uin> actingPayers = new HashSet<>();
  private final Set<Uin> actingResellers = new HashSet<>();
  private final Map<Uin, Balance> balances = new HashMap<>();
  private final Map<DealId, Deal> deals = new HashMap<>();
  private final Map<BigDealId, List<DealId>> dealsOf = new HashMap<>();
  private final Map<BigDealId, List<Sibling>> siblings = new HashMap<>();
  private final Map<String, List<Sibling>> packages = new HashMap<>();
  private final Map<VoucherId, Voucher> vouchers = new HashMap<>();
  private final Map<Uin, List<VoucherId>> vouchersOf = new HashMap<>();
  private final Map<String, AgentPay> terms = new HashMap<>();
  private final Map<DealId, String> builtIn = new HashMap<>();

  /// A deal of the same big deal or package as one that is to be paid.
  public record Sibling(
      DealId deal, BigDealId bigDeal, String packageId, DealStatus status, Instant payUntil) {}

  public void add(Owner owner, Optional<Uin> groupPayer, Optional<Uin> reseller) {
    owners.put(owner.uin(), owner);
    groupPayer.ifPresent(payer -> groupPayers.put(owner.uin(), payer));
    reseller.ifPresent(uin -> resellers.put(owner.uin(), uin));
  }

  /// This owner pays for the members of a group.
  public void addGroupPayer(Uin payer) {
    actingPayers.add(payer);
  }

  /// This owner has clients.
  public void addReseller(Uin reseller) {
    actingResellers.add(reseller);
  }

  public void add(Balance balance) {
    balances.put(balance.owner(), balance);
  }

  public void add(Deal deal) {
    if (deals.put(deal.id(), deal) == null) {
      dealsOf.computeIfAbsent(deal.bigDeal(), id -> new ArrayList<>()).add(deal.id());
    }
  }

  public void add(Sibling sibling) {
    siblings.computeIfAbsent(sibling.bigDeal(), id -> new ArrayList<>()).add(sibling);
    if (!sibling.packageId().isEmpty()) {
      packages.computeIfAbsent(sibling.packageId(), id -> new ArrayList<>()).add(sibling);
    }
  }

  public void add(Voucher voucher) {
    if (vouchers.put(voucher.id(), voucher) == null) {
      vouchersOf.computeIfAbsent(voucher.owner(), uin -> new ArrayList<>()).add(voucher.id());
    }
  }

  /// Who paid for the current term of a resource.
  public void addTerm(String resource, AgentPay paidBy) {
    terms.put(resource, paidBy);
  }

  /// The built-in provider delivers this deal.
  ///
  /// @param resourcePrefix before the dash of the ids that it makes
  public void addBuiltIn(DealId deal, String resourcePrefix) {
    builtIn.put(deal, resourcePrefix);
  }

  public Collection<Deal> deals() {
    return deals.values();
  }

  public Optional<Balance> balance(Uin owner) {
    return Optional.ofNullable(balances.get(owner));
  }

  /// What an accepted command changes, so that the next one decides on it.
  void apply(PayChanges changes) {
    for (Leg leg : changes.posting().legs()) {
      if (leg.debit() instanceof Pocket.Owned(Uin owner, Pocket.Kind kind)) {
        balances.computeIfPresent(owner, (uin, balance) -> balance.after(leg));
      }
    }
    for (PayChanges.PaidDeal paid : changes.deals()) {
      deals.computeIfPresent(paid.deal(), (id, deal) -> deal.paid());
    }
    changes
        .deduction()
        .ifPresent(used -> vouchers.put(used.voucher().id(), used.voucher().after(used.cents())));
  }

  Owner owner(Uin uin) {
    return Optional.ofNullable(owners.get(uin))
        .orElseThrow(() -> new IllegalStateException("owner " + uin + " was not loaded"));
  }

  Optional<Uin> groupPayerOf(Uin member) {
    return Optional.ofNullable(groupPayers.get(member));
  }

  Optional<Uin> resellerOf(Uin client) {
    return Optional.ofNullable(resellers.get(client));
  }

  boolean isGroupPayer(Uin owner) {
    return actingPayers.contains(owner);
  }

  boolean isReseller(Uin owner) {
    return actingResellers.contains(owner);
  }

  Optional<Deal> deal(DealId id) {
    return Optional.ofNullable(deals.get(id));
  }

  /// All deals of a big deal, ascending; empty when there is no such big deal.
  List<Deal> dealsOf(BigDealId id) {
    return dealsOf.getOrDefault(id, List.of()).stream()
        .map(deals::get)
        .sorted(Comparator.comparing(Deal::id))
        .toList();
  }

  /// The deals of a big deal that could be paid now and are not in the request.
  List<DealId> unpaidBeside(BigDealId bigDeal, Set<DealId> requested, Instant now) {
    return siblings.getOrDefault(bigDeal, List.of()).stream()
        .filter(sibling -> isUnpaid(sibling, now) && !requested.contains(sibling.deal()))
        .map(Sibling::deal)
        .sorted()
        .toList();
  }

  /// The big deals of a package of which a deal could be paid now and is not in the request.
  List<BigDealId> unpaidInPackage(String packageId, Set<DealId> requested, Instant now) {
    return packages.getOrDefault(packageId, List.of()).stream()
        .filter(sibling -> isUnpaid(sibling, now) && !requested.contains(sibling.deal()))
        .map(Sibling::bigDeal)
        .distinct()
        .sorted()
        .toList();
  }

  Optional<Voucher> voucher(VoucherId id) {
    return Optional.ofNullable(vouchers.get(id));
  }

  List<Voucher> vouchersOf(Uin owner) {
    return vouchersOf.getOrDefault(owner, List.of()).stream().map(vouchers::get).toList();
  }

  /// Empty where an HTTP provider delivers.
  Optional<String> builtInPrefix(DealId deal) {
    return Optional.ofNullable(builtIn.get(deal));
  }

  Optional<AgentPay> termOf(String resource) {
    return Optional.ofNullable(terms.get(resource));
  }

  private boolean isUnpaid(Sibling sibling, Instant now) {
    Deal carried = deals.get(sibling.deal());
    DealStatus status = carried == null ? sibling.status() : carried.status();
    return status == DealStatus.UNPAID && now.isBefore(sibling.payUntil());
  }
}
