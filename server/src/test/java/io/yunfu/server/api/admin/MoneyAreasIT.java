package io.yunfu.server.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.balance.CreditLines;
import io.yunfu.server.api.admin.AdminWorld.Answer;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MoneyAreasIT {
  private final AdminWorld world = new AdminWorld();

  @AfterAll
  void close() {
    world.close();
  }

  private static String money(long amount) {
    return "\"amount\":%d,\"currency\":\"CNY\"".formatted(amount);
  }

  private long available(String uin) {
    return world.get("/accounts/" + uin + "/balance").at("/available").asLong();
  }

  @Test
  void money_comes_in_and_is_seen_in_balance_statement_and_log() {
    String uin = world.account("china", 0);
    String path = "/accounts/" + uin;
    Answer booked =
        world.post(path + "/top-ups", "{%s,\"memo\":\"transfer 7\"}".formatted(money(1234)));
    assertThat(booked.status()).isEqualTo(201);
    assertThat(booked.at("/balance/cash").asLong()).isEqualTo(1234);
    assertThat(booked.text("/balance/currency")).isEqualTo("CNY");
    world.post(path + "/top-ups", "{\"kind\":\"gift\",%s}".formatted(money(66)));
    world.post(path + "/top-ups", "{\"kind\":\"income\",%s}".formatted(money(100)));
    Answer balance = world.get(path + "/balance");
    assertThat(balance.at("/gift").asLong()).isEqualTo(66);
    assertThat(balance.at("/income").asLong()).isEqualTo(100);
    assertThat(balance.at("/available").asLong()).isEqualTo(1400);
    assertThat(balance.at("/real").asLong()).isEqualTo(1400);

    var postings = world.all(path + "/postings", 2);
    assertThat(postings).hasSize(3);
    var first = postings.getLast();
    assertThat(first.get("id").asString()).isEqualTo(booked.text("/posting"));
    assertThat(first.get("actor").asString()).isEqualTo("operator:ann");
    assertThat(first.get("memo").asString()).isEqualTo("transfer 7");
    assertThat(first.get("requestId").asString()).isEqualTo(booked.header("x-request-id"));
    assertThat(first.at("/legs/0/debitPocket").asString()).isEqualTo("funding");
    assertThat(first.at("/legs/0/creditUin").asString()).isEqualTo(uin);
    assertThat(first.at("/legs/0/creditPocket").asString()).isEqualTo("cash");
    assertThat(postings.get(1).at("/legs/0/creditPocket").asString()).isEqualTo("gift");
    assertThat(world.lastChange("account/" + uin).requestId()).startsWith("request-");
  }

  @Test
  void a_command_that_is_repeated_with_its_key_is_carried_out_once() {
    String uin = world.account("china", 0);
    String path = "/accounts/" + uin + "/top-ups";
    String body = "{%s}".formatted(money(500));
    Answer first = world.send("POST", path, body, "Idempotency-Key", "order-1");
    Answer second = world.send("POST", path, body, "Idempotency-Key", "order-1");
    assertThat(second.status()).isEqualTo(201);
    assertThat(second.text()).isEqualTo(first.text());
    assertThat(available(uin)).isEqualTo(500);
    Answer other =
        world.send("POST", path, "{%s}".formatted(money(501)), "Idempotency-Key", "order-1");
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.code()).isEqualTo("KeyReused");
    for (String key : new String[] {"", "a b", "k".repeat(129)}) {
      assertThat(world.send("POST", path, body, "Idempotency-Key", key).code())
          .as(key)
          .isEqualTo("InvalidRequest");
    }
    assertThat(available(uin)).isEqualTo(500);
  }

  @Test
  void what_cannot_be_booked_is_refused_and_moves_nothing() {
    String uin = world.account("china", 100);
    String path = "/accounts/" + uin;
    long before = world.changes();
    Answer other = world.post(path + "/top-ups", "{\"amount\":1,\"currency\":\"USD\"}");
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.code()).isEqualTo("OtherCurrency");
    assertThat(other.text("/error/field")).isEqualTo("currency");
    for (String amount : new String[] {"0", "-1", "1.5", "\"5\"", "100000000000001", "1e3"}) {
      assertThat(
              world
                  .post(path + "/top-ups", "{\"amount\":%s,\"currency\":\"CNY\"}".formatted(amount))
                  .text("/error/field"))
          .as(amount)
          .isEqualTo("amount");
    }
    assertThat(world.post(path + "/top-ups", "{\"amount\":1}").text("/error/field"))
        .isEqualTo("currency");
    String adjust = "{\"pocket\":\"cash\",%s,\"reason\":\"%s\"}";
    assertThat(
            world
                .post(path + "/adjustments", adjust.formatted(money(0), "why"))
                .text("/error/field"))
        .isEqualTo("amount");
    assertThat(
            world.post(path + "/adjustments", adjust.formatted(money(5), " ")).text("/error/field"))
        .isEqualTo("reason");
    assertThat(world.post(path + "/adjustments", adjust.formatted(money(-101), "why")).code())
        .isEqualTo("PocketTooSmall");
    assertThat(
            world
                .post(
                    path + "/adjustments",
                    "{\"pocket\":\"cash\",\"amount\":5,\"currency\":\"USD\",\"reason\":\"why\"}")
                .code())
        .isEqualTo("OtherCurrency");
    assertThat(
            world
                .post(
                    path + "/adjustments",
                    "{\"pocket\":\"cash\",\"mayOwe\":true,%s,\"reason\":\"why\"}"
                        .formatted(money(-101)))
                .code())
        .isEqualTo("NotAvailable");
    assertThat(
            world
                .post(
                    path + "/adjustments", adjust.formatted(money(1), "why").replace("cash", "owe"))
                .code())
        .isEqualTo("InvalidRequest");
    assertThat(world.changes()).isEqualTo(before);
    assertThat(available(uin)).isEqualTo(100);

    for (String tail : new String[] {"/top-ups", "/holds"}) {
      assertThat(world.post("/accounts/7" + tail, "{%s}".formatted(money(1))).code())
          .isEqualTo("NoSuchAccount");
    }
    assertThat(world.post("/accounts/7/adjustments", adjust.formatted(money(1), "why")).code())
        .isEqualTo("NoSuchAccount");
    for (String tail : new String[] {"/balance", "/postings", "/holds"}) {
      assertThat(world.get("/accounts/7" + tail).code()).isEqualTo("NoSuchAccount");
    }
  }

  @Test
  void a_balance_is_put_right_both_ways() {
    String uin = world.account("china", 100);
    String path = "/accounts/" + uin + "/adjustments";
    String body = "{\"pocket\":\"%s\",%s,\"reason\":\"booked wrong\"}";
    world.post(path, body.formatted("gift", money(40)));
    Answer booked = world.post(path, body.formatted("cash", money(-30)));
    assertThat(booked.at("/balance/gift").asLong()).isEqualTo(40);
    assertThat(booked.at("/balance/cash").asLong()).isEqualTo(70);
    Answer statement =
        world.get(
            "/accounts/"
                + uin
                + "/postings?kind=adjust&from=2025-01-01T00:00:00Z&until=2027-01-01T00:00:00%2B08:00");
    assertThat(statement.at("/items").size()).isEqualTo(2);
    assertThat(
            world
                .get("/accounts/" + uin + "/postings?until=2025-01-01T00:00:00Z")
                .at("/items")
                .size())
        .isZero();
    String same = body.formatted("cash", money(-1));
    world.send("POST", path, same, "Idempotency-Key", "once");
    world.send("POST", path, same, "Idempotency-Key", "once");
    assertThat(available(uin)).isEqualTo(109);
    assertThat(
            world
                .send("POST", path, body.formatted("cash", money(-2)), "Idempotency-Key", "once")
                .code())
        .isEqualTo("KeyReused");
  }

  @Test
  void credit_is_given_used_and_taken_back() {
    String uin = world.account("china", 0);
    String path = "/accounts/" + uin;
    Answer limit = world.send("PUT", path + "/credit-limit", "{%s}".formatted(money(1000)));
    assertThat(limit.at("/creditLimit").asLong()).isEqualTo(1000);
    assertThat(limit.at("/available").asLong()).isEqualTo(1000);
    String grant = "{%s,\"startsAt\":\"2026-01-01T00:00:00Z\",\"endsAt\":\"2026-02-01T00:00:00Z\"}";
    Answer granted =
        world.send(
            "POST", path + "/credit-grants", grant.formatted(money(200)), "Idempotency-Key", "g");
    assertThat(granted.status()).isEqualTo(201);
    assertThat(granted.at("/tempCredit").asLong()).isEqualTo(200);
    String id = granted.text("/grants/0/id");
    assertThat(
            world
                .send(
                    "POST",
                    path + "/credit-grants",
                    grant.formatted(money(200)),
                    "Idempotency-Key",
                    "g")
                .text("/grants/0/id"))
        .isEqualTo(id);
    assertThat(
            world
                .send(
                    "POST",
                    path + "/credit-grants",
                    grant.formatted(money(201)),
                    "Idempotency-Key",
                    "g")
                .code())
        .isEqualTo("KeyReused");

    // 1100 of it are spent.
    world.post(
        path + "/adjustments",
        "{\"pocket\":\"cash\",\"mayOwe\":true,%s,\"reason\":\"used\"}".formatted(money(-1100)));
    assertThat(world.send("PUT", path + "/credit-limit", "{%s}".formatted(money(899))).code())
        .isEqualTo("CreditInUse");
    assertThat(world.send("DELETE", path + "/credit-grants/" + id, "").code())
        .isEqualTo("CreditInUse");
    world.post(path + "/top-ups", "{%s}".formatted(money(1100)));
    Answer revoked = world.send("DELETE", path + "/credit-grants/" + id, "");
    assertThat(revoked.at("/grants").size()).isZero();
    assertThat(revoked.at("/available").asLong()).isEqualTo(1000);
    assertThat(world.send("DELETE", path + "/credit-grants/" + id, "").code())
        .isEqualTo("NoSuchGrant");
    assertThat(
            world
                .send("PUT", path + "/credit-limit", "{%s}".formatted(money(0)))
                .at("/available")
                .asLong())
        .isZero();
  }

  @Test
  void credit_that_cannot_be_given_is_refused() {
    String uin = world.account("china", 0);
    String path = "/accounts/" + uin;
    String grant = "{\"amount\":5,\"currency\":\"%s\",\"startsAt\":\"%s\",\"endsAt\":\"%s\"}";
    String start = "2026-01-01T00:00:00Z";
    String end = "2026-02-01T00:00:00Z";
    assertThat(world.post(path + "/credit-grants", grant.formatted("USD", start, end)).code())
        .isEqualTo("OtherCurrency");
    assertThat(
            world
                .post(path + "/credit-grants", grant.formatted("CNY", end, start))
                .text("/error/field"))
        .isEqualTo("endsAt");
    assertThat(
            world
                .post(path + "/credit-grants", grant.formatted("CNY", start, "2026-02-01"))
                .text("/error/field"))
        .isEqualTo("endsAt");
    assertThat(world.post("/accounts/7/credit-grants", grant.formatted("CNY", start, end)).code())
        .isEqualTo("NoSuchAccount");
    assertThat(world.send("PUT", "/accounts/7/credit-limit", "{%s}".formatted(money(5))).code())
        .isEqualTo("NoSuchAccount");
    assertThat(
            world.send("PUT", path + "/credit-limit", "{\"amount\":5,\"currency\":\"USD\"}").code())
        .isEqualTo("OtherCurrency");
    assertThat(world.send("DELETE", "/accounts/7/credit-grants/7", "").code())
        .isEqualTo("NoSuchAccount");
    for (int i = 0; i < CreditLines.MOST_GRANTS; i++) {
      assertThat(world.post(path + "/credit-grants", grant.formatted("CNY", start, end)).status())
          .isEqualTo(201);
    }
    assertThat(world.post(path + "/credit-grants", grant.formatted("CNY", start, end)).code())
        .isEqualTo("TooMany");
  }

  @Test
  void money_is_set_aside_taken_and_given_back() {
    String uin = world.account("china", 1000);
    String path = "/accounts/" + uin + "/holds";
    Answer held =
        world.send(
            "POST",
            path,
            "{%s,\"reason\":\"hours\",\"subject\":\"ins-1\"}".formatted(money(300)),
            "Idempotency-Key",
            "h");
    assertThat(held.status()).isEqualTo(201);
    assertThat(held.at("/balance/frozen").asLong()).isEqualTo(300);
    assertThat(held.at("/balance/available").asLong()).isEqualTo(700);
    assertThat(
            world.send("POST", path, "{%s}".formatted(money(300)), "Idempotency-Key", "h").code())
        .isEqualTo("KeyReused");
    String id = held.text("/hold");
    assertThat(world.post(path + "/" + id + "/capture", "{%s}".formatted(money(301))).code())
        .isEqualTo("MoreThanHeld");
    assertThat(
            world.post(path + "/" + id + "/capture", "{\"amount\":1,\"currency\":\"USD\"}").code())
        .isEqualTo("OtherCurrency");
    Answer captured =
        world.send(
            "POST",
            path + "/" + id + "/capture",
            "{%s,\"memo\":\"42 h\"}".formatted(money(250)),
            "Idempotency-Key",
            "c");
    assertThat(captured.status()).isEqualTo(200);
    assertThat(captured.at("/balance/cash").asLong()).isEqualTo(750);
    assertThat(captured.at("/balance/frozen").asLong()).isZero();
    assertThat(
            world
                .send(
                    "POST",
                    path + "/" + id + "/capture",
                    "{%s}".formatted(money(1)),
                    "Idempotency-Key",
                    "c")
                .code())
        .isEqualTo("KeyReused");
    assertThat(world.post(path + "/" + id + "/capture", "{%s}".formatted(money(1))).code())
        .isEqualTo("HoldEnded");
    assertThat(world.post(path + "/" + id + "/release", "").code()).isEqualTo("HoldEnded");

    String other = world.post(path, "{%s}".formatted(money(750))).text("/hold");
    assertThat(world.post(path, "{%s}".formatted(money(1))).code()).isEqualTo("NotAvailable");
    assertThat(world.post(path, "{\"amount\":1,\"currency\":\"USD\"}").code())
        .isEqualTo("OtherCurrency");
    assertThat(world.post(path + "/" + other + "/release", "").at("/balance/available").asLong())
        .isEqualTo(750);
    var listed = world.all(path, 1);
    assertThat(listed)
        .extracting(item -> item.get("state").asString())
        .containsExactly("released", "captured");
    assertThat(listed.getLast().get("subject").asString()).isEqualTo("ins-1");
    assertThat(listed.getLast().get("currency").asString()).isEqualTo("CNY");
    assertThat(world.get(path + "?state=held").at("/items").size()).isZero();
    assertThat(world.get(path + "?state=captured").text("/items/0/id")).isEqualTo(id);

    for (String step : new String[] {"/capture", "/release"}) {
      String body = step.equals("/capture") ? "{%s}".formatted(money(1)) : "";
      assertThat(world.post(path + "/7" + step, body).code()).isEqualTo("NoSuchHold");
      assertThat(world.post("/accounts/7/holds/7" + step, body).code()).isEqualTo("NoSuchAccount");
    }
  }

  @Test
  void a_hold_on_credit_that_has_ended_cannot_be_captured() {
    String uin = world.account("china", 0);
    String path = "/accounts/" + uin;
    world.post(
        path + "/credit-grants",
        "{%s,\"startsAt\":\"2026-01-01T00:00:00Z\",\"endsAt\":\"2026-02-01T00:00:00Z\"}"
            .formatted(money(100)));
    String hold = world.post(path + "/holds", "{%s}".formatted(money(100))).text("/hold");
    world.clock.set(Instant.parse("2026-02-01T00:00:00Z"));
    try {
      assertThat(
              world.post(path + "/holds/" + hold + "/capture", "{%s}".formatted(money(100))).code())
          .isEqualTo("NotAvailable");
      assertThat(world.get(path + "/balance").at("/tempCredit").asLong()).isZero();
    } finally {
      world.clock.set(AdminWorld.NOW);
    }
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void every_operation_has_answered_and_every_refusal_has_arisen() {
    world.requireWhole("balance");
    world.requireWhole("credit");
    world.requireWhole("holds");
  }
}
