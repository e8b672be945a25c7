package io.yunfu.server.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.db.TestDatabase;
import io.yunfu.server.api.admin.AdminWorld.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class BindingsAreaIT {
  private final AdminWorld world = new AdminWorld();

  @AfterAll
  void close() {
    world.close();
  }

  private String beside(String edition, String other) {
    return world
        .post("/accounts", "{\"edition\":\"%s\",\"beside\":\"%s\"}".formatted(edition, other))
        .text("/uin");
  }

  private Answer bind(String kind, String uin, String payer) {
    return world.send(
        "PUT", "/accounts/" + uin + "/" + kind, "{\"payer\":\"%s\"}".formatted(payer));
  }

  @Test
  void members_have_a_group_payer() {
    worksFor("group-payer", "members", "group");
  }

  @Test
  void clients_have_a_reseller() {
    worksFor("reseller", "clients", "reseller");
  }

  private void worksFor(String kind, String bounds, String action) {
    String payer = world.account("china", 0);
    String one = beside("china", payer);
    String two = beside("china", payer);
    assertThat(world.get("/accounts/" + one + "/" + kind).code()).isEqualTo("NotBound");
    Answer bound = bind(kind, one, payer);
    assertThat(bound.status()).isEqualTo(200);
    assertThat(bound.text("/uin")).isEqualTo(one);
    assertThat(bound.text("/payer")).isEqualTo(payer);
    assertThat(bind(kind, one, payer).text()).isEqualTo(bound.text());
    assertThat(world.get("/accounts/" + one + "/" + kind).text()).isEqualTo(bound.text());
    bind(kind, two, payer);
    assertThat(world.all("/accounts/" + payer + "/" + bounds, 1)).hasSize(2);
    assertThat(world.lastChange("account/" + payer).action()).isEqualTo(action + ".bind");

    assertThat(bind(kind, one, two).code()).isEqualTo("BoundAlready");
    assertThat(bind(kind, payer, beside("china", payer)).code()).isEqualTo("InTheWay");
    assertThat(bind(kind, payer, payer).code()).isEqualTo("ItsOwn");
    assertThat(bind(kind, beside("intl", payer), payer).code()).isEqualTo("OtherEdition");
    assertThat(bind(kind, "7", payer).code()).isEqualTo("NoSuchAccount");
    Answer unknown = bind(kind, beside("china", payer), "7");
    assertThat(unknown.status()).isEqualTo(422);
    assertThat(unknown.code()).isEqualTo("UnknownAccount");
    assertThat(unknown.text("/error/field")).isEqualTo("payer");
    assertThat(world.get("/accounts/7/" + bounds).code()).isEqualTo("NoSuchAccount");

    assertThat(world.send("DELETE", "/accounts/" + one + "/" + kind, "").text("/payer"))
        .isEqualTo(payer);
    assertThat(world.send("DELETE", "/accounts/" + one + "/" + kind, "").code())
        .isEqualTo("NotBound");
    assertThat(world.send("DELETE", "/accounts/7/" + kind, "").code()).isEqualTo("NoSuchAccount");
    assertThat(world.all("/accounts/" + payer + "/" + bounds, 10)).hasSize(1);
  }

  @Test
  void accounts_of_different_cells_are_not_bound() {
    try (var two = new AdminWorld(TestDatabase.cells(2), Map.of())) {
      String here = two.post("/accounts", "{\"edition\":\"china\",\"cell\":0}").text("/uin");
      String there = two.post("/accounts", "{\"edition\":\"china\",\"cell\":1}").text("/uin");
      for (String kind : List.of("group-payer", "reseller")) {
        Answer answer =
            two.send(
                "PUT", "/accounts/" + here + "/" + kind, "{\"payer\":\"%s\"}".formatted(there));
        assertThat(answer.code()).isEqualTo("OtherCell");
      }
      world.saw(two);
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void every_operation_has_answered_and_every_refusal_has_arisen() {
    world.requireWhole("groups");
    world.requireWhole("resellers");
  }
}
