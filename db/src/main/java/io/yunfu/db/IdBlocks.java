package io.yunfu.db;

import static io.yunfu.kernel.Check.require;

import io.yunfu.kernel.CellId;
import io.yunfu.kernel.IdSource;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The row ids of one cell, drawn from blocks. A node takes a whole block from the table `id_block`
/// in a transaction of its own, and the next one while there is still half of it left, so that
/// making an id costs nothing and asks nobody. Works may draw ids inside a transaction, so a block
/// comes over a connection beside the pool's. What is left of a block when a node ends is never
/// used.
public final class IdBlocks implements IdSource {
  static final int BLOCK = 100_000;

  /// One row for all tables: their ids share one sequence.
  private static final String TAKE =
      """
      insert into id_block (name, next) values ('row', 1 + ?)
      on conflict (name) do update set next = id_block.next + ?
      returning next
      """;

  /// A block that is under way comes within this time, or the database is in trouble.
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(IdBlocks.class);

  private final Database database;
  private final CellId cell;
  private final int size;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();

  // Guarded by `lock`. The sequence numbers from `next` to before `end` are free.
  private long next;
  private long end;
  private @Nullable Long spare;
  private boolean fetching;

  IdBlocks(Database database, CellId cell, int size) {
    require(size >= 2, "a block has two ids at least, not %d", size);
    this.database = database;
    this.cell = cell;
    this.size = size;
  }

  /// @throws DatabaseException when a new block is needed and cannot be had
  @Override
  public long next() {
    lock.lock();
    try {
      if (next == end) {
        refill();
      }
      if (end - next == size / 2 && spare == null && !fetching) {
        fetching = true;
        Thread.ofVirtual().name("id-block-" + cell).start(this::prefetch);
      }
      return IdSource.compose(cell, next++);
    } finally {
      lock.unlock();
    }
  }

  private void refill() {
    try {
      for (long left = LONGEST_WAIT.toNanos(); fetching && left > 0; ) {
        left = arrived.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // then this thread fetches a block itself
    }
    if (next < end) {
      return; // another thread was here first
    }
    Long ready = spare;
    spare = null;
    next = ready != null ? ready : take();
    end = next + size;
  }

  private void prefetch() {
    Long block = null;
    try {
      block = take();
    } catch (DatabaseException e) {
      // Whoever needs the block asks again and gets the error.
      log.warn("No ids in advance for {}: {}", cell, e.getMessage());
    }
    lock.lock();
    try {
      spare = block;
      fetching = false;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// A block whose commit is unknown is left alone: there are enough.
  ///
  /// @return the first number of a block that is now ours
  private long take() {
    while (true) {
      try {
        return database.inTransactionBeside(
                tx -> tx.query(TAKE, row -> row.longAt("next"), size, size).getFirst())
            - size;
      } catch (OutcomeUnknown e) {
        log.info("A block of ids of {} is lost: {}", cell, e.getMessage());
      }
    }
  }
}
