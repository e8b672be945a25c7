package io.yunfu.gateway.reconcile;

import io.yunfu.db.Cell;
import io.yunfu.db.DatabaseException;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.merchant.Merchants;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Has the days of a cell's accounts reconciled when their bills are to be there. What it knows is
/// in the database; it may end anywhere, and another node goes on.
final class ReconcileWorker implements AutoCloseable {
  private static final Duration LOOK_EVERY = Duration.ofSeconds(15);

  /// How often it looks whether there are accounts or days that it does not know.
  private static final Duration PLAN_EVERY = Duration.ofMinutes(5);

  /// After a longer stop, days before these are for the operator. WeChat Pay keeps bills for three
  /// months.
  private static final int MOST_DAYS_BACK = 60;

  /// One after the other: a bill is long, and there is time until the evening.
  private static final int BATCH = 1;

  private static final Duration LONGEST_STOP = Duration.ofSeconds(25);
  private static final Logger LOG = LoggerFactory.getLogger(ReconcileWorker.class);

  private final Cell cell;
  private final Merchants merchants;
  private final Set<PayPlatform> platforms;
  private final ReconcileDay day;
  private final ReconcileSettings settings;
  private final InstantSource clock;
  private final ReconcileStore store = new ReconcileStore();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private Instant planned = Instant.MIN;

  ReconcileWorker(
      Cell cell,
      Merchants merchants,
      Set<PayPlatform> platforms,
      ReconcileDay day,
      ReconcileSettings settings,
      InstantSource clock) {
    this.cell = cell;
    this.merchants = merchants;
    this.platforms = Set.copyOf(platforms);
    this.day = day;
    this.settings = settings;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("reconcile-" + cell.id()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    boolean away = false;
    try {
      do {
        try {
          round();
          away = false;
        } catch (DatabaseException e) {
          if (!away) {
            LOG.warn("{}: bills wait for the database: {}", cell.id(), e.getMessage());
          }
          away = true;
        } catch (RuntimeException e) {
          LOG.error(
              "{}: a bill cannot be worked on; its lease ends and it is tried again", cell.id(), e);
        }
      } while (!stopping.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Plans what is to be done, and does what is due.
  void round() {
    Instant now = now();
    if (!now.isBefore(planned.plus(PLAN_EVERY)) || now.isBefore(planned)) {
      plan(now);
      planned = now;
    }
    List<Long> taken;
    do {
      Instant at = now();
      taken =
          cell.database()
              .inTransaction(tx -> store.claim(tx, at, at.plus(ReconcileDay.LEASE), BATCH));
      for (long id : taken) {
        day.run(cell, cell.database().read(tx -> store.byId(tx, id)).orElseThrow());
      }
    } while (!taken.isEmpty() && stopping.getCount() > 0);
  }

  /// Writes down the days that are to be fetched from now on: since the last one of each account,
  /// and of a new account the last one there is.
  private void plan(Instant now) {
    for (PayPlatform platform : platforms) {
      LocalDate today = Beijing.dayOf(now);
      boolean isReady = !Beijing.timeOf(now).isBefore(settings.from(platform));
      LocalDate last = today.minusDays(isReady ? 1 : 2);
      for (BillAccount account : BillAccount.of(merchants, cell.id(), platform)) {
        cell.database()
            .execute(tx -> {
              LocalDate first =
                  store
                      .lastDay(tx, platform, account.name())
                      .map(known -> known.plusDays(1))
                      .filter(next -> !next.isBefore(last.minusDays(MOST_DAYS_BACK)))
                      .orElse(last);
              for (LocalDate next = first; !next.isAfter(last); next = next.plusDays(1)) {
                store.insert(tx, cell.ids().next(), platform, account.name(), next, now);
              }
            });
      }
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  @Override
  public void close() {
    stopping.countDown();
    if (thread.getState() == Thread.State.NEW) {
      return;
    }
    try {
      if (!thread.join(LONGEST_STOP)) {
        thread.interrupt();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
