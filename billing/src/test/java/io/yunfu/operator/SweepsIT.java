package io.yunfu.operator;

import static io.yunfu.billing.Desk.ANN;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.billing.Desk;
import io.yunfu.billing.balance.TopUp;
import io.yunfu.db.TestDatabase;
import io.yunfu.kernel.Money;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SweepsIT {
  private final Desk desk = new Desk(TestDatabase.cells());

  @AfterEach
  void close() {
    desk.cells.close();
  }

  @Test
  void a_job_goes_on_after_a_failure_and_stops_when_it_is_closed() throws Exception {
    var rounds = new AtomicInteger();
    var third = new CountDownLatch(1);
    var job =
        new Sweeps.Job(
            "test",
            Duration.ofMillis(1),
            cell -> {
              if (rounds.incrementAndGet() >= 3) {
                third.countDown();
              }
              throw new IllegalStateException("on purpose");
            });
    var sweeps = new Sweeps(desk.cells, List.of(job));
    sweeps.start();
    assertThat(third.await(20, TimeUnit.SECONDS)).isTrue();
    sweeps.close();
    int stopped = rounds.get();
    Thread.sleep(50);
    assertThat(rounds).hasValue(stopped);
  }

  @Test
  void a_round_goes_on_until_nothing_is_left() throws Exception {
    var left = new AtomicInteger(5 * desk.cells.all().size());
    var empty = new CountDownLatch(1);
    var job =
        new Sweeps.Job(
            "test",
            Duration.ofDays(1),
            cell -> {
              if (left.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
                return 1;
              }
              empty.countDown();
              return 0;
            });
    try (var sweeps = new Sweeps(desk.cells, List.of(job))) {
      sweeps.start();
      assertThat(empty.await(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(left).hasValue(0);
  }

  @Test
  void a_key_is_forgotten_after_a_month_and_then_counts_as_new() {
    var uin = desk.owner(0);
    var forget = new ForgetKeys(desk.clock);
    var command = new TopUp.Command(uin, TopUp.Kind.CASH, Money.cny(1), "", Optional.of("monthly"));
    desk.topUp.topUp(ANN, command).orThrow();
    desk.clock.advance(ForgetKeys.KEEP);
    desk.cells.all().forEach(cell -> assertThat(forget.sweep(cell)).isZero());
    desk.topUp.topUp(ANN, command).orThrow();
    desk.clock.advance(Duration.ofMillis(1));
    assertThat(desk.cells.all().stream().mapToInt(forget::sweep).sum()).isEqualTo(1);
    desk.topUp.topUp(ANN, command).orThrow();
    assertThat(desk.statements.balance(uin).orElseThrow().cash()).isEqualTo(2);
  }
}
