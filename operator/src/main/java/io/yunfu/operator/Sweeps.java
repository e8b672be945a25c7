package io.yunfu.operator;

import static io.yunfu.kernel.Check.require;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.DatabaseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The jobs that tidy up, each in a loop of its own per cell: it sweeps until there is nothing
/// left, then rests. Several nodes may run them side by side; rows that another holds are skipped.
public final class Sweeps implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Sweeps.class);

  /// A step is a short transaction; one that hangs longer does not keep the node from stopping.
  private static final Duration LONGEST_STEP = Duration.ofSeconds(5);

  /// One bounded step of a job.
  @FunctionalInterface
  public interface Sweep {
    /// Does it, and says how many rows it changed; 0 ends the round.
    int sweep(Cell cell);
  }

  /// A job.
  ///
  /// @param every the rest between two rounds
  public record Job(String name, Duration every, Sweep sweep) {
    public Job {
      require(every.isPositive(), "%s never rests", name);
    }
  }

  private final Cells cells;
  private final List<Job> jobs;
  private final List<Thread> threads = new ArrayList<>();
  private final CountDownLatch closed = new CountDownLatch(1);

  public Sweeps(Cells cells, List<Job> jobs) {
    this.cells = cells;
    this.jobs = List.copyOf(jobs);
  }

  /// Starts all loops.
  public void start() {
    for (Job job : jobs) {
      for (Cell cell : cells.all()) {
        threads.add(
            Thread.ofVirtual().name(job.name + "-" + cell.id()).start(() -> run(job, cell)));
      }
    }
  }

  private void run(Job job, Cell cell) {
    boolean away = false;
    do {
      try {
        round(job, cell);
        away = false;
      } catch (DatabaseException e) {
        if (!away) {
          log.warn("{} of {} waits for the database: {}", job.name, cell.id(), e.getMessage());
        }
        away = true;
      } catch (RuntimeException e) {
        log.error("{} of {} failed; it goes on later", job.name, cell.id(), e);
      }
    } while (!isClosedWithin(job.every));
  }

  private void round(Job job, Cell cell) {
    long swept = 0;
    int batch;
    do {
      batch = job.sweep.sweep(cell);
      swept += batch;
    } while (batch > 0 && closed.getCount() > 0);
    if (swept > 0) {
      log.info("{} of {}: {} rows", job.name, cell.id(), swept);
    }
  }

  private boolean isClosedWithin(Duration time) {
    try {
      return closed.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /// Stops all loops. A step under way ends first: nobody is interrupted while it talks to the
  /// database.
  @Override
  public void close() {
    closed.countDown();
    for (Thread thread : threads) {
      try {
        thread.join(LONGEST_STEP);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
