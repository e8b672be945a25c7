package io.yunfu.simulator.clock;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.testkit.ManualClock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TimelineTest {
  private static final Instant START = Instant.parse("2026-01-01T04:00:00Z");

  private final List<String> happened = Collections.synchronizedList(new ArrayList<>());

  @Test
  void a_manual_clock_stands_still_until_it_is_moved() {
    var wall = new ManualClock(START);
    try (var timeline = new Timeline(wall, Timeline.Mode.MANUAL, 1, START)) {
      wall.advance(Duration.ofDays(1));
      assertThat(timeline.now()).isEqualTo(START);
      timeline.advance(Duration.ofSeconds(90));
      assertThat(timeline.now()).isEqualTo(START.plusSeconds(90));
    }
  }

  @Test
  void a_scaled_clock_runs_faster_by_its_factor() {
    var wall = new ManualClock(START);
    try (var timeline = new Timeline(wall, Timeline.Mode.SCALED, 60, START)) {
      wall.advance(Duration.ofSeconds(2));
      assertThat(timeline.now()).isEqualTo(START.plusSeconds(120));
    }
  }

  @Test
  void what_is_planned_happens_in_the_order_of_its_times_each_at_its_own() {
    try (var timeline = manual()) {
      note(timeline, 30, "late");
      note(timeline, 10, "early");
      note(timeline, 10, "early too");
      timeline.advance(Duration.ofSeconds(60));
      assertThat(happened)
          .containsExactly(
              "early 2026-01-01T04:00:10Z",
              "early too 2026-01-01T04:00:10Z",
              "late 2026-01-01T04:00:30Z");
    }
  }

  @Test
  void what_happens_may_plan_more_that_still_fits() {
    try (var timeline = manual()) {
      timeline.at(START.plusSeconds(10), "first", () -> note(timeline, 20, "second"));
      timeline.advance(Duration.ofSeconds(20));
      assertThat(happened).containsExactly("second 2026-01-01T04:00:20Z");
    }
  }

  @Test
  void what_is_not_due_does_not_happen() {
    try (var timeline = manual()) {
      note(timeline, 61, "later");
      timeline.advance(Duration.ofSeconds(60));
      assertThat(happened).isEmpty();
      assertThat(timeline.planned()).hasSize(1);
    }
  }

  @Test
  void what_is_cancelled_never_happens() {
    try (var timeline = manual()) {
      timeline.at(START.plusSeconds(1), "cancelled", () -> happened.add("it")).cancel();
      timeline.advance(Duration.ofSeconds(60));
      assertThat(happened).isEmpty();
    }
  }

  @Test
  void time_stands_still_within_a_step() {
    var wall = new ManualClock(START);
    try (var timeline = new Timeline(wall, Timeline.Mode.SYSTEM, 1, START)) {
      List<Instant> seen =
          timeline.step(() -> {
            Instant before = timeline.now();
            wall.advance(Duration.ofSeconds(5));
            return List.of(before, timeline.now());
          });
      assertThat(seen.get(1)).isEqualTo(seen.get(0));
      assertThat(timeline.now()).isEqualTo(START.plusSeconds(5));
    }
  }

  @Test
  void a_step_comes_after_all_that_was_due_before_it_even_if_nobody_woke_up_for_it() {
    var wall = new ManualClock(START);
    try (var timeline = new Timeline(wall, Timeline.Mode.SYSTEM, 1, START)) {
      note(timeline, 3600, "due");
      wall.advance(
          Duration.ofHours(2)); // the thread of the timeline sleeps for an hour of real time
      timeline.step(() -> {
        var _ = happened.add("step");
      });
      assertThat(happened).containsExactly("due 2026-01-01T05:00:00Z", "step");
    }
  }

  @Test
  void a_running_clock_needs_nobody_to_make_things_happen() throws InterruptedException {
    var done = new CountDownLatch(1);
    try (var timeline = new Timeline(InstantSource.system(), Timeline.Mode.SCALED, 1000, START)) {
      timeline.at(START.plusSeconds(20), "soon", done::countDown);
      assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
      assertThat(timeline.now()).isAfterOrEqualTo(START.plusSeconds(20));
    }
  }

  @Test
  void advancing_waits_for_what_was_started_before_it_goes_on() {
    try (var timeline = manual()) {
      List<Instant> settled = new ArrayList<>();
      timeline.settles(
          new Timeline.Work() {
            @Override
            public boolean isUnderWay() {
              return false;
            }

            @Override
            public void await() {
              settled.add(timeline.now());
            }
          });
      note(timeline, 10, "a");
      note(timeline, 20, "b");
      timeline.advance(Duration.ofSeconds(30));
      assertThat(settled).containsExactly(START, START.plusSeconds(10), START.plusSeconds(20));
    }
  }

  @Test
  void the_clock_does_not_move_while_something_is_under_way() throws InterruptedException {
    try (var timeline = manual()) {
      var over = new CountDownLatch(1);
      timeline.settles(
          new Timeline.Work() {
            private int asked;

            @Override
            public boolean isUnderWay() {
              return asked++ == 0; // begun after it was waited for
            }

            @Override
            public void await() {
              if (asked == 1 && over.getCount() > 0) {
                assertThat(timeline.now()).isEqualTo(START);
                note(timeline, 5, "planned by what was under way");
                over.countDown();
              }
            }
          });
      timeline.advance(Duration.ofSeconds(10));
      assertThat(over.await(0, TimeUnit.SECONDS)).isTrue();
      assertThat(happened).containsExactly("planned by what was under way 2026-01-01T04:00:05Z");
    }
  }

  @Test
  void one_failure_does_not_keep_the_others_from_happening() {
    try (var timeline = manual()) {
      timeline.at(
          START.plusSeconds(1),
          "fails",
          () -> {
            throw new IllegalStateException("as asked for");
          });
      note(timeline, 2, "next");
      timeline.advance(Duration.ofSeconds(3));
      assertThat(happened).containsExactly("next 2026-01-01T04:00:02Z");
    }
  }

  private static Timeline manual() {
    return new Timeline(new ManualClock(START), Timeline.Mode.MANUAL, 1, START);
  }

  private void note(Timeline timeline, long seconds, String what) {
    timeline.at(START.plusSeconds(seconds), what, () -> happened.add(what + " " + timeline.now()));
  }
}
