package io.yunfu.billing.deal;

import io.yunfu.billing.account.Directory;
import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Placed deals, to be looked at by the operator.
public final class Deals {
  /// After all others in every order.
  private static final Position TOP = new Position(Instant.parse("9999-12-31T00:00:00Z"), "\uffff");

  private final Cells cells;
  private final Directory directory;
  private final Whereabouts whereabouts;
  private final PlacedDealStore store = new PlacedDealStore();

  public Deals(Cells cells) {
    this.cells = cells;
    this.directory = new Directory(cells);
    this.whereabouts = new Whereabouts(cells);
  }

  /// What to list; an absent filter, and an empty set, lets everything pass.
  ///
  /// @param resource that a deal has made, or is about
  /// @param from of the creation, inclusive
  /// @param until of the creation, exclusive
  public record Filter(
      Optional<Uin> owner,
      Set<DealStatus> statuses,
      Optional<BigDealId> bigDeal,
      Optional<String> packageId,
      Optional<String> productCode,
      Optional<String> resource,
      Instant from,
      Instant until) {
    public static final Filter ALL =
        new Filter(
            Optional.empty(),
            Set.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Instant.parse("2000-01-01T00:00:00Z"),
            Instant.parse("9999-12-31T00:00:00Z"));

    public Filter {
      statuses = Set.copyOf(statuses);
    }

    public Filter of(Uin uin) {
      return new Filter(
          Optional.of(uin), statuses, bigDeal, packageId, productCode, resource, from, until);
    }

    public Filter in(DealStatus... wanted) {
      return new Filter(
          owner, Set.of(wanted), bigDeal, packageId, productCode, resource, from, until);
    }
  }

  /// Where a list goes on: after this deal.
  public record Position(Instant createdAt, String id) {
    public static Position of(PlacedDeal deal) {
      return new Position(deal.createdAt(), deal.id().value());
    }
  }

  public Optional<PlacedDeal> find(DealId id) {
    return whereabouts.find(
        Directory.Foreign.DEAL, id.value(), cell -> cell.database().read(tx -> store.find(tx, id)));
  }

  /// All deals of a big deal in the order of their ids; none when there is no such big deal.
  public List<PlacedDeal> ofBigDeal(BigDealId id) {
    return whereabouts
        .find(
            Directory.Foreign.BIG_DEAL,
            id.value(),
            cell ->
                Optional.of(cell.database().read(tx -> store.ofBigDeal(tx, id)))
                    .filter(deals -> !deals.isEmpty()))
        .orElse(List.of());
  }

  /// Of one owner: the newest first. Of all: by descending id, which for ids that are made here is
  /// the day, the cell, and then the newest.
  public List<PlacedDeal> list(Filter filter, Optional<Position> after, int limit) {
    var before = after.orElse(TOP);
    if (filter.owner().isPresent()) {
      return directory
          .cellOf(filter.owner().get())
          .map(cell -> list(cell, filter, before, limit))
          .orElse(List.of());
    }
    return cells.all().stream()
        .flatMap(cell -> list(cell, filter, before, limit).stream())
        .sorted(Comparator.comparing(PlacedDeal::id).reversed())
        .limit(limit)
        .toList();
  }

  /// As the audit log names a deal.
  public static String subject(DealId id) {
    return "deal/" + id;
  }

  private List<PlacedDeal> list(Cell cell, Filter filter, Position before, int limit) {
    return cell.database().read(tx -> store.list(tx, filter, before, limit));
  }
}
