package io.yunfu.server.api.billing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.yunfu.billing.pay.PayEngine;
import io.yunfu.db.Cells;
import io.yunfu.db.CutCable;
import io.yunfu.db.Database;
import io.yunfu.db.OutcomeUnknown;
import io.yunfu.db.TestDatabase;
import io.yunfu.server.observe.Answered;
import io.yunfu.testkit.Golden;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What clients are told when the database has no time, or is not there.
class BillingTroubleIT {
  private static final Duration LOCK_TIMEOUT = Duration.ofMillis(300);
  private static final int DEALS = 4;

  private final CutCable cable = new CutCable(TestDatabase.settings(1));

  /// One payment at a time, one that waits, and no more.
  private final PayEngine.Settings lanes =
      new PayEngine.Settings(1, 1, 1, Duration.ofSeconds(5), false);

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private ApiWorld world;

  @BeforeEach
  void open() {
    var settings =
        cable.settings().withTimeouts(Duration.ofSeconds(1), Duration.ofSeconds(5), LOCK_TIMEOUT);
    world = new ApiWorld(Cells.open(settings, 1), lanes);
    var given = new StringBuilder(Golden.read(Golden.fixtures("billing").resolve("base.sql")));
    for (int i = 1; i <= DEALS; i++) {
      given.append(
          """
          insert into big_deal values ('big-%1$d', 100000000001, 100000000001, null, '2026-01-01 11:00:00+00');
          insert into deal select (jsonb_populate_record(d, '{"deal_id": "deal-%1$d", "big_deal_id": "big-%1$d"}')).*
            from plain_deal d;
          """
              .formatted(i));
    }
    world.tables.reset(given.toString());
    world.remember("AKID100000000001");
  }

  @AfterEach
  void close() throws Exception {
    threads.close();
    world.close();
    cable.close();
  }

  private String pay(int deal) {
    return code(
        SignedCall.json("PayDeals", "{\"OrderIds\":[\"deal-" + deal + "\"]}")
            .by("AKID100000000001"));
  }

  private String code(SignedCall call) {
    String answer = world.answer(call.ready());
    int code = answer.indexOf("\"Code\":\"");
    return code < 0 ? Answered.OK : answer.substring(code + 8, answer.indexOf('"', code + 8));
  }

  @Test
  void while_the_database_is_away_every_action_says_so_at_once_and_then_all_is_well_by_itself()
      throws Exception {
    cable.unplug();
    Instant began = Instant.now();
    assertThat(pay(1)).isEqualTo("ServiceUnavailable");
    for (var call :
        Map.of(
                "DescribeAccountBalance",
                "{}",
                "DescribeDealsByCond",
                "{\"StartTime\":\"2026-01-01 00:00:00\",\"EndTime\":\"2026-01-02 00:00:00\",\"Limit\":1}",
                "DescribeVoucherInfo",
                "{\"Limit\":1,\"Offset\":1}",
                "DescribeVoucherUsageDetails",
                "{\"Limit\":1,\"Offset\":1}")
            .entrySet()) {
      assertThat(code(SignedCall.json(call.getKey(), call.getValue()).by("AKID100000000001")))
          .as(call.getKey())
          .isEqualTo("ServiceUnavailable");
    }
    // An unknown key cannot be looked up: it may well exist.
    assertThat(code(SignedCall.json("DescribeAccountBalance", "{}").by("AKID200000000001")))
        .isEqualTo("ServiceUnavailable");
    assertThat(Duration.between(began, Instant.now())).isLessThan(Duration.ofSeconds(10));
    assertThat(world.log).allMatch(Answered::expected);
    assertThat(world.log).allMatch(line -> line.fault() != null);

    cable.plugIn();
    String code = pay(1);
    for (int i = 0; i < 200 && code.equals("ServiceUnavailable"); i++) {
      Thread.sleep(50);
      code = pay(1);
    }
    assertThat(code).isEqualTo(Answered.OK);
    assertThat(pay(1)).isEqualTo("FailedOperation.InvalidDeal");
  }

  @Test
  void a_row_that_somebody_keeps_locked_fails_the_payment_and_changes_nothing() throws Exception {
    var before = world.tables.fingerprint();
    whileTheAccountIsLocked(() -> {
      assertThat(pay(1)).isEqualTo("FailedOperation");
      assertThat(world.log.getLast().expected()).isTrue();
      return null;
    });
    assertThat(world.tables.fingerprint()).isEqualTo(before);
    assertThat(pay(1)).isEqualTo(Answered.OK);
  }

  @Test
  void a_payment_is_told_as_paid_even_if_its_delivery_cannot_be_watched() {
    world.tables.run(
        """
        insert into product values ('p_lost', 'sp_lost', '', '', '', '', 0, 'los', '', now());
        update deal set product_code = 'p_lost', sub_product_code = 'sp_lost' where deal_id = 'deal-1'
        """);
    assertThat(
            world.answer(
                SignedCall.json("PayDeals", "{\"OrderIds\":[\"deal-1\"]}")
                    .by("AKID100000000001")
                    .ready()))
        .startsWith("{\"Response\":{\"OrderIds\":[\"deal-1\"],\"ResourceIds\":[],");
    assertThat(pay(1)).isEqualTo("FailedOperation.InvalidDeal");
  }

  @Test
  void past_the_queues_bound_a_payment_is_refused_at_once_and_can_be_repeated() throws Exception {
    var codes = new ArrayList<String>();
    whileTheAccountIsLocked(() -> {
      List<Future<String>> paying = new ArrayList<>();
      for (int i = 1; i <= DEALS; i++) {
        int deal = i;
        paying.add(threads.submit(() -> pay(deal)));
      }
      for (Future<String> answer : paying) {
        codes.add(answer.get(20, TimeUnit.SECONDS));
      }
      return null;
    });
    assertThat(codes).contains("ServiceUnavailable").containsAnyOf("FailedOperation", Answered.OK);
    for (int i = 1; i <= DEALS; i++) {
      if (!codes.get(i - 1).equals(Answered.OK)) {
        assertThat(pay(i)).isEqualTo(Answered.OK);
      }
    }
  }

  @Test
  void a_call_whose_outcome_is_unknown_is_told_to_look_before_it_repeats() {
    try (Database far = Database.open(cable.settings().withPoolSize(1), "cell_0")) {
      Throwable lost =
          catchThrowable(() ->
              far.execute(tx -> {
                tx.update("update owner set name = 'x' where uin = 100000000001");
                cable.cutBeforeNextRequest();
              }));
      assertThat(lost).isInstanceOf(OutcomeUnknown.class);
      var error = Faults.spelt(lost, null);
      assertThat(error.code()).isEqualTo("InternalError");
      assertThat(error.english()).contains("DescribeDealsByCond");
      assertThat(error.chinese()).contains("DescribeDealsByCond");
      assertThat(Faults.isExpected(lost)).isFalse();
    }
  }

  private void whileTheAccountIsLocked(Callable<Void> then) throws Exception {
    var locked = new CountDownLatch(1);
    var enough = new CountDownLatch(1);
    Future<?> holder =
        threads.submit(() ->
            world
                .cell
                .database()
                .execute(tx -> {
                  tx.query(
                      "select uin from account where uin = 100000000001 for update",
                      row -> row.longAt("uin"));
                  locked.countDown();
                  await(enough);
                }));
    assertThat(locked.await(10, TimeUnit.SECONDS)).isTrue();
    try {
      then.call();
    } finally {
      enough.countDown();
      holder.get(10, TimeUnit.SECONDS);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
