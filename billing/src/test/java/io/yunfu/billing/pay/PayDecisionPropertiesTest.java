package io.yunfu.billing.pay;

import static io.yunfu.billing.pay.World.OWNER;
import static io.yunfu.billing.pay.World.deal;
import static io.yunfu.billing.pay.World.voucher;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.account.Certification;
import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.deal.Deal;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.billing.pay.PayDecision.Accept;
import io.yunfu.billing.voucher.VoucherId;
import io.yunfu.ledger.Balance;
import io.yunfu.ledger.Pocket;
import io.yunfu.testkit.Property;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Random worlds, random overlapping calls.
class PayDecisionPropertiesTest {
  private record Story(World world, List<PayCommand> calls) {
    @Override
    public String toString() {
      return calls.toString();
    }
  }

  @Test
  void money_is_conserved_and_no_deal_is_paid_twice() {
    Property.forAll(
        PayDecisionPropertiesTest::story,
        story -> {
          PayState state = story.world.state;
          long before = spendable(state);
          Set<DealId> paid = new HashSet<>();
          long charged = 0;
          long byVoucher = 0;
          for (PayCommand call : story.calls) {
            if (PayDecision.decide(call, state) instanceof Accept(var outcome, var changes)) {
              outcome.deals().forEach(deal -> assertThat(paid.add(deal)).isTrue());
              long revenue =
                  changes.posting().legs().stream().mapToLong(leg -> leg.amount().cents()).sum();
              charged +=
                  changes.deals().stream().mapToLong(PayChanges.PaidDeal::realTotalCost).sum();
              byVoucher +=
                  changes.deals().stream().mapToLong(PayChanges.PaidDeal::voucherDecline).sum();
              assertThat(revenue)
                  .isEqualTo(
                      changes.deals().stream()
                          .mapToLong(each -> each.realTotalCost() + each.voucherDecline())
                          .sum());
              state.apply(changes);
            }
          }
          assertThat(spendable(state)).isEqualTo(before - charged);
          assertThat(spendable(state)).isNotNegative();
          long prices =
              state.deals().stream()
                  .filter(deal -> paid.contains(deal.id()))
                  .mapToLong(deal -> deal.payable().cents())
                  .sum();
          assertThat(charged + byVoucher).isEqualTo(prices);
        });
  }

  @Test
  void a_call_pays_all_it_names_or_nothing() {
    Property.forAll(
        PayDecisionPropertiesTest::story,
        story -> {
          PayState state = story.world.state;
          for (PayCommand call : story.calls) {
            Map<DealId, DealStatus> before = statuses(state);
            var named = ((PayCommand.Target.Deals) call.target()).ids();
            boolean accepted = false;
            if (PayDecision.decide(call, state) instanceof Accept(var outcome, var changes)) {
              accepted = true;
              assertThat(outcome.deals()).isEqualTo(named);
              state.apply(changes);
            }
            var after = statuses(state);
            for (DealId deal : after.keySet()) {
              boolean changed = after.get(deal) != before.get(deal);
              assertThat(changed).isEqualTo(accepted && named.contains(deal));
            }
          }
        });
  }

  @Test
  void deals_of_one_big_deal_are_all_paid_or_all_unpaid_when_they_started_unpaid() {
    Property.forAll(
        PayDecisionPropertiesTest::story,
        story -> {
          PayState state = story.world.state;
          Set<DealId> startedUnpaid = new HashSet<>();
          state.deals().stream()
              .filter(deal -> deal.isPayableAt(World.NOW))
              .forEach(deal -> startedUnpaid.add(deal.id()));
          story.calls.forEach(call -> run(call, state));
          var byBigDeal = new HashMap<String, Set<DealStatus>>();
          state.deals().stream()
              .filter(deal -> startedUnpaid.contains(deal.id()))
              .forEach(deal ->
                  byBigDeal
                      .computeIfAbsent(deal.bigDeal().value(), id -> new HashSet<>())
                      .add(deal.status()));
          assertThat(byBigDeal.values()).allMatch(statuses -> statuses.size() == 1);
        });
  }

  @Test
  void the_same_calls_give_the_same_books() {
    Property.forAll(
        random -> random.nextLong(),
        seed -> {
          assertThat(play(seed)).isEqualTo(play(seed));
        });
  }

  private static List<PayDecision> play(long seed) {
    Story story = story(new SplittableRandom(seed));
    return story.calls.stream().map(call -> run(call, story.world.state)).toList();
  }

  private static PayDecision run(PayCommand call, PayState state) {
    var decision = PayDecision.decide(call, state);
    if (decision instanceof Accept accept) {
      state.apply(accept.changes());
    }
    return decision;
  }

  private static Story story(RandomGenerator random) {
    var world = new World();
    world.owner(OWNER, random.nextInt(500), random.nextInt(200), Certification.COMPLETE, true);
    var ids = new ArrayList<String>();
    int bigDeals = random.nextInt(1, 6);
    for (int b = 0; b < bigDeals; b++) {
      int size = random.nextInt(1, 4);
      String big = "b" + b;
      String inPackage = random.nextInt(4) == 0 ? "package" : "";
      for (int d = 0; d < size; d++) {
        String id = big + "-d" + d;
        ids.add(id);
        Deal deal =
            deal(
                id,
                random.nextInt(120),
                each ->
                    each.in(big, size)
                        .inPackage(inPackage)
                        .status(random.nextInt(10) == 0 ? DealStatus.CLOSED : DealStatus.UNPAID));
        world.with(deal);
      }
    }
    for (int v = 0; v < random.nextInt(4); v++) {
      world.with(
          voucher("v" + v, random.nextInt(1, 100), LocalDate.of(2026, 1 + random.nextInt(12), 1)));
    }
    var calls = new ArrayList<PayCommand>();
    for (int c = 0; c < 12; c++) {
      var named = new ArrayList<DealId>();
      String big = "b" + random.nextInt(bigDeals);
      boolean whole = random.nextInt(4) > 0;
      for (String id : ids) {
        if (whole ? id.startsWith(big + "-") : random.nextInt(3) == 0) {
          named.add(new DealId(id));
        }
      }
      if (!named.isEmpty()) {
        calls.add(
            world.command(
                World.caller(OWNER),
                AgentPay.SELF,
                new PayCommand.Target.Deals(named),
                random.nextInt(3) == 0
                    ? Optional.of(new VoucherId("v" + random.nextInt(4)))
                    : Optional.empty(),
                random.nextBoolean()));
      }
    }
    return new Story(world, calls);
  }

  private static Map<DealId, DealStatus> statuses(PayState state) {
    var statuses = new HashMap<DealId, DealStatus>();
    state.deals().forEach(deal -> statuses.put(deal.id(), deal.status()));
    return statuses;
  }

  private static long spendable(PayState state) {
    Balance balance = state.balance(OWNER).orElseThrow();
    assertThat(balance.in(Pocket.Kind.CASH)).isNotNegative();
    return balance.available(World.NOW).cents();
  }
}
