package io.yunfu.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
class DatabaseIT {
  static final DatabaseSettings settings = TestDatabase.settings(1);
  static final Database database = Database.open(settings, "cell_0");

  @AfterAll
  static void close() {
    database.close();
  }

  @BeforeEach
  void anEmptyTable() {
    database.execute(tx -> {
      tx.update("drop table if exists thing");
      tx.update(
          "create table thing (id bigint constraint thing_key primary key, name text constraint thing_name check (name <> 'bad'))");
    });
  }

  static void insert(Transaction tx, long id) {
    tx.update("insert into thing (id, name) values (?, ?)", id, "thing " + id);
  }

  static List<Long> ids() {
    return database.read(
        tx -> tx.query("select id from thing order by id", row -> row.longAt("id")));
  }

  @Test
  void every_kind_of_value_comes_back_as_it_was() {
    Instant at = Instant.parse("2026-02-28T23:59:59.123456Z");
    UUID uuid = UUID.fromString("0199a5f4-7b1c-7000-8000-000000000001");
    database.execute(tx -> {
      tx.update(
          """
          create temporary table value (l bigint, i int, s smallint, t text, b boolean, at timestamptz, d date,
              n numeric(20, 4), x bytea, u uuid, j jsonb) on commit drop
          """);
      tx.update(
          "insert into value values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?::jsonb)",
          Long.MIN_VALUE,
          -7,
          (short) 3,
          "云付 ? '; --",
          true,
          at,
          LocalDate.of(1900, 1, 1),
          new BigDecimal("-12.3400"),
          new byte[] {0, -1, 1},
          uuid,
          "{\"a\": 1}");
      var row =
          tx.queryOne(
              "select * from value",
              r ->
                  List.of(
                      r.longAt("l"),
                      r.intAt("i"),
                      r.intAt("s"),
                      r.text("t"),
                      r.bool("b"),
                      r.instant("at"),
                      r.date("d"),
                      r.decimal("n"),
                      r.uuid("u"),
                      r.text("j"),
                      r.bytes("x")[1]));
      assertThat(row)
          .contains(
              List.of(
                  Long.MIN_VALUE,
                  -7,
                  3,
                  "云付 ? '; --",
                  true,
                  at,
                  LocalDate.of(1900, 1, 1),
                  new BigDecimal("-12.3400"),
                  uuid,
                  "{\"a\": 1}",
                  (byte) -1));
    });
  }

  @Test
  void a_time_is_cut_to_microseconds_and_never_moves_into_the_future() {
    Instant fine = Instant.parse("2026-01-01T00:00:00.999999999Z");
    Instant read =
        database.read(tx -> tx.query("select ? as at", row -> row.instant("at"), fine)).getFirst();
    assertThat(read).isEqualTo(Instant.parse("2026-01-01T00:00:00.999999Z"));
  }

  @Test
  void nulls_are_written_and_read_and_refused_where_none_may_be() {
    database.execute(tx -> {
      Long none = null;
      String sql =
          "select ?::bigint as l, ?::text as t, ?::timestamptz as at, ?::bytea as x, ?::date as d, ?::numeric as n";
      List<Boolean> nulls =
          tx.query(
                  sql,
                  row ->
                      List.of(
                          row.longOrNull("l") == null,
                          row.intOrNull("l") == null,
                          row.textOrNull("t") == null,
                          row.instantOrNull("at") == null,
                          row.bytesOrNull("x") == null,
                          row.dateOrNull("d") == null,
                          row.decimalOrNull("n") == null,
                          row.isNull("l")),
                  none,
                  null,
                  null,
                  null,
                  null,
                  null)
              .getFirst();
      assertThat(nulls).containsOnly(true);
    });
    assertThatThrownBy(
            () -> database.read(tx -> tx.query("select null::bigint as l", row -> row.longAt("l"))))
        .hasMessageContaining("column l is null");
    assertThatThrownBy(
            () -> database.read(tx -> tx.query("select null::text as t", row -> row.text("t"))))
        .hasMessageContaining("column t is null");
  }

