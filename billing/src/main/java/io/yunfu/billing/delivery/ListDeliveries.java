package io.yunfu.billing.delivery;

import static io.yunfu.kernel.Check.require;

import io.yunfu.billing.account.Directory;
import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.billing.deal.Whereabouts;
import io.yunfu.db.Cells;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What the operator sees of the deliveries of all cells: what waits, what runs, what has failed,
/// and the calls that were made for a deal. What was delivered is not in the queue any more.
public final class ListDeliveries {
  /// Rows of one page.
  public static final int MOST = 1000;

  /// After all others.
  private static final AttemptPosition TOP =
      new AttemptPosition(Instant.parse("9999-12-31T00:00:00Z"), Integer.MAX_VALUE);

  private final Cells cells;
  private final Whereabouts whereabouts;
  private final DeliveryListStore store = new DeliveryListStore();

  public ListDeliveries(Cells cells) {
    this.cells = cells;
    this.whereabouts = new Whereabouts(cells);
  }

  /// Which deliveries; what is absent is not asked about.
  ///
  /// @param provider empty text: those that stand in no HTTP provider's queue
  public record Filter(
      Optional<QueueState> state,
      Optional<String> provider,
      Optional<String> productCode,
      Optional<Uin> owner) {
    public static final Filter ALL =
        new Filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /// Where a page ends: the next one begins after it.
  public record Position(Instant queuedAt, DealId deal) {}

  /// Where a list of calls goes on: after this one.
  public record AttemptPosition(Instant startedAt, int number) {
    public static AttemptPosition of(Attempt attempt) {
      return new AttemptPosition(attempt.startedAt(), attempt.number());
    }
  }

  /// A deal in the queue.
  ///
  /// @param attempts calls begun since it was queued
  /// @param failures calls in a row without a definite answer
  /// @param leasedUntil while a call runs
  /// @param acceptedAt when its provider said that it is at work
  public record QueuedDelivery(
      DealId deal,
      Uin owner,
      DealStatus status,
      String productCode,
      String subProductCode,
      String provider,
      QueueState state,
      int attempts,
      int failures,
      Instant queuedAt,
      Instant nextAttemptAt,
      Optional<Instant> leasedUntil,
      Optional<Instant> acceptedAt,
      String lastError) {

    public Position position() {
      return new Position(queuedAt, deal);
    }
  }

  /// A page, longest in the queue first.
  public List<QueuedDelivery> list(Filter filter, Optional<Position> after, int limit) {
    require(limit >= 1 && limit <= MOST, "a page has 1 to %d rows, not %d", MOST, limit);
    return cells.all().stream()
        .flatMap(cell -> cell.database().read(tx -> store.list(tx, filter, after, limit)).stream())
        .sorted(Comparator.comparing(QueuedDelivery::queuedAt).thenComparing(QueuedDelivery::deal))
        .limit(limit)
        .toList();
  }

  public long count(Filter filter) {
    return cells.all().stream()
        .mapToLong(cell -> cell.database().read(tx -> store.count(tx, filter)))
        .sum();
  }

  /// One deal's row; none once it is delivered.
  public Optional<QueuedDelivery> find(DealId deal) {
    return whereabouts.find(
        Directory.Foreign.DEAL,
        deal.value(),
        cell -> cell.database().read(tx -> store.find(tx, deal)));
  }

  /// The calls that were made for a deal, newest first. They stay when it is delivered. The
  /// built-in provider makes no calls.
  public List<Attempt> attempts(DealId deal, Optional<AttemptPosition> after, int limit) {
    require(limit >= 1 && limit <= MOST, "a page has 1 to %d rows, not %d", MOST, limit);
    var before = after.orElse(TOP);
    return whereabouts
        .find(
            Directory.Foreign.DEAL,
            deal.value(),
            cell ->
                Optional.of(cell.database().read(tx -> store.attempts(tx, deal, before, limit)))
                    .filter(attempts -> !attempts.isEmpty()))
        .orElse(List.of());
  }
}
