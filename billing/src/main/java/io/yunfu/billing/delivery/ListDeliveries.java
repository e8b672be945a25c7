package io.yunfu.billing.delivery;

import static io.yunfu.kernel.Check.require;

import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import io.yunfu.db.Database;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the operator sees of the deliveries of a cell: what waits, what runs, what has failed, and
/// the calls that were made for a deal. What was delivered is not in the queue any more.
public final class ListDeliveries {
  /// Rows of one page.
  public static final int MOST = 1000;

  private final Database database;
  private final DeliveryListStore store = new DeliveryListStore();

  public ListDeliveries(Database database) {
    this.database = database;
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
    return database.read(tx -> store.list(tx, filter, after, limit));
  }

  public long count(Filter filter) {
    return database.read(tx -> store.count(tx, filter));
  }

  /// One deal's row; none once it is delivered.
  public Optional<QueuedDelivery> find(DealId deal) {
    return database.read(tx -> store.find(tx, deal));
  }

  /// The calls that were made for a deal, newest first. They stay when it is delivered. The
  /// built-in provider makes no calls.
  public List<Attempt> attempts(DealId deal, int limit) {
    require(limit >= 1 && limit <= MOST, "a page has 1 to %d rows, not %d", MOST, limit);
    return database.read(tx -> store.attempts(tx, deal, limit));
  }
}
