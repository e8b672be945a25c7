package io.yunfu.billing.pay;

import io.yunfu.db.Cell;
import io.yunfu.db.CellLanes;
import io.yunfu.db.LaneSettings;
import java.time.Duration;
import java.util.Collection;

/// Where commands become durable outcomes: each in the lane of its caller's cell, together with
/// whatever else waits there.
public final class PayEngine implements AutoCloseable {
  private final CellLanes<PayCommand, PayOutcome> lanes;
  private final Duration patience;

  /// The lanes of each cell, and their bounds.
  ///
  /// @param lanes threads that pay for a cell; each has one transaction at a time, and an account
  ///   pays in one of them
  /// @param batch payments in one transaction at most
  /// @param queue payments that wait at most; past it they are refused at once
  /// @param patience how long a payment may wait; then it is refused unpaid
  /// @param deliversAtOnce whether purchases that the built-in provider delivers are delivered in
  ///   the transaction that pays them
  public record Settings(
      int lanes, int batch, int queue, Duration patience, boolean deliversAtOnce) {
    public static final Settings DEFAULT =
        new Settings(
            1, LaneSettings.DEFAULT_BATCH, LaneSettings.DEFAULT_QUEUE, Duration.ofSeconds(5), true);

    /// The same, with every delivery through the queue.
    public Settings throughTheQueue() {
      return new Settings(lanes, batch, queue, patience, false);
    }
  }

  /// Opens the lanes of every cell.
  ///
  /// @param listeners who hears each lane
  public PayEngine(Collection<Cell> cells, Settings settings, CellLanes.Listeners listeners) {
    this.patience = settings.patience();
    this.lanes =
        new CellLanes<>(
            cells,
            settings.lanes(),
            new LaneSettings("pay", settings.batch(), settings.queue()),
            new PayBatch(settings.deliversAtOnce()),
            listeners);
  }

  /// Carries one command out. When this returns [PayOutcome.Paid], the payment is durable.
  ///
  /// @throws io.yunfu.db.LaneRefused when too many wait, or the program ends; nothing has changed
  /// @throws io.yunfu.db.DatabaseAway when nothing has changed and a retry may help
  /// @throws io.yunfu.db.OutcomeUnknown when the database was lost at the commit and did not come
  ///   back in time
  public PayOutcome pay(PayCommand command) {
    var payer = command.caller();
    return lanes.of(payer.cell(), payer.owner().value()).submit(command, patience);
  }

  /// Takes no more commands and finishes those that were admitted.
  @Override
  public void close() {
    lanes.close();
  }
}
