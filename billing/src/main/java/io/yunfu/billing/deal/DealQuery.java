package io.yunfu.billing.deal;

import static io.yunfu.kernel.Check.require;

import io.yunfu.kernel.Page;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/// Which deals of one owner are asked for. All conditions hold together.
///
/// @param from placed at this instant or later
/// @param until placed before this instant
/// @param statuses one of these
/// @param resource that the deal has produced or changed
public record DealQuery(
    Uin owner,
    Instant from,
    Instant until,
    Set<DealStatus> statuses,
    Optional<DealId> deal,
    Optional<BigDealId> bigDeal,
    Optional<String> resource,
    Page.Request page) {
  public DealQuery {
    statuses = Set.copyOf(statuses);
    require(!statuses.isEmpty(), "a query names at least one status");
    require(!until.isBefore(from), "a query runs from %s to %s", from, until);
  }
}
