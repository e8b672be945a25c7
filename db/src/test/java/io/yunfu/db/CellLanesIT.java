package io.yunfu.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.kernel.CellId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class CellLanesIT {
  private static final Cells cells = TestDatabase.cells(2);
  private static final CellId CELL = new CellId(1);

  /// Answers each command with itself, once both lanes are at work.
  private static final class Together implements Batch<Long, Long> {
    private final CyclicBarrier both = new CyclicBarrier(2);

    @Override
    public List<Long> run(Transaction tx, List<Long> commands) {
      try {
        both.await(30, TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
      return commands;
    }

    @Override
    public Optional<Long> readBack(Transaction tx, Long command) {
      return Optional.empty();
    }
  }

  private final List<String> heard = new ArrayList<>();

  private CellLanes<Long, Long> lanes(int count) {
    return new CellLanes<>(
        cells.all(),
        count,
        new LaneSettings("test", 16, 4096),
        new Together(),
        (name, depth) -> {
          assertThat(depth.getAsDouble()).isZero();
          heard.add(name);
          return LaneListener.NONE;
        });
  }

  @AfterAll
  static void close() {
    cells.close();
  }

  @Test
  void a_key_has_one_lane_and_keys_are_spread_over_all() {
    try (var lanes = lanes(4)) {
      assertThat(lanes.of(CELL, 7)).isSameAs(lanes.of(CELL, 7));
      Set<Lane<Long, Long>> used =
          LongStream.rangeClosed(1, 100)
              .mapToObj(key -> lanes.of(CELL, key))
              .collect(Collectors.toSet());
      assertThat(used).hasSize(4);
      assertThat(lanes.of(new CellId(0), 7)).isNotSameAs(lanes.of(CELL, 7));
    }
  }

  @Test
  void lanes_of_a_cell_run_side_by_side() {
    try (var lanes = lanes(2)) {
      long other =
          LongStream.rangeClosed(2, 100)
              .filter(key -> lanes.of(CELL, key) != lanes.of(CELL, 1))
              .findFirst()
              .orElseThrow();
      var first = CompletableFuture.supplyAsync(() -> lanes.of(CELL, 1).submit(1L));
      assertThat(lanes.of(CELL, other).submit(other)).isEqualTo(other);
      assertThat(first.join()).isEqualTo(1);
    }
  }

  @Test
  void a_lane_has_a_number_where_there_are_several() {
    lanes(1).close();
    assertThat(heard).containsExactly("test-cell_0", "test-cell_1");
    heard.clear();
    lanes(2).close();
    assertThat(heard)
        .containsExactly("test-cell_0-0", "test-cell_0-1", "test-cell_1-0", "test-cell_1-1");
  }

  @Test
  void a_cell_that_is_not_served_has_no_lane() {
    try (var lanes = lanes(1)) {
      assertThatThrownBy(() -> lanes.of(new CellId(2), 7)).hasMessageContaining("does not serve");
    }
  }
}
