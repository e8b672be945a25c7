package io.yunfu.gateway.payment;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.Transaction;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.Connector;
import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.merchant.Merchant;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `query_order` and `close_order`: what becomes of an order after it was placed. Both ask the
/// channel before they answer, as far as it is worth asking. Source: `cloudpay.md` sections 2.6,
/// 2.7.
public final class FollowOrder {
  /// The channel is asked about one order no more often. Source: `cloudpay.md` section 5.9.
  static final Duration ASK_EVERY = Duration.ofSeconds(1);

  private final Cells cells;
  private final ChannelCalls calls;
  private final OrderBook book;
  private final Refunds refunds;
  private final GatewaySettings settings;
  private final PaymentStore store = new PaymentStore();
  private final AttemptStore attempts = new AttemptStore();

  FollowOrder(
      Cells cells, ChannelCalls calls, OrderBook book, Refunds refunds, GatewaySettings settings) {
    this.cells = cells;
    this.calls = calls;
    this.book = book;
    this.refunds = refunds;
    this.settings = settings;
  }

  /// The order as it stands now; empty when this merchant has none of this number.
  public Optional<PaymentOrder> find(Merchant merchant, String outTradeNo) {
    Cell cell = cells.get(merchant.cell());
    return stored(cell, merchant, outTradeNo)
        .map(order -> order.state().isOpen() ? asked(cell, merchant, order).order() : order);
  }

  /// What a close has come to.
  public sealed interface CloseOutcome {
    /// Nobody can pay it any more, or a payment of it will go back.
    record Closed() implements CloseOutcome {}

    record NoSuchOrder() implements CloseOutcome {}

    record AlreadyPaid() implements CloseOutcome {}

    /// The payer is at it, or the channel does not say, or takes no close yet.
    record Undecided() implements CloseOutcome {}
  }

  /// The same, by nobody of the merchant's.
  public CloseOutcome close(Merchant merchant, String outTradeNo) {
    return close(merchant, outTradeNo, Optional.empty());
  }

  /// Closes an order that is not paid. Repeated, it answers the same.
  ///
  /// @param staffId who closes it
  public CloseOutcome close(Merchant merchant, String outTradeNo, Optional<String> staffId) {
    Cell cell = cells.get(merchant.cell());
    var found = stored(cell, merchant, outTradeNo);
    if (found.isEmpty()) {
      return new CloseOutcome.NoSuchOrder();
    }
    if (!found.get().state().isOpen()) {
      return closed(found.get());
    }
    Asked asked = ask(cell, merchant, found.get());
    if (!asked.order().state().isOpen()) {
      return closed(asked.order());
    }
    if (asked.paying() || (asked.silent() && asked.order().prepaid().isPresent())) {
      return new CloseOutcome.Undecided();
    }
    if (!settings.closeAtOnce() && mayCloseAt(asked.order()).isAfter(book.now())) {
      return new CloseOutcome.Undecided();
    }
    return close(cell, merchant, asked.order(), staffId);
  }

  private CloseOutcome closed(PaymentOrder order) {
    if (order.state().isPaid()) {
      return new CloseOutcome.AlreadyPaid();
    }
    return !settings.closeAtOnce() && order.closeDueAt().isPresent()
        ? new CloseOutcome.Undecided()
        : new CloseOutcome.Closed();
  }

  /// When the channel takes a close.
  private Instant mayCloseAt(PaymentOrder order) {
    return order.platform() == PayPlatform.WECHAT
        ? order.createdAt().plus(settings.closeAfter())
        : order.createdAt();
  }

  /// For the expiry: an order whose time is over, and that the channel says is not paid.
  CloseOutcome close(Cell cell, Merchant merchant, PaymentOrder order, Optional<String> staffId) {
    Instant now = book.now();
    Instant mayCloseAt = mayCloseAt(order);
    if (now.isBefore(mayCloseAt)) {
      // The channel takes no close yet. For the caller it is closed; a payment meanwhile is a late
      // one (OP-54).
      return cell.database().inTransaction(tx -> closeHere(tx, order, now, mayCloseAt));
    }
    var replied = tellChannel(cell, merchant, order, staffId);
    if (replied.answer() instanceof Answer.Done) {
      return cell.database()
          .inTransaction(tx -> {
            attempts.end(tx, replied.ended());
            return closeHere(tx, order, now, null);
          });
    }
    cell.database().execute(tx -> attempts.end(tx, replied.ended()));
    if (replied.answer() instanceof Answer.Refused) {
      Asked asked = ask(cell, merchant, order);
      return asked.order().state().isOpen() ? new CloseOutcome.Undecided() : closed(asked.order());
    }
    return new CloseOutcome.Undecided();
  }

