package io.yunfu.server.http;

import static io.yunfu.testkit.Property.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
  private static final long SECOND = 1_000_000_000L;
  private static final List<RateLimiter.Rule> TWENTY =
      List.of(new RateLimiter.Rule("PayDeals", 20));

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - SECOND / 2); // wraps on the way
  private final RateLimiter<String> limiter = new RateLimiter<>(nanos::get);

  @Test
  void the_twenty_first_call_of_a_second_is_refused_and_says_both_numbers() {
    for (int i = 0; i < 20; i++) {
      assertThat(limiter.ask("a", TWENTY)).isEmpty();
    }
    assertThat(limiter.ask("a", TWENTY).orElseThrow().observed()).isEqualTo(21);
    assertThat(limiter.ask("a", TWENTY).orElseThrow().observed()).isEqualTo(22);
  }

  @Test
  void a_call_counts_for_one_second_to_the_nanosecond() {
    for (int i = 0; i < 20; i++) {
      limiter.ask("a", TWENTY);
    }
    nanos.addAndGet(SECOND - 1);
    assertThat(limiter.ask("a", TWENTY)).isPresent();
    nanos.addAndGet(1);
    assertThat(limiter.ask("a", TWENTY)).isEmpty();
  }

  @Test
  void refused_calls_count_against_nothing() {
    for (int i = 0; i < 1000; i++) {
      limiter.ask("a", TWENTY);
    }
    nanos.addAndGet(SECOND);
    for (int i = 0; i < 20; i++) {
      assertThat(limiter.ask("a", TWENTY)).isEmpty();
    }
    assertThat(limiter.ask("a", TWENTY)).isPresent();
  }

  @Test
  void keys_and_rules_have_limits_of_their_own() {
    for (int i = 0; i < 20; i++) {
      limiter.ask("a", TWENTY);
    }
    assertThat(limiter.ask("b", TWENTY)).isEmpty();
    assertThat(limiter.ask("a", List.of(new RateLimiter.Rule("Other", 20)))).isEmpty();
  }

  @Test
  void a_call_that_one_rule_refuses_is_counted_by_no_other() {
    var both = List.of(new RateLimiter.Rule("PayDeals", 20), new RateLimiter.Rule("", 3));
    for (int i = 0; i < 3; i++) {
      assertThat(limiter.ask("a", both)).isEmpty();
    }
    assertThat(limiter.ask("a", both).orElseThrow().rule().name()).isEmpty();
    for (int i = 0; i < 17; i++) {
      assertThat(limiter.ask("a", TWENTY)).isEmpty();
    }
    assertThat(limiter.ask("a", TWENTY)).isPresent();
  }

  @Test
  void a_limit_of_zero_is_none_and_takes_no_memory() {
    var none = List.of(new RateLimiter.Rule("PayDeals", 0));
    for (int i = 0; i < 1000; i++) {
      assertThat(limiter.ask("a", none)).isEmpty();
    }
    assertThat(limiter.size()).isZero();
  }

  @Test
  void keys_that_fall_silent_are_dropped() {
    for (int i = 0; i < 10_000; i++) {
      limiter.ask("key" + i, TWENTY);
    }
    assertThat(limiter.size()).isEqualTo(10_000);
    nanos.addAndGet(RateLimiter.SWEEP_EVERY);
    limiter.ask("a", TWENTY);
    assertThat(limiter.size()).isEqualTo(1);
  }

  @Test
  void no_window_of_a_second_ever_holds_more_than_the_limit_and_no_call_is_refused_without_need() {
    forAll(
        random -> LongStream.generate(() -> random.nextLong(SECOND / 8)).limit(300).toArray(),
        pauses -> {
          var time = new AtomicLong();
          var tried = new RateLimiter<String>(time::get);
          var admitted = new ArrayList<Long>();
          for (long pause : pauses) {
            long now = time.addAndGet(pause);
            long inWindow = admitted.stream().filter(then -> now - then < SECOND).count();
            boolean in = tried.ask("a", List.of(new RateLimiter.Rule("x", 7))).isEmpty();
            assertThat(in).isEqualTo(inWindow < 7);
            if (in) {
              admitted.add(now);
            }
          }
        });
  }

  @Test
  void many_threads_share_one_limit_exactly() throws Exception {
    var admitted = new AtomicInteger();
    var start = new CountDownLatch(1);
    var callers = new ArrayList<Future<?>>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 200; i++) {
        callers.add(
            threads.submit(() -> {
              start.await();
              return limiter.ask("a", TWENTY).isEmpty() ? admitted.incrementAndGet() : 0;
            }));
      }
      start.countDown();
      for (Future<?> caller : callers) {
        caller.get(10, TimeUnit.SECONDS);
      }
    }
    assertThat(admitted).hasValue(20);
  }
}
