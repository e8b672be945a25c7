package io.yunfu.server;

import io.yunfu.billing.deal.DealId;
import io.yunfu.billing.delivery.Delivery;
import io.yunfu.billing.delivery.DeliveryResult;
import io.yunfu.billing.pay.PayDeals;
import io.yunfu.kernel.CellId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Where paying meets delivery: a paid deal is handed over to its cell's worker, and waited for.
record Deliveries(Map<CellId, Delivery> byCell) implements PayDeals.Deliveries {
  Deliveries {
    byCell = Map.copyOf(byCell);
  }

  @Override
  public Result await(CellId cell, List<DealId> deals, Duration most) {
    var delivery = byCell.get(cell);
    if (delivery == null) {
      throw new IllegalArgumentException("this node does not serve " + cell);
    }
    if (most.isZero()) {
      delivery.handOver(deals);
      return new Result(List.of(), List.of());
    }
    var resources = new ArrayList<String>();
    var failed = new ArrayList<DealId>();
    delivery
        .await(deals, most)
        .forEach((deal, result) -> {
          switch (result) {
            case DeliveryResult.Delivered(var made) -> resources.addAll(made);
            case DeliveryResult.Failed() -> failed.add(deal);
            case DeliveryResult.Pending() -> {}
          }
        });
    return new Result(resources, failed);
  }
}
