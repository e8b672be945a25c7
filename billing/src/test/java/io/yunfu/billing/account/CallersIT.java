package io.yunfu.billing.account;

import static io.yunfu.billing.Desk.ANN;
import static io.yunfu.billing.Desk.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.billing.Desk;
import io.yunfu.db.DatabaseException;
import io.yunfu.db.TestDatabase;
import io.yunfu.kernel.Uin;
import io.yunfu.operator.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// With two cells, whatever the suite runs with.
class CallersIT {
  private final Desk desk = new Desk(TestDatabase.cells(2));
  private final AtomicLong nanos = new AtomicLong();
  private final Callers<String> callers =
      new Callers<>(desk.cells, desk.masterKey, key -> key, 1000, nanos::get);

  @AfterEach
  void close() {
    callers.close();
    desk.cells.close();
  }

  @Test
  void a_key_is_shown_once_and_found_with_its_secret_and_caller() {
    var owner = desk.owner(0);
    var made = desk.apiKeys.create(ANN, ApiKeys.Command.of(owner, owner)).orThrow();
    assertThat(made.key().secretId()).matches("AKID[A-Za-z0-9]{32}");
    assertThat(made.secretKey()).matches("[A-Za-z0-9]{32}");
    assertThat(made.toString()).doesNotContain(made.secretKey());
    var found = callers.find(made.key().secretId()).orElseThrow();
    assertThat(found.secret()).isEqualTo(made.secretKey());
    assertThat(found.enabled()).isTrue();
    assertThat(found.toString()).doesNotContain(made.secretKey());
    assertThat(found.caller().isOwner()).isTrue();
    assertThat(found.caller().cell()).isEqualTo(desk.accounts.find(owner).orElseThrow().cell());
    assertThat(found.accepts(Optional.empty(), Desk.NOW)).isTrue();
    assertThat(desk.lastAudit().detail()).doesNotContain(made.secretKey());
  }

  @Test
  void an_imported_pair_is_kept_and_belongs_to_one_account() {
    var owner = desk.owner(0);
    var other = desk.owner(0);
    var pair = new ApiKeys.Pair("AKIDEXAMPLE", "SKEXAMPLE");
    assertThat(imported(owner, pair).orThrow().secretKey()).isEqualTo("SKEXAMPLE");
    for (var again : List.of(owner, other)) {
      assertThat(refusal(imported(again, pair)))
          .isEqualTo(new AccountRefused.SecretIdTaken("AKIDEXAMPLE"));
    }
    assertThat(callers.find("AKIDEXAMPLE").orElseThrow().caller().owner()).isEqualTo(owner);
    assertThat(pair.toString()).doesNotContain("SKEXAMPLE");
  }

