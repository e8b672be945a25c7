package io.yunfu.billing.pay;

import io.yunfu.db.Cell;
import io.yunfu.db.Lane;
import io.yunfu.db.LaneListener;
import io.yunfu.db.LaneSettings;
import io.yunfu.kernel.CellId;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/// Where commands become durable outcomes: each in the lane of its caller's cell, together with
/// whatever else waits there.
public final class PayEngine implements AutoCloseable {
  private final Map<CellId, Lane<PayCommand, PayOutcome>> lanes = new LinkedHashMap<>();
  private final Duration patience;

  /// The bounds of each cell's lane.
  ///
  /// @param workers threads that pay; each has one transaction at a time
  /// @param batch payments in one transaction at most
  /// @param queue payments that wait at most; past it they are refused at once
  /// @param patience how long a payment may wait; then it is refused unpaid
  public record Settings(int workers, int batch, int queue, Duration patience) {
    public static final Settings DEFAULT =
        new Settings(
            LaneSettings.DEFAULT_WORKERS,
            LaneSettings.DEFAULT_BATCH,
            LaneSettings.DEFAULT_QUEUE,
            Duration.ofSeconds(5));
  }

  /// Finds somebody who hears a lane.
  @FunctionalInterface
  public interface Listeners {
    Listeners NONE = (lane, depth) -> LaneListener.NONE;

    /// Asked once for each lane.
    ///
    /// @param depth payments that wait at the moment it is called
    LaneListener of(String lane, DoubleSupplier depth);
  }

  /// Opens a lane for every cell.
  ///
  /// @param listeners who hears each lane
  public PayEngine(Collection<Cell> cells, Settings settings, Listeners listeners) {
    this.patience = settings.patience();
    for (Cell cell : cells) {
      String name = "pay-" + cell.id();
      var bounds = new LaneSettings(name, settings.workers(), settings.batch(), settings.queue());
      lanes.put(
          cell.id(),
          new Lane<>(
              cell.database(), bounds, new PayBatch(), listeners.of(name, () -> depth(cell.id()))));
    }
  }

  /// Carries one command out. When this returns [PayOutcome.Paid], the payment is durable.
  ///
  /// @throws io.yunfu.db.LaneRefused when too many wait, or the program ends; nothing has changed
  /// @throws io.yunfu.db.DatabaseAway when nothing has changed and a retry may help
  /// @throws io.yunfu.db.OutcomeUnknown when the database was lost at the commit and did not come
  ///   back in time
  public PayOutcome pay(PayCommand command) {
    return laneOf(command.caller().cell()).submit(command, patience);
  }

  /// Takes no more commands and finishes those that were admitted.
  @Override
  public void close() {
    lanes.values().forEach(Lane::close);
  }

  private int depth(CellId cell) {
    var lane = lanes.get(cell);
    return lane == null ? 0 : lane.depth();
  }

  private Lane<PayCommand, PayOutcome> laneOf(CellId cell) {
    return Optional.ofNullable(lanes.get(cell))
        .orElseThrow(() -> new IllegalArgumentException("this node does not serve " + cell));
  }
}
