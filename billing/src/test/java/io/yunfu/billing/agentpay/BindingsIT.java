package io.yunfu.billing.agentpay;

import static io.yunfu.billing.Desk.ANN;
import static io.yunfu.billing.Desk.refusal;
import static io.yunfu.billing.agentpay.Bindings.Kind.GROUP;
import static io.yunfu.billing.agentpay.Bindings.Kind.RESELLER;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.Desk;
import io.yunfu.billing.account.Edition;
import io.yunfu.billing.account.OpenAccount;
import io.yunfu.billing.agentpay.BindingRefused.InTheWay;
import io.yunfu.db.TestDatabase;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Uin;
import io.yunfu.operator.Outcome;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// With two cells, whatever the suite runs with.
class BindingsIT {
  private static final Desk desk = new Desk(TestDatabase.cells(2));
  private static final Uin NOBODY = new Uin(9);

  @AfterAll
  static void close() {
    desk.cells.close();
  }

  @Test
  void a_member_has_a_payer_until_it_is_unbound() {
    var member = owner();
    var payer = owner();
    var bound = bind(GROUP, member, payer).orThrow();
    assertThat(desk.bindings.of(GROUP, member)).contains(bound);
    assertThat(desk.lastAudit().action()).isEqualTo("group.bind");
    assertThat(desk.lastAudit().subject()).isEqualTo("account/" + payer);
    assertThat(bind(GROUP, member, payer).orThrow()).isEqualTo(bound);
    assertThat(desk.bindings.boundTo(GROUP, payer, Optional.empty(), 10)).containsExactly(bound);
    assertThat(desk.bindings.unbind(ANN, GROUP, member).orThrow()).isEqualTo(bound);
    assertThat(desk.bindings.of(GROUP, member)).isEmpty();
    assertThat(refusal(desk.bindings.unbind(ANN, GROUP, member)))
        .isEqualTo(new BindingRefused.NotBound(member));
  }

  @Test
  void a_client_has_one_reseller() {
    var client = owner();
    var reseller = owner();
    bind(RESELLER, client, reseller).orThrow();
    assertThat(refusal(bind(RESELLER, client, owner())))
        .isEqualTo(new BindingRefused.BoundAlready(client, reseller));
    var second = bind(RESELLER, owner(), reseller).orThrow();
    assertThat(desk.bindings.boundTo(RESELLER, reseller, Optional.of(client), 10))
        .hasSizeBetween(0, 1)
        .allMatch(second::equals);
    desk.bindings.unbind(ANN, RESELLER, client).orThrow();
  }

  @Test
  void there_are_no_chains() {
    var payer = owner();
    var member = owner();
    bind(GROUP, member, payer).orThrow();
    assertThat(refusal(bind(GROUP, owner(), member)))
        .isEqualTo(new InTheWay(member, "is member of a group"));
    assertThat(refusal(bind(GROUP, payer, owner())))
        .isEqualTo(new InTheWay(payer, "is a group payer"));
    var reseller = owner();
    var client = owner();
    bind(RESELLER, client, reseller).orThrow();
    assertThat(refusal(bind(RESELLER, owner(), client)))
        .isEqualTo(new InTheWay(client, "is client of a reseller"));
    assertThat(refusal(bind(RESELLER, reseller, owner())))
        .isEqualTo(new InTheWay(reseller, "is a reseller"));
  }

  @Test
  void nobody_is_in_a_group_and_has_to_do_with_resellers() {
    var payer = owner();
    var member = owner();
    var reseller = owner();
    var client = owner();
    bind(GROUP, member, payer).orThrow();
    bind(RESELLER, client, reseller).orThrow();
    for (var inGroup : new Uin[] {member, payer}) {
      assertThat(refusal(bind(RESELLER, inGroup, owner()))).isInstanceOf(InTheWay.class);
      assertThat(refusal(bind(RESELLER, owner(), inGroup))).isInstanceOf(InTheWay.class);
    }
    for (var inTrade : new Uin[] {client, reseller}) {
      assertThat(refusal(bind(GROUP, inTrade, owner()))).isInstanceOf(InTheWay.class);
      assertThat(refusal(bind(GROUP, owner(), inTrade))).isInstanceOf(InTheWay.class);
    }
  }

  @Test
  void accounts_that_do_not_fit_together_are_not_bound() {
    var here = owner();
    var there = desk.open(Edition.CHINA, new OpenAccount.Place.In(new CellId(1))).owner().uin();
    var abroad = desk.open(Edition.INTL, new OpenAccount.Place.In(new CellId(0))).owner().uin();
    assertThat(refusal(bind(GROUP, here, here))).isEqualTo(new BindingRefused.ItsOwn(here));
    assertThat(refusal(bind(GROUP, here, there)))
        .isEqualTo(new BindingRefused.OtherCell(here, there));
    assertThat(refusal(bind(RESELLER, here, abroad)))
        .isEqualTo(new BindingRefused.OtherEdition(Edition.CHINA, Edition.INTL));
    assertThat(refusal(bind(GROUP, here, NOBODY)))
        .isEqualTo(new BindingRefused.NoSuchAccount(NOBODY));
    assertThat(refusal(bind(GROUP, NOBODY, here)))
        .isEqualTo(new BindingRefused.NoSuchAccount(NOBODY));
    assertThat(refusal(desk.bindings.unbind(ANN, GROUP, NOBODY)))
        .isEqualTo(new BindingRefused.NoSuchAccount(NOBODY));
  }

  @Test
  void of_two_bindings_that_exclude_each_other_one_is_made() throws Exception {
    for (int round = 0; round < 10; round++) {
      var one = owner();
      var other = owner();
      var made = new AtomicInteger();
      var first = Thread.ofVirtual().start(() -> count(made, bind(GROUP, one, other)));
      var second = Thread.ofVirtual().start(() -> count(made, bind(GROUP, other, one)));
      first.join();
      second.join();
      assertThat(made).hasValue(1);
    }
  }

  private static void count(AtomicInteger made, Outcome<Binding, BindingRefused> outcome) {
    if (outcome instanceof Outcome.Done) {
      made.incrementAndGet();
    }
  }

  private static Outcome<Binding, BindingRefused> bind(Bindings.Kind kind, Uin uin, Uin payer) {
    return desk.bindings.bind(ANN, kind, uin, payer);
  }

  private static Uin owner() {
    return desk.open(Edition.CHINA, new OpenAccount.Place.In(new CellId(0))).owner().uin();
  }
}
