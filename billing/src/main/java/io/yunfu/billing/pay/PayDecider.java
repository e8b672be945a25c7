package io.yunfu.billing.pay;

import io.yunfu.billing.account.Caller;
import io.yunfu.billing.account.Certification;
import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.deal.BigDealId;
import io.yunfu.billing.deal.Deal;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.billing.pay.PayOutcome.Refused;
import io.yunfu.billing.voucher.Deduction;
import io.yunfu.billing.voucher.Voucher;
import io.yunfu.billing.voucher.VoucherRule;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Balance;
import io.yunfu.ledger.Leg;
import io.yunfu.ledger.Pocket;
import io.yunfu.ledger.Posting;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The checks of PayDeals, step by step, in the order of `billing.md` section 2.5; within a step
/// the first failing deal in request order decides. Step 1, the shape of the parameters, is the
/// adapter's.
final class PayDecider {
  /// The right to pay, as a policy names it (`billing.md` section 2.8).
  private static final String RIGHT = "finance:trade";

  /// Validities of vouchers are days in UTC+8, in both editions.
  private static final ZoneOffset ZONE = ZoneOffset.ofHours(8);

  private final PayCommand command;
  private final PayState state;
  private final Caller caller;

  PayDecider(PayCommand command, PayState state) {
    this.command = command;
    this.state = state;
    this.caller = command.caller();
  }

  PayDecision decide() {
    try {
      return check();
    } catch (Refusal refusal) {
      return new PayDecision.Refuse(refusal.why);
    }
  }

  private PayDecision check() {
    checkRight();
    List<Deal> deals = resolve();
    Uin owner = deals.getFirst().owner();
    Uin payer = payerOf(deals, owner);
    checkAccounts(owner, payer);
    checkPayable(deals);
    checkCompleteness(deals);
    checkDowngrades(deals);
    Balance balance = state.balance(payer).orElseThrow();
    checkPrices(deals, balance.currency());
    Optional<Deduction> deduction = deduct(deals, owner, payer);
    Money due = due(deals, deduction);
    Money available = balance.available(command.now());
    if (due.isPositive() && available.compareTo(due) < 0) {
      throw new Refusal(new PayOutcome.BalanceInsufficient(due.minus(available)));
    }
    return accept(deals, owner, payer, balance, deduction);
  }

  /// Step 2: the caller's policy, and its right to this pay mode.
  private void checkRight() {
    if (!caller.may(RIGHT)) {
      throw new Refusal(new PayOutcome.NoRight());
    }
    Uin self = caller.owner();
    boolean may =
        switch (command.mode()) {
          case SELF -> true;
          case GROUP -> state.isGroupPayer(self) || state.groupPayerOf(self).isPresent();
          case RESELLER, RESELLER_ORDER -> state.isReseller(self);
        };
    if (!may) {
      throw new Refusal(new PayOutcome.NoRight());
    }
    if (command.mode() == AgentPay.SELF && state.groupPayerOf(self).isPresent()) {
      throw new Refusal(new PayOutcome.GroupPays());
    }
  }

  /// Step 3: ids become deals. What does not exist and what may not be seen get the same answer.
  private List<Deal> resolve() {
    List<Deal> deals =
        switch (command.target()) {
          case PayCommand.Target.Deals(var ids) -> ids.stream().map(this::visible).toList();
          case PayCommand.Target.BigDeals(var ids) ->
              ids.stream().flatMap(id -> visible(id).stream()).toList();
        };
    Uin owner = deals.getFirst().owner();
    if (deals.stream().anyMatch(deal -> !deal.owner().equals(owner))) {
      throw new Refusal(new PayOutcome.SeveralOwners());
    }
    return deals;
  }

  private Deal visible(DealId id) {
    return state
        .deal(id)
        .filter(deal -> isVisible(deal.owner()))
        .orElseThrow(() -> new Refusal(new PayOutcome.UnknownDeal(id.value())));
  }

