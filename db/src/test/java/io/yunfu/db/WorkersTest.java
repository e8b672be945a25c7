package io.yunfu.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class WorkersTest {
  private static final Duration LONG = Duration.ofMinutes(5);

  private final Workers workers = new Workers("test", 1);

  /// What a virtual thread makes of a work.
  private static final class Caller<T> {
    final CompletableFuture<T> outcome = new CompletableFuture<>();
    final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    final Thread thread;

    Caller(Supplier<T> call) {
      thread =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  outcome.complete(call.get());
                } catch (Throwable e) {
                  outcome.completeExceptionally(e);
                }
                interrupted.complete(Thread.currentThread().isInterrupted());
              });
    }
  }

  @Test
  void a_work_of_a_virtual_thread_runs_on_a_platform_thread_and_any_other_where_it_is()
      throws Exception {
    Thread ofVirtual = new Caller<>(() -> workers.run(Thread::currentThread, LONG)).outcome.get();
    assertThat(ofVirtual.isVirtual()).isFalse();
    assertThat(ofVirtual.getName()).startsWith("database-test-");
    assertThat(ofVirtual.isDaemon()).isTrue();
    assertThat(workers.run(Thread::currentThread, LONG)).isSameAs(Thread.currentThread());
  }

  @Test
  void what_a_work_throws_reaches_its_caller() {
    var failure = new IllegalStateException("no");
    var caller =
        new Caller<>(() ->
            workers.run(
                () -> {
                  throw failure;
                },
                LONG));
    assertThatThrownBy(caller.outcome::get)
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isSameAs(failure);
  }

  @Test
  void a_work_that_gets_no_turn_in_time_never_runs() throws Exception {
    var end = new CountDownLatch(1);
    var first = new Caller<>(() -> workers.run(() -> await(end), LONG));
    awaitTasks(1);
    var second = new Caller<>(() -> workers.run(() -> "ran all the same", Duration.ofMillis(20)));
    assertThatThrownBy(second.outcome::get)
        .cause()
        .isInstanceOf(DatabaseBusy.class)
        .hasMessageContaining("No connection to the database became free within PT0.02S");
    end.countDown();
    assertThat(first.outcome.get()).isEqualTo("waited");
    assertThat(new Caller<>(() -> workers.run(() -> "next", LONG)).outcome.get()).isEqualTo("next");
  }

  @Test
  void an_interrupt_ends_the_wait_for_a_turn_and_not_the_work() throws Exception {
    var end = new CountDownLatch(1);
    var first = new Caller<>(() -> workers.run(() -> await(end), LONG));
    awaitTasks(1);
    var second = new Caller<>(() -> workers.run(() -> "ran all the same", LONG));
    awaitTasks(2);
    second.thread.interrupt();
    assertThatThrownBy(second.outcome::get)
        .cause()
        .isInstanceOf(DatabaseBusy.class)
        .hasMessageContaining("interrupted");
    assertThat(second.interrupted.get()).isTrue();
    first.thread.interrupt();
    Thread.sleep(20);
    assertThat(first.outcome).isNotDone();
    end.countDown();
    assertThat(first.outcome.get()).isEqualTo("waited");
    assertThat(first.interrupted.get()).isTrue();
  }

  private static String await(CountDownLatch latch) {
    try {
      latch.await();
      return "waited";
    } catch (InterruptedException e) {
      throw new IllegalStateException("a work is not interrupted", e);
    }
  }

  /// So many run or wait.
  private void awaitTasks(int count) throws InterruptedException {
    while (workers.tasks() < count) {
      Thread.sleep(1);
    }
  }
}
