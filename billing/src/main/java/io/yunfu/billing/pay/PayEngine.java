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
import java.util.function.Function;

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

  /// Opens a lane for every cell.
  ///
  /// @param listeners hears a lane, by its name
  public PayEngine(
      Collection<Cell> cells, Settings settings, Function<String, LaneListener> listeners) {
    this.patience = settings.patience();
    for (Cell cell : cells) {
      String name = "pay-" + cell.id();
      var bounds = new LaneSettings(name, settings.workers(), settings.batch(), settings.queue());
      lanes.put(
          cell.id(), new Lane<>(cell.database(), bounds, new PayBatch(), listeners.apply(name)));
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

  /// Payments that wait, by cell.
  public Map<CellId, Integer> depths() {
    var depths = new LinkedHashMap<CellId, Integer>();
    lanes.forEach((cell, lane) -> depths.put(cell, lane.depth()));
    return depths;
  }

  /// Takes no more commands and finishes those that were admitted.
  @Override
  public void close() {
    lanes.values().forEach(Lane::close);
  }

  private Lane<PayCommand, PayOutcome> laneOf(CellId cell) {
    return Optional.ofNullable(lanes.get(cell))
        .orElseThrow(() -> new IllegalArgumentException("this node does not serve " + cell));
  }
}
