package io.yunfu.gateway.payment;

import io.yunfu.db.Cell;
import io.yunfu.db.DatabaseException;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.Merchants;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at orders and refunds of one cell that nobody else looks at: those whose caller never came
/// back, whose time is over, whose close or refund is due, whose answer is missing. What it knows
/// is in the database; it may end anywhere, and another node goes on. Besides, it deletes old
/// notices of channels.
final class PaymentWorker implements AutoCloseable {
  /// Who takes a row has it to itself for this long; more than any call to a channel takes.
  private static final Duration LEASE = Duration.ofSeconds(90);

  private static final int BATCH = 100;

  /// Channels asked at the same time, by this worker.
  private static final int AT_ONCE = 32;

  /// Notices deleted in one transaction, which takes some milliseconds; twice in a second, more
  /// than arrive.
  static final int FORGET = 2000;

  private static final Duration FORGET_EVERY = Duration.ofMinutes(1);

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(25);
  private static final Logger LOG = LoggerFactory.getLogger(PaymentWorker.class);

  private final Cell cell;
  private final Merchants merchants;
  private final PlaceOrder place;
  private final FollowOrder follow;
  private final Refunds refunds;
  private final OrderBook book;
  private final LookSchedule looks;
  private final NoticeFile notices;
  private final Duration keepNotices;
  private final PaymentStore store = new PaymentStore();
  private final RefundStore refundStore = new RefundStore();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Semaphore room = new Semaphore(AT_ONCE);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Thread thread;

  /// Only the worker's thread uses it.
  private Instant forgetAt = Instant.MIN;

  PaymentWorker(
      Cell cell,
      Merchants merchants,
      PlaceOrder place,
      FollowOrder follow,
      Refunds refunds,
      OrderBook book,
      NoticeFile notices,
      GatewaySettings settings) {
    this.cell = cell;
    this.merchants = merchants;
    this.place = place;
    this.follow = follow;
    this.refunds = refunds;
    this.book = book;
    this.looks = settings.looks();
    this.notices = notices;
    this.keepNotices = settings.keepNotices();
    this.thread = Thread.ofVirtual().name("payments-" + cell.id()).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  private void run() {
    boolean away = false;
    try {
      do {
        try {
          while (stopping.getCount() > 0 && round() >= BATCH) {
            // as long as there is more than a batch
          }
          away = false;
        } catch (DatabaseException e) {
          if (!away) {
            LOG.warn("{}: payments wait for the database: {}", cell.id(), e.getMessage());
          }
          away = true;
        } catch (RuntimeException e) {
          LOG.error("{}: a round of payments failed; going on", cell.id(), e);
        }
      } while (!stopping.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Takes what is due, and begins to work on it.
  ///
  /// @return how much that was
  int round() throws InterruptedException {
    Instant now = book.now();
    Instant lease = now.plus(LEASE);
    var orders = cell.database().inTransaction(tx -> store.claim(tx, now, lease, BATCH));
    for (long id : orders) {
      begin(() -> workOrder(id), "payment", id);
    }
    var due = cell.database().inTransaction(tx -> refundStore.claim(tx, now, lease, BATCH));
    for (RefundStore.Claimed claimed : due) {
      begin(() -> workRefund(claimed), "refund", claimed.refund());
    }
    forgetNotices(now);
    return Math.max(orders.size(), due.size());
  }

  /// Deletes a few of the notices that were kept for long enough; more in the next round, if there
  /// are more.
  void forgetNotices(Instant now) {
    if (!now.isBefore(forgetAt)) {
      Instant before = now.minus(keepNotices);
      int forgotten = cell.database().inTransaction(tx -> notices.forget(tx, before, FORGET));
      forgetAt = forgotten < FORGET ? now.plus(FORGET_EVERY) : now;
    }
  }

  private void begin(Runnable work, String kind, long id) throws InterruptedException {
    room.acquire();
    threads.execute(() -> {
      try {
        work.run();
      } catch (DatabaseException e) {
        LOG.warn("{} {} waits for the database: {}", kind, id, e.getMessage());
      } catch (RuntimeException e) {
        LOG.error("{} {} cannot be worked on; its lease ends and it is tried again", kind, id, e);
      } finally {
        room.release();
      }
    });
  }

  /// One look at a refund.
  void workRefund(RefundStore.Claimed claimed) {
    PaymentOrder order =
        cell.database().read(tx -> store.byId(tx, claimed.payment())).orElseThrow();
    merchants
        .byNumber(cell.id(), order.merchant())
        .ifPresent(merchant -> refunds.work(cell, merchant, claimed.refund()));
  }

  /// One look at an order, and when to look next.
  void workOrder(long id) {
    PaymentOrder order = cell.database().read(tx -> store.byId(tx, id)).orElseThrow();
    Optional<Merchant> merchant = merchants.byNumber(cell.id(), order.merchant());
    if (merchant.isEmpty() || ChannelCalls.account(merchant.get(), order).isEmpty()) {
      lookAgain(order, book.now().plus(LookSchedule.LAST_RESORT)); // its account may come back
      return;
    }
    look(merchant.get(), order);
    PaymentOrder after = cell.database().read(tx -> store.byId(tx, id)).orElseThrow();
    Instant now = book.now();
    if (isUnresolved(after, now)) {
      book.unresolved(cell, after);
    }
    lookAgain(after, nextLook(after, now));
  }

  /// Whether its looks are over, and nobody knows how it ends.
  private boolean isUnresolved(PaymentOrder order, Instant now) {
    return order.state().isOpen()
        && order.hasExpired(now)
        && looks.ofOrder(order.createdAt(), order.expiresAt(), now).isEmpty();
  }

  private @Nullable Instant nextLook(PaymentOrder order, Instant now) {
    if (order.state().isPaid()) {
      return null;
    }
    Instant next = looks.ofOrder(order.createdAt(), order.expiresAt(), now).orElse(null);
    if (isUnresolved(order, now)) {
      next = now.plus(LookSchedule.LAST_RESORT);
    }
    // A close that the channel has not answered just now is not due at once again.
    Instant close =
        order
            .closeDueAt()
            .map(at -> at.isAfter(now) ? at : now.plus(LookSchedule.CLOSE_AGAIN_AFTER))
            .orElse(null);
    return close != null && (next == null || close.isBefore(next)) ? close : next;
  }

  private void look(Merchant merchant, PaymentOrder order) {
    Instant now = book.now();
    boolean neverAnswered = order.prepaid().isEmpty();
    if (order.state().isOpen() && neverAnswered && !order.hasExpired(now)) {
      byte[] fingerprint = cell.database().read(tx -> store.fingerprint(tx, order.id()));
      place.create(cell, merchant, order, fingerprint);
      return;
    }
    var asked = follow.ask(cell, merchant, order);
    PaymentOrder heard = asked.order();
    boolean closeDue = heard.closeDueAt().filter(at -> !at.isAfter(now)).isPresent();
    if (heard.state() == OrderState.CLOSED && closeDue) {
      follow.tellClose(cell, merchant, heard);
    } else if (heard.state().isOpen()
        && heard.hasExpired(now)
        && !asked.silent()
        && !asked.paying()) {
      follow.close(cell, merchant, heard, Optional.empty());
    }
  }

  private void lookAgain(PaymentOrder order, @Nullable Instant at) {
    cell.database().execute(tx -> store.lookAgain(tx, order.id(), at));
  }

  @Override
  public void close() {
    stopping.countDown();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
      if (thread.getState() != Thread.State.NEW) {
        thread.join(LONGEST_STOP);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
