package io.yunfu.db;

import static io.yunfu.kernel.Check.ensure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Group commit: callers hand in commands one by one and block; a worker takes all that wait, runs
/// them in one transaction, and answers each once that is durable.
///
/// **Batches** form by themselves, without a timer: while one transaction runs, the commands for
/// the next one gather. A lone command does not wait at all.
///
/// **Order and fairness.** Commands are taken strictly in the order in which they were admitted, as
/// many as the bound allows. With `queue` places and batches of up to `batch`, no command waits for
/// more than `queue / batch` batches, rounded up, besides those that run when it is admitted.
///
/// **Trouble.** What happens to the commands of a batch that fails:
///
/// | The transaction | The commands |
/// |---|---|
/// | loses a conflict (deadlock, serialization) | run together again, a bounded number of times; then as below |
/// | fails otherwise: an exception of the batch, a constraint, a time-out | run again in two halves, each in its own transaction, and so on down to one. So a poison command only kills itself, for about 2 log n transactions |
/// | finds no database | fail with [DatabaseAway]: nothing changed |
/// | loses its connection at the commit | each is read back. Found: that is its result. Absent: it runs again. Still no database after a while: [OutcomeUnknown] |
///
/// **Several nodes** on one database each have their own lanes. Rows stay locked by SQL, so lanes
/// save work, and correctness does not rest on them.
public final class Lane<C, R> implements AutoCloseable {
  /// Halving goes on for this long at most; then what is left of the batch fails as busy. Else one
  /// row that somebody keeps locked could hold up the lane for many lock time-outs in a row.
  static final Duration LONGEST_HALVING = Duration.ofSeconds(10);

  /// How long to try to read back what became of a commit, beyond the time for which the database
  /// lets a session idle in a transaction: until then it may hold rows that we ask for.
  static final Duration READ_BACK_GRACE = Duration.ofSeconds(10);

  /// Times that the same command's commit may get lost before its caller is told so.
  private static final int LOST_COMMITS = 3;

  private static final Duration PAUSE = Duration.ofMillis(50);

  /// How long [#close] waits for what was admitted.
  private static final Duration LONGEST_CLOSE = Duration.ofSeconds(30);

  private static final Duration FOR_EVER = Duration.ofDays(365);

  /// How often it is looked who has waited for too long; they are told that much later at most.
  private static final Duration LOOK = Duration.ofMillis(20);

  private static final Logger log = LoggerFactory.getLogger(Lane.class);

  private final Database database;
  private final LaneSettings settings;
  private final Batch<C, R> batch;
  private final LaneListener listener;
  private final Thread worker;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition work = lock.newCondition();
  private final Condition waiting = lock.newCondition();

  // Guarded by `lock`: the queue, as a ring through `head`, so that a command from its middle is
  // withdrawn as cheaply as the first is taken.
  private final Place<C, R> head = new Place<>();
  private int length;
  private boolean closed;

  public Lane(Database database, LaneSettings settings, Batch<C, R> batch, LaneListener listener) {
    this.database = database;
    this.settings = settings;
    this.batch = batch;
    this.listener = listener;
    this.worker = Thread.ofPlatform().daemon().name("lane-" + settings.name()).start(this::work);
    Thread.ofVirtual().name("patience-" + settings.name()).start(this::endPatience);
  }

  /// [#submit(Object, Duration)] with all the patience in the world.
  public R submit(C command) {
    return submit(command, FOR_EVER);
  }