  @Test
  void arrays_travel_in_both_directions() {
    database.execute(tx -> {
      var rows =
          tx.query(
              """
              select * from unnest(?::bigint[], ?::int[], ?::smallint[], ?::text[], ?::boolean[], ?::timestamptz[],
                  ?::date[], ?::numeric[], ?::bytea[]) as t (l, i, s, t, b, at, d, n, x)
              """,
              row ->
                  "%d %d %d %s %s %s %s %s %d"
                      .formatted(
                          row.longAt("l"),
                          row.intAt("i"),
                          row.intAt("s"),
                          row.textOrNull("t"),
                          row.bool("b"),
                          row.instantOrNull("at"),
                          row.date("d"),
                          row.decimal("n"),
                          row.bytes("x").length),
              new long[] {1, 2},
              new int[] {3, 4},
              new short[] {5, 6},
              new String[] {"a,\"b\\", null},
              new boolean[] {true, false},
              new Instant[] {Instant.parse("2026-01-01T00:00:00Z"), null},
              new LocalDate[] {LocalDate.EPOCH, LocalDate.EPOCH},
              new BigDecimal[] {new BigDecimal("1.5"), BigDecimal.ZERO},
              new byte[][] {{1, 2}, {}});
      assertThat(rows)
          .containsExactly(
              "1 3 5 a,\"b\\ true 2026-01-01T00:00:00Z 1970-01-01 1.5 2",
              "2 4 6 null false null 1970-01-01 0 0");
      var back =
          tx.queryOne(
              "select ?::text[] as t, ?::bigint[] as l, ?::text[] as e",
              row -> List.of(row.texts("t"), row.longs("l"), row.texts("e")),
              List.of("a", "{}"),
              List.of(7L),
              List.of());
      assertThat(back).contains(List.of(List.of("a", "{}"), List.of(7L), List.of()));
    });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0001-01-01T00:00:00.000001Z",
        "1969-12-31T23:59:59.999999999Z",
        "1970-01-01T00:00:00Z",
        "1999-12-31T23:59:59.000000999Z",
        "2000-01-01T00:00:00Z",
        "2026-02-28T12:34:56.123456789Z",
        "9999-12-31T23:59:59.999999999Z"
      })
  void a_time_in_an_array_arrives_as_one_by_itself_does_cut_to_microseconds(Instant time) {
    database.execute(tx -> {
      Instant cut = time.truncatedTo(ChronoUnit.MICROS);
      assertThat(tx.queryOne("select ?::timestamptz as at", row -> row.instant("at"), time))
          .contains(cut);
      assertThat(
              tx.query(
                  "select at from unnest(?::timestamptz[]) as t (at)",
                  row -> Optional.ofNullable(row.instantOrNull("at")),
                  (Object) new Instant[] {null, time, time}))
          .containsExactly(Optional.empty(), Optional.of(cut), Optional.of(cut));
    });
  }

  @Test
  void an_array_of_times_may_be_empty() {
    database.execute(tx ->
        assertThat(
                tx.query(
                    "select at from unnest(?::timestamptz[]) as t (at)",
                    row -> row.instant("at"),
                    (Object) new Instant[0]))
            .isEmpty());
  }

  @Test
  void an_argument_that_sql_does_not_know_is_refused() {
    assertThatThrownBy(() -> database.read(tx -> tx.query("select ?", row -> 1, new Object())))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("argument 1");
  }

  @Test
  void an_exception_of_the_work_changes_nothing() {
    assertThatThrownBy(() ->
            database.execute(tx -> {
              insert(tx, 1);
              throw new IllegalStateException("changed my mind");
            }))
        .hasMessage("changed my mind");
    assertThat(ids()).isEmpty();
  }

  @Test
  void a_work_that_swallows_an_error_of_the_database_does_not_commit() {
    assertThatThrownBy(() ->
            database.execute(tx -> {
              insert(tx, 1);
              try {
                insert(tx, 1);
              } catch (ConstraintViolated e) {
                // and goes on
              }
            }))
        .isInstanceOf(ConstraintViolated.class);
    assertThat(ids()).isEmpty();
  }

  @Test
  void a_violated_constraint_is_told_by_name_and_without_the_values_of_the_row() {
    database.execute(tx -> insert(tx, 1));
    var duplicate =
        catchThrowableOfType(ConstraintViolated.class, () -> database.execute(tx -> insert(tx, 1)));
    assertThat(duplicate.constraint()).isEqualTo("thing_key");
    assertThat(duplicate.isDuplicate()).isTrue();
    var check =
        catchThrowableOfType(
            ConstraintViolated.class,
            () -> database.execute(tx -> tx.update("insert into thing values (4711, 'bad')")));
    assertThat(check.constraint()).isEqualTo("thing_name");
    assertThat(check.isDuplicate()).isFalse();
    assertThat(check).hasMessageNotContaining("4711").hasStackTraceContaining("thing_name");
  }

  @Test
  void a_listener_hears_each_work_and_tells_the_databases_failures_from_those_of_the_work() {
    List<String> heard = new ArrayList<>();
    database.listen((took, failure) ->
        heard.add(
            took.isPositive() + " " + (failure == null ? "" : failure.getClass().getSimpleName())));
    try {
      database.execute(tx -> insert(tx, 1));
      ids();
      assertThatThrownBy(() -> database.execute(tx -> insert(tx, 1)))
          .isInstanceOf(ConstraintViolated.class);
      assertThatThrownBy(() ->
              database.execute(tx -> {
                throw new IllegalStateException("ours");
              }))
          .hasMessage("ours");
    } finally {
      database.listen(DatabaseListener.NONE);
    }
    assertThat(heard).containsExactly("true ", "true ", "true ConstraintViolated", "true ");
  }

  @Test
  void a_read_refuses_to_write() {
    assertThatThrownBy(() -> database.read(tx -> tx.update("delete from thing")))
        .hasMessageContaining("only reads");
    assertThatThrownBy(() -> database.read(tx -> tx.pipeline().add("delete from thing")))
        .hasMessageContaining("only reads");
    assertThatThrownBy(() ->
            database.snapshot(
                tx -> tx.query("insert into thing values (1, '') returning id", row -> 1)))
        .hasMessageContaining("read-only");
  }

  @Test
  void a_snapshot_does_not_see_what_others_commit_meanwhile() {
    database.execute(tx -> insert(tx, 1));
    try (Database other = Database.open(settings, "cell_0")) {
      List<Integer> counts =
          database.snapshot(tx -> {
            int before = tx.query("select * from thing", row -> 1).size();
            other.execute(meanwhile -> insert(meanwhile, 2));
            return List.of(before, tx.query("select * from thing", row -> 1).size());
          });
      assertThat(counts).containsExactly(1, 1);
    }
    assertThat(ids()).containsExactly(1L, 2L);
  }

  @Test
  void many_rows_are_read_without_holding_all_of_them() {
    List<Long> seen = new ArrayList<>();
    database.<Object>snapshot(tx -> {
      tx.forEach(
          "select n from generate_series(1::bigint, ?) as n",
          row -> row.longAt("n"),
          seen::add,
          2500L);
      return 0;
    });
    assertThat(seen).hasSize(2500).startsWith(1L).endsWith(2500L);
  }

  @Test
  void a_pipeline_runs_its_statements_in_order_and_answers_each() {
    database.execute(tx -> {
      var pipeline = tx.pipeline();
      var inserted =
          pipeline.update(
              "insert into thing select id, 'x' from unnest(?::bigint[]) as id",
              new long[] {1, 2, 3});
      var rows =
          pipeline.query(
              "select id from thing where id = any (?) order by id",
              row -> row.longAt("id"),
              new long[] {1, 3});
      var deleted =
          pipeline.query(
              "delete from thing where id > ? returning id", row -> row.longAt("id"), 1L);
      var none = pipeline.update("update thing set name = ? where id = ?", "y", 9L);
      pipeline.run();
      assertThat(inserted.count()).isEqualTo(3);
      assertThat(rows.rows()).containsExactly(1L, 3L);
      assertThat(deleted.rows()).containsExactlyInAnyOrder(2L, 3L);
      assertThat(none.count()).isZero();
    });
    assertThat(ids()).containsExactly(1L);
  }

  @Test
  void an_empty_pipeline_does_nothing_and_no_pipeline_runs_twice() {
    database.execute(tx -> {
      var pipeline = tx.pipeline();
      pipeline.run();
      assertThatThrownBy(pipeline::run).hasMessageContaining("once");
      var count = tx.pipeline().update("delete from thing");
      assertThatThrownBy(count::count).hasMessageContaining("has not run");
    });
  }

  @Test
  void an_error_in_a_pipeline_undoes_all_of_it() {
    assertThatThrownBy(() ->
            database.execute(tx -> {
              var pipeline = tx.pipeline();
              pipeline.add("insert into thing values (?, 'x')", 1L);
              pipeline.add("insert into thing values (?, 'bad')", 2L);
              pipeline.add("insert into thing values (?, 'x')", 3L);
              pipeline.run();
            }))
        .isInstanceOf(ConstraintViolated.class);
    assertThat(ids()).isEmpty();
  }

  @Test
  void a_pipeline_takes_one_round_trip() throws IOException {
    try (CutCable cable = new CutCable(settings.withPoolSize(1));
        Database far = Database.open(cable.settings(), "cell_0")) {
      for (int round = 1; round <= 3; round++) {
        long id = round;
        far.execute(tx -> {
          tx.query("select 1", row -> 1);
          int before = cable.requests();
          var pipeline = tx.pipeline();
          pipeline.add("insert into thing values (?, ?)", id, "x");
          pipeline.add("update thing set name = ? where id = ?", "y", id);
          var rows = pipeline.query("select * from thing", row -> row.longAt("id"));
          pipeline.run();
          assertThat(rows.rows()).hasSize((int) id);
          assertThat(cable.requests() - before).isEqualTo(1);
        });
      }
    }
  }

  @Test
  void a_deadlock_is_tried_again_until_both_have_passed() throws InterruptedException {
    database.execute(tx -> {
      insert(tx, 1);
      insert(tx, 2);
    });
    CountDownLatch bothHoldOne = new CountDownLatch(2);
    AtomicInteger runs = new AtomicInteger();
    List<Thread> threads = new ArrayList<>();
    for (List<Long> order : List.of(List.of(1L, 2L), List.of(2L, 1L))) {
      threads.add(
          Thread.ofVirtual()
              .start(() ->
                  database.execute(tx -> {
                    runs.incrementAndGet();
                    append(tx, order.getFirst());
                    bothHoldOne.countDown();
                    await(bothHoldOne);
                    append(tx, order.getLast());
                  })));
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(runs).hasValueGreaterThan(2);
    List<String> names =
        database.read(tx -> tx.query("select name from thing", row -> row.text("name")));
    assertThat(names).containsExactlyInAnyOrder("thing 1++", "thing 2++");
  }

  private static void append(Transaction tx, long id) {
    tx.update("update thing set name = name || '+' where id = ?", id);
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_conflict_that_never_ends_is_given_up_after_some_attempts() {
    AtomicInteger runs = new AtomicInteger();
    var busy =
        catchThrowableOfType(
            DatabaseBusy.class,
            () ->
                database.execute(tx -> {
                  runs.incrementAndGet();
                  insert(tx, 1);
                  tx.update("do $$ begin raise exception 'no' using errcode = '40001'; end $$");
                }));
    assertThat(busy.isConflict()).isTrue();
    assertThat(runs).hasValue(Database.ATTEMPTS);
    assertThat(ids()).isEmpty();
  }

  @Test
  void a_slow_statement_is_given_up_and_nothing_changes() {
    try (Database hasty =
        Database.open(
            settings.withTimeouts(
                settings.connectTimeout(), Duration.ofMillis(200), Duration.ofMillis(200)),
            "cell_0")) {
      assertThatThrownBy(() ->
              hasty.execute(tx -> {
                insert(tx, 1);
                tx.query("select pg_sleep(30)", row -> 1);
              }))
          .isInstanceOf(DatabaseBusy.class);
    }
    assertThat(ids()).isEmpty();
  }

  @Test
  void a_row_lock_is_not_waited_for_without_end() {
    database.execute(tx -> insert(tx, 1));
    try (Database hasty =
        Database.open(
            settings.withTimeouts(
                settings.connectTimeout(), Duration.ofSeconds(30), Duration.ofMillis(100)),
            "cell_0")) {
      database.execute(holder -> {
        append(holder, 1);
        assertThatThrownBy(() -> hasty.execute(tx -> append(tx, 1)))
            .isInstanceOf(DatabaseBusy.class);
      });
    }
  }

  @Test
  void when_all_connections_are_taken_the_next_one_is_told_so() {
    DatabaseSettings one =
        settings
            .withPoolSize(1)
            .withTimeouts(Duration.ofMillis(250), Duration.ofSeconds(5), Duration.ofSeconds(5));
    try (Database small = Database.open(one, "cell_0")) {
      small.execute(tx -> {
        tx.query("select 1", row -> 1);
        assertThatThrownBy(() -> CompletableFuture.runAsync(small::ping).join())
            .hasCauseInstanceOf(DatabaseBusy.class);
        assertThat(small.connections().active()).isEqualTo(1);
      });
      small.ping();
      assertThat(small.awayBecause()).isNull();
    }
  }

  @Test
  void a_work_whose_connection_breaks_before_the_commit_runs_again() {
    AtomicInteger runs = new AtomicInteger();
    database.execute(tx -> {
      insert(tx, 1);
      if (runs.incrementAndGet() == 1) {
        int process =
            tx.query("select pg_backend_pid() as pid", row -> row.intAt("pid")).getFirst();
        TestDatabase.asSuperuser("select pg_terminate_backend(" + process + ", 5000)");
      }
      insert(tx, 2);
    });
    assertThat(runs).hasValue(2);
    assertThat(ids()).containsExactly(1L, 2L);
  }

  @Test
  void a_commit_that_never_arrived_is_an_unknown_outcome() throws IOException {
    try (CutCable cable = new CutCable(settings.withPoolSize(1));
        Database far = Database.open(cable.settings(), "cell_0")) {
      assertThatThrownBy(() ->
              far.execute(tx -> {
                insert(tx, 1);
                cable.cutBeforeNextRequest();
              }))
          .isInstanceOf(OutcomeUnknown.class);
      far.ping();
    }
    assertThat(ids()).isEmpty();
  }

  @Test
  void a_commit_whose_answer_was_lost_is_an_unknown_outcome() throws IOException {
    try (CutCable cable = new CutCable(settings.withPoolSize(1));
        Database far = Database.open(cable.settings(), "cell_0")) {
      assertThatThrownBy(() ->
              far.execute(tx -> {
                insert(tx, 1);
                cable.cutBeforeNextAnswer();
              }))
          .isInstanceOf(OutcomeUnknown.class);
      far.ping();
    }
    assertThat(ids()).containsExactly(1L);
  }

  @Test
  void a_commit_that_a_deferred_constraint_refuses_is_known_to_have_failed() {
    database.execute(tx ->
        tx.update(
            "alter table thing add constraint thing_parent foreign key (id) references thing (id) deferrable initially deferred, add column parent bigint constraint thing_up references thing deferrable initially deferred"));
    var violated =
        catchThrowableOfType(
            ConstraintViolated.class,
            () ->
                database.execute(tx -> tx.update("insert into thing (id, parent) values (1, 2)")));
    assertThat(violated.constraint()).isEqualTo("thing_up");
  }

  @Test
  void while_the_database_is_away_all_fail_fast_and_it_recovers_by_itself() throws Exception {
    try (CutCable cable = new CutCable(settings.withPoolSize(4));
        Database far = Database.open(cable.settings(), "cell_0")) {
      far.ping();
      cable.unplug();
      assertThatThrownBy(far::ping).isInstanceOf(DatabaseAway.class);
      assertThat(far.awayBecause()).contains("refused");
      // At the price of the connect timeout each, this would take more than half an hour.
      for (int i = 0; i < 1000; i++) {
        assertThatThrownBy(far::ping).isInstanceOf(DatabaseAway.class);
      }
      cable.plugIn();
      while (far.awayBecause() != null) {
        Thread.sleep(10);
      }
      far.execute(tx -> insert(tx, 1));
    }
    assertThat(ids()).containsExactly(1L);
  }

  @Test
  void a_database_that_is_away_at_first_is_used_once_it_comes() throws Exception {
    try (CutCable cable = new CutCable(settings)) {
      cable.unplug();
      try (Database far = Database.open(cable.settings(), "cell_0")) {
        assertThatThrownBy(far::ping).isInstanceOf(DatabaseAway.class);
        cable.plugIn();
        while (far.awayBecause() != null) {
          Thread.sleep(10);
        }
        far.ping();
      }
    }
  }

  /// It opens connections by itself, beside those who ask: also at the moment when it is closed.
  @Test
  void closing_does_not_wait_for_a_database_that_does_not_answer_and_no_connection_is_left()
      throws Exception {
    String name = "frozen-" + UUID.randomUUID();
    try (CutCable cable = new CutCable(settings.withApplicationName(name))) {
      cable.freeze();
      Database far = Database.open(cable.settings(), "cell_0");
      while (cable.connections() == 0) {
        Thread.sleep(1);
      }
      var warnings = Warnings.of("com.zaxxer.hikari");
      long start = System.nanoTime();
      far.close();
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isLessThan(Connector.LONGEST_LOGIN.dividedBy(2));
      assertThat(warnings.stop()).isEmpty();
      cable.thaw();
      while (sessions(name) > 0) {
        Thread.sleep(10);
      }
      assertThat(cable.connections()).isEqualTo(1);
    }
  }

  @Test
  void a_closed_pool_opens_no_connection_for_those_who_had_waited_for_one() throws Exception {
    String name = "crowded-" + UUID.randomUUID();
    try (CutCable cable = new CutCable(settings.withPoolSize(8).withApplicationName(name))) {
      Database far = Database.open(cable.settings(), "cell_0");
      far.ping();
      cable.freeze();
      List<Thread> callers = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        callers.add(
            Thread.ofVirtual()
                .start(() -> assertThatThrownBy(far::ping).isInstanceOf(DatabaseException.class)));
      }
      while (far.connections().waiting() < 10) {
        Thread.sleep(1);
      }
      far.close();
      int made = cable.connections();
      cable.thaw();
      for (Thread caller : callers) {
        caller.join();
      }
      while (sessions(name) > 0) {
        Thread.sleep(10);
      }
      assertThat(cable.connections()).isEqualTo(made);
      assertThatThrownBy(far::ping).hasMessageContaining("closed");
    }
  }

  private static int sessions(String applicationName) {
    return database
        .read(tx ->
            tx.query(
                "select 1 as one from pg_stat_activity where application_name = ?",
                row -> row.intAt("one"),
                applicationName))
        .size();
  }

  @Test
  void a_table_that_another_node_migrates_does_not_break_prepared_statements() {
    database.execute(tx -> insert(tx, 1));
    String sql = "select * from thing where id = ?";
    for (int i = 0; i < 10; i++) {
      database.read(tx -> tx.query(sql, row -> row.text("name"), 1L));
    }
    database.execute(tx -> tx.update("alter table thing add column more text default 'm'"));
    for (int i = 0; i < 10; i++) {
      List<String> more = database.read(tx -> tx.query(sql, row -> row.text("more"), 1L));
      assertThat(more).containsExactly("m");
    }
  }

  @Test
  void a_session_sees_its_schema_alone_in_utc_with_its_time_outs() {
    String state =
        database.read(tx ->
            tx.query(
                    "select current_setting('search_path') || ' ' || current_setting('timezone') || ' ' || current_setting('statement_timeout') || ' ' || current_setting('lock_timeout') || ' ' || current_setting('idle_in_transaction_session_timeout') || ' ' || current_setting('application_name') as state",
                    row -> row.text("state"))
                .getFirst());
    assertThat(state).isEqualTo("cell_0 UTC 10s 5s 30s yunfu");
  }

  @Test
  void a_server_that_is_too_old_is_refused_by_version() throws Exception {
    try (Connector connector = new Connector(settings, "cell_0")) {
      connector.requireVersion(15);
      assertThatThrownBy(() -> connector.requireVersion(14))
          .hasMessageContaining("PostgreSQL 14 at postgresql://127.0.0.1")
          .hasMessageContaining("needs version 15 or newer");
    }
  }

  @Test
  void a_wrong_password_is_told_without_telling_it() {
    DatabaseSettings wrong = DatabaseSettings.of(settings.url(), settings.user(), "my-own-secret");
    try (Database shut = Database.open(wrong, "cell_0")) {
      assertThatThrownBy(shut::ping)
          .isInstanceOf(DatabaseAway.class)
          .hasMessageContaining("password authentication failed")
          .satisfies(e -> assertThat(e).hasStackTraceContaining("authentication"))
          .satisfies(e ->
              assertThat(org.assertj.core.util.Throwables.getStackTrace(e))
                  .doesNotContain("my-own-secret"));
    }
  }
}
