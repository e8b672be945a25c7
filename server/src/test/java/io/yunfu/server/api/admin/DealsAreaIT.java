package io.yunfu.server.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.pay.PayDeals;
import io.yunfu.server.api.admin.AdminWorld.Answer;
import java.util.Collections;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DealsAreaIT {
  private final AdminWorld world = new AdminWorld();

  @AfterAll
  void close() {
    world.close();
  }

  private final String owner = world.account("china", 100_000);

  @BeforeAll
  void product() {
    world.post(
        "/products",
        """
        {"code":"p_cvm","subCode":"sp_cvm","nameZh":"云服务器","nameEn":"Machine","subNameZh":"标准","subNameEn":"Standard",
         "resourcePrefix":"ins"}\
        """);
  }

  private Answer order(String body) {
    return world.post("/accounts/" + owner + "/deals", body);
  }

  private static String deal(String more) {
    return "{\"product\":\"p_cvm\",\"subProduct\":\"sp_cvm\",\"unitPrice\":100%s}".formatted(more);
  }

  private static String big(String... deals) {
    return "{\"deals\":[%s]}".formatted(String.join(",", deals));
  }

  private static String bigDeals(String... bigDeals) {
    return "\"bigDeals\":[%s]".formatted(String.join(",", bigDeals));
  }

  @Test
  void an_order_is_placed_with_every_part_of_a_deal() {
    String user = world.post("/accounts/" + owner + "/users", "{}").text("/uin");
    Answer created =
        order(
            """
            {"creator":"%s","payUntil":"2026-06-30T16:00:00+08:00","bigDeals":[
              {"id":"big-1","deals":[
                {"id":"deal-1","product":"p_cvm","subProduct":"sp_cvm","unitPriceMicro":123456789,"quantity":2,
                 "timeSpan":1.5,"timeUnit":"y","policyPpm":850000,"action":"purchase","payMode":"prePay",
                 "vouchersAllowed":false,"projectId":7,"info":[{"name":"规格","value":"2C4G"}],"formula":"a*b",
                 "refReturnDeals":"r","zone":"ap-1"},
                {"id":"deal-2","product":"p_cvm","subProduct":"sp_cvm","unitPrice":5,"action":"renew",
                 "targets":["ins-1"]}]}]}\
            """
                .formatted(user));
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.text("/payUntil")).isEqualTo("2026-06-30T08:00:00Z");
    assertThat(created.text("/bigDeals/0/bigDealId")).isEqualTo("big-1");
    assertThat(created.text("/bigDeals/0/deals/1/dealId")).isEqualTo("deal-2");
    // 123.456789 × 2 × 1.5 × 0.85, half a cent up.
    assertThat(created.at("/bigDeals/0/deals/0/payable").asLong()).isEqualTo(315);
    assertThat(created.at("/packageId").isMissingNode()).isTrue();
    Answer deal = world.get("/deals/deal-1");
    assertThat(deal.text("/creator")).isEqualTo(user);
    assertThat(deal.text("/status")).isEqualTo("unpaid");
    assertThat(deal.at("/statusCode").asInt()).isEqualTo(1);
    assertThat(deal.at("/timeSpan").decimalValue()).isEqualByComparingTo("1.5");
    assertThat(deal.text("/timeUnit")).isEqualTo("y");
    assertThat(deal.at("/unitPriceMicro").asLong()).isEqualTo(123_456_789);
    assertThat(deal.at("/listPriceMicro").asLong()).isEqualTo(370_370_367);
    assertThat(deal.at("/vouchersAllowed").asBoolean()).isFalse();
    assertThat(deal.at("/projectId").asInt()).isEqualTo(7);
    assertThat(deal.text("/info/0/value")).isEqualTo("2C4G");
    assertThat(deal.text("/zone")).isEqualTo("ap-1");
    assertThat(deal.at("/payment").isMissingNode()).isTrue();
    assertThat(world.get("/deals/deal-2").text("/targets/0")).isEqualTo("ins-1");
    assertThat(world.get("/big-deals/big-1").at("/deals").size()).isEqualTo(2);
    assertThat(world.lastChange("account/" + owner).action()).isEqualTo("deal.create");

    assertThat(order("{%s}".formatted(bigDeals(big(deal(",\"id\":\"deal-1\""))))).code())
        .isEqualTo("DealExists");
    assertThat(
            order("{\"bigDeals\":[{\"id\":\"big-1\",\"deals\":[%s]}]}".formatted(deal(""))).code())
        .isEqualTo("BigDealExists");
  }

  @Test
  void purchases_form_a_package_that_others_join() {
    Answer created =
        order("{\"asPackage\":true,%s}".formatted(bigDeals(big(deal("")), big(deal("")))));
    String id = created.text("/packageId");
    assertThat(id).isNotEmpty();
    Answer joined = order("{\"packageId\":\"%s\",%s}".formatted(id, bigDeals(big(deal("")))));
    assertThat(joined.text("/packageId")).isEqualTo(id);
    assertThat(world.all("/deals?packageId=" + id, 2)).hasSize(3);
    assertThat(
            order(
                    "{\"asPackage\":true,\"packageId\":\"%s\",%s}"
                        .formatted(id, bigDeals(big(deal("")))))
                .text("/error/field"))
        .isEqualTo("packageId");
    String bigDeal = joined.text("/bigDeals/0/bigDealId");
    Answer closed = world.post("/big-deals/" + bigDeal + "/close", "{\"reason\":\"cancel\"}");
    assertThat(closed.text("/dealIds/0")).isEqualTo(joined.text("/bigDeals/0/deals/0/dealId"));
    Answer late = order("{\"packageId\":\"%s\",%s}".formatted(id, bigDeals(big(deal("")))));
    assertThat(late.status()).isEqualTo(409);
    assertThat(late.code()).isEqualTo("PackageIsClosed");
  }

  @Test
  void an_order_is_placed_once_for_a_key() {
    String path = "/accounts/" + owner + "/deals";
    String body = "{%s}".formatted(bigDeals(big(deal(""))));
    Answer first = world.send("POST", path, body, "Idempotency-Key", "o-1");
    assertThat(world.send("POST", path, body, "Idempotency-Key", "o-1").text())
        .isEqualTo(first.text());
    assertThat(
            world.send("POST", path, body.replace("100", "101"), "Idempotency-Key", "o-1").code())
        .isEqualTo("KeyReused");
  }

  @Test
  void what_cannot_be_ordered_is_refused_with_the_place_of_the_mistake() {
    long before = world.changes();
    Answer product =
        order(
            "{%s}"
                .formatted(
                    bigDeals(big(deal("")), big(deal(""), deal("").replace("sp_cvm", "sp_x")))));
    assertThat(product.status()).isEqualTo(422);
    assertThat(product.code()).isEqualTo("UnknownProduct");
    assertThat(product.text("/error/field")).isEqualTo("bigDeals[1].deals[1].product");
    assertThat(
            order(
                    "{%s}"
                        .formatted(
                            bigDeals(
                                big(
                                    deal(",\"quantity\":10000,\"timeSpan\":99999999")
                                        .replace("100,", "92233720368,")))))
                .code())
        .isEqualTo("PriceNotExact");
    Answer targets = order("{%s}".formatted(bigDeals(big(deal(",\"action\":\"renew\"")))));
    assertThat(targets.code()).isEqualTo("TargetsDoNotFit");
    assertThat(targets.text("/error/field")).isEqualTo("bigDeals[0].deals[0].targets");
    assertThat(order("{\"creator\":\"7\",%s}".formatted(bigDeals(big(deal(""))))).code())
        .isEqualTo("CreatorMayNot");
    assertThat(
            order("{\"payUntil\":\"2025-01-01T00:00:00Z\",%s}".formatted(bigDeals(big(deal("")))))
                .code())
        .isEqualTo("PayUntilIsPast");
    assertThat(world.post("/accounts/7/deals", "{%s}".formatted(bigDeals(big(deal(""))))).code())
        .isEqualTo("NoSuchAccount");
    assertThat(order("{\"bigDeals\":[]}").text("/error/field")).isEqualTo("bigDeals");
    assertThat(order("{\"bigDeals\":[{\"deals\":[]}]}").text("/error/field"))
        .isEqualTo("bigDeals[0].deals");
    assertThat(
            order("{%s}".formatted(bigDeals(big(deal(",\"unitPriceMicro\":5")))))
                .text("/error/field"))
        .isEqualTo("bigDeals[0].deals[0].unitPrice");
    assertThat(
            order("{%s}".formatted(bigDeals(big(deal(",\"timeSpan\":0.00001")))))
                .text("/error/field"))
        .isEqualTo("bigDeals[0].deals[0].timeSpan");
    for (String span :
        new String[] {"0", "-1", "1e999999999", "1e-999999999", "100000000", "\"1\""}) {
      assertThat(
              order("{%s}".formatted(bigDeals(big(deal(",\"timeSpan\":" + span)))))
                  .text("/error/field"))
          .as(span)
          .isEqualTo("bigDeals[0].deals[0].timeSpan");
    }
    String many = String.join(",", Collections.nCopies(51, big(deal(""), deal(""))));
    assertThat(order("{\"bigDeals\":[%s]}".formatted(many)).text("/error/field"))
        .isEqualTo("bigDeals");
    Answer deep =
        order(
            """
            {"bigDeals":[{"deals":[{"product":"p_cvm","subProduct":5,"colour":1,"info":[{"name":"a"}]}]}]}\
            """);
    assertThat(deep.at("/error/mistakes").valueStream().map(each -> each.get("field").asString()))
        .containsExactlyInAnyOrder(
            "bigDeals[0].deals[0].colour",
            "bigDeals[0].deals[0].subProduct",
            "bigDeals[0].deals[0].info[0].value");
    assertThat(world.changes()).isEqualTo(before);
  }

  @Test
  void deals_are_listed_by_all_that_an_operator_asks_for() {
    String buyer = world.account("china", 1000);
    String path = "/accounts/" + buyer + "/deals";
    for (int i = 0; i < 3; i++) {
      world.post(path, "{%s}".formatted(bigDeals(big(deal("")))));
    }
    String paid =
        world
            .post(path, "{%s}".formatted(bigDeals(big(deal("")))))
            .text("/bigDeals/0/deals/0/dealId");
    assertThat(world.pay(buyer, paid, Optional.empty())).isInstanceOf(PayDeals.Answer.Paid.class);
    world.awaitDelivered(paid);
    assertThat(world.all("/deals?owner=" + buyer, 2)).hasSize(4);
    assertThat(world.all("/deals", 500)).hasSizeGreaterThanOrEqualTo(4);
    assertThat(world.all("/deals?owner=" + buyer + "&status=delivered&status=paid", 2)).hasSize(1);
    assertThat(world.all("/deals?status=unpaid&owner=" + buyer, 2)).hasSize(3);
    assertThat(world.all("/deals?owner=" + buyer + "&product=p_none", 2)).isEmpty();
    assertThat(world.all("/deals?owner=" + buyer + "&until=2026-01-01T00:00:00Z", 2)).isEmpty();
    Answer deal = world.get("/deals/" + paid);
    assertThat(deal.text("/payment/payer")).isEqualTo(buyer);
    assertThat(deal.at("/payment/fromBalance").asLong()).isEqualTo(100);
    String resource = deal.text("/resources/0");
    assertThat(resource).startsWith("ins-");
    assertThat(world.get("/deals?resource=" + resource).text("/items/0/id")).isEqualTo(paid);
    assertThat(world.get("/deals?bigDeal=" + deal.text("/bigDealId")).at("/items").size())
        .isEqualTo(1);

    assertThat(world.post("/big-deals/" + deal.text("/bigDealId") + "/close", "{}").code())
        .isEqualTo("NotUnpaid");
    assertThat(world.post("/big-deals/nothing/close", "").code()).isEqualTo("NoSuchBigDeal");
    assertThat(world.get("/big-deals/nothing").code()).isEqualTo("NoSuchBigDeal");
    assertThat(world.get("/deals/nothing").code()).isEqualTo("NoSuchDeal");
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void every_operation_has_answered_and_every_refusal_has_arisen() {
    world.requireWhole("deals");
    world.requireWhole("big-deals");
  }
}
