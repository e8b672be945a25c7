package io.yunfu.billing.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GenerationsTest {
  private final Generations<Integer, String> map = new Generations<>(100);

  @Test
  void it_never_holds_more_than_it_may() {
    for (int i = 0; i < 10_000; i++) {
      map.put(i, "x");
      assertThat(map.size()).isLessThanOrEqualTo(100);
    }
  }

  @Test
  void what_is_used_stays_and_what_is_not_goes() {
    map.put(-1, "used");
    map.put(-2, "unused");
    for (int i = 0; i < 10_000; i++) {
      map.put(i, "x");
      assertThat(map.get(-1)).isEqualTo("used");
    }
    assertThat(map.get(-2)).isNull();
  }

  @Test
  void what_is_removed_is_gone_from_both_halves() {
    for (int i = 0; i < 80; i++) {
      map.put(i, i % 2 == 0 ? "even" : "odd");
    }
    map.removeIf("odd"::equals);
    for (int i = 1; i < 80; i += 2) {
      assertThat(map.get(i)).isNull();
    }
  }
}
