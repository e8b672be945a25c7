package io.yunfu.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GoalTest {
  private final Goal atLeast = Goal.atLeast(4, "× A1", 2);
  private final Goal atMost = Goal.atMost(1.5, "s", 2);
  private final Goal below = Goal.below(1, "× paid", 2);

  @Test
  void a_figure_that_just_misses_its_goal_does_not_look_as_if_it_met_it() {
    assertThat(atLeast.isMet(3.9999)).isFalse();
    assertThat(atLeast.shown(3.9999)).isEqualTo("3.99 × A1");
    assertThat(atMost.isMet(1.5001)).isFalse();
    assertThat(atMost.shown(1.5001)).isEqualTo("1.51 s");
    assertThat(below.shown(0.9901)).isEqualTo("1.00 × paid");
    assertThat(below.isMet(0.9901)).isTrue();
  }

  @Test
  void a_figure_that_is_exactly_the_goal_meets_it_and_keeps_its_looks() {
    assertThat(atLeast.isMet(4)).isTrue();
    assertThat(atLeast.shown(4)).isEqualTo("4.00 × A1");
    assertThat(atMost.isMet(1.5)).isTrue();
    assertThat(atMost.shown(1.1)).isEqualTo("1.10 s");
  }

  @Test
  void as_much_is_not_less() {
    assertThat(below.isMet(1)).isFalse();
    assertThat(below.isMet(0.999)).isTrue();
  }

  @Test
  void where_nothing_was_done_no_goal_is_met() {
    for (double nothing : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThat(atLeast.isMet(nothing)).isFalse();
      assertThat(atMost.isMet(nothing)).isFalse();
      assertThat(atLeast.shown(nothing)).isEqualTo("none");
    }
  }

  @Test
  void what_is_wanted_is_told_as_it_was_set() {
    assertThat(atLeast.wanted()).isEqualTo("≥ 4 × A1");
    assertThat(atMost.wanted()).isEqualTo("≤ 1.5 s");
    assertThat(below.wanted()).isEqualTo("< 1 × paid");
    assertThat(Goal.atMost(150, "µs", 1).wanted()).isEqualTo("≤ 150 µs");
  }

  @Test
  void without_a_goal_a_figure_is_still_not_told_better_than_it_is() {
    Goal gain = Goal.gain("/s", 0);
    Goal cost = Goal.cost("µs", 1);
    assertThat(gain.wanted() + cost.wanted()).isEmpty();
    assertThat(gain.isSet() || cost.isSet()).isFalse();
    assertThat(gain.shown(99.9)).isEqualTo("99 /s");
    assertThat(cost.shown(99.91)).isEqualTo("100.0 µs");
  }
}