  private List<Deal> visible(BigDealId id) {
    List<Deal> deals = state.dealsOf(id);
    if (deals.isEmpty() || !isVisible(deals.getFirst().owner())) {
      throw new Refusal(new PayOutcome.UnknownBigDeal(id.value()));
    }
    return deals;
  }

  private boolean isVisible(Uin owner) {
    Uin self = caller.owner();
    return owner.equals(self)
        || switch (command.mode()) {
          case SELF -> false;
          case GROUP -> isMe(state.groupPayerOf(owner));
          case RESELLER, RESELLER_ORDER -> isMe(state.resellerOf(owner));
        };
  }

  private boolean isMe(Optional<Uin> other) {
    return other.filter(caller.owner()::equals).isPresent();
  }

  /// Who is debited. The caller's own deals can be seen in every mode, but only some modes can pay
  /// them.
  private Uin payerOf(List<Deal> deals, Uin owner) {
    boolean mayPay =
        switch (command.mode()) {
          case SELF -> true;
          case GROUP -> state.groupPayerOf(owner).isPresent();
          case RESELLER -> isMe(state.resellerOf(owner));
          case RESELLER_ORDER ->
              isMe(state.resellerOf(owner))
                  && deals.stream().allMatch(deal -> deal.creator().equals(caller.owner()));
        };
    if (!mayPay) {
      throw new Refusal(new PayOutcome.NoRight());
    }
    return command.mode() == AgentPay.GROUP
        ? state.groupPayerOf(owner).orElseThrow()
        : caller.owner();
  }

  /// Step 4, and before it the operator's freeze.
  private void checkAccounts(Uin owner, Uin payer) {
    if (!state.owner(owner).active() || !state.owner(payer).active()) {
      throw new Refusal(new PayOutcome.AccountFrozen());
    }
    Certification certification = state.owner(owner).certification();
    if (certification != Certification.COMPLETE) {
      throw new Refusal(new PayOutcome.NotCertified(certification));
    }
  }

  /// Step 5.
  private void checkPayable(List<Deal> deals) {
    for (Deal deal : deals) {
      if (!deal.isPayableAt(command.now())) {
        boolean overdue =
            deal.status() == DealStatus.UNPAID && !command.now().isBefore(deal.payUntil());
        throw new Refusal(
            new PayOutcome.NotPayable(deal.id(), overdue ? DealStatus.EXPIRED : deal.status()));
      }
    }
  }

  /// Step 6: first the same big deal, then the package.
  private void checkCompleteness(List<Deal> deals) {
    if (deals.size() == 1 && deals.getFirst().isSoldAlone()) {
      return;
    }
    Set<DealId> requested = new HashSet<>();
    deals.forEach(deal -> requested.add(deal.id()));
    for (Deal deal : deals) {
      var missing = state.unpaidBeside(deal.bigDeal(), requested, command.now());
      if (!missing.isEmpty()) {
        throw new Refusal(new PayOutcome.BoughtTogether(deal.id(), missing));
      }
    }
    for (Deal deal : deals) {
      var missing = state.unpaidInPackage(deal.packageId(), requested, command.now());
      if (!missing.isEmpty()) {
        throw new Refusal(new PayOutcome.SoldAsPackage(deal.bigDeal(), missing));
      }
    }
  }

  /// Step 7: what a reseller paid for cannot be made smaller, and a reseller cannot pay to make it
  /// so.
  private void checkDowngrades(List<Deal> deals) {
    for (Deal deal : deals) {
      if (deal.isDowngrade()
          && (command.mode().isByReseller()
              || deal.targets().stream()
                  .anyMatch(
                      target -> state.termOf(target).filter(AgentPay::isByReseller).isPresent()))) {
        throw new Refusal(new PayOutcome.CannotDowngrade(deal.id()));
      }
    }
  }

  /// Step 8. No sum of these can overflow: a price right in micro is below 1e13 cents, and a
  /// request names at most a hundred big deals of at most a hundred deals.
  private static void checkPrices(List<Deal> deals, Currency currency) {
    for (Deal deal : deals) {
      if (deal.currency() != currency || !deal.isPricedRight()) {
        throw new Refusal(new PayOutcome.PriceWrong(deal.id()));
      }
    }
  }

