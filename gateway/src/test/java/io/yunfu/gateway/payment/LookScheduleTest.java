package io.yunfu.gateway.payment;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LookScheduleTest {
  private static final Instant CREATED = Instant.ofEpochSecond(1772323200);

  @Test
  void an_open_order_is_looked_at_ever_more_seldom_and_after_its_end_for_late_payments() {
    assertThat(looks(LookSchedule.USUAL, 200))
        .containsExactly(5L, 10L, 20L, 40L, 60L, 120L, 180L, 201L, 230L, 320L, 800L, 3800L, 21800L);
  }

  @Test
  void what_would_be_after_the_expiry_is_left_out() {
    assertThat(looks(LookSchedule.USUAL, 20).subList(0, 4)).containsExactly(5L, 10L, 21L, 50L);
  }

  @Test
  void an_operator_may_look_less_often_or_in_any_order_written() {
    var seldom = new LookSchedule(List.of(Duration.ofMinutes(2), Duration.ofSeconds(30)));
    assertThat(looks(seldom, 200).subList(0, 4)).containsExactly(30L, 120L, 180L, 201L);
    assertThat(looks(new LookSchedule(List.of()), 150).getFirst()).isEqualTo(60L);
    assertThat(looks(new LookSchedule(List.of(Duration.ofDays(1))), 150).getFirst())
        .isEqualTo(151L);
  }

  @Test
  void a_refund_is_asked_about_ever_more_seldom_for_a_month() {
    List<Duration> all = new ArrayList<>();
    for (Optional<Instant> at = LookSchedule.ofRefund(CREATED, CREATED);
        at.isPresent();
        at = LookSchedule.ofRefund(CREATED, at.get())) {
      all.add(Duration.between(CREATED, at.get()));
    }
    List<Duration> expected = new ArrayList<>();
    expected.add(Duration.ofSeconds(10));
    expected.add(Duration.ofSeconds(60));
    expected.add(Duration.ofMinutes(5));
    expected.add(Duration.ofMinutes(30));
    expected.add(Duration.ofHours(2));
    Duration last = Duration.ofHours(2);
    while (last.compareTo(Duration.ofDays(3)) < 0) {
      last = last.plus(Duration.ofHours(6));
      expected.add(last);
    }
    for (int day = 1; day <= 27; day++) {
      last = last.plus(Duration.ofDays(1));
      expected.add(last);
    }
    assertThat(all).isEqualTo(expected);
    assertThat(all).hasSize(5 + 12 + 27);
  }

  /// Seconds after the creation.
  private static List<Long> looks(LookSchedule schedule, long expiry) {
    List<Long> all = new ArrayList<>();
    Instant expires = CREATED.plusSeconds(expiry);
    for (Optional<Instant> at = schedule.ofOrder(CREATED, expires, CREATED);
        at.isPresent();
        at = schedule.ofOrder(CREATED, expires, at.get())) {
      all.add(Duration.between(CREATED, at.get()).toSeconds());
    }
    return all;
  }
}
