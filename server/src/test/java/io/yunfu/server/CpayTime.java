package io.yunfu.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.db.Cell;
import io.yunfu.simulator.SandboxSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The time of a [CpayWorld], which is moved by hand: the server's clock reads the simulator's.
final class CpayTime {
  /// Real time, for what a slow machine may take.
  static final Duration LONG = Duration.ofMinutes(2);

  /// More than the gateway asks about a refund, and about orders.
  private static final Duration LONGEST = Duration.ofDays(40);

  /// No look at an order is due after such a time, so that what is in hand can be told from what
  /// waits for its time: see [#isQuiet].
  private static final Duration ODD = Duration.ofMillis(7);

  private static final Duration PAYMENT_LEASE = Duration.ofSeconds(90);
  private static final Duration NOTICE_LEASE = Duration.ofSeconds(30);

  private final CpayWorld world;

  private CpayTime(CpayWorld world) {
    this.world = world;
  }

  /// A world whose time is moved by hand.
  static CpayWorld world() throws Exception {
    return new CpayWorld(
        SandboxSettings.DEFAULT.withManualClock(Instant.ofEpochSecond(1772323200)),
        SimulatorClock::new,
        Map.of());
  }

  static CpayTime of(CpayWorld world) {
    return new CpayTime(world);
  }

  /// Time goes on until nothing is planned any more.
  void passToTheEnd() throws InterruptedException {
    pass(Duration.ofDays(1)); // more than the channels' notices take
    Instant end = world.sandbox.clock().now().plus(LONGEST);
    for (Optional<Instant> due = nextDue(); due.isPresent(); due = nextDue()) {
      assertThat(due.get()).as("it comes to an end").isBefore(end);
      Duration until = Duration.between(world.sandbox.clock().now(), due.get());
      pass(until.plusSeconds(1)); // with those that are due shortly after it
    }
  }

  /// When the gateway will look at something again.
  private Optional<Instant> nextDue() {
    return world.server.running().cells().all().stream()
        .flatMap(cell ->
            cell
                .database()
                .read(tx ->
                    tx.query(
                        """
                        select due_at from payment where due_at is not null
                        union all
                        select due_at from payment_refund where due_at is not null
                        union all
                        select due_at from merchant_notice where state = 'queued'
                        """,
                        row -> row.instant("due_at")))
                .stream())
        .min(Comparator.naturalOrder());
  }

  /// Moves both clocks, then waits until everybody has done what was due by then.
  void pass(Duration by) throws InterruptedException {
    awaitQuiet();
    world.sandbox.clock().advance(by.plus(ODD));
    awaitQuiet();
    world.sandbox.clock().advance(ODD); // notices that were due are delivered, and looked at
    awaitQuiet();
  }

  private void awaitQuiet() throws InterruptedException {
    long end = System.nanoTime() + LONG.toNanos();
    while (!isQuiet()) {
      assertThat(System.nanoTime()).as("the gateway comes to rest").isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(10);
    }
  }

  /// What is in hand has a lease that began now, since the clock stands still.
  private boolean isQuiet() {
    Instant now = world.sandbox.clock().now();
    return world.sandbox.notices().drain(LONG, false)
        && world.server.running().cells().all().stream().noneMatch(cell -> isBusy(cell, now));
  }

  private static boolean isBusy(Cell cell, Instant now) {
    String due =
        """
        select (select count(*) from payment where due_at <= ? or due_at = ?)
             + (select count(*) from payment_refund where due_at <= ? or due_at = ?)
             + (select count(*) from merchant_notice
                 where state = 'queued' and (due_at <= ? or due_at = ?)) as number
        """;
    return cell.database()
            .read(tx ->
                tx.queryOne(
                    due,
                    row -> row.longAt("number"),
                    now,
                    now.plus(PAYMENT_LEASE),
                    now,
                    now.plus(PAYMENT_LEASE),
                    now,
                    now.plus(NOTICE_LEASE)))
            .orElseThrow()
        > 0;
  }
}