  /// Step 9. The vouchers that may pay are the payer's in a group, and the owner's otherwise: a
  /// reseller's own are never used for a client.
  private Optional<Deduction> deduct(List<Deal> deals, Uin owner, Uin payer) {
    Uin account = command.mode() == AgentPay.GROUP ? payer : owner;
    LocalDate today = LocalDate.ofInstant(command.now(), ZONE);
    if (command.voucher().isEmpty()) {
      return command.autoVoucher()
          ? VoucherRule.best(state.vouchersOf(account), account, deals, today)
          : Optional.empty();
    }
    var id = command.voucher().get();
    Optional<Voucher> voucher = state.voucher(id);
    var verdict =
        voucher.isEmpty()
            ? new VoucherRule.Verdict.Unusable(VoucherRule.Reason.NOT_FOUND)
            : VoucherRule.named(voucher.get(), account, deals, today);
    return switch (verdict) {
      case VoucherRule.Verdict.Usable(var deduction) ->
          deduction.cents() > 0 ? Optional.of(deduction) : Optional.empty();
      case VoucherRule.Verdict.Unusable(var reason) ->
          throw new Refusal(new PayOutcome.VoucherUnusable(id, reason));
    };
  }

  private static Money due(List<Deal> deals, Optional<Deduction> deduction) {
    Money price = Money.sum(deals.stream().map(Deal::payable));
    return price.minus(Money.of(deduction.map(Deduction::cents).orElse(0L), price.currency()));
  }

  private PayDecision accept(
      List<Deal> deals, Uin owner, Uin payer, Balance balance, Optional<Deduction> deduction) {
    var legs = new ArrayList<Leg>();
    var paid = new ArrayList<PayChanges.PaidDeal>(deals.size());
    long due = due(deals, deduction).cents();
    var draws = new ArrayDeque<>(balance.draw(due, command.now()));
    for (Deal deal : deals) {
      long byVoucher = deduction.map(used -> used.of(deal.id())).orElse(0L);
      long byBalance = deal.payable().cents() - byVoucher;
      if (byVoucher > 0) {
        legs.add(leg(Pocket.House.VOUCHER, byVoucher, deal));
      }
      drawFor(deal, byBalance, payer, draws, legs);
      paid.add(new PayChanges.PaidDeal(deal.id(), byBalance, byVoucher));
    }
    Instant now = command.now();
    var posting =
        new Posting(
            command.postingId(),
            Posting.Kind.DEDUCT,
            caller.user().toString(),
            command.requestId(),
            "trade",
            now,
            legs);
    var changes =
        new PayChanges(
            posting, owner, payer, command.mode(), command.cpsUin(), now, paid, deduction);
    var bigDeals = new LinkedHashSet<BigDealId>();
    deals.forEach(deal -> bigDeals.add(deal.bigDeal()));
    return new PayDecision.Accept(
        new PayOutcome.Paid(deals.stream().map(Deal::id).toList(), List.copyOf(bigDeals)), changes);
  }

  /// Takes one deal's part from the front of what is drawn; a draw that is not used up stays for
  /// the next deal.
  private static void drawFor(
      Deal deal, long cents, Uin payer, Deque<Balance.Draw> draws, List<Leg> legs) {
    long rest = cents;
    while (rest > 0) {
      Balance.Draw draw = draws.removeFirst();
      long part = Math.min(rest, draw.cents());
      legs.add(leg(Pocket.of(payer, draw.kind()), part, deal));
      if (part < draw.cents()) {
        draws.addFirst(new Balance.Draw(draw.kind(), draw.cents() - part));
      }
      rest -= part;
    }
  }

  private static Leg leg(Pocket from, long cents, Deal deal) {
    return new Leg(from, Pocket.House.REVENUE, Money.of(cents, deal.currency()), deal.id().value());
  }

  /// Carries a refusal out of a straight line of checks. Never leaves this file and has no stack
  /// trace, so it costs little.
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Refused why;

    Refusal(Refused why) {
      super(null, null, false, false);
      this.why = why;
    }
  }
}
