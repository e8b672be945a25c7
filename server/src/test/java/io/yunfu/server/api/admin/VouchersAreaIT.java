package io.yunfu.server.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.pay.PayDeals;
import io.yunfu.billing.voucher.VoucherId;
import io.yunfu.server.api.admin.AdminWorld.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VouchersAreaIT {
  private final AdminWorld world = new AdminWorld();

  @AfterAll
  void close() {
    world.close();
  }

  private final String owner = world.account("china", 0);

  private Answer issue(String more) {
    return world.post(
        "/accounts/" + owner + "/vouchers",
        "{\"amount\":3000,\"currency\":\"CNY\",\"begins\":\"2026-01-01\",\"ends\":\"2026-12-31\"%s}"
            .formatted(more));
  }

  @Test
  void a_voucher_is_issued_with_every_part_of_its_scope() {
    Answer issued =
        issue(
            """
            ,"applicableProducts":["p_cvm","p_cbs/sp_one"],"excludedProducts":["p_cvm/sp_x"],"payMode":"prePay",
            "payScenes":["purchase","settle account"],"minimumSpend":5000,"autoUse":false,"claimed":false,
            "name":"Welcome 欢迎","mainType":"no_price","subType":"discount","codeId":"code-1","activityId":"act-1",
            "policyRemark":"Once","id":"imported-1"
            """);
    assertThat(issued.status()).isEqualTo(201);
    assertThat(issued.text("/voucherIds/0")).isEqualTo("imported-1");
    Answer voucher = world.get("/vouchers/imported-1");
    assertThat(voucher.text("/owner")).isEqualTo(owner);
    assertThat(voucher.text("/status")).isEqualTo("delivered");
    assertThat(voucher.at("/amount").asLong()).isEqualTo(3000);
    assertThat(voucher.at("/balance").asLong()).isEqualTo(3000);
    assertThat(voucher.at("/balanceMicro").asLong()).isEqualTo(3_000_000_000L);
    assertThat(voucher.at("/applicableProducts")).hasToString("[\"p_cvm\",\"p_cbs/sp_one\"]");
    assertThat(voucher.at("/excludedProducts")).hasToString("[\"p_cvm/sp_x\"]");
    assertThat(voucher.at("/payScenes")).hasToString("[\"purchase\",\"settle account\"]");
    assertThat(voucher.text("/payMode")).isEqualTo("prePay");
    assertThat(voucher.at("/minimumSpend").asLong()).isEqualTo(5000);
    assertThat(voucher.at("/autoUse").asBoolean()).isFalse();
    assertThat(voucher.text("/name")).isEqualTo("Welcome 欢迎");
    assertThat(voucher.text("/mainType")).isEqualTo("no_price");
    assertThat(voucher.text("/subType")).isEqualTo("discount");
    assertThat(voucher.text("/codeId")).isEqualTo("code-1");
    assertThat(voucher.text("/activityId")).isEqualTo("act-1");
    assertThat(voucher.text("/policyRemark")).isEqualTo("Once");
    assertThat(voucher.text("/begins")).isEqualTo("2026-01-01");
    assertThat(voucher.text("/ends")).isEqualTo("2026-12-31");

    assertThat(issue(",\"id\":\"imported-1\"").code()).isEqualTo("VoucherExists");
  }

  @Test
  void vouchers_are_issued_many_at_a_time_and_once_for_a_key() {
    String body =
        "{\"amount\":100,\"currency\":\"CNY\",\"begins\":\"2026-01-01\",\"ends\":\"2026-12-31\",\"count\":7,\"name\":\"Seven\"}";
    String path = "/accounts/" + owner + "/vouchers";
    Answer first = world.send("POST", path, body, "Idempotency-Key", "seven");
    assertThat(first.at("/voucherIds").size()).isEqualTo(7);
    assertThat(world.send("POST", path, body, "Idempotency-Key", "seven").text())
        .isEqualTo(first.text());
    assertThat(
            world.send("POST", path, body.replace("100", "101"), "Idempotency-Key", "seven").code())
        .isEqualTo("KeyReused");
    assertThat(world.all("/vouchers?name=sEVEN&owner=" + owner, 3)).hasSize(7);
    assertThat(world.all("/vouchers?name=seven", 3)).hasSize(7);
    assertThat(world.all("/vouchers?name=seven&status=used", 3)).isEmpty();
    assertThat(world.all("/vouchers?name=seven&endsFrom=2026-12-31&endsUntil=2026-12-31", 10))
        .hasSize(7);
    assertThat(world.all("/vouchers?name=seven&endsFrom=2027-01-01", 10)).isEmpty();
    assertThat(world.all("/vouchers?name=seven&codeId=none", 10)).isEmpty();
    assertThat(world.all("/vouchers?name=seven&activityId=none", 10)).isEmpty();
  }

  @Test
  void what_cannot_be_issued_is_refused() {
    long before = world.changes();
    assertThat(issue(",\"count\":2,\"id\":\"two\"").text("/error/field")).isEqualTo("id");
    assertThat(issue(",\"count\":1001").text("/error/field")).isEqualTo("count");
    assertThat(issue(",\"payScenes\":[]").text("/error/field")).isEqualTo("payScenes");
    assertThat(issue(",\"payScenes\":[\"renew\",\"renew\"]").text("/error/field"))
        .isEqualTo("payScenes");
    assertThat(issue(",\"applicableProducts\":[\"a/b/c\"]").text("/error/field"))
        .isEqualTo("applicableProducts[0]");
    String path = "/accounts/" + owner + "/vouchers";
    String body = "{\"amount\":1,\"currency\":\"%s\",\"begins\":\"%s\",\"ends\":\"%s\"}";
    assertThat(
            world
                .post(path, body.formatted("CNY", "2026-02-01", "2026-01-31"))
                .text("/error/field"))
        .isEqualTo("ends");
    assertThat(
            world
                .post(path, body.formatted("CNY", "2026-02-30", "2026-03-31"))
                .text("/error/field"))
        .isEqualTo("begins");
    assertThat(world.post(path, body.formatted("USD", "2026-01-01", "2026-12-31")).code())
        .isEqualTo("OtherCurrency");
    assertThat(world.post(path, body.formatted("CNY", "2025-01-01", "2025-12-31")).code())
        .isEqualTo("ValidityIsPast");
    assertThat(
            world
                .post("/accounts/7/vouchers", body.formatted("CNY", "2026-01-01", "2026-12-31"))
                .code())
        .isEqualTo("NoSuchAccount");
    assertThat(world.changes()).isEqualTo(before);
  }

  @Test
  void a_voucher_is_claimed_and_withdrawn_for_good() {
    String id = issue(",\"claimed\":false").text("/voucherIds/0");
    assertThat(world.post("/vouchers/" + id + "/claim", "").text("/status")).isEqualTo("unUsed");
    assertThat(world.post("/vouchers/" + id + "/claim", "").code()).isEqualTo("NotPossible");
    assertThat(world.post("/vouchers/" + id + "/void", "").text("/status")).isEqualTo("cancel");
    assertThat(world.post("/vouchers/" + id + "/void", "").code()).isEqualTo("NotPossible");
    assertThat(world.lastChange("voucher/" + id).action()).isEqualTo("voucher.cancel");
    for (String step : new String[] {"/claim", "/void"}) {
      assertThat(world.post("/vouchers/nothing" + step, "").code()).isEqualTo("NoSuchVoucher");
    }
    assertThat(world.get("/vouchers/nothing").code()).isEqualTo("NoSuchVoucher");
    assertThat(world.get("/vouchers/nothing/usages").code()).isEqualTo("NoSuchVoucher");

    String late = issue(",\"claimed\":false").text("/voucherIds/0");
    world.clock.set(Instant.parse("2027-01-01T00:00:00Z"));
    try {
      assertThat(world.post("/vouchers/" + late + "/claim", "").code()).isEqualTo("ValidityIsPast");
    } finally {
      world.clock.set(AdminWorld.NOW);
    }
  }

  @Test
  void what_a_voucher_paid_for_is_listed() {
    String id = issue("").text("/voucherIds/0");
    var voucher = new VoucherId(id);
    world.post(
        "/products",
        "{\"code\":\"p_v\",\"subCode\":\"sp_v\",\"nameZh\":\"a\",\"nameEn\":\"a\",\"subNameZh\":\"a\",\"subNameEn\":\"a\"}");
    for (int i = 0; i < 3; i++) {
      String deal =
          world
              .post(
                  "/accounts/" + owner + "/deals",
                  "{\"bigDeals\":[{\"deals\":[{\"product\":\"p_v\",\"subProduct\":\"sp_v\",\"unitPrice\":100}]}]}")
              .text("/bigDeals/0/deals/0/dealId");
      assertThat(world.pay(owner, deal, Optional.of(voucher)))
          .isInstanceOf(PayDeals.Answer.Paid.class);
      world.clock.advance(Duration.ofSeconds(1));
    }
    var usages = world.all("/vouchers/" + id + "/usages", 2);
    assertThat(usages).hasSize(3);
    assertThat(usages).allMatch(usage -> usage.get("amount").asLong() == 100);
    assertThat(usages.getFirst().get("currency").asString()).isEqualTo("CNY");
    Answer after = world.get("/vouchers/" + id);
    assertThat(after.at("/balance").asLong()).isEqualTo(2700);
    String deal = usages.getFirst().get("dealId").asString();
    assertThat(world.get("/deals/" + deal).text("/payment/voucher")).isEqualTo(id);
    assertThat(world.get("/deals/" + deal).at("/payment/fromVoucher").asLong()).isEqualTo(100);
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void every_operation_has_answered_and_every_refusal_has_arisen() {
    world.requireWhole("vouchers");
  }
}
