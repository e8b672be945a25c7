package io.yunfu.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class LaneIT {
  /// Where the result of the first transaction that took the command is kept.
  static final String CREATE =
      "create table mark (id bigint primary key check (id <> 666), batch bigint not null)";

  static final DatabaseSettings settings = TestDatabase.settings(1).withPoolSize(4);
  static final Database database = Database.open(settings, "cell_0");

  final List<AutoCloseable> open = new ArrayList<>();
  final Marks marks = new Marks();
  final Heard heard = new Heard();

  @AfterAll
  static void close() {
    database.close();
  }

  @BeforeEach
  void anEmptyTable() {
    database.execute(tx -> {
      tx.update("drop table if exists mark");
      tx.update(CREATE);
    });
  }

  @AfterEach
  void closeAll() throws Exception {
    marks.mayRun.countDown();
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  /// Marks ids; the result is the number of the batch that marked it first.
  static final class Marks implements Batch<Long, Long> {
    final List<List<Long>> batches = new CopyOnWriteArrayList<>();
    final CountDownLatch running = new CountDownLatch(1);
    final Map<Long, RuntimeException> poison = new ConcurrentHashMap<>();
    volatile CountDownLatch mayRun = new CountDownLatch(0);
    volatile Runnable beforeCommit = () -> {};

    @Override
    public List<Long> run(Transaction tx, List<Long> ids) {
      batches.add(List.copyOf(ids));
      running.countDown();
      await(mayRun);
      for (Long id : ids) {
        if (poison.containsKey(id)) {
          throw poison.get(id);
        }
      }
      long number = batches.size();
      var pipeline = tx.pipeline();
      pipeline.add(
          "insert into mark (id, batch) select id, ? from unnest(?::bigint[]) as id on conflict (id) do nothing",
          number,
          ids);
      var rows =
          pipeline.query(
              "select id, batch from mark where id = any (?)",
              row -> Map.entry(row.longAt("id"), row.longAt("batch")),
              ids);
      pipeline.run();
      Runnable last = beforeCommit;
      beforeCommit = () -> {};
      last.run();
      Map<Long, Long> found = new ConcurrentHashMap<>();
      rows.rows().forEach(row -> found.put(row.getKey(), row.getValue()));
      return ids.stream().map(found::get).toList();
    }

    @Override
    public Optional<Long> readBack(Transaction tx, Long id) {
      return tx.queryOne("select batch from mark where id = ?", row -> row.longAt("batch"), id);
    }

    /// From now on batches wait until the latch is counted down.
    void hold() {
      mayRun = new CountDownLatch(1);
    }
  }

  static final class Heard implements LaneListener {
    final AtomicInteger waited = new AtomicInteger();
    final Map<Thread, Duration> answered = new ConcurrentHashMap<>();
    final AtomicInteger commands = new AtomicInteger();
    final AtomicInteger retries = new AtomicInteger();
    final AtomicInteger refused = new AtomicInteger();
    final AtomicInteger withdrawn = new AtomicInteger();
    final AtomicInteger poisoned = new AtomicInteger();
    final AtomicInteger unknown = new AtomicInteger();

    @Override
    public void waited(Duration time) {
      waited.incrementAndGet();
    }

    @Override
    public void answered(Duration inQueue, Duration running) {
      answered.put(Thread.currentThread(), inQueue.plus(running));
    }

    @Override
    public void ran(int many, Duration time, int again) {
      commands.addAndGet(many);
      retries.addAndGet(again);
    }

    @Override
    public void refused() {
      refused.incrementAndGet();
    }

    @Override
    public void withdrawn() {
      withdrawn.incrementAndGet();
    }

    @Override
    public void poisoned() {
      poisoned.incrementAndGet();
    }

    @Override
    public void unknown(int many) {
      unknown.addAndGet(many);
    }
  }

  static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  Lane<Long, Long> lane(Database on, int batch, int queue) {
    Lane<Long, Long> lane = new Lane<>(on, new LaneSettings("test", batch, queue), marks, heard);
    open.add(lane);
    return lane;
  }

  /// One caller with its command, on a thread of its own.
  static final class Caller {
    private final Thread thread;
    private volatile Object outcome;

    Caller(Lane<Long, Long> lane, long id, Duration patience) {
      thread =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  outcome = lane.submit(id, patience);
                } catch (RuntimeException | Error e) {
                  outcome = e;
                }
              });
    }

    Object outcome() throws InterruptedException {
      thread.join();
      return outcome;
    }
  }

  /// A first command that runs and is held, and others that wait behind it, in their order.
  List<Caller> queueUp(Lane<Long, Long> lane, long... ids) throws InterruptedException {
    marks.hold();
    List<Caller> callers = new ArrayList<>();
    callers.add(new Caller(lane, 1_000_000, Duration.ofMinutes(1)));
    await(marks.running);
    for (long id : ids) {
      int before = lane.depth();
      callers.add(new Caller(lane, id, Duration.ofMinutes(1)));
      while (lane.depth() == before) {
        Thread.sleep(1);
      }
    }
    return callers;
  }

  static List<Object> outcomes(List<Caller> callers) throws InterruptedException {
    List<Object> outcomes = new ArrayList<>();
    for (Caller caller : callers) {
      outcomes.add(caller.outcome());
    }
    return outcomes;
  }

  static List<Long> marked() {
    return database.read(
        tx -> tx.query("select id from mark order by id", row -> row.longAt("id")));
  }

  @Test
  void a_lone_command_is_answered_when_it_is_durable() {
    Lane<Long, Long> lane = lane(database, 256, 4096);
    assertThat(lane.submit(1L)).isEqualTo(1L);
    assertThat(marked()).containsExactly(1L);
    assertThat(lane.depth()).isZero();
  }

  @Test
  void commands_that_wait_are_taken_together_in_their_order_up_to_the_bound() throws Exception {
    Lane<Long, Long> lane = lane(database, 4, 100);
    List<Caller> callers = queueUp(lane, 5, 3, 9, 1, 7, 2);
    marks.mayRun.countDown();
    assertThat(outcomes(callers)).containsExactly(1L, 2L, 2L, 2L, 2L, 3L, 3L);
    assertThat(marks.batches)
        .containsExactly(List.of(1_000_000L), List.of(5L, 3L, 9L, 1L), List.of(7L, 2L));
    lane.close();
    assertThat(heard.waited).hasValue(7);
    assertThat(heard.answered)
        .containsOnlyKeys(callers.stream().map(caller -> caller.thread).toList())
        .allSatisfy((thread, time) -> assertThat(time).isPositive());
    assertThat(heard.commands).hasValue(7);
    assertThat(heard.retries).hasValue(0);
  }

  @Test
  void many_callers_get_each_its_own_result() throws InterruptedException {
    Lane<Long, Long> lane = lane(database, 64, 4096);
    List<Caller> callers =
        LongStream.rangeClosed(1001, 3000)
            .mapToObj(id -> new Caller(lane, id, Duration.ofMinutes(1)))
            .toList();
    List<Object> outcomes = outcomes(callers);
    Map<Long, Long> stored = new ConcurrentHashMap<>();
    database.<Object>read(tx ->
        tx.query(
            "select id, batch from mark",
            row -> stored.put(row.longAt("id"), row.longAt("batch")) == null));
    for (int id = 1001; id <= 3000; id++) {
      assertThat(outcomes.get(id - 1001)).isEqualTo(stored.get((long) id));
    }
    assertThat(marks.batches).hasSizeLessThan(2000);
    assertThat(marks.batches).allMatch(batch -> batch.size() <= 64);
  }

  @Test
  void a_poison_command_only_kills_itself() throws InterruptedException {
    Lane<Long, Long> lane = lane(database, 256, 4096);
    IllegalStateException bug = new IllegalStateException("a bug");
    marks.poison.put(3L, bug);
    List<Caller> callers = queueUp(lane, 1, 2, 3, 4, 5, 6, 7);
    marks.mayRun.countDown();
    List<Object> outcomes = outcomes(callers);
    assertThat(outcomes.get(3)).isSameAs(bug);
    outcomes.remove(3);
    assertThat(outcomes).allMatch(Long.class::isInstance);
    assertThat(marked()).containsExactly(1L, 2L, 4L, 5L, 6L, 7L, 1_000_000L);
    lane.close();
    assertThat(heard.poisoned).hasValue(1);
    assertThat(heard.retries).hasPositiveValue();
  }

  @Test
  void a_command_that_violates_a_constraint_only_kills_itself() throws InterruptedException {
    Lane<Long, Long> lane = lane(database, 256, 4096);
    List<Caller> callers = queueUp(lane, 1, 2, 666, 4);
    marks.mayRun.countDown();
    List<Object> outcomes = outcomes(callers);
    assertThat(outcomes.get(3)).isInstanceOf(ConstraintViolated.class);
    assertThat(marked()).containsExactly(1L, 2L, 4L, 1_000_000L);
  }

  @Test
  void commands_that_run_apart_keep_their_order() throws InterruptedException {
    Lane<Long, Long> lane = lane(database, 256, 4096);
    marks.poison.put(1L, new IllegalStateException("first"));
    marks.poison.put(6L, new IllegalStateException("second"));
    List<Caller> callers = queueUp(lane, 1, 2, 3, 4, 5, 6, 7, 8);
    marks.mayRun.countDown();
    outcomes(callers);
    List<Long> order =
        database.read(tx ->
            tx.query(
                "select id from mark where id < 100 order by batch, id", row -> row.longAt("id")));
    assertThat(order).containsExactly(2L, 3L, 4L, 5L, 7L, 8L);
  }

  @Test
  void a_batch_with_too_few_results_is_not_committed() {
    Batch<Long, Long> forgetful =
        new Batch<>() {
          @Override
          public List<Long> run(Transaction tx, List<Long> ids) {
            marks.run(tx, ids);
            return List.of();
          }

          @Override
          public Optional<Long> readBack(Transaction tx, Long id) {
            return Optional.empty();
          }
        };
    try (Lane<Long, Long> lane =
        new Lane<>(database, LaneSettings.of("forgetful"), forgetful, LaneListener.NONE)) {
      assertThatThrownBy(() -> lane.submit(1L)).hasMessage("0 results for 1 commands");
    }
    assertThat(marked()).isEmpty();
  }

  @Test
  void a_deadlock_with_somebody_else_is_tried_again() throws InterruptedException {
    database.execute(tx -> tx.update("insert into mark (id, batch) values (1, 0), (2, 0)"));
    CountDownLatch bothHoldOne = new CountDownLatch(2);
    Batch<Long, Long> crossing =
        new Batch<>() {
          @Override
          public List<Long> run(Transaction tx, List<Long> ids) {
            tx.update("update mark set batch = batch + 1 where id = 1");
            bothHoldOne.countDown();
            await(bothHoldOne);
            tx.update("update mark set batch = batch + 1 where id = 2");
            return ids;
          }

          @Override
          public Optional<Long> readBack(Transaction tx, Long id) {
            return Optional.empty();
          }
        };
    Thread other =
        Thread.ofVirtual()
            .start(() ->
                database.execute(tx -> {
                  tx.update("update mark set batch = batch + 1 where id = 2");
                  bothHoldOne.countDown();
                  await(bothHoldOne);
                  tx.update("update mark set batch = batch + 1 where id = 1");
                }));
    try (Lane<Long, Long> lane =
        new Lane<>(database, LaneSettings.of("crossing"), crossing, heard)) {
      assertThat(lane.submit(9L)).isEqualTo(9L);
    }
    other.join();
    List<Long> batches =
        database.read(tx -> tx.query("select batch from mark", row -> row.longAt("batch")));
    assertThat(batches).containsExactly(2L, 2L);
  }

  @Test
  void a_full_queue_refuses_at_once_and_changes_nothing() throws InterruptedException {
    Lane<Long, Long> lane = lane(database, 2, 3);
    List<Caller> callers = queueUp(lane, 1, 2, 3);
    assertThatThrownBy(() -> lane.submit(4L)).isInstanceOf(LaneFull.class);
    marks.mayRun.countDown();
    assertThat(outcomes(callers)).allMatch(Long.class::isInstance);
    assertThat(marked()).containsExactly(1L, 2L, 3L, 1_000_000L);
    assertThat(heard.refused).hasValue(1);
  }

  @Test
  void a_command_whose_caller_gives_up_is_withdrawn_and_never_runs() throws InterruptedException {
    Lane<Long, Long> lane = lane(database, 256, 3);
    List<Caller> callers = queueUp(lane, 1, 2);
    assertThatThrownBy(() -> lane.submit(7L, Duration.ofMillis(20)))
        .isInstanceOf(LaneTimeout.class);
    assertThat(lane.depth()).isEqualTo(2);
    callers.add(new Caller(lane, 3, Duration.ofMinutes(1)));
    while (lane.depth() < 3) {
      Thread.sleep(1);
    }
    marks.mayRun.countDown();
    assertThat(outcomes(callers)).allMatch(Long.class::isInstance);
    assertThat(marked()).containsExactly(1L, 2L, 3L, 1_000_000L);
    assertThat(heard.withdrawn).hasValue(1);
  }

  @Test
  void a_command_that_runs_is_waited_for_beyond_its_patience() throws InterruptedException {
    Lane<Long, Long> lane = lane(database, 256, 3);
    marks.hold();
    // On a busy machine its patience may end before the worker has come to it: then once more.
    Duration patience = Duration.ofMillis(20);
    Caller caller;
    do {
      caller = new Caller(lane, 1, patience);
      while (marks.running.getCount() > 0 && caller.thread.isAlive()) {
        Thread.sleep(1);
      }
    } while (marks.running.getCount() > 0);
    Thread.sleep(patience.multipliedBy(2));
    caller.thread.interrupt();
    marks.mayRun.countDown();
    assertThat(caller.outcome()).isEqualTo(1L);
  }

  @Test
  void an_interrupt_withdraws_a_command_that_still_waits() throws InterruptedException {
    Lane<Long, Long> lane = lane(database, 256, 3);
    List<Caller> callers = queueUp(lane, 1);
    callers.getLast().thread.interrupt();
    assertThat(callers.getLast().outcome()).isInstanceOf(LaneTimeout.class);
    marks.mayRun.countDown();
    callers.getFirst().outcome();
    assertThat(marked()).containsExactly(1_000_000L);
  }

  @Test
  void a_lost_answer_is_read_back_and_the_commands_run_only_once() throws Exception {
    CutCable cable = new CutCable(settings.withPoolSize(1));
    Database far = Database.open(cable.settings(), "cell_0");
    open.addAll(List.of(cable, far));
    Lane<Long, Long> lane = lane(far, 256, 4096);
    List<Caller> callers = queueUp(lane, 1, 2, 3);
    marks.beforeCommit = () -> marks.beforeCommit = cable::cutBeforeNextAnswer;
    marks.mayRun.countDown();
    assertThat(outcomes(callers)).containsExactly(1L, 2L, 2L, 2L);
    assertThat(marks.batches).hasSize(2);
    assertThat(heard.unknown).hasValue(3);
  }

  @Test
  void a_commit_that_never_arrived_is_noticed_and_the_commands_run_again() throws Exception {
    CutCable cable = new CutCable(settings.withPoolSize(1));
    Database far = Database.open(cable.settings(), "cell_0");
    open.addAll(List.of(cable, far));
    Lane<Long, Long> lane = lane(far, 256, 4096);
    List<Caller> callers = queueUp(lane, 1, 2, 3);
    marks.beforeCommit = () -> marks.beforeCommit = cable::cutBeforeNextRequest;
    marks.mayRun.countDown();
    assertThat(outcomes(callers)).containsExactly(1L, 3L, 3L, 3L);
    assertThat(marks.batches).hasSize(3);
    lane.close();
    assertThat(heard.retries).hasValue(1);
  }

  @Test
  void a_commit_that_gets_lost_again_and_again_is_told_as_unknown() throws Exception {
    CutCable cable = new CutCable(settings.withPoolSize(1));
    Database far = Database.open(cable.settings(), "cell_0");
    open.addAll(List.of(cable, far));
    Lane<Long, Long> lane =
        new Lane<>(
            far,
            LaneSettings.of("unlucky"),
            new Batch<>() {
              @Override
              public List<Long> run(Transaction tx, List<Long> ids) {
                List<Long> results = marks.run(tx, ids);
                cable.cutBeforeNextRequest();
                return results;
              }

              @Override
              public Optional<Long> readBack(Transaction tx, Long id) {
                return marks.readBack(tx, id);
              }
            },
            heard);
    open.add(lane);
    assertThatThrownBy(() -> lane.submit(1L)).isInstanceOf(OutcomeUnknown.class);
    assertThat(marked()).isEmpty();
  }

  /// The configured time-out is what bounds how long a lost session may hold rows.
  @Test
  void a_lost_commit_is_looked_for_as_long_as_its_session_may_live_and_no_longer()
      throws Exception {
    Duration idle = Duration.ofSeconds(1);
    CutCable cable = new CutCable(settings.withPoolSize(1).withIdleInTransactionTimeout(idle));
    Database far = Database.open(cable.settings(), "cell_0");
    open.addAll(List.of(cable, far));
    Lane<Long, Long> lane = lane(far, 256, 4096);
    marks.beforeCommit = cable::cutForGoodBeforeNextRequest;
    long start = System.nanoTime();
    assertThatThrownBy(() -> lane.submit(1L)).isInstanceOf(OutcomeUnknown.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Lane.READ_BACK_GRACE)
        .isLessThan(DatabaseSettings.DEFAULT_IDLE_IN_TRANSACTION_TIMEOUT);
    assertThat(marked()).isEmpty();
  }

  @Test
  void a_session_that_is_killed_before_the_commit_costs_nobody_anything()
      throws InterruptedException {
    Lane<Long, Long> lane = lane(database, 256, 4096);
    List<Caller> callers = queueUp(lane, 1, 2);
    marks.beforeCommit = () -> marks.beforeCommit = LaneIT::killAllSessions;
    marks.mayRun.countDown();
    assertThat(outcomes(callers)).allMatch(Long.class::isInstance);
    assertThat(marked()).containsExactly(1L, 2L, 1_000_000L);
  }

  private static void killAllSessions() {
    String name = settings.url().substring(settings.url().lastIndexOf('/') + 1);
    TestDatabase.asSuperuser(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '%s' and pid <> pg_backend_pid()"
            .formatted(name));
  }

  @Test
  void without_a_database_all_fail_fast_and_later_ones_pass_again() throws Exception {
    CutCable cable = new CutCable(settings.withPoolSize(2));
    Database far = Database.open(cable.settings(), "cell_0");
    open.addAll(List.of(cable, far));
    Lane<Long, Long> lane = lane(far, 256, 4096);
    lane.submit(1L);
    cable.unplug();
    assertThatThrownBy(() -> lane.submit(2L)).isInstanceOf(DatabaseAway.class);
    List<Caller> callers =
        LongStream.rangeClosed(100, 600)
            .mapToObj(id -> new Caller(lane, id, Duration.ofMinutes(1)))
            .toList();
    assertThat(outcomes(callers)).allMatch(DatabaseAway.class::isInstance);
    cable.plugIn();
    while (far.awayBecause() != null) {
      Thread.sleep(10);
    }
    lane.submit(3L);
    assertThat(marked()).containsExactly(1L, 3L);
  }

  @Test
  void closing_finishes_what_was_admitted_and_takes_no_more() throws Exception {
    Lane<Long, Long> lane = lane(database, 2, 100);
    List<Caller> callers = queueUp(lane, 1, 2, 3, 4, 5);
    Thread closing = Thread.ofVirtual().start(lane::close);
    Object refusal;
    do {
      refusal = new Caller(lane, 9, Duration.ofMillis(1)).outcome();
    } while (refusal instanceof LaneTimeout);
    assertThat(refusal).isInstanceOf(LaneClosed.class);
    assertThat(closing.isAlive()).isTrue();
    marks.mayRun.countDown();
    closing.join();
    assertThat(outcomes(callers)).allMatch(Long.class::isInstance);
    assertThat(marked()).containsExactly(1L, 2L, 3L, 4L, 5L, 1_000_000L);
  }

  @Test
  void a_lane_that_has_nothing_to_do_closes_at_once() throws IOException {
    Lane<Long, Long> lane = lane(database, 2, 100);
    lane.submit(1L);
    lane.close();
    assertThatThrownBy(() -> lane.submit(2L)).isInstanceOf(LaneClosed.class);
  }
}
