package io.yunfu.db;

import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Platform threads on which the works of virtual threads run, as many as there are connections.
///
/// On a busy machine a virtual thread that has waited for an answer stands in line behind all
/// others before it goes on. If it did so after each statement, it would hold its connection for
/// most of that time, and the others would wait for connections. The system lets a platform thread
/// go on at once, so a connection is held for as long as the database works. A thread that has
/// nothing to do ends.
final class Workers {
  private static final Duration REST = Duration.ofSeconds(10);

  private final ThreadPoolExecutor threads;

  /// Tasks that run or wait.
  private final AtomicInteger tasks = new AtomicInteger();

  Workers(String name, int count) {
    threads =
        new ThreadPoolExecutor(
            count,
            count,
            REST.toNanos(),
            TimeUnit.NANOSECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("database-" + name + "-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /// Runs a work, on the caller's own thread if that is a platform thread. Once a work runs it is
  /// waited for, also by a caller that is interrupted.
  ///
  /// @param patience how long the work may wait for its turn
  /// @throws DatabaseBusy it had none; nothing changed
  <T extends @Nullable Object> T run(Supplier<T> work, Duration patience) {
    if (!Thread.currentThread().isVirtual()) {
      return work.get();
    }
    var task = new Task<T>(work);
    boolean crowded = tasks.incrementAndGet() > threads.getMaximumPoolSize();
    try {
      threads.execute(task);
      return task.await(crowded, patience);
    } finally {
      tasks.decrementAndGet();
    }
  }

  /// Works that run or wait for their turn.
  int tasks() {
    return tasks.get();
  }

  /// Works that wait for their turn.
  int waiting() {
    return Math.max(0, tasks() - threads.getMaximumPoolSize());
  }

  private enum State {
    WAITS,
    RUNS,
    DONE,
    GIVEN_UP
  }

  private static final class Task<T extends @Nullable Object> implements Runnable {
    private final Supplier<T> work;
    private final Thread caller = Thread.currentThread();
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITS);

    // Written before DONE, read after it.
    private @Nullable T result;
    private @Nullable Throwable failure;

    Task(Supplier<T> work) {
      this.work = work;
    }

    @Override
    public void run() {
      if (!state.compareAndSet(State.WAITS, State.RUNS)) {
        return;
      }
      try {
        result = work.get();
      } catch (Throwable e) {
        failure = e;
      }
      state.set(State.DONE);
      LockSupport.unpark(caller);
    }

    /// @param crowded whether others stand before it; only then somebody looks at the clock, which
    ///   costs a virtual thread more than the wait
    T await(boolean crowded, Duration patience) {
      long start = System.nanoTime();
      boolean interrupted = false;
      while (state.get() != State.DONE) {
        long left = patience.toNanos() - (System.nanoTime() - start);
        if ((interrupted || (crowded && left <= 0))
            && state.compareAndSet(State.WAITS, State.GIVEN_UP)) {
          restore(interrupted);
          throw new DatabaseBusy(
              interrupted
                  ? "The wait for a connection to the database was interrupted"
                  : "No connection to the database became free within " + patience,
              false,
              null);
        }
        if (crowded && state.get() == State.WAITS) {
          LockSupport.parkNanos(this, left);
        } else {
          LockSupport.park(this);
        }
        interrupted |= Thread.interrupted();
      }
      restore(interrupted);
      return outcome();
    }

    private static void restore(boolean interrupted) {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }

    @SuppressWarnings("NullAway") // null only where T may be
    private T outcome() {
      if (failure instanceof Error e) {
        throw e;
      }
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      return result;
    }
  }
}
