package io.yunfu.gateway.reconcile;

import static io.yunfu.kernel.Check.require;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.gateway.channel.Connector;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.gateway.payment.Payments;
import io.yunfu.gateway.payment.Position;
import io.yunfu.kernel.IdSource;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.Detail;
import io.yunfu.operator.Operator;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The door to reconciliation: the operator's lists, what an operator can do, and the workers that
/// run from [#start] to [#close].
public final class Reconciliations implements AutoCloseable {
  /// Before everything, in lists that begin with the newest.
  private static final Position NEWEST = new Position(AuditLog.END, Long.MAX_VALUE);

  private static final Comparator<Position> NEWEST_FIRST =
      Comparator.comparing(Position::at).thenComparingLong(Position::id).reversed();

  private final Cells cells;
  private final Merchants merchants;
  private final ReconcileSettings settings;
  private final InstantSource clock;
  private final List<ReconcileWorker> workers;
  private final ReconcileStore store = new ReconcileStore();
  private final BillRowStore rows = new BillRowStore();
  private final DifferenceStore differences = new DifferenceStore();
  private final AuditLog audit = new AuditLog();

  /// Fetches nothing yet.
  ///
  /// @param connectors those of this installation; closed by whoever made them
  public Reconciliations(
      Cells cells,
      Merchants merchants,
      Payments payments,
      Map<PayPlatform, Connector> connectors,
      ReconcileSettings settings,
      InstantSource clock) {
    this.cells = cells;
    this.merchants = merchants;
    this.settings = settings;
    this.clock = clock;
    var day = new ReconcileDay(cells, merchants, connectors, payments.bills(), settings, clock);
    workers =
        cells.all().stream()
            .map(cell ->
                new ReconcileWorker(cell, merchants, connectors.keySet(), day, settings, clock))
            .toList();
  }

  /// Fetches bills from now on, if this node is to.
  public void start() {
    if (settings.enabled()) {
      workers.forEach(ReconcileWorker::start);
    }
  }

  /// What the workers do by themselves, once, on this thread.
  public void round() {
    workers.forEach(ReconcileWorker::round);
  }

  /// The newest first, over all cells.
  public List<Reconciliation> list(
      Reconciliation.Filter filter, Optional<Position> after, int limit) {
    Position from = after.orElse(NEWEST);
    return cells.all().stream()
        .flatMap(cell -> cell.database().read(tx -> store.list(tx, filter, from, limit)).stream())
        .sorted(Comparator.comparing(Reconciliation::position, NEWEST_FIRST))
        .limit(limit)
        .toList();
  }

  public Optional<Reconciliation> find(long id) {
    return cellOf(id).flatMap(cell -> cell.database().read(tx -> store.byId(tx, id)));
  }

  /// What a day does not agree on, in the order in which it was found.
  ///
  /// @param after the number of the last one of the page before; 0: from the beginning
  public List<Difference> differences(long id, boolean openOnly, long after, int limit) {
    return cellOf(id)
        .map(cell -> cell.database().read(tx -> differences.list(tx, id, after, openOnly, limit)))
        .orElse(List.of());
  }

  /// What a day's bill comes to for each sub-merchant; together that is the bill's own summary.
  public List<SubMerchantTotals> totals(long id) {
    return cellOf(id)
        .map(cell -> cell.database().read(tx -> rows.totals(tx, id)))
        .orElse(List.of());
  }

  /// Has a day fetched and held against the books again.
  ///
  /// @param replace whether another bill than the one that was believed before may be believed
  /// @return false when there is no such day
  public boolean runAgain(Operator operator, long id, boolean replace) {
    return cellOf(id)
        .map(cell ->
            cell.database()
                .inTransaction(tx -> {
                  var one = store.byId(tx, id);
                  one.ifPresent(day -> {
                    store.again(tx, id, replace, now());
                    audit.write(
                        tx,
                        cell.ids(),
                        now(),
                        operator,
                        "reconciliation.run",
                        "reconciliation/" + id,
                        Detail.of("account", day.account())
                            .and("day", day.day().toString())
                            .and("replace", replace));
                  });
                  return one.isPresent();
                }))
        .orElse(false);
  }

  /// Has a day fetched that may not be there yet: one before the first, say.
  ///
  /// @param day over
  /// @return empty when this installation has no such account
  public Optional<Reconciliation> run(
      Operator operator, PayPlatform platform, String account, LocalDate day) {
    require(day.isBefore(today()), "%s is not over", day);
    // Providers of several cells may share an account; each cell has its days then.
    return cells.all().stream()
        .filter(cell ->
            BillAccount.of(merchants, cell.id(), platform).stream()
                .anyMatch(known -> known.name().equals(account)))
        .map(cell -> run(operator, cell, platform, account, day))
        .toList()
        .stream()
        .findFirst();
  }

  private Reconciliation run(
      Operator operator, Cell cell, PayPlatform platform, String account, LocalDate day) {
    var there =
        cell.database()
            .inTransaction(tx -> {
              store.insert(tx, cell.ids().next(), platform, account, day, now());
              return store.ofDay(tx, platform, account, day).orElseThrow();
            });
    runAgain(operator, there.id(), false);
    return find(there.id()).orElseThrow();
  }

  /// Today, at the channels.
  public LocalDate today() {
    return Beijing.dayOf(now());
  }

  /// What of a cell's days is not at its end now.
  public OpenReconciliations open(Cell cell) {
    Instant late = now().minus(settings.lateAfter());
    return cell.database().read(tx -> store.count(tx, late));
  }

  @Override
  public void close() {
    workers.forEach(ReconcileWorker::close);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private Optional<Cell> cellOf(long id) {
    long cell = id >>> IdSource.SEQUENCE_BITS; // anybody can ask for any number
    return cell < cells.all().size() && id > 0
        ? Optional.of(cells.get(IdSource.cellOf(id)))
        : Optional.empty();
  }
}
