package io.yunfu.billing.pay;

import static io.yunfu.billing.pay.World.CLIENT;
import static io.yunfu.billing.pay.World.NOW;
import static io.yunfu.billing.pay.World.OWNER;
import static io.yunfu.billing.pay.World.PAYER;
import static io.yunfu.billing.pay.World.deal;
import static io.yunfu.billing.pay.World.voucher;
import static io.yunfu.kernel.Money.cny;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.yunfu.billing.account.Certification;
import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.deal.BigDealId;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.billing.pay.PayChanges.PaidDeal;
import io.yunfu.billing.pay.PayDecision.Accept;
import io.yunfu.billing.pay.PayDecision.Refuse;
import io.yunfu.billing.voucher.VoucherId;
import io.yunfu.billing.voucher.VoucherRule.Reason;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Leg;
import io.yunfu.ledger.Pocket;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PayDecisionTest {
  private final World world = new World();

  @Test
  void an_unpaid_deal_is_paid_from_cash() {
    world.owner(OWNER, 100).with(deal("d1", 100));
    var accept = accepted(world.self("d1"));
    assertThat(accept.paid().deals()).containsExactly(new DealId("d1"));
    assertThat(accept.paid().bigDeals()).containsExactly(new BigDealId("big-d1"));
    assertThat(accept.changes().posting().legs())
        .containsExactly(
            new Leg(Pocket.of(OWNER, Pocket.Kind.CASH), Pocket.House.REVENUE, cny(100), "d1"));
  }

  @Test
  void a_balance_one_fen_short_is_refused_with_the_missing_fen() {
    world.owner(OWNER, 99).with(deal("d1", 100));
    assertThat(world.pay(world.self("d1")))
        .isEqualTo(new Refuse(new PayOutcome.BalanceInsufficient(cny(1))));
  }

  @Test
  void a_deal_that_costs_nothing_is_paid_without_any_balance() {
    world.owner(OWNER, 0).with(deal("d1", 0));
    var accept = accepted(world.self("d1"));
    assertThat(accept.changes().posting().legs()).isEmpty();
    assertThat(accept.changes().deals()).containsExactly(new PaidDeal(new DealId("d1"), 0, 0));
  }

  @Test
  void what_cash_does_not_cover_is_taken_on_credit() {
    world.owner(OWNER, 60, 40, Certification.COMPLETE, true).with(deal("d1", 100));
    assertThat(accepted(world.self("d1")).changes().posting().legs())
        .extracting(leg -> leg.debit().code(), leg -> leg.amount().cents())
        .containsExactly(tuple("cash", 60L), tuple("owe", 40L));
  }

  @Test
  void several_deals_are_paid_in_the_order_of_the_request_and_once_each() {
    world.owner(OWNER, 1000).with(deal("d1", 1), deal("d2", 2), deal("d3", 3));
    var accept = accepted(world.self("d3", "d1", "d3", "d2"));
    assertThat(accept.paid().deals())
        .containsExactly(new DealId("d3"), new DealId("d1"), new DealId("d2"));
    assertThat(accept.changes().posting().legs()).hasSize(3);
  }

  @Test
  void one_deal_too_expensive_refuses_all() {
    world.owner(OWNER, 100).with(deal("d1", 60), deal("d2", 60));
    assertThat(world.pay(world.self("d1", "d2")))
        .isEqualTo(new Refuse(new PayOutcome.BalanceInsufficient(cny(20))));
    assertThat(world.state.deal(new DealId("d1")).orElseThrow().status())
        .isEqualTo(DealStatus.UNPAID);
  }

  @Test
  void a_deal_of_somebody_else_is_as_unknown_as_one_that_does_not_exist() {
    world
        .owner(OWNER, 100)
        .owner(CLIENT, 100)
        .with(deal("theirs", 1, d -> d.of(CLIENT)), deal("mine", 1));
    refused(world.self("theirs"), new PayOutcome.UnknownDeal("theirs"));
    refused(world.self("mine", "nothing"), new PayOutcome.UnknownDeal("nothing"));
  }

  @ParameterizedTest
  @EnumSource(value = DealStatus.class, names = "UNPAID", mode = EnumSource.Mode.EXCLUDE)
  void only_an_unpaid_deal_can_be_paid(DealStatus status) {
    world.owner(OWNER, 100).with(deal("d1", 1, d -> d.status(status)));
    refused(world.self("d1"), new PayOutcome.NotPayable(new DealId("d1"), status));
  }

  @Test
  void at_the_deadline_a_deal_counts_as_expired_even_before_a_timer_has_moved_it() {
    world.owner(OWNER, 100).with(deal("d1", 1, d -> d.payUntil(NOW)));
    refused(world.self("d1"), new PayOutcome.NotPayable(new DealId("d1"), DealStatus.EXPIRED));
  }

  @Test
  void a_postpaid_deal_cannot_be_paid() {
    world.owner(OWNER, 100).with(deal("d1", 1, d -> d.payMode("postPay")));
    refused(world.self("d1"), new PayOutcome.NotPayable(new DealId("d1"), DealStatus.UNPAID));
  }

  @Test
  void deals_of_one_big_deal_are_paid_together() {
    world
        .owner(OWNER, 100)
        .with(deal("d1", 1, d -> d.in("b", 2)))
        .beside(deal("d2", 1, d -> d.in("b", 2)));
    refused(
        world.self("d1"),
        new PayOutcome.BoughtTogether(new DealId("d1"), List.of(new DealId("d2"))));
  }

  @Test
  void a_closed_or_overdue_deal_of_the_same_big_deal_does_not_hold_the_others_up() {
    world
        .owner(OWNER, 100)
        .with(deal("d1", 1, d -> d.in("b", 3)))
        .beside(deal("d2", 1, d -> d.in("b", 3).status(DealStatus.INVALID)))
        .beside(deal("d3", 1, d -> d.in("b", 3).payUntil(NOW)));
    assertThat(accepted(world.self("d1")).paid().deals()).hasSize(1);
  }

  @Test
  void big_deals_of_one_package_are_paid_together() {
    world
        .owner(OWNER, 100)
        .with(deal("d1", 1, d -> d.inPackage("p")))
        .beside(deal("d2", 1, d -> d.inPackage("p")));
    refused(
        world.self("d1"),
        new PayOutcome.SoldAsPackage(new BigDealId("big-d1"), List.of(new BigDealId("big-d2"))));
  }

  @Test
  void the_same_big_deal_is_looked_at_before_the_package() {
    world
        .owner(OWNER, 100)
        .with(deal("d1", 1, d -> d.inPackage("p")), deal("d2", 1, d -> d.in("b", 2).inPackage("p")))
        .beside(deal("d3", 1, d -> d.in("b", 2).inPackage("p")))
        .beside(deal("d4", 1, d -> d.inPackage("p")));
    refused(
        world.self("d1", "d2"),
        new PayOutcome.BoughtTogether(new DealId("d2"), List.of(new DealId("d3"))));
  }

  @Test
  void a_big_deal_brings_all_its_deals_in_ascending_order() {
    world
        .owner(OWNER, 100)
        .with(
            deal("d2", 1, d -> d.in("b", 2)),
            deal("d1", 1, d -> d.in("b", 2)),
            deal("d0", 1, d -> d.in("a", 1)));
    var accept = accepted(bigDeals("b", "a"));
    assertThat(accept.paid().deals())
        .containsExactly(new DealId("d1"), new DealId("d2"), new DealId("d0"));
    assertThat(accept.paid().bigDeals()).containsExactly(new BigDealId("b"), new BigDealId("a"));
    refused(bigDeals("b", "c"), new PayOutcome.UnknownBigDeal("c"));
  }

  @Test
  void a_price_that_is_no_longer_the_computed_one_is_not_charged() {
    world.owner(OWNER, 100).with(deal("d1", 1), deal("d2", 10, d -> d.priceNow(11)));
    refused(world.self("d1", "d2"), new PayOutcome.PriceWrong(new DealId("d2")));
  }

  @Test
  void deals_in_another_currency_than_the_account_are_not_charged() {
    world.owner(OWNER, 100).with(deal("d1", 1, d -> d.currency(Currency.USD)));
    refused(world.self("d1"), new PayOutcome.PriceWrong(new DealId("d1")));
  }

  @ParameterizedTest
  @EnumSource(value = Certification.class, names = "COMPLETE", mode = EnumSource.Mode.EXCLUDE)
  void an_owner_that_is_not_certified_cannot_pay(Certification certification) {
    world.owner(OWNER, 100, 0, certification, true).with(deal("d1", 1));
    refused(world.self("d1"), new PayOutcome.NotCertified(certification));
  }

  @Test
  void a_frozen_account_cannot_pay() {
    world.owner(OWNER, 100, 0, Certification.COMPLETE, false).with(deal("d1", 1));
    refused(world.self("d1"), new PayOutcome.AccountFrozen());
  }

  @Test
  void a_sub_user_pays_only_with_the_right_to_trade() {
    world.owner(OWNER, 100).with(deal("d1", 1));
    var none = World.subUser("finance:DescribeDealsByCond", "finace:trade", "cvm:*");
    refused(world.command(none, AgentPay.SELF, "d1"), new PayOutcome.NoRight());
    for (String policy :
        List.of("finance:trade", "finance:*", "QCloudFinanceFullAccess", "AdministratorAccess")) {
      accepted(world.command(World.subUser(policy), AgentPay.SELF, "d1"));
    }
  }

  @Test
  void permission_is_checked_before_ids_and_ids_before_certification() {
    world.owner(OWNER, 0, 0, Certification.NONE, true).with(deal("d1", 100));
    refused(world.command(World.subUser(), AgentPay.SELF, "nothing"), new PayOutcome.NoRight());
    refused(world.self("nothing"), new PayOutcome.UnknownDeal("nothing"));
    refused(world.self("d1"), new PayOutcome.NotCertified(Certification.NONE));
  }

  // Paying for others.

  @Test
  void a_reseller_pays_for_its_client_from_its_own_balance() {
    resellerAndClient().with(deal("d1", 100, d -> d.of(CLIENT)));
    var changes = accepted(world.command(AgentPay.RESELLER, OWNER, "d1")).changes();
    assertThat(changes.payer()).isEqualTo(OWNER);
    assertThat(changes.owner()).isEqualTo(CLIENT);
  }

  @Test
  void mode_4_asks_that_the_reseller_has_placed_the_order() {
    resellerAndClient()
        .with(deal("d1", 1, d -> d.of(CLIENT)), deal("d2", 1, d -> d.of(CLIENT).placedBy(OWNER)));
    refused(world.command(AgentPay.RESELLER_ORDER, OWNER, "d1"), new PayOutcome.NoRight());
    accepted(world.command(AgentPay.RESELLER_ORDER, OWNER, "d2"));
  }

  @Test
  void who_is_no_reseller_cannot_pay_as_one() {
    world.owner(OWNER, 100).with(deal("d1", 1));
    refused(world.command(AgentPay.RESELLER, OWNER, "d1"), new PayOutcome.NoRight());
    refused(world.command(AgentPay.RESELLER_ORDER, OWNER, "d1"), new PayOutcome.NoRight());
    refused(world.command(AgentPay.GROUP, OWNER, "d1"), new PayOutcome.NoRight());
  }

  @Test
  void a_reseller_cannot_pay_its_own_deals_as_a_reseller_nor_see_those_of_strangers() {
    var stranger = new Uin(9);
    resellerAndClient()
        .owner(stranger, 1)
        .with(deal("own", 1), deal("strange", 1, d -> d.of(stranger)));
    refused(world.command(AgentPay.RESELLER, OWNER, "own"), new PayOutcome.NoRight());
    refused(
        world.command(AgentPay.RESELLER, OWNER, "strange"), new PayOutcome.UnknownDeal("strange"));
  }

  @Test
  void a_member_cannot_pay_by_itself_but_its_group_payer_pays_whoever_of_both_calls() {
    world
        .owner(OWNER, 100, 0, Certification.COMPLETE, true, Optional.of(PAYER), Optional.empty())
        .owner(PAYER, 100)
        .with(deal("d1", 10));
    refused(world.self("d1"), new PayOutcome.GroupPays());
    for (Uin caller : List.of(OWNER, PAYER)) {
      var changes = accepted(world.command(AgentPay.GROUP, caller, "d1")).changes();
      assertThat(changes.payer()).isEqualTo(PAYER);
    }
  }

  @Test
  void deals_of_two_clients_cannot_be_paid_in_one_call() {
    var second = new Uin(9);
    resellerAndClient()
        .owner(second, 0, 0, Certification.COMPLETE, true, Optional.empty(), Optional.of(OWNER))
        .with(deal("d1", 1, d -> d.of(CLIENT)), deal("d2", 1, d -> d.of(second)));
    refused(world.command(AgentPay.RESELLER, OWNER, "d1", "d2"), new PayOutcome.SeveralOwners());
  }

  @Test
  void what_a_reseller_paid_for_cannot_be_made_smaller() {
    world.owner(OWNER, 100).with(deal("d1", 1, d -> d.action("downgrade", "ins-1")));
    world.state.addTerm("ins-1", AgentPay.RESELLER_ORDER);
    refused(world.self("d1"), new PayOutcome.CannotDowngrade(new DealId("d1")));
  }

  @Test
  void what_the_owner_or_its_group_paid_for_can_be_made_smaller() {
    world.owner(OWNER, 100).with(deal("d1", 1, d -> d.action("downgrade", "ins-1")));
    world.state.addTerm("ins-1", AgentPay.GROUP);
    accepted(world.self("d1"));
  }

  @Test
  void a_reseller_cannot_pay_a_downgrade() {
    resellerAndClient().with(deal("d1", 1, d -> d.of(CLIENT).action("downgrade", "ins-1")));
    refused(
        world.command(AgentPay.RESELLER, OWNER, "d1"),
        new PayOutcome.CannotDowngrade(new DealId("d1")));
  }

  // Vouchers.

  @Test
  void a_named_voucher_pays_first_and_the_balance_pays_the_rest() {
    world.owner(OWNER, 70).with(deal("d1", 100)).with(voucher("v", 30));
    var changes = accepted(named("v", "d1")).changes();
    assertThat(changes.deals()).containsExactly(new PaidDeal(new DealId("d1"), 70, 30));
    assertThat(changes.posting().legs())
        .extracting(leg -> leg.debit().code())
        .containsExactly("voucher", "cash");
  }

  @Test
  void without_the_switch_no_voucher_is_used() {
    world.owner(OWNER, 100).with(deal("d1", 100)).with(voucher("v", 30));
    assertThat(accepted(world.self("d1")).changes().deduction()).isEmpty();
  }

  @Test
  void a_named_voucher_that_does_not_fit_is_refused_even_if_another_would_fit() {
    world
        .owner(OWNER, 100)
        .with(deal("d1", 100))
        .with(voucher("fits", 30))
        .with(voucher("late", 30, LocalDate.of(2025, 12, 31)));
    refused(
        named("late", "d1"), new PayOutcome.VoucherUnusable(new VoucherId("late"), Reason.EXPIRED));
    refused(
        named("none", "d1"),
        new PayOutcome.VoucherUnusable(new VoucherId("none"), Reason.NOT_FOUND));
  }

  @Test
  void a_voucher_of_somebody_else_does_not_exist() {
    world
        .owner(OWNER, 100)
        .with(deal("d1", 100))
        .with(voucher("v", 30, LocalDate.MAX, v -> v.with(x -> x.owner = CLIENT)));
    refused(named("v", "d1"), new PayOutcome.VoucherUnusable(new VoucherId("v"), Reason.NOT_FOUND));
  }

  @Test
  void the_automatic_choice_takes_the_voucher_that_ends_first_and_pays_without_when_none_fits() {
    world
        .owner(OWNER, 1000)
        .with(deal("d1", 100), deal("d2", 100, d -> d.noVouchers()))
        .with(voucher("later", 90, LocalDate.of(2026, 3, 1)))
        .with(voucher("sooner", 30, LocalDate.of(2026, 2, 1)));
    assertThat(accepted(automatic("d1")).changes().deduction().orElseThrow().voucher().id())
        .isEqualTo(new VoucherId("sooner"));
    assertThat(accepted(automatic("d2")).changes().deduction()).isEmpty();
  }

  @Test
  void a_reseller_spends_the_clients_vouchers_and_never_its_own() {
    resellerAndClient()
        .with(deal("d1", 100, d -> d.of(CLIENT)))
        .with(voucher("own", 30))
        .with(voucher("clients", 20, LocalDate.MAX, v -> v.with(x -> x.owner = CLIENT)));
    var command =
        world.command(
            World.caller(OWNER),
            AgentPay.RESELLER,
            new PayCommand.Target.Deals(List.of(new DealId("d1"))),
            Optional.empty(),
            true);
    assertThat(accepted(command).changes().deduction().orElseThrow().voucher().id())
        .isEqualTo(new VoucherId("clients"));
  }

  // A batch.

  @Test
  void a_command_sees_what_the_one_before_it_has_paid() {
    world.owner(OWNER, 100).with(deal("d1", 60), deal("d2", 60)).with(voucher("v", 30));
    var first = accepted(named("v", "d1"));
    world.state.apply(first.changes());
    refused(world.self("d1"), new PayOutcome.NotPayable(new DealId("d1"), DealStatus.PAID));
    refused(
        named("v", "d2"), new PayOutcome.VoucherUnusable(new VoucherId("v"), Reason.NOT_UNUSED));
    accepted(world.self("d2"));
    world.state.apply(accepted(world.self("d2")).changes());
    assertThat(world.state.balance(OWNER).orElseThrow().cash()).isEqualTo(10);
  }

  private World resellerAndClient() {
    return world
        .owner(OWNER, 1000)
        .owner(CLIENT, 0, 0, Certification.COMPLETE, true, Optional.empty(), Optional.of(OWNER));
  }

  private PayCommand bigDeals(String... ids) {
    return world.command(
        World.caller(OWNER),
        AgentPay.SELF,
        new PayCommand.Target.BigDeals(List.of(ids).stream().map(BigDealId::new).toList()),
        Optional.empty(),
        false);
  }

  private PayCommand named(String voucher, String deal) {
    return world.command(
        World.caller(OWNER),
        AgentPay.SELF,
        new PayCommand.Target.Deals(List.of(new DealId(deal))),
        Optional.of(new VoucherId(voucher)),
        false);
  }

  private PayCommand automatic(String deal) {
    return world.command(
        World.caller(OWNER),
        AgentPay.SELF,
        new PayCommand.Target.Deals(List.of(new DealId(deal))),
        Optional.empty(),
        true);
  }

  private Accept accepted(PayCommand command) {
    var decision = world.pay(command);
    assertThat(decision).isInstanceOf(Accept.class);
    return (Accept) decision;
  }

  private void refused(PayCommand command, PayOutcome.Refused why) {
    assertThat(world.pay(command)).isEqualTo(new Refuse(why));
  }
}
