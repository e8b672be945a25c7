package io.yunfu.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.billing.deal.Ids;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class NumberingTest {
  private static final int ACCOUNTS = 100;
  private static final int DEALS = 100_000;

  private final Numbering numbering = new Numbering("20261122000", 900_000_000_000L, ACCOUNTS);

  @Test
  void uniform_deals_belong_to_every_account_about_equally_often() {
    var counts = new int[ACCOUNTS];
    for (int number = 1; number <= DEALS; number++) {
      counts[numbering.position(number, 0)]++;
    }
    assertThat(Arrays.stream(counts).boxed())
        .allSatisfy(count -> assertThat(count).isBetween(800, 1200));
  }

  @Test
  void nine_hot_deals_in_ten_belong_to_the_first_account() {
    long first = Workload.HOT.firstNumber();
    int hot = 0;
    for (long number = first; number < first + DEALS; number++) {
      hot += numbering.position(number, 90) == 0 ? 1 : 0;
    }
    // A hundredth of the others is the first one's, too.
    assertThat(hot).isBetween(89_500, 90_800);
  }

  @Test
  void neighbours_do_not_follow_each_other() {
    int steps = 0;
    for (int number = 1; number < DEALS; number++) {
      int step = numbering.position(number + 1, 0) - numbering.position(number, 0);
      steps += step == 1 ? 1 : 0;
    }
    assertThat(steps).isLessThan(DEALS / 50);
  }

  @Test
  void no_number_overflows() {
    assertThat(numbering.position(Numbering.MAX, 0)).isBetween(0, ACCOUNTS - 1);
    assertThatThrownBy(() -> numbering.position(Numbering.MAX + 1, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void ids_have_the_form_of_those_that_are_made_here() {
    assertThat(Ids.looksOurs(numbering.deal(1))).isTrue();
    assertThat(Ids.looksOurs(numbering.deal(Numbering.MAX))).isTrue();
    assertThat(Ids.cellOf(numbering.deal(1)).value()).isZero();
  }
}
