package io.yunfu.billing.balance;

import static io.yunfu.billing.Desk.ANN;
import static io.yunfu.billing.Desk.NOW;
import static io.yunfu.billing.Desk.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.billing.Desk;
import io.yunfu.billing.account.Edition;
import io.yunfu.db.TestDatabase;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import io.yunfu.kernel.Uin;
import io.yunfu.ledger.Balance;
import io.yunfu.ledger.Hold;
import io.yunfu.ledger.Pocket;
import io.yunfu.ledger.Posting;
import io.yunfu.operator.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the operator does with money, one account for each test in the same database.
class OperatorBalanceIT {
  private static final Desk desk = new Desk(TestDatabase.cells());
  private static final Uin NOBODY = new Uin(9);

  @AfterEach
  void books_are_sound() {
    desk.requireSoundBooks();
  }

  @AfterAll
  static void close() {
    desk.cells.close();
  }

  @Test
  void a_top_up_arrives_as_cash_and_is_written_down() {
    var uin = desk.owner(0);
    var booked = topUp(uin, TopUp.Kind.CASH, 1234);
    assertThat(booked.balance().cash()).isEqualTo(1234);
    assertThat(balance(uin)).isEqualTo(booked.balance());
    var posting =
        desk.statements.postings(uin, Posting.Filter.ALL, Optional.empty(), 10).getFirst();
    assertThat(posting.id()).isEqualTo(booked.posting());
    assertThat(posting.kind()).isEqualTo(Posting.Kind.RECHARGE);
    assertThat(posting.actor()).isEqualTo("operator:ann");
    assertThat(posting.memo()).isEqualTo("transfer 7");
    assertThat(desk.lastAudit(uin).action()).isEqualTo("balance.top-up");
    assertThat(desk.lastAudit(uin).detail()).contains("\"amount\": \"12.34 CNY\"");
  }

  @Test
  void cash_and_income_repay_a_debt_first_and_a_gift_does_not() {
    var uin = desk.owner(0);
    limit(uin, 1000);
    adjust(uin, Pocket.Kind.CASH, -900, true);
    assertThat(balance(uin).owe()).isEqualTo(900);
    assertThat(topUp(uin, TopUp.Kind.GIFT, 50).balance())
        .extracting(Balance::owe, Balance::present)
        .containsExactly(900L, 50L);
    assertThat(topUp(uin, TopUp.Kind.INCOME, 400).balance())
        .extracting(Balance::owe, Balance::income)
        .containsExactly(500L, 0L);
    assertThat(topUp(uin, TopUp.Kind.CASH, 700).balance())
        .extracting(Balance::owe, Balance::cash)
        .containsExactly(0L, 200L);
  }

  @Test
  void the_same_key_gives_the_first_answer_and_moves_nothing_again() {
    var uin = desk.owner(0);
    var command = new TopUp.Command(uin, TopUp.Kind.CASH, Money.cny(100), "", Optional.of("key-1"));
    var first = desk.topUp.topUp(ANN, command);
    topUp(uin, TopUp.Kind.CASH, 5);
    assertThat(desk.topUp.topUp(ANN, command)).isEqualTo(first);
    assertThat(balance(uin).cash()).isEqualTo(105);
    var other = new TopUp.Command(uin, TopUp.Kind.CASH, Money.cny(101), "", Optional.of("key-1"));
    assertThat(refusal(desk.topUp.topUp(ANN, other))).isEqualTo(new BalanceRefused.KeyReused());
    var elsewhere = desk.owner(0);
    var sameKey =
        new TopUp.Command(elsewhere, TopUp.Kind.CASH, Money.cny(7), "", Optional.of("key-1"));
    assertThat(desk.topUp.topUp(ANN, sameKey).orThrow().balance().cash()).isEqualTo(7);
  }

  @Test
  void the_same_key_at_the_same_time_moves_once() throws Exception {
    var uin = desk.owner(0);
    var command = new TopUp.Command(uin, TopUp.Kind.CASH, Money.cny(100), "", Optional.of("race"));
    var threads =
        IntStream.range(0, 8)
            .mapToObj(i -> Thread.ofVirtual().start(() -> desk.topUp.topUp(ANN, command).orThrow()))
            .toList();
    for (Thread thread : threads) {
      assertThat(thread.join(Duration.ofSeconds(30))).isTrue();
    }
    assertThat(balance(uin).cash()).isEqualTo(100);
    assertThat(desk.statements.postings(uin, Posting.Filter.ALL, Optional.empty(), 10)).hasSize(1);
  }

