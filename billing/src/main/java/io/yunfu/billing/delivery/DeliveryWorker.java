package io.yunfu.billing.delivery;

import io.yunfu.billing.deal.DealId;
import io.yunfu.db.Cell;
import io.yunfu.db.Database;
import io.yunfu.db.DatabaseAway;
import io.yunfu.db.DatabaseBusy;
import io.yunfu.db.OutcomeUnknown;
import io.yunfu.kernel.CellId;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The one loop that works the queue of a cell on this node. It delivers what is handed over as
/// soon as it comes, and looks at the queue now and then for everything else: what was due for
/// another try, what another node has left behind, what was handed over and got lost.
///
/// Nothing in memory is needed for correctness. The loop may die anywhere; the queue in the
/// database knows everything.
final class DeliveryWorker implements AutoCloseable {
  /// Deals handed over and not yet taken. More than this are found in the queue instead.
  private static final int MOST_HANDED_OVER = 100_000;

  /// How often the queues of the HTTP providers are searched for what has waited too long.
  private static final Duration GIVE_UP_EVERY = Duration.ofSeconds(30);

  /// How long a stopping loop tries to write down what it knows, once the calls have ended.
  private static final Duration LAST_WORDS = Duration.ofSeconds(5);

  /// How long the loop leaves a database alone that is away.
  private static final Duration RECOVERY_PAUSE = Duration.ofMillis(500);

  /// How often a stopping loop looks whether it is done.
  private static final Duration STOP_CHECK = Duration.ofMillis(100);

  private static final Logger LOG = LoggerFactory.getLogger(DeliveryWorker.class);

  private final CellId cell;
  private final Database database;
  private final DeliveryStore store;
  private final DeliverDeals deliverDeals;
  private final CallProviders callProviders;
  private final DeliveryWatch watch;
  private final DeliverySettings settings;
  private final Clock clock;
  private final DeliveryListener listener;
  private final Thread thread;

  private final LinkedBlockingQueue<News> inbox = new LinkedBlockingQueue<>();
  private final AtomicBoolean started = new AtomicBoolean();
  private volatile boolean stopping;

  // From here on: the loop's own.
  private final SequencedSet<DealId> handedOver = new LinkedHashSet<>();
  private final List<CallProviders.Answered> answered = new ArrayList<>();
  private Duration pollPause;
  private long pollAt = System.nanoTime();
  private long sampleAt = System.nanoTime();
  private long giveUpAt = System.nanoTime();
  private boolean callsWanted;
  private boolean callsWait;
  private boolean databaseAway;
  private long stopBy;

  /// What the loop is told from outside.
  private sealed interface News {
    record Paid(Collection<DealId> deals) implements News {}

    record Answered(CallProviders.Answered call) implements News {}

    record Wake() implements News {}
  }

  DeliveryWorker(
      Cell cell,
      DeliveryStore store,
      DeliverDeals deliverDeals,
      Function<Consumer<CallProviders.Answered>, CallProviders> callProviders,
      DeliveryWatch watch,
      DeliverySettings settings,
      Clock clock,
      DeliveryListener listener) {
    this.cell = cell.id();
    this.database = cell.database();
    this.store = store;
    this.deliverDeals = deliverDeals;
    this.callProviders = callProviders.apply(call -> inbox.add(new News.Answered(call)));
    this.watch = watch;
    this.settings = settings;
    this.clock = clock;
    this.listener = listener;
    this.pollPause = settings.poll();
    this.thread = Thread.ofPlatform().name("delivery-" + cell.id()).unstarted(this::run);
  }

  void start() {
    if (started.compareAndSet(false, true)) {
      thread.start();
    }
  }

  void handOver(Collection<DealId> deals) {
    if (!deals.isEmpty() && inbox.size() < MOST_HANDED_OVER) {
      inbox.add(new News.Paid(List.copyOf(deals)));
    }
  }

  void wake() {
    inbox.add(new News.Wake());
  }

