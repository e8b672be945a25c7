package io.yunfu.billing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.deal.DealId;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class ResourceIdsTest {
  private static final DealId DEAL = new DealId("20260101000000000000001");

  @Test
  void a_deal_always_gets_the_same_id_and_it_looks_like_the_vendors() {
    String id = ResourceIds.make("ins", DEAL, 0, 0);
    assertThat(id).matches("ins-[0-9a-z]{8}").isEqualTo(ResourceIds.make("ins", DEAL, 0, 0));
  }

  @Test
  void ordinals_turns_and_deals_give_different_ids() {
    var ids = new HashSet<String>();
    for (int ordinal = 0; ordinal < 100; ordinal++) {
      for (int turn = 0; turn < 10; turn++) {
        ids.add(ResourceIds.make("ins", DEAL, ordinal, turn));
        ids.add(ResourceIds.make("ins", new DealId("1"), ordinal, turn));
      }
    }
    assertThat(ids).hasSize(2000).allMatch(ResourceIds::wellFormed);
  }

  @Test
  void what_could_break_a_list_or_a_page_is_no_resource_id() {
    assertThat(ResourceIds.wellFormed("qcs::cvm:gz/uin_1/ins-1.a")).isTrue();
    assertThat(ResourceIds.wellFormed("a".repeat(128))).isTrue();
    assertThat(ResourceIds.wellFormed("a".repeat(129))).isFalse();
    for (String bad : new String[] {"", "a,b", "a b", "a\n", "a\"", "<a>", "é", "{a}", "a\\"}) {
      assertThat(ResourceIds.wellFormed(bad)).as(bad).isFalse();
    }
  }
}