  @Test
  void a_refused_command_does_not_use_up_its_key() {
    var uin = desk.owner(0);
    var command =
        new Adjust.Command(
            uin, Pocket.Kind.CASH, Money.cny(-5), false, "mistake", Optional.of("again"));
    assertThat(refusal(desk.adjust.adjust(ANN, command)))
        .isEqualTo(new BalanceRefused.PocketTooSmall(Pocket.Kind.CASH, Money.cny(0)));
    topUp(uin, TopUp.Kind.CASH, 5);
    assertThat(desk.adjust.adjust(ANN, command).orThrow().balance().cash()).isZero();
  }

  @Test
  void a_correction_takes_neither_what_is_not_there_nor_what_is_frozen() {
    var uin = desk.owner(100);
    topUp(uin, TopUp.Kind.GIFT, 30);
    assertThat(refusal(adjusting(uin, Pocket.Kind.PRESENT, -31, false)))
        .isEqualTo(new BalanceRefused.PocketTooSmall(Pocket.Kind.PRESENT, Money.cny(30)));
    hold(uin, 60);
    assertThat(refusal(adjusting(uin, Pocket.Kind.CASH, -71, false)))
        .isEqualTo(new BalanceRefused.NotAvailable(Money.cny(70)));
    assertThat(adjust(uin, Pocket.Kind.CASH, -70, false).cash()).isEqualTo(30);
    assertThat(refusal(adjusting(uin, Pocket.Kind.CASH, -31, true)))
        .isEqualTo(new BalanceRefused.NotAvailable(Money.cny(0)));
    assertThat(adjust(uin, Pocket.Kind.INCOME, 9, false).income()).isEqualTo(9);
  }

  @Test
  void a_correction_may_make_a_debt_within_the_credit_when_it_says_so() {
    var uin = desk.owner(10);
    limit(uin, 50);
    assertThat(refusal(adjusting(uin, Pocket.Kind.CASH, -60, false)))
        .isInstanceOf(BalanceRefused.PocketTooSmall.class);
    var after = adjust(uin, Pocket.Kind.CASH, -60, true);
    assertThat(after).extracting(Balance::cash, Balance::owe).containsExactly(0L, 50L);
    assertThat(refusal(adjusting(uin, Pocket.Kind.CASH, -1, true)))
        .isEqualTo(new BalanceRefused.NotAvailable(Money.cny(0)));
  }

  @Test
  void nonsense_is_not_even_a_command() {
    var uin = desk.owner(0);
    assertThatThrownBy(() -> topUp(uin, TopUp.Kind.CASH, 0))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> topUp(uin, TopUp.Kind.CASH, TopUp.MOST + 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> adjust(uin, Pocket.Kind.CASH, 0, false))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> adjust(uin, Pocket.Kind.OWE, 5, false))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void money_of_another_currency_or_to_nobody_is_refused() {
    var uin = desk.owner(Edition.INTL, 0);
    var other = new BalanceRefused.OtherCurrency(Currency.USD, Currency.CNY);
    assertThat(refusal(desk.topUp.topUp(ANN, TopUp.Command.cash(uin, Money.cny(1)))))
        .isEqualTo(other);
    assertThat(refusal(adjusting(uin, Pocket.Kind.CASH, 1, false))).isEqualTo(other);
    assertThat(refusal(desk.creditLines.setLimit(ANN, uin, Money.cny(1)))).isEqualTo(other);
    assertThat(refusal(granting(uin, 1, NOW, NOW.plusSeconds(1)))).isEqualTo(other);
    assertThat(refusal(holding(uin, 1))).isEqualTo(other);
    var nobody = new BalanceRefused.NoSuchAccount(NOBODY);
    assertThat(refusal(desk.topUp.topUp(ANN, TopUp.Command.cash(NOBODY, Money.cny(1)))))
        .isEqualTo(nobody);
    assertThat(refusal(adjusting(NOBODY, Pocket.Kind.CASH, 1, false))).isEqualTo(nobody);
    assertThat(refusal(desk.creditLines.setLimit(ANN, NOBODY, Money.cny(1)))).isEqualTo(nobody);
    assertThat(refusal(desk.holds.release(ANN, NOBODY, 1))).isEqualTo(nobody);
  }

  @Test
  void a_credit_limit_falls_only_to_what_is_used_of_it() {
    var uin = desk.owner(10);
    assertThat(limit(uin, 100).creditLimit()).isEqualTo(100);
    adjust(uin, Pocket.Kind.CASH, -50, true);
    assertThat(refusal(desk.creditLines.setLimit(ANN, uin, Money.cny(39))))
        .isEqualTo(new BalanceRefused.CreditInUse(Money.cny(40)));
    assertThat(limit(uin, 40).creditLimit()).isEqualTo(40);
    assertThat(limit(uin, 0 + 40).available(NOW)).isEqualTo(Money.cny(0));
    assertThat(desk.lastAudit(uin).action()).isEqualTo("credit.set-limit");
  }

