package io.yunfu.gateway.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.kernel.CellId;
import io.yunfu.kernel.IdSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class OperatorNumbersTest {
  private static final String LONGEST_PREFIX = "A".repeat(20);

  private final AtomicLong sequence = new AtomicLong();

  private long next() {
    return IdSource.compose(new CellId(CellId.MAX), sequence.incrementAndGet());
  }

  private String number(String start, String scope, String key) {
    return OperatorNumbers.of(start, scope, Optional.of(key), this::next);
  }

  @Test
  void the_same_key_gives_the_same_number_and_another_key_or_scope_another() {
    String one = number("gz02", "top-up/1", "a");
    assertThat(number("gz02", "top-up/1", "a")).isEqualTo(one);
    assertThat(number("gz02", "top-up/1", "b")).isNotEqualTo(one);
    assertThat(number("gz02", "top-up/2", "a")).isNotEqualTo(one);
  }

  @Test
  void without_a_key_every_number_is_new_also_behind_the_longest_prefix() {
    var numbers = new HashSet<String>();
    for (int i = 0; i < 5_000; i++) {
      numbers.add(OperatorNumbers.of(LONGEST_PREFIX, "s", Optional.empty(), this::next));
    }
    assertThat(numbers).hasSize(5_000);
    sequence.set((1L << IdSource.SEQUENCE_BITS) - 3);
    String last = OperatorNumbers.of(LONGEST_PREFIX, "s", Optional.empty(), this::next);
    String veryLast = OperatorNumbers.of(LONGEST_PREFIX, "s", Optional.empty(), this::next);
    assertThat(last).isNotEqualTo(veryLast);
    assertThat(numbers).doesNotContain(last, veryLast);
  }

  @Test
  void a_number_is_what_channels_take() {
    assertThat(number(LONGEST_PREFIX, "s", "a")).hasSize(32).matches("[0-9A-Za-z_]+");
    assertThat(OperatorNumbers.of("T", "s", Optional.empty(), this::next)).matches("T[0-9A-Z]{11}");
  }
}