  /// Tells the channel of a close that it would not take before. One that it refuses is told again
  /// until the order has expired there too.
  void tellClose(Cell cell, Merchant merchant, PaymentOrder order) {
    var replied = tellChannel(cell, merchant, order, Optional.empty());
    boolean isDone = replied.answer() instanceof Answer.Done;
    boolean isRefused = replied.answer() instanceof Answer.Refused;
    boolean isTold = isDone || (isRefused && order.hasExpired(book.now()));
    cell.database()
        .execute(tx -> {
          attempts.end(tx, replied.ended());
          if (isTold) {
            store.closeTold(tx, order.id());
          }
        });
    if (isDone || isRefused) {
      ask(cell, merchant, order); // paid in between?
    }
  }

  private ChannelCalls.Replied<Connector.Closed> tellChannel(
      Cell cell, Merchant merchant, PaymentOrder order, Optional<String> staffId) {
    var question =
        cell.database()
            .inTransaction(tx -> {
              byte[] fingerprint = store.fingerprint(tx, order.id());
              var asked = calls.toClose(cell, merchant, order, fingerprint);
              attempts.begin(tx, asked);
              return asked;
            });
    return calls.close(merchant, order, staffId, question);
  }

  private CloseOutcome closeHere(
      Transaction tx, PaymentOrder order, Instant now, @Nullable Instant closeDueAt) {
    PaymentOrder locked = store.lock(tx, order.id());
    if (!locked.state().isOpen()) {
      return closed(locked); // paid or closed in between
    }
    Instant next =
        settings.looks().ofOrder(locked.createdAt(), locked.expiresAt(), now).orElse(null);
    Instant due =
        closeDueAt != null && (next == null || closeDueAt.isBefore(next)) ? closeDueAt : next;
    store.move(tx, locked, OrderState.CLOSED, "", now, closeDueAt, due);
    book.ended(tx, locked, now);
    return new CloseOutcome.Closed();
  }

  /// An order, and how the channel took the question.
  record Asked(PaymentOrder order, boolean paying, boolean silent) {}

  /// Asks the channel, unless somebody has just done so.
  private Asked asked(Cell cell, Merchant merchant, PaymentOrder order) {
    Instant now = book.now();
    boolean turn =
        cell.database()
            .inTransaction(tx -> store.takeTurn(tx, order.id(), now, now.minus(ASK_EVERY)));
    return turn
        ? ask(cell, merchant, order)
        : new Asked(
            cell.database().read(tx -> store.byId(tx, order.id())).orElseThrow(), false, false);
  }

  /// Asks the channel, and writes down what follows.
  Asked ask(Cell cell, Merchant merchant, PaymentOrder order) {
    if (ChannelCalls.account(merchant, order).isEmpty()
        || calls.connector(order.platform()).isEmpty()) {
      return new Asked(order, false, true);
    }
    return switch (calls.query(merchant, order)) {
      case Answer.Done<OrderReport>(OrderReport report, var _) ->
          new Asked(
              heard(cell, merchant, order.id(), report),
              report.state() == OrderReport.State.PAYING,
              false);
      case Answer.Refused<OrderReport> refused -> new Asked(order, false, true);
      case Answer.Unknown<OrderReport> unknown -> new Asked(order, false, true);
      case Answer.NotSent<OrderReport> notSent -> new Asked(order, false, true);
    };
  }

  private PaymentOrder heard(Cell cell, Merchant merchant, long id, OrderReport report) {
    PaymentOrder order = book.hear(cell, merchant, id, report, "query");
    return refunds.heard(cell, merchant, order, report);
  }

  private Optional<PaymentOrder> stored(Cell cell, Merchant merchant, String outTradeNo) {
    return cell.database()
        .read(tx -> store.byNumber(tx, outTradeNo))
        .filter(order -> order.merchant() == merchant.number());
  }
}
