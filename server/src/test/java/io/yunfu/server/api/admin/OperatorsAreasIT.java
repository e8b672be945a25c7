package io.yunfu.server.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.db.TestDatabase;
import io.yunfu.server.api.admin.AdminWorld.Answer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperatorsAreasIT {
  private final AdminWorld world = new AdminWorld();

  @AfterAll
  void close() {
    world.close();
  }

  @Test
  void a_token_is_shown_once_opens_the_door_and_is_revoked() {
    Answer made = world.post("/tokens", "{\"name\":\"bob@example.com\"}");
    assertThat(made.status()).isEqualTo(201);
    String token = made.text("/token");
    assertThat(token).startsWith("yunfu_admin_");
    assertThat(world.sendAs("GET", "/tokens", "", "Authorization", "Bearer " + token).status())
        .isEqualTo(200);
    assertThat(world.log.getLast().user()).isEqualTo("bob@example.com");
    assertThat(world.post("/tokens", "{\"name\":\"bob@example.com\"}").code())
        .isEqualTo("NameTaken");
    assertThat(world.post("/tokens", "{\"name\":\"(admin.token)\"}").code())
        .isEqualTo("InvalidRequest");
    Answer revoked = world.post("/tokens/bob%40example.com/revoke", "");
    assertThat(revoked.text("/name")).isEqualTo("bob@example.com");
    assertThat(world.sendAs("GET", "/tokens", "", "Authorization", "Bearer " + token).status())
        .isEqualTo(401);
    assertThat(world.post("/tokens/bob@example.com/revoke", "").code()).isEqualTo("NoSuchToken");
    assertThat(world.all("/tokens?active=false", 10)).hasSize(1);
    assertThat(world.all("/tokens", 1)).hasSizeGreaterThanOrEqualTo(2);
    assertThat(world.get("/tokens").text() + world.get("/audit").text() + world.log)
        .doesNotContain(token);
  }

  @Test
  void the_last_token_is_not_revoked() {
    try (var alone = new AdminWorld(TestDatabase.cells(), Map.of())) {
      assertThat(alone.post("/tokens/ann/revoke", "").code()).isEqualTo("LastToken");
      assertThat(alone.get("/tokens").status()).isEqualTo(200);
      world.saw(alone);
    }
  }

  @Test
  void the_log_has_every_change_with_who_when_and_in_which_request() {
    String uin = world.account("china", 500);
    Answer frozen = world.post("/accounts/" + uin + "/freeze", "");
    Answer log = world.get("/audit?subject=account/" + uin);
    assertThat(log.at("/items").valueStream().map(item -> item.get("action").asString()))
        .containsExactlyInAnyOrder("account.change", "balance.top-up", "account.open");
    Answer one = world.get("/audit?requestId=" + frozen.header("x-request-id"));
    assertThat(one.at("/items").size()).isEqualTo(1);
    assertThat(one.text("/items/0/actor")).isEqualTo("operator:ann");
    assertThat(one.at("/items/0/detail/active").asBoolean()).isFalse();
    assertThat(world.get("/audit?action=balance&subject=account/" + uin).at("/items").size())
        .isEqualTo(1);
    assertThat(world.get("/audit?actor=operator:nobody").at("/items").size()).isZero();
    assertThat(world.get("/audit?until=2026-01-01T00:00:00Z").at("/items").size()).isZero();
    assertThat(world.get("/audit?from=2026-01-02T00:00:00Z").at("/items").size()).isZero();
    assertThat(world.all("/audit?subject=account/" + uin, 1)).hasSize(3);

    // Looking changes nothing, and neither does a refusal.
    long before = world.changes();
    world.get("/accounts");
    world.post("/accounts/7/freeze", "");
    assertThat(world.changes()).isEqualTo(before);
  }

  @Test
  void a_cursor_from_outside_all_times_is_no_cursor() {
    for (String position :
        new String[] {
          "+1000000000-12-31T23:59:59Z 5", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z x", "x 5"
        }) {
      String cursor =
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(position.getBytes(StandardCharsets.UTF_8));
      assertThat(world.get("/audit?cursor=" + cursor).text("/error/field"))
          .as(position)
          .isEqualTo("cursor");
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void every_operation_has_answered_and_every_refusal_has_arisen() {
    world.requireWhole("audit");
    world.requireWhole("tokens");
  }
}
