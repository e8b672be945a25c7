package io.yunfu.billing.account;

import static io.yunfu.billing.Desk.ANN;
import static io.yunfu.billing.Desk.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.billing.Desk;
import io.yunfu.billing.account.OpenAccount.Place;
import io.yunfu.db.TestDatabase;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.Uin;
import io.yunfu.operator.MasterKey;
import io.yunfu.operator.MasterKeyCheck;
import io.yunfu.operator.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// With two cells, whatever the suite runs with.
class AccountsIT {
  private final Desk desk = new Desk(TestDatabase.cells(2));

  @AfterEach
  void close() {
    desk.cells.close();
  }

  @Test
  void an_account_is_opened_without_money_and_found_again() {
    var opened = open(Optional.empty(), new Place.Any());
    assertThat(opened.owner().uin().value()).isBetween(100_000_000_000L, 999_999_999_999L);
    assertThat(desk.accounts.find(opened.owner().uin())).contains(opened);
    assertThat(desk.statements.balance(opened.owner().uin()).orElseThrow().real().isZero())
        .isTrue();
    assertThat(desk.lastAudit().subject()).isEqualTo("account/" + opened.owner().uin());
    assertThat(desk.lastAudit().action()).isEqualTo("account.open");
    assertThat(desk.lastAudit().actor()).isEqualTo("operator:ann");
  }

  @Test
  void an_imported_number_is_kept_and_cannot_be_opened_twice() {
    var uin = new Uin(700000000001L);
    assertThat(open(Optional.of(uin), new Place.Any()).owner().uin()).isEqualTo(uin);
    assertThat(refusal(desk.openAccount.open(ANN, command(Optional.of(uin), new Place.Any()))))
        .isEqualTo(new AccountRefused.UinTaken(uin));
    assertThat(desk.audits()).isEqualTo(1);
  }

  @Test
  void numbers_spread_over_the_cells() {
    var cells = new TreeSet<CellId>();
    for (long uin = 1; uin <= 4; uin++) {
      cells.add(open(Optional.of(new Uin(uin)), new Place.Any()).cell());
    }
    assertThat(cells).hasSize(2);
  }

  @Test
  void an_account_is_opened_where_the_operator_says() {
    var first = open(Optional.of(new Uin(2)), new Place.In(new CellId(1)));
    assertThat(first.cell()).isEqualTo(new CellId(1));
    var beside = open(Optional.of(new Uin(4)), new Place.Beside(new Uin(2)));
    assertThat(beside.cell()).isEqualTo(new CellId(1));
    assertThat(
            refusal(
                desk.openAccount.open(ANN, command(Optional.empty(), new Place.In(new CellId(2))))))
        .isEqualTo(new AccountRefused.NoSuchCell(new CellId(2)));
    assertThat(
            refusal(
                desk.openAccount.open(
                    ANN, command(Optional.empty(), new Place.Beside(new Uin(99))))))
        .isEqualTo(new AccountRefused.NoSuchAccount(new Uin(99)));
  }

  @Test
  void a_crash_between_directory_and_cell_is_finished_by_the_same_command() {
    var uin = new Uin(5);
    // The directory has it, its cell does not: the process died here.
    new Directory(desk.cells).place(uin, desk.cells.get(new CellId(0)));
    assertThat(desk.accounts.find(uin)).isEmpty();
    var opened = open(Optional.of(uin), new Place.In(new CellId(1)));
    assertThat(opened.cell()).isEqualTo(new CellId(0));
    assertThat(desk.accounts.find(uin)).contains(opened);
  }

  @Test
  void a_change_touches_only_what_is_named_and_is_written_down() {
    var uin = open(Optional.empty(), new Place.Any()).owner().uin();
    var frozen =
        desk.changeAccount
            .change(
                ANN,
                new ChangeAccount.Command(
                    uin, Optional.empty(), Optional.empty(), Optional.of(false)))
            .orThrow();
    assertThat(frozen.owner().active()).isFalse();
    assertThat(frozen.owner().name()).isEqualTo("Example");
    assertThat(desk.accounts.find(uin)).contains(frozen);
    assertThat(desk.lastAudit().detail()).isEqualTo("{\"active\": false}");
    assertThat(
            refusal(
                desk.changeAccount.change(
                    ANN,
                    new ChangeAccount.Command(
                        new Uin(9), Optional.empty(), Optional.empty(), Optional.of(false)))))
        .isEqualTo(new AccountRefused.NoSuchAccount(new Uin(9)));
  }

  @Test
  void a_complete_verification_is_never_withdrawn() {
    var uin = open(Optional.empty(), new Place.Any()).owner().uin();
    for (var wanted : List.of(Certification.NONE, Certification.INCOMPLETE)) {
      assertThat(refusal(certify(uin, wanted)))
          .isEqualTo(new AccountRefused.CertificationIsFinal(Certification.COMPLETE, wanted));
    }
    certify(uin, Certification.NEED_UPGRADE).orThrow();
    assertThat(refusal(certify(uin, Certification.NONE)))
        .isEqualTo(
            new AccountRefused.CertificationIsFinal(
                Certification.NEED_UPGRADE, Certification.NONE));
    assertThat(certify(uin, Certification.COMPLETE).orThrow().owner().certification())
        .isEqualTo(Certification.COMPLETE);
  }

