package io.yunfu.billing.delivery;

import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.pay.PayDeals;
import io.yunfu.kernel.CellId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The deliveries of all cells, as PayDeals waits for them.
public final class CellDeliveries implements PayDeals.Deliveries {
  private final Map<CellId, Delivery> cells;

  public CellDeliveries(Map<CellId, Delivery> cells) {
    this.cells = Map.copyOf(cells);
  }

  /// The deliveries of one cell.
  ///
  /// @throws IllegalArgumentException for a cell that this node does not know
  public Delivery of(CellId cell) {
    return Optional.ofNullable(cells.get(cell))
        .orElseThrow(() -> new IllegalArgumentException("no deliveries for " + cell));
  }

  @Override
  public Result await(CellId cell, List<DealId> deals, Duration most) {
    var resources = new ArrayList<String>();
    var failed = new ArrayList<DealId>();
    of(cell)
        .await(deals, most)
        .forEach((deal, result) -> {
          switch (result) {
            case DeliveryResult.Delivered(var made) -> resources.addAll(made);
            case DeliveryResult.Failed _ -> failed.add(deal);
            case DeliveryResult.Pending _ -> {}
          }
        });
    return new Result(resources, failed);
  }
}
