package io.yunfu.billing.delivery;

import static io.yunfu.kernel.Check.require;

import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.deal.DealStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What one transaction changes of deals and of their rows in the queue. Every step of a deal is
/// checked against [DealStatus#next]; only where it ends is written.
final class DeliveryChanges {
  private final Instant now;
  private final List<Move> moves = new ArrayList<>();
  private final List<DealId> done = new ArrayList<>();
  private final List<QueueRow> rows = new ArrayList<>();
  private final List<Attempt> attempts = new ArrayList<>();
  private final Map<DealId, DeliveryResult> results = new LinkedHashMap<>();

  /// @param resources null leaves what is there
  record Move(DealId deal, DealStatus from, DealStatus to, @Nullable List<String> resources) {}

  DeliveryChanges(Instant now) {
    this.now = now;
  }

  /// The deal is delivered and leaves the queue.
  void deliver(Consignment deal, List<String> resources) {
    move(deal, DealStatus.DELIVERED, List.copyOf(resources));
    done.add(deal.deal());
    results.put(deal.deal(), new DeliveryResult.Delivered(resources));
  }

  /// The deal ends in status 5, and its row in the operator's list.
  void fail(Consignment deal, QueueRow row, String reason) {
    move(deal, DealStatus.DELIVERY_FAILED, null);
    rows.add(row.failed(reason, now));
    results.put(deal.deal(), new DeliveryResult.Failed());
  }

  /// The deal goes into the queue of its product's provider.
  void route(Consignment deal, QueueRow row) {
    if (deal.status() != DealStatus.DELIVERING) {
      moves.add(
          new Move(deal.deal(), deal.status(), step(deal.status(), DealStatus.DELIVERING), null));
    }
    rows.add(row.routed(deal.provider(), now));
  }

  /// The deal begins again, after it has failed.
  void restart(Consignment deal) {
    moves.add(
        new Move(deal.deal(), deal.status(), step(deal.status(), DealStatus.DELIVERING), null));
  }

  /// Only the row changes.
  void put(QueueRow row) {
    rows.add(row);
  }

  void record(Attempt attempt) {
    attempts.add(attempt);
  }

  private void move(Consignment deal, DealStatus to, @Nullable List<String> resources) {
    DealStatus at = deal.status();
    if (at == DealStatus.PAID) {
      at = step(at, DealStatus.DELIVERING);
    }
    moves.add(new Move(deal.deal(), deal.status(), step(at, to), resources));
  }

  private static DealStatus step(DealStatus from, DealStatus to) {
    require(from.next().contains(to), "no way from %s to %s", from, to);
    return to;
  }

  Instant now() {
    return now;
  }

  List<Move> moves() {
    return moves;
  }

  List<DealId> done() {
    return done;
  }

  List<QueueRow> rows() {
    return rows;
  }

  List<Attempt> attempts() {
    return attempts;
  }

  /// For those who wait, once this is committed.
  Map<DealId, DeliveryResult> results() {
    return results;
  }
}
