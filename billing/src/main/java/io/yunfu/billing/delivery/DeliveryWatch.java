package io.yunfu.billing.delivery;

import io.yunfu.billing.deal.DealId;
import io.yunfu.db.Database;
import io.yunfu.db.DatabaseException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where callers wait until their deals are delivered. This node's worker tells it what it has
/// delivered; what other nodes deliver is found by asking the database now and then.
///
/// No signal is lost: a deal is noted here ([#expect]) before the worker hears of it, and what the
/// worker tells is kept until somebody has asked for it, or for a while.
///
/// Asking costs one query for all who wait, not one each: whoever has waited long enough has it
/// done for everybody. While all is delivered here and quickly, nobody ever does.
final class DeliveryWatch {
  /// How long a waiting caller relies on this node's worker before the database is asked, and then
  /// the time between two questions. Adds at most this much to what another node delivers.
  static final Duration ASK_EVERY = Duration.ofMillis(150);

  /// Deals of one query.
  private static final int MOST_PER_QUERY = 1000;

  /// How long a result waits for the caller that handed the deal over, who comes at once.
  private static final Duration KEPT = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(DeliveryWatch.class);

  private final Database database;
  private final DeliveryStore store;
  private final ConcurrentHashMap<DealId, Wait> waits = new ConcurrentHashMap<>();
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile long askedAt = System.nanoTime();

  DeliveryWatch(Database database, DeliveryStore store) {
    this.database = database;
    this.store = store;
  }

  private static final class Wait {
    final CompletableFuture<DeliveryResult> result = new CompletableFuture<>();
    final long since = System.nanoTime();
    // Only changed inside ConcurrentHashMap#compute.
    int callers;
  }

  /// Notes deals that are handed over now, so that their results are kept. An old result that
  /// nobody came for is forgotten.
  void expect(Collection<DealId> deals) {
    for (DealId deal : deals) {
      waits.compute(
          deal,
          (id, known) ->
              known == null || (known.callers == 0 && known.result.isDone()) ? new Wait() : known);
    }
  }

  /// What the worker has brought to an end, after its commit.
  void complete(Map<DealId, DeliveryResult> results) {
    results.forEach((deal, result) -> {
      Wait wait = waits.get(deal);
      if (wait != null) {
        wait.result.complete(result);
      }
    });
  }

  /// Waits until all of these deals have reached an end, or the time is over. Answers for every
  /// deal, in the order given. A database that is away makes nobody fail: its answer is Pending.
  ///
  /// @param handOver gets those that nobody has handed over here
  Map<DealId, DeliveryResult> await(
      Collection<DealId> deals, Duration atMost, Consumer<List<DealId>> handOver) {
    long deadline = System.nanoTime() + atMost.toNanos();
    Map<DealId, Wait> mine = LinkedHashMap.newLinkedHashMap(deals.size());
    var fresh = new ArrayList<DealId>(deals.size());
    deals.forEach(deal -> mine.computeIfAbsent(deal, id -> join(id, fresh)));
    try {
      if (!fresh.isEmpty()) {
        handOver.accept(fresh);
      }
      Map<DealId, DeliveryResult> results = LinkedHashMap.newLinkedHashMap(mine.size());
      for (var entry : mine.entrySet()) {
        results.put(entry.getKey(), await(entry.getValue(), deadline));
      }
      return results;
    } finally {
      mine.keySet().forEach(this::leave);
    }
  }

  /// How these deals stand now.
  Map<DealId, DeliveryResult> read(Collection<DealId> deals) {
    return database.read(tx -> store.results(tx, deals));
  }

  /// Forgets what nobody has come for.
  void sweep() {
    long before = System.nanoTime() - KEPT.toNanos();
    for (var entry : waits.entrySet()) {
      if (entry.getValue().since - before < 0) {
        waits.computeIfPresent(entry.getKey(), (deal, wait) -> wait.callers == 0 ? null : wait);
      }
    }
  }

  /// How many deals are noted; for tests.
  int size() {
    return waits.size();
  }

  private Wait join(DealId deal, List<DealId> fresh) {
    var mine = new Wait();
    var wait =
        waits.compute(
            deal,
            (id, known) -> {
              Wait joined = known == null ? mine : known;
              joined.callers++;
              return joined;
            });
    if (wait == mine) {
      fresh.add(deal);
    }
    return wait;
  }

  private void leave(DealId deal) {
    waits.computeIfPresent(deal, (id, wait) -> --wait.callers == 0 ? null : wait);
  }

  private DeliveryResult await(Wait wait, long deadline) {
    while (true) {
      long rest = deadline - System.nanoTime();
      try {
        return wait.result.get(Math.clamp(rest, 0, ASK_EVERY.toNanos()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (rest <= 0) {
          return new DeliveryResult.Pending();
        }
        askIfDue();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return new DeliveryResult.Pending();
      } catch (ExecutionException e) {
        throw new IllegalStateException(e); // results only ever complete
      }
    }
  }

  /// Asks for everybody, unless that has just been done or is being done. On a thread of its own: a
  /// database that hangs must not make a caller wait longer than it said.
  private void askIfDue() {
    if (System.nanoTime() - askedAt >= ASK_EVERY.toNanos() && asking.compareAndSet(false, true)) {
      Thread.ofVirtual().name("delivery-watch").start(this::ask);
    }
  }

  private void ask() {
    try {
      var open =
          waits.entrySet().stream()
              .filter(entry -> !entry.getValue().result.isDone())
              .map(Map.Entry::getKey)
              .toList();
      for (int from = 0; from < open.size(); from += MOST_PER_QUERY) {
        var results =
            new HashMap<>(read(open.subList(from, Math.min(open.size(), from + MOST_PER_QUERY))));
        results.values().removeIf(DeliveryResult.Pending.class::isInstance);
        complete(results);
      }
    } catch (DatabaseException e) {
      LOG.debug("cannot ask how deliveries stand; asking again", e);
    } finally {
      askedAt = System.nanoTime();
      asking.set(false);
    }
  }
}
