package io.yunfu.billing.voucher;

import io.yunfu.billing.account.Directory;
import io.yunfu.billing.deal.Whereabouts;
import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.kernel.Uin;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Issued vouchers, to be looked at.
public final class Vouchers {
  /// After all others in every order.
  private static final Position TOP = new Position(Instant.parse("9999-12-31T00:00:00Z"), "\uffff");

  private final Cells cells;
  private final Directory directory;
  private final Whereabouts whereabouts;
  private final VoucherStore store = new VoucherStore();

  public Vouchers(Cells cells) {
    this.cells = cells;
    this.directory = new Directory(cells);
    this.whereabouts = new Whereabouts(cells);
  }

  /// What to list; an absent filter lets everything pass.
  ///
  /// @param name part of the name, whatever its case
  /// @param endsFrom first last day of validity, inclusive
  /// @param endsUntil last last day of validity, inclusive
  public record Filter(
      Optional<Uin> owner,
      Optional<VoucherStatus> status,
      Optional<String> codeId,
      Optional<String> activityId,
      Optional<String> name,
      Optional<LocalDate> endsFrom,
      Optional<LocalDate> endsUntil) {
    public static final Filter ALL =
        new Filter(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    public Filter of(Uin uin) {
      return new Filter(Optional.of(uin), status, codeId, activityId, name, endsFrom, endsUntil);
    }
  }

  /// Where a list goes on: after this voucher.
  public record Position(Instant createdAt, String id) {
    public static Position of(IssuedVoucher voucher) {
      return new Position(voucher.createdAt(), voucher.id().value());
    }
  }

  public Optional<IssuedVoucher> find(VoucherId id) {
    return whereabouts.find(Directory.Foreign.VOUCHER, id.value(), cell -> findIn(cell, id));
  }

  /// What has been paid with a voucher, the oldest first.
  public List<IssuedVoucher.Usage> usages(
      IssuedVoucher voucher, Optional<IssuedVoucher.Usage.Position> after, int limit) {
    var above = after.orElse(IssuedVoucher.Usage.Position.BOTTOM);
    return directory
        .cellOf(voucher.owner())
        .map(cell -> cell.database().read(tx -> store.usages(tx, voucher.id(), above, limit)))
        .orElse(List.of());
  }

  /// Of one owner: the newest first. Of all: by descending id, which for ids that are made here is
  /// the day, the cell, and then the newest.
  public List<IssuedVoucher> list(Filter filter, Optional<Position> after, int limit) {
    var before = after.orElse(TOP);
    if (filter.owner().isPresent()) {
      return directory
          .cellOf(filter.owner().get())
          .map(cell -> list(cell, filter, before, limit))
          .orElse(List.of());
    }
    return cells.all().stream()
        .flatMap(cell -> list(cell, filter, before, limit).stream())
        .sorted(Comparator.comparing(IssuedVoucher::id).reversed())
        .limit(limit)
        .toList();
  }

  /// The cell of a voucher.
  Optional<Cell> cellOf(VoucherId id) {
    return whereabouts.find(
        Directory.Foreign.VOUCHER, id.value(), cell -> findIn(cell, id).map(found -> cell));
  }

  private Optional<IssuedVoucher> findIn(Cell cell, VoucherId id) {
    return cell.database().read(tx -> store.find(tx, id));
  }

  private List<IssuedVoucher> list(Cell cell, Filter filter, Position before, int limit) {
    return cell.database().read(tx -> store.list(tx, filter, before, limit));
  }
}
