package io.yunfu.billing.account;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.operator.MasterKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks up who signs with a secret id. What was found is remembered by this node, so that a
/// request costs neither a query nor a lock; a change by the operator is noticed within a second.
///
/// How: every change of an owner, user, policy or key gives its owner the next number of its cell,
/// in the same transaction, and each cell is asked every half second for owners with numbers after
/// the last that was seen. While a cell cannot be asked, what is remembered of it is used for
/// [CellWatch#LONGEST_BLIND] and then looked up again each time, which fails while the database is
/// away: better no answer than one that a disabled key should not get.
///
/// @param <S> what the protocol makes of a secret key, such as one that remembers derived keys
public final class Callers<S> implements AutoCloseable {
  /// Two entries of a few hundred bytes for each active client fit easily.
  public static final int DEFAULT_MOST = 100_000;

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);

  /// A look that hangs longer does not keep the node from stopping.
  private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

  /// Unknown secret ids are remembered too, but only this long and only so many: they are what an
  /// attacker invents.
  private static final Duration UNKNOWN_FOR = Duration.ofSeconds(1);

  private static final int MOST_UNKNOWN = 10_000;

  /// Lookups that ask the database at the same time. Invented secret ids must not take all of its
  /// connections away from payments.
  private static final int LOADS_AT_ONCE = 4;

  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  private static final Logger log = LoggerFactory.getLogger(Callers.class);

  private final Directory directory;
  private final MasterKey masterKey;
  private final Function<String, S> secrets;
  private final LongSupplier nanos;
  private final List<CellWatch> watches;
  private final CallerStore store = new CallerStore();
  private final Generations<String, Entry<S>> known;
  private final Generations<String, Long> unknown = new Generations<>(MOST_UNKNOWN);
  private final Semaphore loads = new Semaphore(LOADS_AT_ONCE, true);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  private record Entry<S>(Credential<S> credential, long change, CellWatch watch) {
    boolean isCurrent() {
      return watch.isCurrent(credential.caller().owner(), change);
    }
  }

  /// Too many secret ids were looked up at the same time; try again.
  public static final class Busy extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Busy() {
      super("too many API keys are being looked up at this moment");
    }
  }

  /// @param secrets makes of a secret key what the protocol verifies with
  /// @param nanos a clock that never goes back: `System::nanoTime`
  public Callers(
      Cells cells, MasterKey masterKey, Function<String, S> secrets, int most, LongSupplier nanos) {
    this.directory = new Directory(cells);
    this.masterKey = masterKey;
    this.secrets = secrets;
    this.nanos = nanos;
    this.known = new Generations<>(most);
    this.watches = cells.all().stream().map(cell -> new CellWatch(cell, nanos)).toList();
  }

  /// Starts to look for changes, each cell by itself, so that one that is away delays no other.
  /// Before that, every lookup asks the database.
  public void start() {
    for (CellWatch watch : watches) {
      threads.add(Thread.ofVirtual().name("callers-" + watch.cell().id()).start(() -> run(watch)));
    }
  }

  /// The key of this id, disabled ones included; empty when there is none.
  ///
  /// @throws io.yunfu.db.DatabaseException when it has to be looked up and cannot be
  /// @throws Busy when too many are looked up already
  public Optional<Credential<S>> find(String secretId) {
    Entry<S> entry = known.get(secretId);
    if (entry != null && entry.isCurrent()) {
      return Optional.of(entry.credential);
    }
    if (!ApiKeys.SECRET_ID.matcher(secretId).matches() || isUnknown(secretId)) {
      return Optional.empty();
    }
    return load(secretId);
  }

  /// How many keys are remembered, for metrics.
  public int size() {
    return known.size();
  }

  private boolean isUnknown(String secretId) {
    Long until = unknown.get(secretId);
    return until != null && until - nanos.getAsLong() > 0;
  }

  private Optional<Credential<S>> load(String secretId) {
    try {
      if (!loads.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Busy();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Busy();
    }
    try {
      var cell = directory.cellOfKey(secretId);
      var found = cell.flatMap(where -> read(secretId, where));
      if (found.isEmpty()) {
        unknown.put(secretId, nanos.getAsLong() + UNKNOWN_FOR.toNanos());
      }
      return found;
    } finally {
      loads.release();
    }
  }

  private Optional<Credential<S>> read(String secretId, Cell cell) {
    CellWatch watch = watches.get(cell.id().value());
    boolean watched = watch.hasLooked();
    var found = cell.database().read(tx -> store.find(tx, secretId, cell.id()));
    return found.map(key -> {
      S secret = secrets.apply(masterKey.open(secretId, key.sealed()));
      var credential =
          new Credential<>(secretId, secret, key.caller(), key.enabled(), key.temporary());
      if (watched) {
        known.put(secretId, new Entry<>(credential, key.change(), watch));
      }
      return credential;
    });
  }

  private void run(CellWatch watch) {
    try {
      do {
        try {
          look(watch);
        } catch (RuntimeException e) {
          // Without looks, keys are looked up at every request: slow, but never wrong.
          log.error("Looking for changes of {} failed", watch.cell().id(), e);
        }
      } while (!closed.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Looks at one cell once; the thread's step, and the tests'.
  void look(CellWatch watch) {
    watch.look();
    if (watch.hasOldChanges()) {
      known.removeIf(entry -> entry.watch == watch && !entry.isCurrent());
      watch.forgetOldChanges();
    }
  }

  List<CellWatch> watches() {
    return watches;
  }

  @Override
  public void close() {
    closed.countDown();
    for (Thread thread : threads) {
      try {
        thread.join(LONGEST_LOOK);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }
}