  @Test
  void lists_merge_the_cells_by_number_and_page() {
    for (long uin = 1; uin <= 7; uin++) {
      open(Optional.of(new Uin(uin)), new Place.Any());
    }
    var first = desk.accounts.list(Accounts.Filter.ALL, Optional.empty(), 5);
    assertThat(first)
        .extracting(account -> account.owner().uin().value())
        .containsExactly(1L, 2L, 3L, 4L, 5L);
    var rest = desk.accounts.list(Accounts.Filter.ALL, Optional.of(new Uin(5)), 5);
    assertThat(rest).extracting(account -> account.owner().uin().value()).containsExactly(6L, 7L);
    var none =
        new Accounts.Filter(
            Optional.of("eXAM"), Optional.of(Edition.INTL), Optional.empty(), Optional.empty());
    assertThat(desk.accounts.list(none, Optional.empty(), 5)).isEmpty();
    var all =
        new Accounts.Filter(
            Optional.of("eXAM"),
            Optional.of(Edition.CHINA),
            Optional.of(Certification.COMPLETE),
            Optional.of(true));
    assertThat(desk.accounts.list(all, Optional.empty(), 50)).hasSize(7);
  }

  @Test
  void a_sub_user_gets_policies_and_loses_them() {
    var owner = desk.owner(0);
    var user =
        desk.subUsers
            .add(ANN, new SubUsers.Add(owner, Optional.empty(), "Bob", List.of("finance:trade")))
            .orThrow();
    assertThat(desk.subUsers.find(owner, user.uin())).contains(user);
    var changed =
        desk.subUsers
            .setPolicies(ANN, owner, user.uin(), List.of("finance:*", "AdministratorAccess"))
            .orThrow();
    assertThat(changed.policies()).containsExactly("AdministratorAccess", "finance:*");
    assertThat(desk.subUsers.find(owner, user.uin())).contains(changed);
    var off =
        desk.subUsers
            .change(
                ANN, new SubUsers.Change(owner, user.uin(), Optional.empty(), Optional.of(false)))
            .orThrow();
    assertThat(desk.subUsers.list(owner, Optional.empty(), 10)).containsExactly(off);
    assertThat(desk.lastAudit().action()).isEqualTo("user.change");
  }

  @Test
  void a_number_belongs_to_one_owner_or_sub_user() {
    var owner = desk.owner(0);
    var other = desk.owner(0);
    var taken = new SubUsers.Add(owner, Optional.of(other), "Bob", List.of());
    assertThat(refusal(desk.subUsers.add(ANN, taken)))
        .isEqualTo(new AccountRefused.UinTaken(other));
    var bob = new Uin(42);
    desk.subUsers.add(ANN, new SubUsers.Add(owner, Optional.of(bob), "Bob", List.of())).orThrow();
    for (var again : List.of(owner, other)) {
      assertThat(
              refusal(
                  desk.subUsers.add(ANN, new SubUsers.Add(again, Optional.of(bob), "", List.of()))))
          .isEqualTo(new AccountRefused.UinTaken(bob));
    }
    assertThat(refusal(desk.openAccount.open(ANN, command(Optional.of(bob), new Place.Any()))))
        .isEqualTo(new AccountRefused.UinTaken(bob));
  }

  @Test
  void users_of_nobody_and_policies_that_are_none_are_refused() {
    var owner = desk.owner(0);
    var nobody = new Uin(9);
    assertThat(
            refusal(
                desk.subUsers.add(ANN, new SubUsers.Add(nobody, Optional.empty(), "", List.of()))))
        .isEqualTo(new AccountRefused.NoSuchAccount(nobody));
    assertThat(refusal(desk.subUsers.setPolicies(ANN, owner, nobody, List.of())))
        .isEqualTo(new AccountRefused.NoSuchUser(nobody));
    assertThat(
            refusal(
                desk.subUsers.change(
                    ANN, new SubUsers.Change(owner, nobody, Optional.empty(), Optional.empty()))))
        .isEqualTo(new AccountRefused.NoSuchUser(nobody));
    for (String policy : List.of("finace:trade", "finance:", "finance:a b", "cvm:*", "*", "")) {
      assertThat(Policy.isWellFormed(policy)).isFalse();
      assertThatThrownBy(() -> desk.subUsers.setPolicies(ANN, owner, nobody, List.of(policy)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    var many =
        IntStream.rangeClosed(0, SubUsers.MOST_POLICIES).mapToObj(i -> "finance:A" + i).toList();
    assertThat(refusal(desk.subUsers.add(ANN, new SubUsers.Add(owner, Optional.empty(), "", many))))
        .isInstanceOf(AccountRefused.TooMany.class);
  }

  @Test
  void the_right_master_key_is_accepted_again_and_a_wrong_one_is_refused() {
    var check = new MasterKeyCheck();
    check.verify(desk.cells.directory(), desk.masterKey);
    check.verify(desk.cells.directory(), desk.masterKey);
    var other = MasterKey.parse(MasterKey.generate());
    assertThatThrownBy(() -> check.verify(desk.cells.directory(), other))
        .isInstanceOf(MasterKey.DoesNotFit.class)
        .hasMessageContaining("same key as at its first start");
  }

  private Outcome<Account, AccountRefused> certify(Uin uin, Certification wanted) {
    return desk.changeAccount.change(
        ANN,
        new ChangeAccount.Command(uin, Optional.empty(), Optional.of(wanted), Optional.empty()));
  }

  private Account open(Optional<Uin> uin, Place place) {
    return desk.openAccount.open(ANN, command(uin, place)).orThrow();
  }

  private static OpenAccount.Command command(Optional<Uin> uin, Place place) {
    return new OpenAccount.Command(uin, "Example", Edition.CHINA, Certification.COMPLETE, place);
  }
}
