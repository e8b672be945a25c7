package io.yunfu.server.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.server.api.admin.AdminWorld.Answer;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AccountsAreaIT {
  private final AdminWorld world = new AdminWorld();

  @AfterAll
  void close() {
    world.close();
  }

  private String open(String name) {
    return world
        .post("/accounts", "{\"name\":\"%s\",\"edition\":\"china\"}".formatted(name))
        .text("/uin");
  }

  @Test
  void an_account_is_opened_as_it_was_described() {
    Answer answer =
        world.post(
            "/accounts",
            "{\"uin\":\"100000000001\",\"name\":\"名 Ltd\",\"edition\":\"intl\",\"certification\":\"complete\"}");
    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.text("/uin")).isEqualTo("100000000001");
    assertThat(answer.text("/name")).isEqualTo("名 Ltd");
    assertThat(answer.text("/currency")).isEqualTo("USD");
    assertThat(answer.text("/certification")).isEqualTo("complete");
    assertThat(answer.at("/active").asBoolean()).isTrue();
    assertThat(answer.text("/createdAt")).isEqualTo("2026-01-01T04:00:00Z");
    assertThat(world.get("/accounts/100000000001").text()).isEqualTo(answer.text());
    assertThat(world.log.getLast().action()).isEqualTo("accounts.get");
    assertThat(world.log.getLast().user()).isEqualTo("ann");
    assertThat(world.log.getLast().account()).isEqualTo("100000000001");
  }

  @Test
  void a_number_is_given_out_once() {
    String uin = open("First");
    Answer answer =
        world.post("/accounts", "{\"uin\":\"%s\",\"edition\":\"china\"}".formatted(uin));
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.code()).isEqualTo("UinTaken");
    assertThat(answer.text("/error/field")).isEqualTo("uin");
    assertThat(answer.text("/error/message")).contains(uin);
  }

  @Test
  void it_lives_where_it_was_put() {
    String uin = open("Neighbour");
    int cell = world.get("/accounts/" + uin).at("/cell").asInt();
    Answer beside =
        world.post("/accounts", "{\"edition\":\"china\",\"beside\":\"%s\"}".formatted(uin));
    assertThat(beside.at("/cell").asInt()).isEqualTo(cell);
    Answer in = world.post("/accounts", "{\"edition\":\"china\",\"cell\":0}");
    assertThat(in.at("/cell").asInt()).isZero();

    assertThat(world.post("/accounts", "{\"edition\":\"china\",\"cell\":999}").code())
        .isEqualTo("UnknownCell");
    assertThat(world.post("/accounts", "{\"edition\":\"china\",\"beside\":\"5\"}").code())
        .isEqualTo("UnknownAccount");
    Answer both =
        world.post(
            "/accounts", "{\"edition\":\"china\",\"cell\":0,\"beside\":\"%s\"}".formatted(uin));
    assertThat(both.code()).isEqualTo("InvalidRequest");
    assertThat(both.text("/error/field")).isEqualTo("beside");
    assertThat(both.text("/error/message")).isEqualTo("beside cannot be given together with cell.");
  }

  @Test
  void only_what_is_said_changes() {
    String uin = open("Before");
    Answer renamed = world.send("PATCH", "/accounts/" + uin, "{\"name\":\"After\"}");
    assertThat(renamed.text("/name")).isEqualTo("After");
    assertThat(renamed.text("/certification")).isEqualTo("none");
    Answer certified = world.send("PATCH", "/accounts/" + uin, "{\"certification\":\"complete\"}");
    assertThat(certified.text("/name")).isEqualTo("After");
    assertThat(certified.text("/certification")).isEqualTo("complete");

    Answer back = world.send("PATCH", "/accounts/" + uin, "{\"certification\":\"none\"}");
    assertThat(back.status()).isEqualTo(409);
    assertThat(back.code()).isEqualTo("CertificationIsFinal");
    assertThat(world.send("PATCH", "/accounts/7", "{\"name\":\"a\"}").code())
        .isEqualTo("NoSuchAccount");
  }

  @Test
  void a_frozen_account_is_thawed_again() {
    String uin = open("Cold");
    assertThat(world.post("/accounts/" + uin + "/freeze", "").at("/active").asBoolean()).isFalse();
    assertThat(world.get("/accounts/" + uin).at("/active").asBoolean()).isFalse();
    assertThat(world.post("/accounts/" + uin + "/unfreeze", "").at("/active").asBoolean()).isTrue();
    assertThat(world.post("/accounts/7/freeze", "").status()).isEqualTo(404);
    assertThat(world.post("/accounts/7/unfreeze", "").code()).isEqualTo("NoSuchAccount");
  }

  @Test
  void what_does_not_exist_is_not_found() {
    assertThat(world.get("/accounts/7").status()).isEqualTo(404);
    assertThat(world.get("/accounts/7").code()).isEqualTo("NoSuchAccount");
  }

  @Test
  void a_list_is_filtered_and_paged_to_its_end() {
    for (int i = 0; i < 5; i++) {
      open("Paged " + i);
    }
    open("Other");
    var names = new ArrayList<String>();
    String next = "";
    int pages = 0;
    do {
      Answer page =
          world.get("/accounts?name=pAGED&limit=2" + (next.isEmpty() ? "" : "&cursor=" + next));
      page.at("/items").forEach((JsonNode item) -> names.add(item.get("name").asString()));
      next = page.text("/next");
      pages++;
    } while (!next.isEmpty());
    assertThat(names)
        .containsExactlyInAnyOrder("Paged 0", "Paged 1", "Paged 2", "Paged 3", "Paged 4");
    assertThat(pages).isEqualTo(3);
    assertThat(world.get("/accounts?name=Paged&edition=intl").at("/items").size()).isZero();
    assertThat(world.get("/accounts?name=Paged&certification=none&active=true").at("/items").size())
        .isEqualTo(5);
    assertThat(world.get("/accounts?name=Paged&active=false").at("/items").size()).isZero();
    for (String cursor : new String[] {"%20", "x", "LTE", "AA"}) {
      Answer wrong = world.get("/accounts?cursor=" + cursor);
      assertThat(wrong.code()).as(cursor).isEqualTo("InvalidRequest");
      assertThat(wrong.text("/error/field")).isEqualTo("cursor");
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void every_operation_has_answered_and_every_refusal_has_arisen() {
    world.requireWhole("accounts");
  }
}
