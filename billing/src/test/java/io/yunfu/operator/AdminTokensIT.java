package io.yunfu.operator;

import static io.yunfu.billing.Desk.ANN;
import static io.yunfu.billing.Desk.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.Desk;
import io.yunfu.db.TestDatabase;
import io.yunfu.operator.AdminTokens.Refused;
import java.util.Collections;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AdminTokensIT {
  private final Desk desk = new Desk(TestDatabase.cells());
  private final AdminTokens tokens = desk.adminTokens;

  @AfterEach
  void close() {
    desk.cells.close();
  }

  @Test
  void the_first_token_is_made_once_and_opens_the_door() {
    var first = tokens.ensureFirst().orElseThrow();
    assertThat(first).matches("yunfu_admin_[A-Za-z0-9_-]{43}");
    assertThat(tokens.ensureFirst()).isEmpty();
    assertThat(tokens.nameOf(first)).contains("first");
    assertThat(tokens.nameOf(first + "x")).isEmpty();
    assertThat(tokens.nameOf("")).isEmpty();
    assertThat(tokens.nameOf("x".repeat(10_000))).isEmpty();
    assertThat(desk.lastAudit().action()).isEqualTo("token.create");
  }

  @Test
  void nodes_that_start_together_make_one_first_token() throws Exception {
    Set<String> made = Collections.synchronizedSet(new HashSet<>());
    var threads =
        IntStream.range(0, 6)
            .mapToObj(
                i -> Thread.ofVirtual().start(() -> tokens.ensureFirst().ifPresent(made::add)))
            .toList();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(made).hasSize(1);
    assertThat(tokens.list(Optional.empty(), Optional.empty(), 10)).hasSize(1);
  }

  @Test
  void a_revoked_token_opens_nothing_and_its_name_is_free_again() {
    tokens.ensureFirst();
    var token = tokens.create(ANN, "bob").orThrow();
    assertThat(tokens.nameOf(token)).contains("bob");
    assertThat(refusal(tokens.create(ANN, "bob"))).isEqualTo(new Refused.NameTaken("bob"));
    tokens.revoke(ANN, "bob").orThrow();
    assertThat(tokens.nameOf(token)).isEmpty();
    assertThat(refusal(tokens.revoke(ANN, "bob"))).isEqualTo(new Refused.NoSuchToken("bob"));
    assertThat(tokens.create(ANN, "bob").orThrow()).isNotEqualTo(token);
    assertThat(tokens.list(Optional.empty(), Optional.empty(), 10))
        .extracting(AdminTokens.Token::name)
        .containsExactlyInAnyOrder("bob", "bob", "first");
    assertThat(tokens.list(Optional.of(true), Optional.empty(), 10))
        .extracting(AdminTokens.Token::name)
        .containsExactlyInAnyOrder("bob", "first");
    assertThat(tokens.list(Optional.of(false), Optional.empty(), 10))
        .extracting(AdminTokens.Token::name)
        .containsExactly("bob");
  }

  @Test
  void the_last_token_is_not_revoked() {
    tokens.ensureFirst();
    assertThat(refusal(tokens.revoke(ANN, "first"))).isEqualTo(new Refused.LastToken("first"));
    tokens.create(ANN, "bob").orThrow();
    tokens.revoke(ANN, "first").orThrow();
    assertThat(tokens.ensureFirst()).isEmpty();
  }

  @Test
  void nothing_of_a_token_is_in_the_database_or_in_the_log() {
    var token = tokens.ensureFirst().orElseThrow();
    var log = new AuditLog().list(desk.cells, AuditLog.Filter.ALL, Optional.empty(), 10);
    assertThat(log.toString()).doesNotContain(token);
    assertThat(tokens.list(Optional.empty(), Optional.empty(), 10).toString())
        .doesNotContain(token);
  }
}
