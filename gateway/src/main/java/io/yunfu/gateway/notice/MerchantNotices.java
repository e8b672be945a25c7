package io.yunfu.gateway.notice;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.DatabaseException;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.IdSource;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.Detail;
import io.yunfu.operator.Operator;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Works the outboxes: takes what is due, sends it, writes down what came of it. A notice is sent
/// at least once and ends at its acknowledgement or with its schedule. A node that dies with one in
/// hand leaves it to others when its lease is over.
public final class MerchantNotices implements AutoCloseable {
  /// More than a call takes.
  private static final Duration LEASE = Duration.ofSeconds(30);

  private static final int BATCH = 100;

  /// Calls at the same time.
  private static final int AT_ONCE = 64;

  private static final int OK = 200;
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(12);
  private static final Logger LOG = LoggerFactory.getLogger(MerchantNotices.class);

  private final Cells cells;
  private final NoticeBodies bodies;
  private final NoticeCalls calls;
  private final InstantSource clock;
  private final NoticeStore store = new NoticeStore();
  private final AuditLog audit = new AuditLog();
  private final Circuits circuits = new Circuits();
  private final Semaphore room = new Semaphore(AT_ONCE);
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Thread> loops = new ArrayList<>();

  /// Starts nothing yet.
  public MerchantNotices(Cells cells, NoticeBodies bodies, NoticeCalls calls, InstantSource clock) {
    this.cells = cells;
    this.bodies = bodies;
    this.calls = calls;
    this.clock = clock;
  }

  public void start() {
    for (Cell cell : cells.all()) {
      loops.add(Thread.ofVirtual().name("notices-" + cell.id()).start(() -> run(cell)));
    }
  }

  /// From the beginning of its schedule, from whatever state.
  ///
  /// @return false when there is no such notice
  public boolean resend(Operator operator, long id) {
    return cellOf(id)
        .map(cell ->
            cell.database()
                .inTransaction(tx -> {
                  boolean found = store.resend(tx, id, clock.instant());
                  if (found) {
                    audit.write(
                        tx,
                        cell.ids(),
                        clock.instant(),
                        operator,
                        "merchant-notice.resend",
                        "merchant-notice/" + id,
                        Detail.none());
                  }
                  return found;
                }))
        .orElse(false);
  }

  public Optional<MerchantNotice> find(long id) {
    return cellOf(id).flatMap(cell -> cell.database().read(tx -> store.byId(tx, id)));
  }

  public List<MerchantNotice.Attempt> attempts(long id) {
    return cellOf(id)
        .map(cell -> cell.database().read(tx -> store.attempts(tx, id)))
        .orElse(List.of());
  }

  /// The newest first, over all cells.
  ///
  /// @param merchant a sub-merchant's number, 0 for all
  public List<MerchantNotice> list(
      Optional<MerchantNotice.State> state, long merchant, long before, int limit) {
    String code = state.map(MerchantNotice.State::code).orElse("");
    var all = new ArrayList<MerchantNotice>();
    for (Cell cell : cells.all()) {
      long from =
          before == Long.MAX_VALUE
              ? before
              : IdSource.compose(cell.id(), IdSource.sequenceOf(before));
      all.addAll(cell.database().read(tx -> store.list(tx, code, merchant, from, limit)));
    }
    all.sort(
        Comparator.comparing(MerchantNotice::createdAt)
            .thenComparingLong(MerchantNotice::id)
            .reversed());
    return List.copyOf(all.subList(0, Math.min(limit, all.size())));
  }

  private Optional<Cell> cellOf(long id) {
    CellId cell = IdSource.cellOf(Math.max(id, 0));
    return cell.value() < cells.all().size() ? Optional.of(cells.get(cell)) : Optional.empty();
  }

  private void run(Cell cell) {
    boolean away = false;
    try {
      do {
        try {
          while (stopping.getCount() > 0 && round(cell) >= BATCH) {
            // as long as there is more than a batch
          }
          away = false;
        } catch (DatabaseException e) {
          if (!away) {
            LOG.warn("{}: notices wait for the database: {}", cell.id(), e.getMessage());
          }
          away = true;
        } catch (RuntimeException e) {
          LOG.error("{}: a round of notices failed; going on", cell.id(), e);
        }
      } while (!stopping.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private int round(Cell cell) throws InterruptedException {
    Instant now = clock.instant();
    var due = cell.database().inTransaction(tx -> store.claim(tx, now, now.plus(LEASE), BATCH));
    for (MerchantNotice notice : due) {
      room.acquire();
      threads.execute(() -> {
        try {
          tell(cell, notice);
        } catch (DatabaseException e) {
          LOG.warn("Notice {} waits for the database: {}", notice.id(), e.getMessage());
        } catch (RuntimeException e) {
          LOG.error("Notice {} cannot be sent; it is tried again", notice.id(), e);
        } finally {
          room.release();
        }
      });
    }
    return due.size();
  }

  private void tell(Cell cell, MerchantNotice notice) {
    var encoded = bodies.encode(cell.id(), notice);
    Instant now = clock.instant();
    if (encoded.isEmpty()) {
      String why = "Nobody is to be told: the provider has no callback URL";
      end(cell, notice, MerchantNotice.State.UNDELIVERED, now, why);
      return;
    }
    NoticeBodies.Outgoing out = encoded.get();
    String host = String.valueOf(out.url().getHost());
    var open = circuits.openUntil(host, now);
    if (open.isPresent() && notice.attempts() > 1) {
      // Its turn counts: a schedule that never ends would be a notice that nobody ever sees.
      after(cell, notice, out, now, 0, 0, "Not sent: the host did not answer lately");
      return;
    }
    NoticeCalls.Answer answer = calls.send(out.url(), out.body());
    int took = (int) Duration.between(now, clock.instant()).toMillis();
    boolean taken = answer.status() == OK && bodies.takes(out.acknowledgement(), answer.body());
    if (taken) {
      circuits.succeeded(host);
    } else {
      circuits.failed(host, clock.instant());
    }
    String outcome =
        taken
            ? "taken"
            : answer.trouble().isEmpty() ? "answered with " + answer.status() : answer.trouble();
    after(cell, notice, out, now, took, answer.status(), outcome);
  }

  private void after(
      Cell cell,
      MerchantNotice notice,
      NoticeBodies.Outgoing out,
      Instant startedAt,
      int took,
      int status,
      String outcome) {
    cell.database()
        .execute(tx -> {
          var attempt =
              new MerchantNotice.Attempt(notice.attempts(), startedAt, took, status, outcome);
          store.record(tx, notice.id(), attempt);
          Instant now = clock.instant();
          if (outcome.equals("taken")) {
            store.after(tx, notice, MerchantNotice.State.DELIVERED, now, "", now);
            return;
          }
          var pause = NoticeSchedule.after(out.schedule(), notice.attempts());
          store.after(
              tx,
              notice,
              pause.isPresent() ? MerchantNotice.State.QUEUED : MerchantNotice.State.UNDELIVERED,
              now.plus(pause.orElse(Duration.ZERO)),
              outcome,
              now);
        });
  }

  private void end(
      Cell cell, MerchantNotice notice, MerchantNotice.State state, Instant now, String why) {
    cell.database().execute(tx -> store.after(tx, notice, state, now, why, now));
  }

  @Override
  public void close() {
    stopping.countDown();
    threads.shutdown();
    try {
      if (!threads.awaitTermination(LONGEST_STOP.toSeconds(), TimeUnit.SECONDS)) {
        threads.shutdownNow();
      }
      for (Thread loop : loops) {
        loop.join(LONGEST_STOP);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