  @Test
  void a_temporary_key_needs_its_token_until_its_end() {
    var owner = desk.owner(0);
    var command =
        new ApiKeys.Command(
            owner, owner, Optional.empty(), Optional.of(Duration.ofHours(1)), "for a test");
    var made = desk.apiKeys.create(ANN, command).orThrow();
    var found = callers.find(made.key().secretId()).orElseThrow();
    var end = Desk.NOW.plus(Duration.ofHours(1));
    assertThat(found.accepts(made.token(), end.minusNanos(1))).isTrue();
    assertThat(found.accepts(made.token(), end)).isFalse();
    assertThat(found.accepts(Optional.empty(), Desk.NOW)).isFalse();
    assertThat(found.accepts(Optional.of("wrong"), Desk.NOW)).isFalse();
    assertThat(made.toString()).doesNotContain(made.token().orElseThrow());
    assertThatThrownBy(() ->
            new ApiKeys.Command(
                owner, owner, Optional.empty(), Optional.of(Duration.ofHours(37)), ""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_key_of_a_sub_user_carries_its_policies_and_dies_with_it() {
    var owner = desk.owner(0);
    var user = user(owner, "finance:trade");
    var id = key(owner, user);
    lookAtAll();
    var found = callers.find(id).orElseThrow();
    assertThat(found.caller().may("finance:trade")).isTrue();
    assertThat(found.caller().may("finance:RefundInstance")).isFalse();
    desk.subUsers.setPolicies(ANN, owner, user, List.of()).orThrow();
    lookAtAll();
    assertThat(callers.find(id).orElseThrow().caller().may("finance:trade")).isFalse();
    desk.subUsers
        .change(ANN, new SubUsers.Change(owner, user, Optional.empty(), Optional.of(false)))
        .orThrow();
    lookAtAll();
    assertThat(callers.find(id).orElseThrow().enabled()).isFalse();
  }

  @Test
  void what_was_found_is_remembered_until_a_look_sees_its_owner_change() {
    var owner = desk.owner(0);
    var other = desk.owner(0);
    var id = key(owner, owner);
    var otherId = key(other, other);
    lookAtAll();
    var first = callers.find(id).orElseThrow();
    var otherFirst = callers.find(otherId).orElseThrow();
    desk.apiKeys.setEnabled(ANN, owner, id, false).orThrow();
    assertThat(callers.find(id).orElseThrow()).isSameAs(first);
    lookAtAll();
    assertThat(callers.find(id).orElseThrow().enabled()).isFalse();
    assertThat(callers.find(otherId).orElseThrow()).isSameAs(otherFirst);
    desk.apiKeys.setEnabled(ANN, owner, id, true).orThrow();
    lookAtAll();
    assertThat(callers.find(id).orElseThrow().enabled()).isTrue();
  }

  @Test
  void what_was_read_before_the_first_look_is_not_remembered() {
    var owner = desk.owner(0);
    var id = key(owner, owner);
    var first = callers.find(id).orElseThrow();
    desk.apiKeys.setEnabled(ANN, owner, id, false).orThrow();
    lookAtAll();
    assertThat(first.enabled()).isTrue();
    assertThat(callers.find(id).orElseThrow().enabled()).isFalse();
  }

  @Test
  void after_a_minute_a_change_is_forgotten_and_what_was_older_is_gone() {
    var owner = desk.owner(0);
    var id = key(owner, owner);
    lookAtAll();
    assertThat(callers.find(id)).isPresent();
    desk.apiKeys.setEnabled(ANN, owner, id, false).orThrow();
    lookAtAll();
    assertThat(callers.size()).isEqualTo(1);
    nanos.addAndGet(CellWatch.KEEP.toNanos() + 1);
    lookAtAll();
    assertThat(callers.size()).isZero();
    assertThat(callers.watches()).noneMatch(CellWatch::hasOldChanges);
    assertThat(callers.find(id).orElseThrow().enabled()).isFalse();
  }

  @Test
  void a_node_that_cannot_see_changes_stops_trusting_what_it_remembers() {
    var owner = desk.owner(0);
    var id = key(owner, owner);
    lookAtAll();
    assertThat(callers.find(id)).isPresent();
    desk.cells.close();
    lookAtAll();
    nanos.addAndGet(CellWatch.LONGEST_BLIND.toNanos());
    assertThat(callers.find(id)).isPresent();
    nanos.addAndGet(1);
    assertThatThrownBy(() -> callers.find(id)).isInstanceOf(DatabaseException.class);
  }

  @Test
  void an_unknown_id_is_remembered_for_a_second() {
    lookAtAll();
    assertThat(callers.find("AKIDnobody")).isEmpty();
    var owner = desk.owner(0);
    imported(owner, new ApiKeys.Pair("AKIDnobody", "secret")).orThrow();
    assertThat(callers.find("AKIDnobody")).isEmpty();
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(callers.find("AKIDnobody")).isPresent();
  }

  @Test
  void what_cannot_be_a_secret_id_is_not_looked_up() {
    desk.cells.close();
    for (String id : List.of("", "a b", "x".repeat(129), "id\u0000", "AKID'")) {
      assertThat(callers.find(id)).isEmpty();
    }
  }

  @Test
  void the_running_threads_notice_a_change_within_a_second() throws Exception {
    var owner = desk.owner(0);
    var id = key(owner, owner);
    try (var running =
        new Callers<>(desk.cells, desk.masterKey, key -> key, 1000, System::nanoTime)) {
      running.start();
      // Nothing is remembered before the first look.
      while (running.size() == 0) {
        assertThat(running.find(id)).isPresent();
        Thread.sleep(10);
      }
      desk.apiKeys.setEnabled(ANN, owner, id, false).orThrow();
      long disabledAt = System.nanoTime();
      while (running.find(id).orElseThrow().enabled()) {
        assertThat(System.nanoTime() - disabledAt).isLessThan(Duration.ofSeconds(3).toNanos());
        Thread.sleep(10);
      }
    }
  }

  @Test
  void keys_of_nobody_are_refused() {
    var owner = desk.owner(0);
    var nobody = new Uin(9);
    assertThat(refusal(desk.apiKeys.create(ANN, ApiKeys.Command.of(nobody, nobody))))
        .isEqualTo(new AccountRefused.NoSuchAccount(nobody));
    assertThat(refusal(desk.apiKeys.create(ANN, ApiKeys.Command.of(owner, nobody))))
        .isEqualTo(new AccountRefused.NoSuchUser(nobody));
    assertThat(refusal(desk.apiKeys.setEnabled(ANN, owner, "AKIDx", false)))
        .isEqualTo(new AccountRefused.NoSuchKey("AKIDx"));
    var id = key(owner, owner);
    assertThat(refusal(desk.apiKeys.setEnabled(ANN, desk.owner(0), id, false)))
        .isEqualTo(new AccountRefused.NoSuchKey(id));
  }

  @Test
  void keys_are_listed_without_secrets() {
    var owner = desk.owner(0);
    var user = user(owner);
    var first = key(owner, owner);
    desk.clock.advance(Duration.ofSeconds(1));
    var second = key(owner, user);
    desk.apiKeys.setEnabled(ANN, owner, first, false).orThrow();
    var listed = desk.apiKeys.list(owner, ApiKeys.Filter.ALL, Optional.empty(), 10);
    assertThat(listed).extracting(ApiKey::secretId).containsExactly(second, first);
    assertThat(listed).extracting(ApiKey::user).containsExactly(user, owner);
    assertThat(listed.getLast().disabledAt()).contains(desk.clock.instant());

    var page = desk.apiKeys.list(owner, ApiKeys.Filter.ALL, Optional.empty(), 1);
    var after = Optional.of(ApiKeys.Position.of(page.getLast()));
    assertThat(desk.apiKeys.list(owner, ApiKeys.Filter.ALL, after, 10))
        .containsExactly(listed.getLast());
    var ofUser = new ApiKeys.Filter(Optional.of(user), Optional.empty());
    assertThat(desk.apiKeys.list(owner, ofUser, Optional.empty(), 10))
        .containsExactly(listed.getFirst());
    for (boolean enabled : new boolean[] {true, false}) {
      var filter = new ApiKeys.Filter(Optional.empty(), Optional.of(enabled));
      assertThat(desk.apiKeys.list(owner, filter, Optional.empty(), 10))
          .containsExactly(enabled ? listed.getFirst() : listed.getLast());
    }
  }

  private void lookAtAll() {
    callers.watches().forEach(callers::look);
  }

  private String key(Uin owner, Uin user) {
    return desk.apiKeys.create(ANN, ApiKeys.Command.of(owner, user)).orThrow().key().secretId();
  }

  private Uin user(Uin owner, String... policies) {
    return desk.subUsers
        .add(ANN, new SubUsers.Add(owner, Optional.empty(), "Bob", List.of(policies)))
        .orThrow()
        .uin();
  }

  private Outcome<ApiKey.Made, AccountRefused> imported(Uin owner, ApiKeys.Pair pair) {
    return desk.apiKeys.create(
        ANN, new ApiKeys.Command(owner, owner, Optional.of(pair), Optional.empty(), ""));
  }
}