  @Test
  void temporary_credit_counts_from_its_start_to_its_end_and_can_be_taken_back() {
    var uin = desk.owner(0);
    var from = NOW.plusSeconds(10);
    var until = NOW.plusSeconds(20);
    var granted = granting(uin, 500, from, until).orThrow();
    assertThat(granted.tempCredit(from.minusNanos(1))).isZero();
    assertThat(granted.tempCredit(from)).isEqualTo(500);
    assertThat(granted.tempCredit(until)).isZero();
    long id = granted.grants().getFirst().id();
    assertThat(desk.creditLines.revoke(ANN, uin, id).orThrow().grants()).isEmpty();
    assertThat(refusal(desk.creditLines.revoke(ANN, uin, id)))
        .isEqualTo(new BalanceRefused.NoSuchGrant(id));
  }

  @Test
  void a_grant_that_is_spent_is_not_taken_back() {
    var uin = desk.owner(0);
    var granted = granting(uin, 500, NOW, NOW.plusSeconds(20)).orThrow();
    adjust(uin, Pocket.Kind.CASH, -100, true);
    long id = granted.grants().getFirst().id();
    assertThat(refusal(desk.creditLines.revoke(ANN, uin, id)))
        .isEqualTo(new BalanceRefused.CreditInUse(Money.cny(100)));
    topUp(uin, TopUp.Kind.CASH, 100);
    desk.creditLines.revoke(ANN, uin, id).orThrow();
  }

  @Test
  void grants_have_a_bound() {
    var uin = desk.owner(0);
    for (int i = 0; i < CreditLines.MOST_GRANTS; i++) {
      granting(uin, 1, NOW, NOW.plusSeconds(20)).orThrow();
    }
    assertThat(refusal(granting(uin, 1, NOW, NOW.plusSeconds(20))))
        .isInstanceOf(BalanceRefused.TooMany.class);
  }

  @Test
  void what_is_held_can_be_released_once() {
    var uin = desk.owner(100);
    var held = hold(uin, 60);
    assertThat(held.balance().available(NOW)).isEqualTo(Money.cny(40));
    assertThat(refusal(holding(uin, 41))).isEqualTo(new BalanceRefused.NotAvailable(Money.cny(40)));
    var released = desk.holds.release(ANN, uin, held.hold()).orThrow();
    assertThat(released.balance().available(NOW)).isEqualTo(Money.cny(100));
    assertThat(refusal(desk.holds.release(ANN, uin, held.hold())))
        .isEqualTo(new BalanceRefused.HoldEnded(held.hold(), Hold.State.RELEASED));
    assertThat(refusal(capturing(uin, held.hold(), 1)))
        .isEqualTo(new BalanceRefused.HoldEnded(held.hold(), Hold.State.RELEASED));
    assertThat(states(uin, Optional.empty())).containsExactly(Hold.State.RELEASED);
    assertThat(states(uin, Optional.of(Hold.State.RELEASED))).containsExactly(Hold.State.RELEASED);
    assertThat(states(uin, Optional.of(Hold.State.HELD))).isEmpty();
  }

  @Test
  void a_capture_takes_part_of_a_hold_in_the_order_of_spending_and_frees_the_rest() {
    var uin = desk.owner(100);
    topUp(uin, TopUp.Kind.GIFT, 30);
    var held = hold(uin, 90);
    assertThat(refusal(capturing(uin, held.hold(), 91)))
        .isEqualTo(new BalanceRefused.MoreThanHeld(Money.cny(90)));
    var captured = capturing(uin, held.hold(), 70).orThrow();
    assertThat(captured.balance())
        .extracting(Balance::present, Balance::cash, Balance::frozen)
        .containsExactly(0L, 60L, 0L);
    assertThat(balance(uin)).isEqualTo(captured.balance());
    assertThat(states(uin, Optional.empty())).containsExactly(Hold.State.CAPTURED);
    assertThat(states(uin, Optional.of(Hold.State.CAPTURED))).containsExactly(Hold.State.CAPTURED);
    assertThat(states(uin, Optional.of(Hold.State.HELD))).isEmpty();
    assertThat(desk.lastAudit(uin).action()).isEqualTo("hold.capture");
  }

  @Test
  void a_hold_of_another_account_is_no_hold() {
    var uin = desk.owner(100);
    var held = hold(uin, 60);
    var other = desk.owner(100);
    assertThat(refusal(desk.holds.release(ANN, other, held.hold())))
        .isEqualTo(new BalanceRefused.NoSuchHold(held.hold()));
    assertThat(refusal(capturing(other, held.hold(), 1)))
        .isEqualTo(new BalanceRefused.NoSuchHold(held.hold()));
  }

