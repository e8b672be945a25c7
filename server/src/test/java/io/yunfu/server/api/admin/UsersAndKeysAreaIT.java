package io.yunfu.server.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.account.ApiKeys;
import io.yunfu.billing.account.Callers;
import io.yunfu.billing.account.SubUsers;
import io.yunfu.server.api.admin.AdminWorld.Answer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class UsersAndKeysAreaIT {
  private final AdminWorld world = new AdminWorld();

  @AfterAll
  void close() {
    world.close();
  }

  private final String owner = world.account("china", 0);

  private String user(String policies) {
    return world
        .post(
            "/accounts/" + owner + "/users",
            "{\"name\":\"Bob\",\"policies\":[%s]}".formatted(policies))
        .text("/uin");
  }

  @Test
  void a_user_is_added_renamed_switched_off_and_given_policies() {
    Answer added =
        world.post(
            "/accounts/" + owner + "/users",
            "{\"name\":\"Ann\",\"policies\":[\"finance:trade\",\"finance:*\"]}");
    assertThat(added.status()).isEqualTo(201);
    assertThat(added.text("/owner")).isEqualTo(owner);
    String path = "/accounts/" + owner + "/users/" + added.text("/uin");
    assertThat(world.get(path).text()).isEqualTo(added.text());
    assertThat(world.send("PATCH", path, "{\"name\":\"Anna\"}").text("/name")).isEqualTo("Anna");
    Answer off = world.send("PATCH", path, "{\"active\":false}");
    assertThat(off.at("/active").asBoolean()).isFalse();
    assertThat(off.text("/name")).isEqualTo("Anna");
    Answer policies =
        world.send("PUT", path + "/policies", "{\"policies\":[\"QCloudFinanceFullAccess\"]}");
    assertThat(policies.at("/policies")).hasToString("[\"QCloudFinanceFullAccess\"]");
    assertThat(world.lastChange("account/" + owner).action()).isEqualTo("user.set-policies");
    assertThat(world.send("PUT", path + "/policies", "{\"policies\":[]}").at("/policies").size())
        .isZero();
  }

  @Test
  void what_does_not_exist_is_not_found_and_what_is_taken_not_given_again() {
    String user = user("");
    assertThat(world.post("/accounts/7/users", "{}").code()).isEqualTo("NoSuchAccount");
    assertThat(world.get("/accounts/7/users").code()).isEqualTo("NoSuchAccount");
    assertThat(world.get("/accounts/" + owner + "/users/7").code()).isEqualTo("NoSuchUser");
    assertThat(world.get("/accounts/7/users/" + user).code()).isEqualTo("NoSuchUser");
    for (String path :
        new String[] {"/accounts/7/users/" + user, "/accounts/" + owner + "/users/7"}) {
      String code = path.startsWith("/accounts/7/") ? "NoSuchAccount" : "NoSuchUser";
      assertThat(world.send("PATCH", path, "{\"name\":\"a\"}").code()).isEqualTo(code);
      assertThat(world.send("PUT", path + "/policies", "{\"policies\":[]}").code()).isEqualTo(code);
    }
    assertThat(
            world.post("/accounts/" + owner + "/users", "{\"user\":\"%s\"}".formatted(user)).code())
        .isEqualTo("UinTaken");
    String other = world.account("china", 0);
    assertThat(
            world.post("/accounts/" + other + "/users", "{\"user\":\"%s\"}".formatted(user)).code())
        .isEqualTo("UinTaken");
  }

  @Test
  void a_policy_that_is_none_is_refused_with_its_place_in_the_list() {
    Answer answer =
        world.post(
            "/accounts/" + owner + "/users",
            "{\"policies\":[\"finance:trade\",\"finace:trade\",5]}");
    assertThat(answer.code()).isEqualTo("InvalidRequest");
    assertThat(answer.at("/error/mistakes/0/field").asString()).isEqualTo("policies[1]");
    assertThat(answer.at("/error/mistakes/1/field").asString()).isEqualTo("policies[2]");
    String many =
        IntStream.rangeClosed(0, SubUsers.MOST_POLICIES)
            .mapToObj("\"finance:A%d\""::formatted)
            .collect(Collectors.joining(","));
    assertThat(
            world
                .post("/accounts/" + owner + "/users", "{\"policies\":[%s]}".formatted(many))
                .code())
        .isEqualTo("InvalidRequest");
  }

  @Test
  void there_is_a_bound_on_users_and_on_keys() {
    String crowded = world.account("china", 0);
    var uin = new io.yunfu.kernel.Uin(Long.parseLong(crowded));
    var cell =
        world.cells.get(
            new io.yunfu.billing.account.Accounts(world.cells).find(uin).orElseThrow().cell());
    cell.database()
        .execute(tx -> {
          tx.update(
              "insert into sub_user (uin, owner_uin, created_at) select 5000000 + n, ?, now() from generate_series(1, ?) n",
              uin.value(),
              SubUsers.MOST_PER_ACCOUNT);
          tx.update(
              """
              insert into api_key (secret_id, user_uin, owner_uin, nonce, ciphertext, created_at)
              select 'crowd' || n, ?, ?, '\\x00', '\\x00', now() from generate_series(1, ?) n
              """,
              uin.value(),
              uin.value(),
              ApiKeys.MOST_PER_ACCOUNT);
        });
    assertThat(world.post("/accounts/" + crowded + "/users", "{}").code()).isEqualTo("TooMany");
    Answer answer = world.post("/accounts/" + crowded + "/keys", "{}");
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.code()).isEqualTo("TooMany");
    assertThat(answer.text("/error/message")).contains("1000");
    assertThat(world.all("/accounts/" + crowded + "/users", 400)).hasSize(1000);
    assertThat(world.all("/accounts/" + crowded + "/keys", 400)).hasSize(1000);
  }

  @Test
  void a_key_opens_the_billing_api_and_its_secret_is_shown_once() {
    long before = world.changes();
    Answer made = world.post("/accounts/" + owner + "/keys", "{\"remark\":\"job\"}");
    assertThat(made.status()).isEqualTo(201);
    String secretId = made.text("/secretId");
    String secretKey = made.text("/secretKey");
    assertThat(secretKey).hasSize(32);
    assertThat(made.text("/user")).isEqualTo(owner);
    assertThat(world.changes()).isEqualTo(before + 1);
    try (var callers =
        new Callers<>(world.cells, world.masterKey, key -> key, 10, System::nanoTime)) {
      assertThat(callers.find(secretId).orElseThrow().secret()).isEqualTo(secretKey);
    }
    String keys = "/accounts/" + owner + "/keys";
    String later =
        world.get(keys).text()
            + world.post(keys + "/" + secretId + "/disable", "").text()
            + world.post(keys + "/" + secretId + "/enable", "").text()
            + world.get("/audit?subject=account/" + owner).text()
            + world.log;
    assertThat(later).contains(secretId).doesNotContain(secretKey);
  }

  @Test
  void a_key_is_made_for_a_user_for_a_time_or_imported() {
    String user = user("\"finance:trade\"");
    String keys = "/accounts/" + owner + "/keys";
    Answer temporary =
        world.post(keys, "{\"user\":\"%s\",\"lifetimeSeconds\":3600}".formatted(user));
    assertThat(temporary.text("/user")).isEqualTo(user);
    assertThat(temporary.text("/expiresAt")).isEqualTo("2026-01-01T05:00:00Z");
    assertThat(temporary.text("/token")).hasSize(64);
    Answer imported =
        world.post(keys, "{\"secretId\":\"AKIDimported\",\"secretKey\":\"known-before\"}");
    assertThat(imported.text("/secretId")).isEqualTo("AKIDimported");
    assertThat(imported.text("/secretKey")).isEqualTo("known-before");
    assertThat(imported.at("/token").isMissingNode()).isTrue();

    Answer again = world.post(keys, "{\"secretId\":\"AKIDimported\",\"secretKey\":\"other\"}");
    assertThat(again.code()).isEqualTo("SecretIdTaken");
    assertThat(world.post(keys, "{\"secretId\":\"AKIDhalf\"}").text("/error/field"))
        .isEqualTo("secretKey");
    Answer half = world.post(keys, "{\"secretKey\":\"half a secret\"}");
    assertThat(half.text("/error/field")).isEqualTo("secretKey");
    assertThat(half.text()).doesNotContain("half a secret");
    Answer unknown = world.post(keys, "{\"user\":\"7\"}");
    assertThat(unknown.status()).isEqualTo(422);
    assertThat(unknown.code()).isEqualTo("UnknownUser");
    assertThat(world.post(keys, "{\"lifetimeSeconds\":129601}").code()).isEqualTo("InvalidRequest");
  }

  @Test
  void keys_are_listed_by_user_and_state() {
    String other = world.account("china", 0);
    String keys = "/accounts/" + other + "/keys";
    String user = world.post("/accounts/" + other + "/users", "{}").text("/uin");
    String first = world.post(keys, "{}").text("/secretId");
    String second = world.post(keys, "{\"user\":\"%s\"}".formatted(user)).text("/secretId");
    Answer disabled = world.post(keys + "/" + first + "/disable", "");
    assertThat(disabled.at("/enabled").asBoolean()).isFalse();
    assertThat(disabled.text("/disabledAt")).isNotEmpty();
    assertThat(world.all(keys, 1)).hasSize(2);
    assertThat(world.get(keys + "?enabled=true").text("/items/0/secretId")).isEqualTo(second);
    assertThat(world.get(keys + "?enabled=false").text("/items/0/secretId")).isEqualTo(first);
    assertThat(world.get(keys + "?user=" + user).text("/items/0/secretId")).isEqualTo(second);
    assertThat(world.get("/accounts/7/keys").code()).isEqualTo("NoSuchAccount");
    assertThat(world.post("/accounts/7/keys", "{}").code()).isEqualTo("NoSuchAccount");
    for (String step : new String[] {"/disable", "/enable"}) {
      assertThat(world.post("/accounts/7/keys/" + first + step, "").code())
          .isEqualTo("NoSuchAccount");
      assertThat(world.post(keys + "/nothing" + step, "").code()).isEqualTo("NoSuchKey");
      assertThat(world.post("/accounts/" + owner + "/keys/" + first + step, "").code())
          .isEqualTo("NoSuchKey");
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void every_operation_has_answered_and_every_refusal_has_arisen() {
    world.requireWhole("users");
    world.requireWhole("keys");
  }
}