  @Override
  public void close() {
    stopping = true;
    wake();
    if (!started.compareAndSet(false, true)) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void run() {
    while (!stopping || isBusy()) {
      try {
        take(inbox.poll(untilNext(), TimeUnit.NANOSECONDS));
        round();
        databaseAway = false;
      } catch (DatabaseAway | DatabaseBusy | OutcomeUnknown e) {
        rest(e);
      } catch (RuntimeException e) {
        LOG.error("{}: a round of deliveries failed; going on", cell, e);
        rest(e);
      } catch (InterruptedException e) {
        break; // nobody but the end of the program interrupts this thread
      }
    }
    callProviders.abandon();
  }

  /// Whether a stopping loop has anything left to do, and time to do it.
  private boolean isBusy() {
    long now = System.nanoTime();
    if (stopBy == 0) {
      stopBy = now + settings.stopGrace().toNanos();
    }
    if (now - stopBy >= 0) {
      callProviders.abandon();
    }
    boolean something =
        !inbox.isEmpty()
            || !handedOver.isEmpty()
            || !answered.isEmpty()
            || callProviders.running() > 0;
    return something && now - stopBy < LAST_WORDS.toNanos();
  }

  private void take(@Nullable News first) {
    var news = new ArrayList<News>();
    if (first != null) {
      news.add(first);
    }
    inbox.drainTo(news);
    for (News one : news) {
      switch (one) {
        case News.Paid(var deals) -> handedOver.addAll(deals);
        case News.Answered(var call) -> {
          callProviders.ended(call);
          answered.add(call);
          callsWanted |= callsWait;
        }
        case News.Wake() -> pollAt = System.nanoTime();
      }
    }
  }

  private void round() {
    deliverHandedOver();
    recordAnswers();
    if (stopping) {
      return;
    }
    if (System.nanoTime() - pollAt >= 0) {
      poll();
    }
    if (callsWanted) {
      callProviders();
    }
    if (System.nanoTime() - giveUpAt >= 0) {
      giveUpAt = System.nanoTime() + GIVE_UP_EVERY.toNanos();
      gaveUp(callProviders.giveUp());
    }
    if (System.nanoTime() - sampleAt >= 0) {
      sampleAt = System.nanoTime() + settings.sampleEvery().toNanos();
      watch.sweep();
      listener.queue(cell, database.read(tx -> store.depths(tx, clock.instant())));
    }
  }

  private void recordAnswers() {
    while (!answered.isEmpty()) {
      var batch = List.copyOf(answered.subList(0, Math.min(answered.size(), settings.batch())));
      long began = System.nanoTime();
      try {
        ended(batch.size(), callProviders.record(batch), began);
      } catch (DatabaseAway | DatabaseBusy | OutcomeUnknown e) {
        throw e;
      } catch (RuntimeException e) {
        LOG.error("{}: {} answers cannot be recorded together", cell, batch.size(), e);
        batch.forEach(this::recordAlone);
      }
      answered.subList(0, batch.size()).clear();
    }
  }

  /// So that an answer that trips over a mistake of ours holds up nobody else. It is kept as no
  /// answer, so that the provider is asked again, up to the end of its attempts.
  private void recordAlone(CallProviders.Answered one) {
    if (!isRecorded(one)) {
      // If even that goes wrong, the lease ends and another call is made.
      isRecorded(one.but(new ProviderAnswer.Unknown("Internal error; see the log of the node")));
    }
  }

  private boolean isRecorded(CallProviders.Answered one) {
    long began = System.nanoTime();
    try {
      ended(1, callProviders.record(List.of(one)), began);
      return true;
    } catch (DatabaseAway | DatabaseBusy | OutcomeUnknown e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error("{}: the answer for deal {} cannot be recorded", cell, one.claim().deal(), e);
      return false;
    }
  }

  private void callProviders() {
    callsWanted = false;
    var round = callProviders.callDue();
    gaveUp(round.results());
    callsWait = round.full();
    if (round.begun() > 0) {
      pollPause = settings.poll();
    }
  }

  private void deliverHandedOver() {
    while (!handedOver.isEmpty()) {
      var batch = handedOver.stream().limit(settings.batch()).toList();
      deliver(batch, true);
    }
  }

  /// Looks at the queue until a look finds less than a batch.
  private void poll() {
    List<DealId> due =
        deliverDeals.due(clock.instant().minus(settings.headStart()), settings.batch());
    deliver(due, false);
    pollPause =
        due.isEmpty() ? shorter(pollPause.multipliedBy(2), settings.idlePoll()) : settings.poll();
    callsWanted = true;
    pollAt = System.nanoTime() + (due.size() < settings.batch() ? pollPause.toNanos() : 0);
  }

  private void deliver(List<DealId> deals, boolean inHurry) {
    if (deals.isEmpty()) {
      return;
    }
    long began = System.nanoTime();
    DeliverDeals.Step step;
    try {
      step = deliverDeals.deliver(deals, inHurry);
    } catch (DatabaseAway | DatabaseBusy | OutcomeUnknown e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error("{}: {} deliveries failed together; trying them one by one", cell, deals.size(), e);
      deals.forEach(deal -> deliverAlone(deal, inHurry));
      return;
    }
    ended(deals, step, began);
  }

  /// So that a deal that trips over a mistake of ours holds up nobody else.
  private void deliverAlone(DealId deal, boolean inHurry) {
    long began = System.nanoTime();
    DeliverDeals.Step step;
    try {
      step = deliverDeals.deliver(List.of(deal), inHurry);
    } catch (DatabaseAway | DatabaseBusy | OutcomeUnknown e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error("{}: deal {} cannot be delivered; putting it off", cell, deal, e);
      step = deliverDeals.putOff(deal, String.valueOf(e.getMessage()));
    }
    ended(List.of(deal), step, began);
  }

  private void gaveUp(Map<DealId, DeliveryResult> failed) {
    if (!failed.isEmpty()) {
      ended(failed.size(), failed, System.nanoTime());
    }
  }

  private void ended(List<DealId> deals, DeliverDeals.Step step, long began) {
    deals.forEach(handedOver::remove);
    handedOver.addAll(step.left());
    callsWanted |= step.routed() > 0;
    ended(deals.size(), step.results(), began);
  }

  private void ended(int deals, Map<DealId, DeliveryResult> results, long began) {
    watch.complete(results);
    int delivered = 0;
    for (DeliveryResult result : results.values()) {
      delivered += result instanceof DeliveryResult.Delivered ? 1 : 0;
    }
    listener.worked(
        cell,
        deals,
        delivered,
        results.size() - delivered,
        Duration.ofNanos(System.nanoTime() - began));
  }

  /// What was handed over stays so, and is tried again after a pause.
  private void rest(RuntimeException e) {
    if (e instanceof DatabaseAway || e instanceof DatabaseBusy || e instanceof OutcomeUnknown) {
      if (!databaseAway) {
        LOG.warn("{}: deliveries wait for the database: {}", cell, e.getMessage());
      }
      databaseAway = true;
    }
    try {
      Thread.sleep(stopping ? STOP_CHECK : RECOVERY_PAUSE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private long untilNext() {
    if (!handedOver.isEmpty() || !answered.isEmpty()) {
      return 0;
    }
    long now = System.nanoTime();
    if (stopping) {
      return Math.clamp(stopBy - now, 0, STOP_CHECK.toNanos());
    }
    return Math.max(0, Math.min(pollAt - now, sampleAt - now));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) <= 0 ? one : other;
  }
}