  /// Runs a command, and returns once its result is durable. An exception that the command itself
  /// causes is passed on; then it changed nothing.
  ///
  /// @param patience how long the command may wait in the queue. Once it runs, it is waited for,
  ///   however long it takes. An interrupt ends the patience at once.
  /// @throws LaneRefused the queue is full, or the patience or the program is at its end; nothing
  ///   changed
  /// @throws DatabaseException see there; only [OutcomeUnknown] leaves open whether it took effect
  public R submit(C command, Duration patience) {
    Place<C, R> place = new Place<>(command, Thread.currentThread(), patience);
    admit(place);
    boolean interrupted = false;
    while (!place.answered) {
      LockSupport.park(this);
      if (Thread.interrupted()) {
        interrupted = true;
        withdraw(place);
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    if (place.taken) {
      listener.answered(
          Duration.ofNanos(place.takenAt - place.admittedAt),
          Duration.ofNanos(System.nanoTime() - place.takenAt));
    } else {
      listener.withdrawn();
    }
    return place.result();
  }

  /// Commands that wait at this moment.
  public int depth() {
    lock.lock();
    try {
      return length;
    } finally {
      lock.unlock();
    }
  }

  /// Takes no more commands, and returns when those that were admitted are done. After a bounded
  /// time it refuses those that still wait.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      work.signalAll();
      waiting.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      worker.join(LONGEST_CLOSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    List<Place<C, R>> left = takeAll();
    if (!left.isEmpty()) {
      log.warn("{} commands of lane {} did not run before its end", left.size(), settings.name());
      left.forEach(place -> place.fail(new LaneClosed("The program ends")));
    }
  }

  // The queue.

  private void admit(Place<C, R> place) {
    lock.lock();
    try {
      if (closed) {
        throw new LaneClosed("The program ends and takes no more commands");
      }
      if (length < settings.queue()) {
        head.insertBefore(place);
        length++;
        work.signal();
        waiting.signal();
        return;
      }
    } finally {
      lock.unlock();
    }
    listener.refused();
    throw new LaneFull(settings.queue() + " commands wait already");
  }

  /// Unless a worker has it already.
  private void withdraw(Place<C, R> place) {
    lock.lock();
    try {
      if (!place.taken && !place.answered) {
        place.remove();
        length--;
        place.fail(new LaneTimeout("The command did not run within " + place.patience));
      }
    } finally {
      lock.unlock();
    }
  }

  /// Withdraws what has waited for too long, as long as the lane is there. The callers do not look
  /// at the clock themselves: a park that ends by itself wakes Java's one timer thread, which costs
  /// more than the wait.
  private void endPatience() {
    try {
      while (awaitCommands()) {
        Thread.sleep(LOOK);
        overdue().forEach(this::withdraw);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // nobody does
    }
  }

  /// @return false when the lane is closed: then none waits for long any more
  private boolean awaitCommands() throws InterruptedException {
    lock.lock();
    try {
      while (length == 0 && !closed) {
        waiting.await();
      }
      return length > 0 || !closed;
    } finally {
      lock.unlock();
    }
  }

  private List<Place<C, R>> overdue() {
    long now = System.nanoTime();
    List<Place<C, R>> overdue = new ArrayList<>();
    lock.lock();
    try {
      for (Place<C, R> place = head.next; place != head; place = place.next) {
        if (now - place.admittedAt > place.patience.toNanos()) {
          overdue.add(place);
        }
      }
    } finally {
      lock.unlock();
    }
    return overdue;
  }

  /// Waits for commands.
  ///
  /// @return none when the lane is closed and all were taken
  private List<Place<C, R>> take() throws InterruptedException {
    lock.lock();
    try {
      while (length == 0 && !closed) {
        work.await();
      }
      return take(settings.batch());
    } finally {
      lock.unlock();
    }
  }

  private List<Place<C, R>> takeAll() {
    lock.lock();
    try {
      return take(length);
    } finally {
      lock.unlock();
    }
  }

  private List<Place<C, R>> take(int most) {
    List<Place<C, R>> taken = new ArrayList<>(Math.min(length, most));
    while (length > 0 && taken.size() < most) {
      Place<C, R> first = head.next;
      first.remove();
      first.takenAt = System.nanoTime();
      first.taken = true;
      length--;
      taken.add(first);
    }
    return taken;
  }

  // The work.

  private void work() {
    try {
      List<Place<C, R>> places = take();
      while (!places.isEmpty()) {
        runWhole(places);
        places = take();
      }
    } catch (InterruptedException e) {
      // Nobody interrupts a worker; close() has its own way.
      Thread.currentThread().interrupt();
    }
  }

  private void runWhole(List<Place<C, R>> places) {
    long start = System.nanoTime();
    Run run = new Run(start);
    try {
      places.forEach(place -> listener.waited(Duration.ofNanos(start - place.admittedAt)));
      run.settle(places);
    } catch (Throwable e) {
      log.error("Lane {} failed beyond repair", settings.name(), e);
      places.stream()
          .filter(place -> !place.answered)
          .forEach(place -> place.fail(new OutcomeUnknown("The lane failed: " + e, 0, e)));
    }
    try {
      listener.ran(
          places.size(), Duration.ofNanos(System.nanoTime() - start), run.transactions - 1);
    } catch (RuntimeException e) {
      log.error("The listener of lane {} failed", settings.name(), e);
    }
  }

  /// What one batch goes through.
  private final class Run {
    private final long start;
    private int transactions;
    private int lostCommits;
    private boolean divided;

    Run(long start) {
      this.start = start;
    }

    /// Answers all of `places`.
    private void settle(List<Place<C, R>> places) {
      List<R> results;
      try {
        results = runTogether(places);
      } catch (OutcomeUnknown e) {
        listener.unknown(places.size());
        readBack(places, e);
        return;
      } catch (DatabaseAway e) {
        places.forEach(place -> place.fail(e));
        return;
      } catch (RuntimeException | StackOverflowError e) {
        divide(places, e);
        return;
      }
      for (int i = 0; i < results.size(); i++) {
        places.get(i).succeed(results.get(i));
      }
    }

    private List<R> runTogether(List<Place<C, R>> places) {
      List<C> commands = new ArrayList<>(places.size());
      places.forEach(place -> commands.add(place.command()));
      return database.inTransaction(tx -> {
        transactions++;
        List<R> results = batch.run(tx, commands);
        ensure(
            results.size() == commands.size(),
            "%d results for %d commands",
            results.size(),
            commands.size());
        return results;
      });
    }

    private void divide(List<Place<C, R>> places, Throwable why) {
      if (places.size() == 1) {
        listener.poisoned();
        places.getFirst().fail(why);
      } else if (System.nanoTime() - start > LONGEST_HALVING.toNanos()) {
        DatabaseBusy busy =
            new DatabaseBusy("The command was in a batch that failed: " + why, false, why);
        places.forEach(place -> place.fail(busy));
      } else {
        if (!divided) {
          divided = true;
          log.warn(
              "{} commands of lane {} run apart: {}",
              places.size(),
              settings.name(),
              why.toString());
        }
        int half = places.size() / 2;
        settle(places.subList(0, half));
        settle(places.subList(half, places.size()));
      }
    }

    private void readBack(List<Place<C, R>> places, OutcomeUnknown why) {
      log.warn(
          "The commit of {} commands of lane {} is read back: {}",
          places.size(),
          settings.name(),
          why.getMessage());
      List<Place<C, R>> absent = new ArrayList<>();
      if (++lostCommits > LOST_COMMITS || !awaitEnd(why)) {
        places.forEach(place -> place.fail(why));
        return;
      }
      for (Place<C, R> place : places) {
        try {
          Optional<R> found = database.read(tx -> batch.readBack(tx, place.command()));
          found.ifPresentOrElse(place::succeed, () -> absent.add(place));
        } catch (RuntimeException e) {
          why.addSuppressed(e);
          place.fail(why);
        }
      }
      if (!absent.isEmpty()) {
        settle(absent);
      }
    }

    /// Waits until the database answers and the session that was to commit is gone. Before, its
    /// commit could still come through behind our back.
    private boolean awaitEnd(OutcomeUnknown lost) {
      long begin = System.nanoTime();
      long longest = database.idleInTransactionTimeout().plus(READ_BACK_GRACE).toNanos();
      while (System.nanoTime() - begin < longest) {
        try {
          if (!database.hasSession(lost.session())) {
            return true;
          }
        } catch (DatabaseAway | DatabaseBusy e) {
          log.debug("not yet", e);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      }
      return false;
    }
  }

  /// A command's place in the queue, and where its result is put.
  private static final class Place<C, R> {
    private final @Nullable C command;
    private final @Nullable Thread caller;
    private final Duration patience;
    private final long admittedAt = System.nanoTime();

    // Guarded by the lane's lock.
    private Place<C, R> previous = this;
    private Place<C, R> next = this;

    /// Written before `taken`, read after it.
    private long takenAt;

    /// Written under the lane's lock.
    private volatile boolean taken;

    // Written before `answered`, read after it.
    private @Nullable R result;
    private @Nullable Throwable failure;

    private volatile boolean answered;

    /// The ring's end.
    Place() {
      this.command = null;
      this.caller = null;
      this.patience = FOR_EVER;
    }

    Place(C command, Thread caller, Duration patience) {
      this.command = command;
      this.caller = caller;
      this.patience = patience;
    }

    C command() {
      if (command == null) {
        throw new IllegalStateException("the ring's end has no command");
      }
      return command;
    }

    void insertBefore(Place<C, R> place) {
      place.previous = previous;
      place.next = this;
      previous.next = place;
      previous = place;
    }

    void remove() {
      previous.next = next;
      next.previous = previous;
      previous = this;
      next = this;
    }

    void succeed(R value) {
      result = value;
      wake();
    }

    void fail(Throwable why) {
      failure = why;
      wake();
    }

    private void wake() {
      answered = true;
      LockSupport.unpark(caller);
    }

    R result() {
      if (failure != null) {
        throw rethrown(failure);
      }
      if (result == null) {
        throw new IllegalStateException("the batch gave no result");
      }
      return result;
    }

    private static RuntimeException rethrown(Throwable failure) {
      if (failure instanceof Error error) {
        throw error;
      }
      return failure instanceof RuntimeException e ? e : new IllegalStateException(failure);
    }
  }
}
