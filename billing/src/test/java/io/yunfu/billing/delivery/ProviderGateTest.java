package io.yunfu.billing.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.testkit.Property;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class ProviderGateTest {
  private static final Instant NOW = Instant.parse("2026-01-01T04:00:00Z");

  /// In the middle of its spread: pauses are exactly 1 s, 2 s, 4 s, … 60 s.
  private static final Backoff PAUSES =
      new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1), middle());

  private final ProviderGate gate = new ProviderGate(4, 3, PAUSES);

  @Test
  void a_provider_has_so_many_slots() {
    assertThat(gate.room(NOW)).isEqualTo(4);
    begin(4);
    assertThat(gate.room(NOW)).isZero();
    gate.ended(true, NOW);
    gate.abandoned();
    assertThat(gate.room(NOW)).isEqualTo(2);
    assertThat(gate.running()).isEqualTo(2);
  }

  @Test
  void failures_in_a_row_open_the_circuit_and_one_answer_closes_it() {
    fail(2, NOW);
    succeed(NOW);
    fail(2, NOW);
    assertThat(gate.isDead()).isFalse();
    fail(1, NOW);
    assertThat(gate.isDead()).isTrue();
    assertThat(gate.room(NOW.plusMillis(999))).isZero();
    assertThat(gate.room(NOW.plusSeconds(1))).isEqualTo(1);
    begin(1);
    assertThat(gate.room(NOW.plusSeconds(1))).as("one call at a time").isZero();
    gate.ended(true, NOW.plusSeconds(1));
    assertThat(gate.isDead()).isFalse();
    assertThat(gate.room(NOW.plusSeconds(1))).isEqualTo(4);
  }

  @Test
  void pauses_double_with_every_probe_up_to_the_longest() {
    Instant now = NOW;
    fail(3, now);
    for (int seconds : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
      assertThat(gate.room(now.plusSeconds(seconds).minusMillis(1))).isZero();
      now = now.plusSeconds(seconds);
      assertThat(gate.room(now)).isEqualTo(1);
      fail(1, now);
    }
  }

  @Test
  void calls_that_were_under_way_do_not_lengthen_the_pause() {
    begin(4);
    for (int i = 0; i < 4; i++) {
      gate.ended(false, NOW);
    }
    assertThat(gate.room(NOW.plusSeconds(1))).isEqualTo(1);
  }

  @Test
  void pauses_stay_within_a_quarter_of_their_double_and_below_the_longest() {
    Property.forAll(
        random -> random.nextInt(1, 2000),
        failures -> {
          var backoff =
              new Backoff(
                  Duration.ofSeconds(1),
                  Duration.ofHours(1),
                  RandomGenerator.of("L64X128MixRandom"));
          double doubled = Math.scalb(1.0, Math.min(failures - 1, 40));
          double pause = backoff.after(failures).toNanos() / 1e9;
          assertThat(pause)
              .isBetween(Math.min(0.7499 * doubled, 3600), Math.min(1.2501 * doubled, 3600));
        });
  }

  private void begin(int calls) {
    for (int i = 0; i < calls; i++) {
      gate.began();
    }
  }

  private void fail(int calls, Instant now) {
    for (int i = 0; i < calls; i++) {
      gate.began();
      gate.ended(false, now);
    }
  }

  private void succeed(Instant now) {
    gate.began();
    gate.ended(true, now);
  }

  static RandomGenerator middle() {
    return new RandomGenerator() {
      @Override
      public long nextLong() {
        return 0;
      }

      @Override
      public double nextDouble() {
        return 0.5;
      }
    };
  }
}
