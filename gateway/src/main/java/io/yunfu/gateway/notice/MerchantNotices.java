package io.yunfu.gateway.notice;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.DatabaseException;
import io.yunfu.gateway.merchant.Merchant;
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

  /// A notice that cannot even be written ends after so many turns: its schedule never comes to
  /// count them.
  static final int MOST_TURNS = 20;

  /// So long after it was made, a notice waits no more for a host that is away: its schedule goes
  /// on.
  static final Duration LONGEST_WAIT = Duration.ofDays(1);

  private static final int OK = 200;
  private static final int FIRST_SERVER_ERROR = 500;
  private static final String TAKEN = "taken";
  private static final String NOT_SENT = "Not sent: the host did not answer lately";
  private static final Duration LOOK_EVERY = Duration.ofMillis(250);
  private static final Duration LONGEST_STOP = Duration.ofSeconds(12);
  private static final Logger LOG = LoggerFactory.getLogger(MerchantNotices.class);

  private final Cells cells;
  private final NoticeBodies bodies;
  private final NoticeCalls calls;
  private final NoticeSchedule schedule;
  private final InstantSource clock;
  private final NoticeStore store = new NoticeStore();
  private final AuditLog audit = new AuditLog();
  private final Circuits circuits = new Circuits();
  private final Room size;
  private final Semaphore room;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Thread> loops = new ArrayList<>();

  /// How much is in hand at the same time.
  ///
  /// @param notices those that are being sent, and those that wait for a place at their host
  /// @param patience how long they wait for that; unit: real time
  record Room(int notices, Duration patience) {
    static final Room USUAL = new Room(512, Duration.ofSeconds(2));
  }

  /// With the usual schedule. Starts nothing yet.
  public MerchantNotices(Cells cells, NoticeBodies bodies, NoticeCalls calls, InstantSource clock) {
    this(cells, bodies, calls, NoticeSchedule.USUAL, clock);
  }

  /// Starts nothing yet.
  public MerchantNotices(
      Cells cells,
      NoticeBodies bodies,
      NoticeCalls calls,
      NoticeSchedule schedule,
      InstantSource clock) {
    this(cells, bodies, calls, schedule, clock, Room.USUAL);
  }

  MerchantNotices(
      Cells cells,
      NoticeBodies bodies,
      NoticeCalls calls,
      NoticeSchedule schedule,
      InstantSource clock,
      Room size) {
    this.size = size;
    this.room = new Semaphore(size.notices());
    this.cells = cells;
    this.bodies = bodies;
    this.calls = calls;
    this.schedule = schedule;
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

  /// Which notices an operator wants to see.
  ///
  /// @param merchant a sub-merchant's number; 0: of all
  /// @param payment an order's number in the installation; 0: of all
  public record Filter(Optional<MerchantNotice.State> state, long merchant, long payment) {
    public static final Filter ALL = new Filter(Optional.empty(), 0, 0);
  }

  /// Where a list goes on: numbers of different cells do not compare, times do.
  public record Position(Instant at, long id) {
    public static Position of(MerchantNotice notice) {
      return new Position(notice.createdAt(), notice.id());
    }
  }

  /// The newest first, over all cells.
  ///
  /// @param after the last one of the page before
  public List<MerchantNotice> list(Filter filter, Optional<Position> after, int limit) {
    Position from = after.orElseGet(() -> new Position(AuditLog.END, Long.MAX_VALUE));
    return cells.all().stream()
        .flatMap(cell -> cell.database().read(tx -> store.list(tx, filter, from, limit)).stream())
        .sorted(
            Comparator.comparing(MerchantNotice::createdAt)
                .thenComparingLong(MerchantNotice::id)
                .reversed())
        .limit(limit)
        .toList();
  }

  /// The notices of a cell that no merchant has taken yet.
  public Outstanding outstanding(Cell cell) {
    return cell.database().read(tx -> store.outstanding(tx, clock.instant()));
  }

  private Optional<Cell> cellOf(long id) {
    long cell = id >>> IdSource.SEQUENCE_BITS; // anybody can ask for any number
    return cell < cells.all().size() && id > 0
        ? Optional.of(cells.get(IdSource.cellOf(id)))
        : Optional.empty();
  }

  private void run(Cell cell) {
    boolean away = false;
    try {
      do {
        try {
          while (stopping.getCount() > 0 && round(cell)) {
            // as long as there may be more
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

  /// Takes what is due, and begins to send it.
  ///
  /// @return whether there may be more
  boolean round(Cell cell) throws InterruptedException {
    int places = takePlaces();
    int taken = 0;
    try {
      Instant now = clock.instant();
      var due = cell.database().inTransaction(tx -> store.claim(tx, now, now.plus(LEASE), places));
      for (MerchantNotice notice : due) {
        threads.execute(() -> work(cell, notice));
        taken++;
      }
      return taken == places;
    } finally {
      room.release(places - taken);
    }
  }

  /// Waits for one place at least.
  private int takePlaces() throws InterruptedException {
    room.acquire();
    int places = 1;
    while (places < BATCH && room.tryAcquire()) {
      places++;
    }
    return places;
  }

  /// Waits until nothing is in hand; for tests.
  void awaitQuiet() throws InterruptedException {
    room.acquire(size.notices());
    room.release(size.notices());
  }

  private void work(Cell cell, MerchantNotice notice) {
    try {
      tell(cell, notice);
    } catch (DatabaseException e) {
      LOG.warn("Notice {} waits for the database: {}", notice.id(), e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the program ends, and so does its lease
    } catch (RuntimeException e) {
      LOG.error("Notice {} cannot be sent", notice.id(), e);
      if (notice.turn() >= MOST_TURNS) {
        String why = "Cannot be sent: " + e.getClass().getSimpleName();
        end(cell, notice, MerchantNotice.State.UNDELIVERED, clock.instant(), why);
      }
    } finally {
      room.release();
    }
  }

  private void tell(Cell cell, MerchantNotice notice) throws InterruptedException {
    var encoded = bodies.encode(cell.id(), notice);
    Instant now = clock.instant();
    if (encoded.isEmpty()) {
      String why = "Nobody is to be told: the provider has no callback URL";
      end(cell, notice, MerchantNotice.State.UNDELIVERED, now, why);
      return;
    }
    NoticeBodies.Outgoing out = encoded.get();
    String host = String.valueOf(out.url().getHost());
    var later = circuits.enter(host, now, size.patience());
    if (later.isEmpty()) {
      send(cell, notice, out, host);
    } else if (now.isBefore(notice.createdAt().plus(LONGEST_WAIT))) {
      postpone(cell, notice, later.get(), now);
    } else {
      // Its turn counts: a schedule that never ends would be a notice that nobody ever sees.
      after(cell, notice, out, now, 0, 0, NOT_SENT);
    }
  }

  /// What was not sent was no attempt. The longer a host is away, the more wait for it, so the more
  /// seldom each asks: after an eighth of its age.
  private void postpone(Cell cell, MerchantNotice notice, Instant at, Instant now) {
    Instant seldom = now.plus(Duration.between(notice.createdAt(), now).dividedBy(8));
    boolean askedFor = notice.resentAfter() > 0; // a person waits for it
    Instant due = seldom.isAfter(at) && !askedFor ? seldom : at;
    cell.database().execute(tx -> store.postpone(tx, notice, due, NOT_SENT));
  }

  private void send(Cell cell, MerchantNotice notice, NoticeBodies.Outgoing out, String host) {
    Instant now = clock.instant();
    boolean bodyDecides = out.acknowledgement() == Merchant.Acknowledgement.ENVELOPE_STATUS;
    boolean answered = false;
    NoticeCalls.Answer answer;
    try {
      answer = calls.send(out.url(), out.body(), bodyDecides);
      answered = answer.status() > 0 && answer.status() < FIRST_SERVER_ERROR;
    } finally {
      circuits.leave(host, answered, clock.instant());
    }
    int took = (int) Duration.between(now, clock.instant()).toMillis();
    boolean taken = answer.status() == OK && bodies.takes(out.acknowledgement(), answer.body());
    String outcome =
        taken
            ? TAKEN
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
          if (outcome.equals(TAKEN)) {
            store.after(tx, notice, MerchantNotice.State.DELIVERED, now, "", now);
            return;
          }
          var pause = schedule.after(out.schedule(), notice.turn());
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