  @Test
  void a_hold_on_credit_that_has_ended_cannot_be_captured() {
    var uin = desk.owner(0);
    granting(uin, 100, NOW, NOW.plusSeconds(10)).orThrow();
    var held = hold(uin, 100);
    desk.clock.advance(Duration.ofSeconds(10));
    try {
      assertThat(refusal(capturing(uin, held.hold(), 100)))
          .isEqualTo(new BalanceRefused.NotAvailable(Money.cny(0)));
    } finally {
      desk.clock.set(NOW);
    }
    desk.holds.release(ANN, uin, held.hold()).orThrow();
  }

  @Test
  void a_statement_pages_from_the_newest() {
    var uin = desk.owner(0);
    for (int cents = 1; cents <= 5; cents++) {
      topUp(uin, TopUp.Kind.CASH, cents);
    }
    var first = desk.statements.postings(uin, Posting.Filter.ALL, Optional.empty(), 3);
    assertThat(first)
        .extracting(posting -> posting.legs().getFirst().amount().cents())
        .containsExactly(5L, 4L, 3L);
    var rest =
        desk.statements.postings(uin, Posting.Filter.ALL, Optional.of(first.getLast().id()), 3);
    assertThat(rest)
        .extracting(posting -> posting.legs().getFirst().amount().cents())
        .containsExactly(2L, 1L);
    assertThat(desk.statements.postings(NOBODY, Posting.Filter.ALL, Optional.empty(), 3)).isEmpty();
  }

  @Test
  void a_statement_shows_only_what_was_asked_for() {
    var uin = desk.owner(0);
    topUp(uin, TopUp.Kind.CASH, 5);
    var since = desk.clock.instant().plusSeconds(1);
    desk.clock.set(since);
    try {
      adjust(uin, Pocket.Kind.CASH, -2, false);
      topUp(uin, TopUp.Kind.CASH, 7);
    } finally {
      desk.clock.set(NOW);
    }
    var all = Posting.Filter.ALL;
    assertThat(kinds(uin, all))
        .containsExactly(Posting.Kind.RECHARGE, Posting.Kind.ADJUST, Posting.Kind.RECHARGE);
    assertThat(kinds(uin, new Posting.Filter(Optional.empty(), since, all.until()))).hasSize(2);
    assertThat(kinds(uin, new Posting.Filter(Optional.empty(), all.from(), since)))
        .containsExactly(Posting.Kind.RECHARGE);
    var adjusted = new Posting.Filter(Optional.of(Posting.Kind.ADJUST), since, all.until());
    assertThat(kinds(uin, adjusted)).containsExactly(Posting.Kind.ADJUST);
  }

  private static List<Posting.Kind> kinds(Uin uin, Posting.Filter filter) {
    return desk.statements.postings(uin, filter, Optional.empty(), 10).stream()
        .map(Posting::kind)
        .toList();
  }

  private static List<Hold.State> states(Uin uin, Optional<Hold.State> only) {
    return desk.holds.list(uin, only, Optional.empty(), 10).stream().map(Hold::state).toList();
  }

  private static Booked topUp(Uin uin, TopUp.Kind kind, long cents) {
    return desk.topUp
        .topUp(ANN, new TopUp.Command(uin, kind, Money.cny(cents), "transfer 7", Optional.empty()))
        .orThrow();
  }

  private static Balance adjust(Uin uin, Pocket.Kind pocket, long cents, boolean mayOwe) {
    return adjusting(uin, pocket, cents, mayOwe).orThrow().balance();
  }

  private static Outcome<Booked, BalanceRefused> adjusting(
      Uin uin, Pocket.Kind pocket, long cents, boolean mayOwe) {
    return desk.adjust.adjust(
        ANN,
        new Adjust.Command(uin, pocket, Money.cny(cents), mayOwe, "mistake", Optional.empty()));
  }

  private static Balance limit(Uin uin, long cents) {
    return desk.creditLines.setLimit(ANN, uin, Money.cny(cents)).orThrow();
  }

  private static Outcome<Balance, BalanceRefused> granting(
      Uin uin, long cents, Instant from, Instant until) {
    return desk.creditLines.grant(
        ANN, new CreditLines.Grant(uin, Money.cny(cents), from, until, Optional.empty()));
  }

  private static Holds.Held hold(Uin uin, long cents) {
    return holding(uin, cents).orThrow();
  }

  private static Outcome<Holds.Held, BalanceRefused> holding(Uin uin, long cents) {
    return desk.holds.create(
        ANN, new Holds.Create(uin, Money.cny(cents), "traffic", "ins-1", Optional.empty()));
  }

  private static Outcome<Booked, BalanceRefused> capturing(Uin uin, long hold, long cents) {
    return desk.holds.capture(
        ANN, new Holds.Capture(uin, hold, Money.cny(cents), "", Optional.empty()));
  }

  private static Balance balance(Uin uin) {
    return desk.statements.balance(uin).orElseThrow();
  }
}
