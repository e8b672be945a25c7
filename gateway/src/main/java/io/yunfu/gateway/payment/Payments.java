package io.yunfu.gateway.payment;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.gateway.channel.Connector;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.IdSource;
import io.yunfu.kernel.Uin;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.Detail;
import io.yunfu.operator.Operator;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The door to payments: the use cases, the operator's lists, and the workers that run from
/// [#start] to [#close].
public final class Payments implements AutoCloseable {
  private final Cells cells;
  private final InstantSource clock;
  private final PlaceOrder place;
  private final FollowOrder follow;
  private final Refunds refunds;
  private final HearNotice hear;
  private final List<PaymentWorker> workers;
  private final PaymentStore store = new PaymentStore();
  private final RefundStore refundStore = new RefundStore();
  private final AttemptStore attempts = new AttemptStore();
  private final CaseStore cases = new CaseStore();
  private final AuditLog audit = new AuditLog();

  /// Starts nothing yet.
  ///
  /// @param connectors those of this installation; closed by whoever made them
  public Payments(
      Cells cells,
      Merchants merchants,
      Map<PayPlatform, Connector> connectors,
      GatewaySettings settings,
      InstantSource clock) {
    this.cells = cells;
    this.clock = clock;
    var calls = new ChannelCalls(connectors, clock, settings);
    var book = new OrderBook(clock);
    place = new PlaceOrder(cells, calls, book, settings);
    follow = new FollowOrder(cells, calls, book, settings);
    refunds = new Refunds(cells, calls, book, settings);
    hear = new HearNotice(cells, merchants, calls, book, refunds);
    workers =
        cells.all().stream()
            .map(cell -> new PaymentWorker(cell, merchants, place, follow, refunds, book))
            .toList();
  }

  public void start() {
    workers.forEach(PaymentWorker::start);
  }

  public PlaceOrder place() {
    return place;
  }

  public FollowOrder follow() {
    return follow;
  }

  public Refunds refunds() {
    return refunds;
  }

  public HearNotice notices() {
    return hear;
  }

  /// An order by its number in the installation, which carries its cell.
  public Optional<PaymentOrder> find(long id) {
    return cellOf(id).flatMap(cell -> cell.database().read(tx -> store.byId(tx, id)));
  }

  /// Orders of one number; a number is unique in its cell.
  public List<PaymentOrder> find(String outTradeNo) {
    return cells.all().stream()
        .flatMap(cell -> cell.database().read(tx -> store.byNumber(tx, outTradeNo)).stream())
        .toList();
  }

  /// The newest first, over all cells.
  ///
  /// @param merchant a sub-merchant's number, 0 for all
  /// @param state empty for all
  /// @param before the number of the last order of the page before
  public List<PaymentOrder> list(
      long merchant, Optional<OrderState> state, long before, int limit) {
    String code = state.map(OrderState::code).orElse("");
    return newest(
        Comparator.comparing(PaymentOrder::createdAt).thenComparingLong(PaymentOrder::id),
        limit,
        cell ->
            cell.database()
                .read(tx -> store.list(tx, merchant, code, before(cell, before), limit)));
  }

  /// The top-ups of an owner account, the newest first.
  public List<PaymentOrder> topUps(CellId cell, Uin owner, long before, int limit) {
    return cells.get(cell).database().read(tx -> store.topUps(tx, owner, before, limit));
  }

  public Optional<Refund> findRefund(long id) {
    return cellOf(id).flatMap(cell -> cell.database().read(tx -> refundStore.byId(tx, id)));
  }

  /// The newest first, over all cells.
  public List<Refund> listRefunds(
      long merchant, Optional<RefundState> state, long before, int limit) {
    String code = state.map(RefundState::code).orElse("");
    return newest(
        Comparator.comparing(Refund::createdAt).thenComparingLong(Refund::id),
        limit,
        cell ->
            cell.database()
                .read(tx -> refundStore.list(tx, merchant, code, before(cell, before), limit)));
  }

  /// What was asked of the channel about an order, the newest first.
  public List<ChannelAttempt> attempts(long payment, long before, int limit) {
    return cellOf(payment)
        .map(cell -> cell.database().read(tx -> attempts.list(tx, payment, before, limit)))
        .orElse(List.of());
  }

  /// What a person has to look at, the newest first, over all cells.
  public List<PaymentCase> cases(
      boolean openOnly, Optional<PaymentCase.Kind> kind, long before, int limit) {
    String code = kind.map(PaymentCase.Kind::code).orElse("");
    return newest(
        Comparator.comparing(PaymentCase::openedAt).thenComparingLong(PaymentCase::id),
        limit,
        cell ->
            cell.database()
                .read(tx -> cases.list(tx, openOnly, code, before(cell, before), limit)));
  }

  /// A person has looked at it and it needs no more.
  ///
  /// @return false when there is no such case, or it is closed
  public boolean closeCase(Operator operator, long id, String remark) {
    return cellOf(id)
        .map(cell ->
            cell.database()
                .inTransaction(tx -> {
                  boolean closed = cases.close(tx, id, operator.actor(), clock.instant());
                  if (closed) {
                    audit.write(
                        tx,
                        cell.ids(),
                        clock.instant(),
                        operator,
                        "payment-case.close",
                        "payment-case/" + id,
                        Detail.of("remark", remark));
                  }
                  return closed;
                }))
        .orElse(false);
  }

  /// One per cell, in the order of their numbers; for tests.
  List<PaymentWorker> workers() {
    return workers;
  }

  @Override
  public void close() {
    workers.forEach(PaymentWorker::close);
  }

  private Optional<Cell> cellOf(long id) {
    CellId cell = IdSource.cellOf(Math.max(id, 0));
    return cell.value() < cells.all().size() ? Optional.of(cells.get(cell)) : Optional.empty();
  }

  /// Numbers of different cells do not compare: a page goes on in each cell where its last row's
  /// sequence says.
  private static long before(Cell cell, long before) {
    return before == Long.MAX_VALUE
        ? before
        : IdSource.compose(cell.id(), IdSource.sequenceOf(before));
  }

  private <T> List<T> newest(Comparator<T> order, int limit, Function<Cell, List<T>> list) {
    var all = new ArrayList<T>();
    cells.all().forEach(cell -> all.addAll(list.apply(cell)));
    all.sort(order.reversed());
    return List.copyOf(all.subList(0, Math.min(limit, all.size())));
  }
}
