package io.yunfu.billing.voucher;

import static io.yunfu.billing.Desk.ANN;
import static io.yunfu.billing.Desk.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.billing.Desk;
import io.yunfu.billing.account.Edition;
import io.yunfu.billing.account.OpenAccount;
import io.yunfu.db.TestDatabase;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Uin;
import io.yunfu.operator.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// With two cells, whatever the suite runs with.
class OperatorVouchersIT {
  private static final LocalDate TODAY = LocalDate.of(2026, 1, 1);
  private static final LocalDate END = LocalDate.of(2026, 1, 31);

  private final Desk desk = new Desk(TestDatabase.cells(2));

  @AfterEach
  void close() {
    desk.requireSoundBooks();
    desk.cells.close();
  }

  @Test
  void vouchers_are_issued_many_at_once_with_every_field() {
    var owner = desk.owner(0);
    var voucher =
        new NewVoucher(
            Currency.CNY,
            1_234_567,
            true,
            "prePay",
            List.of("purchase", "renew"),
            List.of("p_cvm", "p_cbs/sp_cbs"),
            List.of("p_cvm/sp_cvm_old"),
            500,
            false,
            TODAY,
            END,
            "no_price",
            "discount",
            "New year",
            "code-1",
            "activity-1",
            "new customers");
    var issued =
        desk.issueVouchers
            .issue(
                ANN,
                new IssueVouchers.Command(owner, voucher, 3, Optional.empty(), Optional.empty()))
            .orThrow();
    assertThat(new HashSet<>(issued.voucherIds())).hasSize(3);
    for (String id : issued.voucherIds()) {
      var found = desk.vouchers.find(new VoucherId(id)).orElseThrow();
      assertThat(found.issue()).isEqualTo(voucher);
      assertThat(found.balanceMicro()).isEqualTo(1_234_567);
      assertThat(found.owner()).isEqualTo(owner);
      assertThat(found.status()).isEqualTo(VoucherStatus.UNUSED);
    }
    assertThat(desk.lastAudit().action()).isEqualTo("voucher.issue");
    assertThat(desk.lastAudit().detail()).contains(issued.voucherIds().getLast());
  }

  @Test
  void the_same_key_issues_once() {
    var owner = desk.owner(0);
    var command =
        new IssueVouchers.Command(owner, forAll(), 2, Optional.empty(), Optional.of("key"));
    var first = desk.issueVouchers.issue(ANN, command);
    assertThat(desk.issueVouchers.issue(ANN, command)).isEqualTo(first);
    var other = new IssueVouchers.Command(owner, forAll(), 3, Optional.empty(), Optional.of("key"));
    assertThat(refusal(desk.issueVouchers.issue(ANN, other)))
        .isEqualTo(new VoucherRefused.KeyReused());
    assertThat(listed(Vouchers.Filter.ALL.of(owner))).hasSize(2);
  }

  @Test
  void an_imported_id_is_kept_and_unique_over_all_cells() {
    var here = desk.open(Edition.CHINA, new OpenAccount.Place.In(new CellId(0))).owner().uin();
    var there = desk.open(Edition.CHINA, new OpenAccount.Place.In(new CellId(1))).owner().uin();
    var command = imported(here, "v-1", Optional.of("import-1"));
    assertThat(desk.issueVouchers.issue(ANN, command).orThrow().voucherIds())
        .containsExactly("v-1");
    assertThat(desk.issueVouchers.issue(ANN, command).orThrow().voucherIds())
        .containsExactly("v-1");
    for (Uin uin : List.of(here, there)) {
      assertThat(refusal(desk.issueVouchers.issue(ANN, imported(uin, "v-1", Optional.empty()))))
          .isEqualTo(new VoucherRefused.VoucherExists(new VoucherId("v-1")));
    }
  }

