package io.yunfu.gateway.payment;

import io.yunfu.db.Cell;
import io.yunfu.db.CellLanes;
import io.yunfu.db.LaneRefused;
import io.yunfu.db.LaneSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/// Where the steps of orders become durable: each in the lane of its cell, together with whatever
/// else waits there. Both steps of an order share a lane, so that one commit ends some orders'
/// questions and begins others'.
public final class OrderLanes implements AutoCloseable {
  private final CellLanes<OrderStep, OrderStep.Done> lanes;
  private final OrderBatch batch = new OrderBatch();
  private final Duration patience;

  /// The lanes of each cell, and their bounds.
  ///
  /// @param lanes threads that write orders of a cell; each has one transaction at a time
  /// @param batch steps in one transaction at most
  /// @param queue steps that wait at most; past it new orders are refused at once
  /// @param patience how long a new order may wait; then it is refused unwritten
  public record Settings(int lanes, int batch, int queue, Duration patience) {
    public static final Settings DEFAULT =
        new Settings(
            1, LaneSettings.DEFAULT_BATCH, LaneSettings.DEFAULT_QUEUE, Duration.ofSeconds(5));
  }

  /// Opens the lanes of every cell.
  OrderLanes(Collection<Cell> cells, Settings settings, CellLanes.Listeners listeners) {
    this.patience = settings.patience();
    this.lanes =
        new CellLanes<>(
            cells,
            settings.lanes(),
            new LaneSettings("orders", settings.batch(), settings.queue()),
            batch,
            listeners);
  }

  /// Writes an order and its question. When this returns true, both are durable, and the channel
  /// may be asked.
  ///
  /// @return false when the number is taken; nothing has changed
  /// @throws LaneRefused when too many wait, or the program ends; nothing has changed
  /// @throws io.yunfu.db.DatabaseException see there
  boolean begin(Cell cell, OrderStep.Begin begin) {
    return lanes.of(cell.id(), begin.question().id()).submit(begin, patience).state().isPresent();
  }

  /// Writes what came of a question, however many wait: a channel that has answered would have to
  /// be asked again for what is lost here.
  ///
  /// @return the order's state now; empty when the answer says nothing of it
  Optional<OrderState> end(Cell cell, OrderStep.End end) {
    try {
      return lanes.of(cell.id(), end.answer().question()).submit(end).state();
    } catch (LaneRefused full) {
      return cell.database().inTransaction(tx -> batch.run(tx, List.of(end)).getFirst()).state();
    }
  }

  /// Takes no more steps and finishes those that were admitted.
  @Override
  public void close() {
    lanes.close();
  }
}
