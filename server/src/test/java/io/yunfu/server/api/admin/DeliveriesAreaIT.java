package io.yunfu.server.api.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.pay.PayDeals;
import io.yunfu.server.api.admin.AdminWorld.Answer;
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
class DeliveriesAreaIT {
  private final AdminWorld world = new AdminWorld();

  @AfterAll
  void close() {
    world.close();
  }

  private final String owner = world.account("china", 100_000);

  /// Nobody listens on that port of loopback.
  @BeforeAll
  void provider() {
    world.post(
        "/providers",
        "{\"name\":\"gone\",\"url\":\"http://127.0.0.1:1/\",\"maxAttempts\":1,\"timeoutMs\":1000}");
    world.post("/products", product("p_gone", ",\"provider\":\"gone\""));
  }

  private static String product(String code, String more) {
    return """
    {"code":"%s","subCode":"s","nameZh":"a","nameEn":"a","subNameZh":"a","subNameEn":"a"%s}\
    """
        .formatted(code, more);
  }

  private String failed() {
    String deal =
        world
            .post(
                "/accounts/" + owner + "/deals",
                "{\"bigDeals\":[{\"deals\":[{\"product\":\"p_gone\",\"subProduct\":\"s\",\"unitPrice\":1}]}]}")
            .text("/bigDeals/0/deals/0/dealId");
    assertThat(world.pay(owner, deal, Optional.empty())).isInstanceOf(PayDeals.Answer.Paid.class);
    awaitFailed(deal);
    return deal;
  }

  private void awaitFailed(String deal) {
    world.await(() -> world.get("/deliveries/" + deal).text("/state").equals("failed"));
  }

  @Test
  void what_has_failed_stands_in_the_list_with_its_calls_and_is_delivered_again() {
    String deal = failed();
    String other = failed();
    Answer delivery = world.get("/deliveries/" + deal);
    assertThat(delivery.text("/provider")).isEqualTo("gone");
    assertThat(delivery.text("/dealStatus")).isEqualTo("delivery_failed");
    assertThat(delivery.text("/lastError")).isNotEmpty();
    assertThat(world.all("/deliveries?state=failed&owner=" + owner, 1)).hasSize(2);
    assertThat(world.all("/deliveries?provider=gone&product=p_gone", 10)).hasSize(2);
    assertThat(world.all("/deliveries?state=running&product=p_none", 10)).isEmpty();
    assertThat(world.all("/deliveries/" + deal + "/attempts", 10)).hasSize(1);
    assertThat(world.get("/deliveries/" + deal + "/attempts").text("/items/0/outcome"))
        .isEqualTo("unknown");

    String unpaid =
        world
            .post(
                "/accounts/" + owner + "/deals",
                "{\"bigDeals\":[{\"deals\":[{\"product\":\"p_gone\",\"subProduct\":\"s\",\"unitPrice\":1}]}]}")
            .text("/bigDeals/0/deals/0/dealId");
    Answer again =
        world.post(
            "/deliveries/redeliver",
            "{\"deals\":[\"%s\",\"%s\",\"nobody\"]}".formatted(deal, unpaid));
    assertThat(again.at("/queued")).hasToString("[\"" + deal + "\"]");
    assertThat(again.at("/refused").size()).isEqualTo(2);
    assertThat(again.text())
        .contains("{\"deal\":\"nobody\",\"code\":\"NoSuchDeal\"}")
        .contains(
            "{\"deal\":\"%s\",\"code\":\"NotFailed\",\"status\":\"unpaid\"}".formatted(unpaid));
    assertThat(world.lastChange("deal/" + deal).action()).isEqualTo("deal.redeliver");
    awaitFailed(deal);
    assertThat(world.all("/deliveries/" + deal + "/attempts", 1)).hasSize(2);

    // By now somebody else makes it.
    world.send(
        "PUT",
        "/products/p_gone/s",
        "{\"nameZh\":\"a\",\"nameEn\":\"a\",\"subNameZh\":\"a\",\"subNameEn\":\"a\"}");
    Answer all = world.post("/deliveries/redeliver-failed", "{\"provider\":\"gone\"}");
    assertThat(all.at("/queued").asInt()).isEqualTo(2);
    world.awaitDelivered(deal);
    world.awaitDelivered(other);
    assertThat(world.get("/deliveries/" + deal).code()).isEqualTo("NotQueued");
    assertThat(world.post("/deliveries/redeliver-failed", "").at("/queued").asInt()).isZero();
    assertThat(world.post("/deliveries/redeliver", "{\"deals\":[]}").text("/error/field"))
        .isEqualTo("deals");
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void every_operation_has_answered_and_every_refusal_has_arisen() {
    world.requireWhole("deliveries");
  }
}
