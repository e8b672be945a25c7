package io.yunfu.simulator.clock;

import static io.yunfu.kernel.Check.require;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one line on which everything happens, one thing after the other.
///
/// Whoever changes the world does so in a [#step]: first happens what was due by then, in the order
/// of the due times (and, at equal times, in the order in which it was planned), each at its very
/// time; then the step itself, at one instant. So what a run leaves behind depends on its inputs
/// and their times, never on how quickly a thread woke up.
///
/// Nothing slow belongs into a step. What has to wait for others (a delivery over HTTP) is started
/// there and reports back in another step; while the clock is moved by hand, [#advance] waits for
/// it before it goes on.
public final class Timeline implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Timeline.class);

  /// How simulated time runs.
  public enum Mode {
    /// As fast as the wall clock.
    SYSTEM,
    /// Faster or slower than it, by a factor.
    SCALED,
    /// Not at all, until it is moved.
    MANUAL
  }

  /// What the clock says now and how it goes on.
  public record Reading(Mode mode, double factor, Instant now) {}

  private record Pace(Mode mode, double factor, Instant base, Instant wallBase) {}

  private static final Comparator<Timer> ORDER =
      Comparator.comparing(Timer::due).thenComparingLong(Timer::sequence);

  private final InstantSource wall;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ReentrantLock advancing = new ReentrantLock();
  private final TreeSet<Timer> timers = new TreeSet<>(ORDER);
  private final List<Work> works = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile Pace pace;
  private @Nullable Instant acting;
  private long sequence;
  private boolean closed;

  /// Begins to run.
  ///
  /// @param wall the real time, which simulated time follows unless it is moved by hand
  /// @param start what the simulated clock says at first
  public Timeline(InstantSource wall, Mode mode, double factor, Instant start) {
    this.wall = wall;
    this.pace = pace(mode, factor, start);
    this.thread = Thread.ofVirtual().name("timeline").start(this::run);
  }

  /// The simulated time, in whole milliseconds. Inside a step it stands still.
  public Instant now() {
    Instant at = lock.isHeldByCurrentThread() ? acting : null;
    return at != null ? at : reading();
  }

  public Reading read() {
    Pace now = pace;
    return new Reading(now.mode, now.factor, now());
  }

  /// Lets something happen now, alone.
  public <T> T step(Supplier<T> action) {
    lock.lock();
    try {
      if (acting != null) {
        return action.get(); // part of the step that runs already
      }
      Instant now = reading();
      happenUntil(now);
      acting = now;
      try {
        return action.get();
      } finally {
        acting = null;
      }
    } finally {
      lock.unlock();
    }
  }

  /// The same for what has no result.
  public void step(Runnable action) {
    step(() -> {
      action.run();
      return true;
    });
  }

  /// Plans something. What is due already happens before the next step.
  ///
  /// @param what for people
  public Timer at(Instant due, String what, Runnable action) {
    lock.lock();
    try {
      Instant now = now();
      Instant when = (due.isBefore(now) ? now : due).truncatedTo(ChronoUnit.MILLIS);
      var timer = new Timer(this, when, sequence++, what, action);
      timers.add(timer);
      if (timers.first() == timer) {
        changed.signal();
      }
      return timer;
    } finally {
      lock.unlock();
    }
  }

  public Timer after(Duration delay, String what, Runnable action) {
    return at(now().plus(delay), what, action);
  }

  /// What is planned, in order.
  public List<Timer> planned() {
    lock.lock();
    try {
      return new ArrayList<>(timers);
    } finally {
      lock.unlock();
    }
  }

  /// Takes back all that is planned, and sets the clock.
  public void reset(Mode mode, double factor, Instant now) {
    lock.lock();
    try {
      timers.clear();
      set(mode, factor, now);
    } finally {
      lock.unlock();
    }
  }

  /// Sets the clock. Set forward, what is due by then happens at once; set back, it waits.
  public void set(Mode mode, double factor, Instant now) {
    lock.lock();
    try {
      require(acting == null, "the clock cannot be set from within a step");
      pace = pace(mode, factor, now);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Moves the clock forward, instant by instant: all that is due on the way happens at its time,
  /// and what that starts is waited for and may plan more.
  public void advance(Duration by) {
    require(!by.isNegative(), "a clock that is moved back would need another past");
    advancing.lock();
    try {
      Instant target = reading().plus(by);
      do {
        works.forEach(Work::await);
      } while (leap(target));
    } finally {
      advancing.unlock();
    }
  }

  /// What steps start and leave to others, such as deliveries.
  public interface Work {
    /// Whether any of it is under way. Called within the timeline's lock: no waiting here.
    boolean isUnderWay();

    /// Waits until none of it is.
    void await();
  }

  /// Registers what [#advance] waits for before it moves on from an instant.
  public void settles(Work work) {
    works.add(work);
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      timers.clear();
      changed.signal();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  void cancel(Timer timer) {
    lock.lock();
    try {
      timers.remove(timer);
    } finally {
      lock.unlock();
    }
  }

  /// Goes to the next instant at which something is due, or to the target; stays where it is while
  /// something is under way, since that may plan more.
  ///
  /// @return whether there is more to come
  private boolean leap(Instant target) {
    lock.lock();
    try {
      if (works.stream().anyMatch(Work::isUnderWay)) {
        return true; // begun by the timeline's own thread, since it was waited for
      }
      Instant now = reading();
      boolean more = !timers.isEmpty() && !timers.first().due().isAfter(target);
      Instant next = more ? timers.first().due() : target;
      Pace old = pace;
      if (next.isAfter(now)) {
        pace = new Pace(old.mode, old.factor, next, wall.instant());
      }
      if (more) {
        happenUntil(next);
      }
      changed.signal();
      return more;
    } finally {
      lock.unlock();
    }
  }

  private void happenUntil(Instant now) {
    while (!timers.isEmpty() && !timers.first().due().isAfter(now)) {
      Timer timer = timers.removeFirst();
      acting = timer.due();
      try {
        timer.happen();
      } catch (RuntimeException | Error e) { // ours; the others are due all the same
        LOG.error("{} at {} failed", timer.what(), timer.due(), e);
      } finally {
        acting = null;
      }
    }
  }

  private void run() {
    lock.lock();
    try {
      while (!closed) {
        Instant now = reading();
        happenUntil(now);
        double factor = pace.factor;
        if (timers.isEmpty() || factor == 0) {
          changed.await();
        } else {
          double wait = Duration.between(now, timers.first().due()).toNanos() / factor;
          var _ = changed.awaitNanos((long) Math.max(1, Math.min(wait, Long.MAX_VALUE)));
        }
      }
    } catch (InterruptedException e) {
      // closed
    } finally {
      lock.unlock();
    }
  }

  private Pace pace(Mode mode, double factor, Instant now) {
    require(factor > 0, "a clock runs forward, not by a factor of %s", factor);
    double real =
        switch (mode) {
          case SYSTEM -> 1;
          case SCALED -> factor;
          case MANUAL -> 0;
        };
    return new Pace(mode, real, now.truncatedTo(ChronoUnit.MILLIS), wall.instant());
  }

  private Instant reading() {
    Pace pace = this.pace;
    if (pace.factor == 0) {
      return pace.base;
    }
    Duration gone = Duration.between(pace.wallBase, wall.instant());
    Duration simulated =
        pace.factor == 1 ? gone : Duration.ofNanos((long) (gone.toNanos() * pace.factor));
    return pace.base.plus(simulated).truncatedTo(ChronoUnit.MILLIS);
  }
}
