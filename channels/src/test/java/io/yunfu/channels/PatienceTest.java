package io.yunfu.channels;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// How long an installation waits for a channel, as no setting changes it. Source: `channels.md`
/// section 1.4.
class PatienceTest {
  @Test
  void a_connection_stands_after_two_seconds_or_the_call_is_over() {
    assertThat(Transport.Settings.DEFAULT.connect()).isEqualTo(Duration.ofSeconds(2));
  }

  @ParameterizedTest
  @CsvSource({"CREATE, 8", "QUERY, 8", "CLOSE, 8", "QUERY_REFUND, 8", "REFUND, 20"})
  void a_call_is_decided_after_eight_seconds_and_one_that_moves_money_after_twenty(
      Operation operation, int seconds) {
    assertThat(Patience.DEFAULT.whole(operation)).isEqualTo(Duration.ofSeconds(seconds));
  }

  @Test
  void a_bill_may_take_five_minutes_to_arrive() {
    assertThat(Patience.DEFAULT.bill()).isEqualTo(Duration.ofMinutes(5));
  }

  @Test
  void a_creation_is_repeated_twice_a_question_once_and_what_moves_money_never() {
    assertThat(Patience.DEFAULT.repetitions(Operation.CREATE))
        .containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(3));
    for (var asking : List.of(Operation.QUERY, Operation.QUERY_REFUND)) {
      assertThat(Patience.DEFAULT.repetitions(asking)).containsExactly(Duration.ZERO);
    }
    for (var changing : List.of(Operation.CLOSE, Operation.REFUND)) {
      assertThat(Patience.DEFAULT.repetitions(changing)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(Operation.class)
  void a_channel_that_stumbled_is_a_reason_to_repeat_and_a_silence_is_none_for_a_creation(
      Operation operation) {
    assertThat(Patience.DEFAULT.repeats(operation, Meaning.REPEAT)).isTrue();
    assertThat(Patience.DEFAULT.repeats(operation, Meaning.SILENT))
        .isEqualTo(operation != Operation.CREATE);
    assertThat(Patience.DEFAULT.repeats(operation, Meaning.ASK)).isFalse();
  }
}