  @Test
  void what_does_not_fit_the_account_or_the_day_is_refused() {
    var owner = desk.owner(Edition.INTL, 0);
    assertThat(refusal(issue(owner, forAll())))
        .isEqualTo(new VoucherRefused.OtherCurrency(Currency.USD, Currency.CNY));
    var past = NewVoucher.forAll(Currency.USD, 1, TODAY.minusDays(9), TODAY.minusDays(1));
    assertThat(refusal(issue(owner, past)))
        .isEqualTo(new VoucherRefused.ValidityIsPast(TODAY.minusDays(1), TODAY));
    var nobody = new Uin(9);
    assertThat(refusal(issue(nobody, forAll())))
        .isEqualTo(new VoucherRefused.NoSuchAccount(nobody));
  }

  @Test
  void nonsense_is_not_even_a_voucher() {
    assertThatThrownBy(() -> NewVoucher.forAll(Currency.CNY, 0, TODAY, END))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> NewVoucher.forAll(Currency.CNY, 1, END, TODAY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() ->
            new IssueVouchers.Command(
                new Uin(1), forAll(), 2, Optional.of(new VoucherId("v")), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() ->
            new IssueVouchers.Command(
                new Uin(1), forAll(), 1001, Optional.empty(), Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_delivered_voucher_is_claimed_once() {
    var id = one(desk.owner(0), delivered());
    assertThat(desk.vouchers.find(id).orElseThrow().status()).isEqualTo(VoucherStatus.DELIVERED);
    assertThat(desk.moveVouchers.claim(ANN, id).orThrow().status()).isEqualTo(VoucherStatus.UNUSED);
    assertThat(refusal(desk.moveVouchers.claim(ANN, id)))
        .isEqualTo(new VoucherRefused.NotPossible(id, VoucherStatus.UNUSED));
    assertThat(desk.lastAudit().subject()).isEqualTo("voucher/" + id);
  }

  @Test
  void a_voucher_past_its_last_day_is_not_claimed() {
    var id = one(desk.owner(0), delivered());
    desk.clock.set(Instant.parse("2026-01-31T15:59:59Z"));
    desk.clock.set(Instant.parse("2026-01-31T16:00:00Z"));
    assertThat(refusal(desk.moveVouchers.claim(ANN, id)))
        .isEqualTo(new VoucherRefused.ValidityIsPast(END, END.plusDays(1)));
  }

  @Test
  void a_withdrawn_voucher_stays_withdrawn() {
    var id = one(desk.owner(0), forAll());
    assertThat(desk.moveVouchers.cancel(ANN, id).orThrow().status())
        .isEqualTo(VoucherStatus.CANCELLED);
    assertThat(refusal(desk.moveVouchers.cancel(ANN, id)))
        .isEqualTo(new VoucherRefused.NotPossible(id, VoucherStatus.CANCELLED));
    assertThat(refusal(desk.moveVouchers.claim(ANN, id)))
        .isEqualTo(new VoucherRefused.NotPossible(id, VoucherStatus.CANCELLED));
    var nothing = new VoucherId("nothing");
    assertThat(refusal(desk.moveVouchers.cancel(ANN, nothing)))
        .isEqualTo(new VoucherRefused.NoSuchVoucher(nothing));
  }

  @Test
  void vouchers_are_overdue_after_their_last_day_in_utc_8() {
    var owner = desk.owner(0);
    var spendable = one(owner, forAll());
    var unclaimed = one(owner, delivered());
    var cancelled = one(owner, forAll());
    desk.moveVouchers.cancel(ANN, cancelled).orThrow();
    desk.clock.set(Instant.parse("2026-01-31T15:59:59Z"));
    assertThat(sweepAll()).isZero();
    desk.clock.set(Instant.parse("2026-01-31T16:00:00Z"));
    assertThat(sweepAll()).isEqualTo(2);
    for (VoucherId id : List.of(spendable, unclaimed)) {
      assertThat(desk.vouchers.find(id).orElseThrow().status()).isEqualTo(VoucherStatus.OVERDUE);
    }
    assertThat(desk.vouchers.find(cancelled).orElseThrow().status())
        .isEqualTo(VoucherStatus.CANCELLED);
  }

  @Test
  void a_sweep_is_bounded() {
    var owner = desk.owner(0);
    desk.issueVouchers
        .issue(
            ANN,
            new IssueVouchers.Command(
                owner, forAll(), ExpireVouchers.BATCH + 1, Optional.empty(), Optional.empty()))
        .orThrow();
    desk.clock.set(Instant.parse("2026-03-01T00:00:00Z"));
    assertThat(sweepAll()).isEqualTo(ExpireVouchers.BATCH);
    assertThat(sweepAll()).isEqualTo(1);
    assertThat(sweepAll()).isZero();
  }

  @Test
  void vouchers_are_listed_page_by_page_and_filtered() {
    var owner = desk.owner(0);
    for (int i = 0; i < 5; i++) {
      desk.clock.advance(Duration.ofSeconds(1));
      one(owner, forAll());
    }
    one(desk.owner(0), delivered());
    var mine = paged(Vouchers.Filter.ALL.of(owner));
    assertThat(mine).hasSize(5);
    assertThat(mine).isSortedAccordingTo((a, b) -> b.createdAt().compareTo(a.createdAt()));
    assertThat(paged(Vouchers.Filter.ALL)).hasSize(6);
    assertThat(listed(filter(Optional.of(VoucherStatus.DELIVERED), "", END, END))).hasSize(1);
    assertThat(listed(filter(Optional.empty(), "nEw", END, END))).isEmpty();
    assertThat(listed(filter(Optional.empty(), "", END.plusDays(1), END.plusDays(2)))).isEmpty();
    assertThat(listed(filter(Optional.empty(), "", TODAY, TODAY))).isEmpty();
    assertThat(desk.vouchers.usages(mine.getFirst(), Optional.empty(), 10)).isEmpty();
  }

  private static Vouchers.Filter filter(
      Optional<VoucherStatus> status, String name, LocalDate from, LocalDate until) {
    return new Vouchers.Filter(
        Optional.empty(),
        status,
        Optional.empty(),
        Optional.empty(),
        Optional.of(name).filter(text -> !text.isEmpty()),
        Optional.of(from),
        Optional.of(until));
  }

  private List<IssuedVoucher> listed(Vouchers.Filter filter) {
    return desk.vouchers.list(filter, Optional.empty(), 100);
  }

  private List<IssuedVoucher> paged(Vouchers.Filter filter) {
    var all = new ArrayList<IssuedVoucher>();
    List<IssuedVoucher> page;
    do {
      var after =
          all.isEmpty()
              ? Optional.<Vouchers.Position>empty()
              : Optional.of(Vouchers.Position.of(all.getLast()));
      page = desk.vouchers.list(filter, after, 2);
      all.addAll(page);
    } while (!page.isEmpty());
    return all;
  }

  private int sweepAll() {
    var expire = new ExpireVouchers(desk.clock);
    return desk.cells.all().stream().mapToInt(expire::sweep).sum();
  }

  private VoucherId one(Uin owner, NewVoucher voucher) {
    return new VoucherId(issue(owner, voucher).orThrow().voucherIds().getFirst());
  }

  private Outcome<IssueVouchers.Issued, VoucherRefused> issue(Uin owner, NewVoucher voucher) {
    return desk.issueVouchers.issue(ANN, IssueVouchers.Command.of(owner, voucher));
  }

  private static IssueVouchers.Command imported(Uin owner, String id, Optional<String> key) {
    return new IssueVouchers.Command(owner, forAll(), 1, Optional.of(new VoucherId(id)), key);
  }

  private static NewVoucher forAll() {
    return NewVoucher.forAll(Currency.CNY, 5_000_000_000L, TODAY, END);
  }

  private static NewVoucher delivered() {
    var voucher = forAll();
    return new NewVoucher(
        voucher.currency(),
        voucher.nominalMicro(),
        false,
        voucher.payMode(),
        voucher.payScenes(),
        voucher.applicableProducts(),
        voucher.excludedProducts(),
        voucher.minimumSpend(),
        voucher.autoUse(),
        voucher.begins(),
        voucher.ends(),
        voucher.mainType(),
        voucher.subType(),
        voucher.name(),
        voucher.codeId(),
        voucher.activityId(),
        voucher.policyRemark());
  }
}
