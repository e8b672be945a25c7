package io.yunfu.gateway.payment;

import io.yunfu.db.Cell;
import io.yunfu.db.CellLanes;
import io.yunfu.db.Cells;
import io.yunfu.db.Transaction;
import io.yunfu.gateway.channel.Connector;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.merchant.Merchants;
import io.yunfu.kernel.CellId;
import io.yunfu.kernel.IdSource;
import io.yunfu.kernel.Uin;
import io.yunfu.operator.AuditLog;
import io.yunfu.operator.Detail;
import io.yunfu.operator.MasterKey;
import io.yunfu.operator.Operator;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The door to payments: the use cases, the operator's lists, and the workers that run from
/// [#start] to [#close].
public final class Payments implements AutoCloseable {
  /// Before everything, in lists that begin with the newest.
  private static final Position NEWEST = new Position(AuditLog.END, Long.MAX_VALUE);

  private static final Comparator<Position> NEWEST_FIRST =
      Comparator.comparing(Position::at).thenComparingLong(Position::id).reversed();

  private final Cells cells;
  private final InstantSource clock;
  private final OrderLanes lanes;
  private final PlaceOrder place;
  private final FollowOrder follow;
  private final Refunds refunds;
  private final HearNotice hear;
  private final FollowBill bills;
  private final List<PaymentWorker> workers;
  private final PaymentStore store = new PaymentStore();
  private final RefundStore refundStore = new RefundStore();
  private final ChannelCalls calls;
  private final NoticeFile noticeFile;
  private final AttemptStore attempts = new AttemptStore();
  private final CaseStore cases = new CaseStore();
  private final AuditLog audit = new AuditLog();

  /// Looks after nothing yet.
  ///
  /// @param connectors those of this installation; closed by whoever made them
  /// @param masterKey makes the addresses at which channels report, and seals what they report
  /// @param listeners who hears each lane
  public Payments(
      Cells cells,
      MasterKey masterKey,
      Merchants merchants,
      Map<PayPlatform, Connector> connectors,
      GatewaySettings settings,
      CellLanes.Listeners listeners,
      InstantSource clock) {
    this.cells = cells;
    this.clock = clock;
    var addresses = new NoticeAddresses(settings.noticeBase(), masterKey);
    calls = new ChannelCalls(connectors, clock, addresses);
    noticeFile = new NoticeFile(masterKey);
    var book = new OrderBook(clock);
    lanes = new OrderLanes(cells.all(), settings.lanes(), listeners);
    place = new PlaceOrder(cells, calls, book, lanes, settings);
    refunds = new Refunds(cells, calls, book, settings);
    follow = new FollowOrder(cells, calls, book, refunds, settings);
    hear = new HearNotice(cells, merchants, calls, book, refunds, addresses, noticeFile);
    bills = new FollowBill(merchants, calls, book, refunds);
    workers =
        cells.all().stream()
            .map(cell ->
                new PaymentWorker(
                    cell, merchants, place, follow, refunds, book, noticeFile, settings))
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

  public FollowBill bills() {
    return bills;
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
  /// @param after the last one of the page before
  public List<PaymentOrder> list(
      PaymentFilter<OrderState> filter, Optional<Position> after, int limit) {
    return newest(
        Position::of,
        after,
        limit,
        (tx, position) ->
            filter.number().isPresent() || filter.transactionId().isPresent()
                ? numbered(tx, filter, position)
                : store.list(tx, filter, position, limit));
  }

  /// The few that a number belongs to, as far as they fit the rest of the filter.
  private List<PaymentOrder> numbered(
      Transaction tx, PaymentFilter<OrderState> filter, Position after) {
    var found =
        filter
            .number()
            .map(number -> store.byNumber(tx, number).stream().toList())
            .orElseGet(() -> store.byTransaction(tx, filter.transactionId().orElseThrow()));
    return found.stream()
        .filter(order -> filter.merchant() == 0 || filter.merchant() == order.merchant())
        .filter(order -> filter.state().map(order.state()::equals).orElse(true))
        .filter(order -> filter.platform().map(order.platform()::equals).orElse(true))
        .filter(order ->
            filter.transactionId().isEmpty()
                || filter.transactionId().equals(order.transactionId()))
        .filter(order -> NEWEST_FIRST.compare(Position.of(order), after) > 0)
        .toList();
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
      PaymentFilter<RefundState> filter, Optional<Position> after, int limit) {
    return newest(
        Position::of,
        after,
        limit,
        (tx, position) -> refundStore.list(tx, filter, position, limit));
  }

  /// What was asked of the channel about an order, the newest first.
  public List<ChannelAttempt> attempts(long payment, long before, int limit) {
    return cellOf(payment)
        .map(cell -> cell.database().read(tx -> attempts.list(tx, payment, before, limit)))
        .orElse(List.of());
  }

  /// What the channel reported about an order, the newest first.
  ///
  /// @param after the last one of the page before
  public List<KeptNotice> channelNotices(
      PaymentOrder order, Optional<KeptNotice.Position> after, int limit) {
    Function<byte[], String> masked =
        body -> calls.connector(order.platform()).map(one -> one.masked(body)).orElse("");
    return cells
        .get(IdSource.cellOf(order.id()))
        .database()
        .read(tx ->
            noticeFile.list(
                tx, order.id(), after.orElse(KeptNotice.Position.NEWEST), limit, masked));
  }

  /// What a person has to look at, the newest first, over all cells.
  public List<PaymentCase> cases(PaymentCase.Filter filter, Optional<Position> after, int limit) {
    return newest(
        Position::of, after, limit, (tx, position) -> cases.list(tx, filter, position, limit));
  }

  public Optional<PaymentCase> findCase(long id) {
    return cellOf(id).flatMap(cell -> cell.database().read(tx -> cases.byId(tx, id)));
  }

  /// A person has looked at it and it needs no more.
  ///
  /// @return false when there is no such case, or it is closed
  public boolean closeCase(Operator operator, long id, String remark) {
    return cellOf(id)
        .map(cell ->
            cell.database()
                .inTransaction(tx -> {
                  boolean closed = cases.close(tx, id, operator.actor(), remark, clock.instant());
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

  /// What of a cell's payments is not at its end now.
  public OpenPayments open(Cell cell) {
    return cell.database().read(tx -> new OpenPaymentsStore().count(tx, clock.instant()));
  }

  /// One per cell, in the order of their numbers; for tests.
  List<PaymentWorker> workers() {
    return workers;
  }

  /// The lanes last: workers finish what they have begun in them.
  @Override
  public void close() {
    workers.forEach(PaymentWorker::close);
    lanes.close();
  }

  private Optional<Cell> cellOf(long id) {
    long cell = id >>> IdSource.SEQUENCE_BITS; // anybody can ask for any number
    return cell < cells.all().size() && id > 0
        ? Optional.of(cells.get(IdSource.cellOf(id)))
        : Optional.empty();
  }

  private interface Listed<T> {
    List<T> find(Transaction tx, Position after);
  }

  private <T> List<T> newest(
      Function<T, Position> position, Optional<Position> after, int limit, Listed<T> listed) {
    Position from = after.orElse(NEWEST);
    return cells.all().stream()
        .flatMap(cell -> cell.database().read(tx -> listed.find(tx, from)).stream())
        .sorted(Comparator.comparing(position, NEWEST_FIRST))
        .limit(limit)
        .toList();
  }
}
