package io.yunfu.server.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.db.TestDatabase;
import io.yunfu.gateway.channel.BillRow;
import io.yunfu.server.api.admin.AdminWorld.Answer;
import io.yunfu.server.api.admin.AdminWorld.Seller;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ReconciliationsAreaIT {
  private final AdminWorld world = new AdminWorld(TestDatabase.cells(2), Map.of());
  private final Seller seller = world.seller(0);

  @AfterAll
  void close() {
    world.close();
  }

  @Test
  @Order(1)
  void a_day_is_listed_with_its_differences_and_its_sums_run_again_and_decided() {
    long order = world.order(seller, "gz0200abcd00000001", 1000);
    world.payOver(order, "42" + order);
    LocalDate today = world.clock.instant().atOffset(ZoneOffset.ofHours(8)).toLocalDate();
    write(today, row("42" + order, "gz0200abcd00000001", 1000), row("43", "nobody_knows", 7));
    world.clock.set(today.plusDays(1).atTime(10, 10).toInstant(ZoneOffset.ofHours(8)));
    world.reconciliations.round();

    var days = world.all("/reconciliations?channel=wechat&day=" + today, 1);
    assertThat(days).hasSize(1);
    var day = days.getFirst();
    String id = day.get("id").asString();
    assertThat(day.get("state").asString()).isEqualTo("read");
    assertThat(day.get("closed").asBoolean()).isFalse();
    assertThat(day.get("rows").asLong()).isEqualTo(2);
    assertThat(day.get("amount").asLong()).isEqualTo(1007);
    assertThat(world.get("/reconciliations/" + id).text("/sha256")).hasSize(64);

    var differences = world.all("/reconciliations/" + id + "/differences", 1);
    assertThat(differences).hasSize(1);
    assertThat(differences.getFirst().get("class").asString()).isEqualTo("b2");
    assertThat(differences.getFirst().get("paymentNumber").asString()).isEqualTo("nobody_knows");
    String caseId = differences.getFirst().get("case").asString();
    Answer shown = world.get("/cases/" + caseId);
    assertThat(shown.text("/kind")).isEqualTo("bill_unknown");
    assertThat(shown.text("/reconciliation")).isEqualTo(id);
    assertThat(shown.at("/payment").isMissingNode()).isTrue();

    var totals = world.all("/reconciliations/" + id + "/totals", 1);
    assertThat(totals).hasSize(2);
    assertThat(totals.getFirst().get("subMerchant").asString()).isEqualTo(seller.subMerchant());
    assertThat(totals.getFirst().get("paid").asLong()).isEqualTo(1000);
    assertThat(totals.getFirst().get("bookedPaid").asLong()).isEqualTo(1000);
    assertThat(totals.getLast().has("subMerchant")).isFalse();
    assertThat(totals.stream().mapToLong(one -> one.get("paid").asLong()).sum()).isEqualTo(1007);

    Answer again = world.post("/reconciliations/" + id + "/run", "{}");
    assertThat(again.text("/dueAt")).isNotEmpty();
    assertThat(world.lastChange("reconciliation/" + id).action()).isEqualTo("reconciliation.run");
    world.reconciliations.round();
    assertThat(world.all("/reconciliations/" + id + "/differences?open=true", 10)).hasSize(1);
    assertThat(world.get("/reconciliations/" + id).at("/runs").asLong()).isEqualTo(2);

    assertThat(world.all("/reconciliations?open=true", 10))
        .anyMatch(one -> one.get("id").asString().equals(id));
    world.post("/cases/" + caseId + "/close", "{\"remark\":\"Another system of ours\"}");
    assertThat(world.get("/reconciliations/" + id).at("/closed").asBoolean()).isTrue();
    assertThat(world.all("/reconciliations?open=true", 10))
        .noneMatch(one -> one.get("id").asString().equals(id));
  }

  @Test
  @Order(2)
  void a_day_before_the_first_is_fetched_when_an_operator_wants_it() {
    LocalDate today = world.clock.instant().atOffset(ZoneOffset.ofHours(8)).toLocalDate();
    String body = "{\"channel\":\"wechat\",\"account\":\"%s\",\"day\":\"%s\"}";
    String account = world.all("/reconciliations", 10).getFirst().get("account").asString();
    Answer made = world.post("/reconciliations", body.formatted(account, today.minusDays(30)));
    assertThat(made.text("/state")).isEqualTo("due");
    Answer same = world.post("/reconciliations", body.formatted(account, today.minusDays(30)));
    assertThat(same.text("/id")).isEqualTo(made.text("/id"));
    Answer early = world.post("/reconciliations", body.formatted(account, today));
    assertThat(early.code()).isEqualTo("DayNotOver");
    Answer unknown = world.post("/reconciliations", body.formatted("1", today.minusDays(30)));
    assertThat(unknown.code()).isEqualTo("NoSuchChannelAccount");
  }

  @Test
  @Order(3)
  void what_is_not_there_is_not_found() {
    for (String path : List.of("", "/differences", "/totals")) {
      assertThat(world.get("/reconciliations/7" + path).code()).isEqualTo("NoSuchReconciliation");
    }
    assertThat(world.post("/reconciliations/7/run", "{}").code()).isEqualTo("NoSuchReconciliation");
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void everything_the_area_declares_has_happened_here() {
    world.requireWhole("reconciliations");
  }

  private void write(LocalDate day, BillRow... rows) {
    world.channel.bills.write(day, List.of(rows));
  }

  private BillRow row(String transaction, String number, long fen) {
    return new BillRow(
        BillRow.Kind.PAY,
        transaction,
        number,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "CNY",
        fen,
        fen,
        0,
        world.clock.instant().minus(Duration.ofSeconds(1)),
        "SUCCESS");
  }
}
