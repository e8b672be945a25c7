package io.yunfu.billing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.agentpay.AgentPay;
import io.yunfu.billing.deal.DealId;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AtOnceTest {
  private final AtOnce atOnce = new AtOnce();

  @Test
  void a_transaction_makes_no_more_than_one_of_the_queue_would() {
    int most = DeliverDeals.MOST_RESOURCES / AtOnce.MOST_PER_DEAL;
    for (int deal = 0; deal <= most; deal++) {
      atOnce.make(purchase("deal-" + deal, AtOnce.MOST_PER_DEAL));
    }
    assertThat(atOnce.holds(new DealId("deal-" + (most - 1)))).isTrue();
    assertThat(atOnce.holds(new DealId("deal-" + most))).isFalse();
  }

  @Test
  void a_deal_of_many_resources_is_left_to_the_queue() {
    atOnce.make(purchase("many", AtOnce.MOST_PER_DEAL + 1));
    assertThat(atOnce.holds(new DealId("many"))).isFalse();
  }

  private static AtOnce.Purchase purchase(String deal, int quantity) {
    var owner = new Uin(100_000_000_001L);
    return new AtOnce.Purchase(
        new DealId(deal),
        owner,
        "p_cvm",
        "sp_cvm",
        quantity,
        "ins",
        owner,
        AgentPay.SELF,
        Instant.EPOCH);
  }
}
