package io.yunfu.gateway.payment;

import io.yunfu.db.Cell;
import io.yunfu.db.Transaction;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.OrderReference;
import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.Merchants;
import java.time.Instant;
import java.util.Optional;

/// What a channel's bill leads to. A bill is not signed, so it changes nothing by itself: what it
/// says, or does not say, is asked for, and the channel's verified answer changes what it would
/// have changed on any other road. What is left is for a person. Source: `channels.md` section 8.3.
public final class FollowBill {
  private final Merchants merchants;
  private final ChannelCalls calls;
  private final OrderBook book;
  private final Refunds refunds;
  private final PaymentStore store = new PaymentStore();
  private final RefundStore refundStore = new RefundStore();
  private final CaseStore cases = new CaseStore();

  FollowBill(Merchants merchants, ChannelCalls calls, OrderBook book, Refunds refunds) {
    this.merchants = merchants;
    this.calls = calls;
    this.book = book;
    this.refunds = refunds;
  }

  /// What the channel says to a question.
  public enum Said {
    /// That it is so, verified.
    CONFIRMS,
    /// That it is not, verified.
    DENIES,
    /// Nothing that proves anything: it is to be asked again.
    SILENT
  }

  /// Asks whether an order was paid by this transaction, and writes down what follows.
  public Said ask(Cell cell, long payment, String transactionId) {
    PaymentOrder order = cell.database().read(tx -> store.byId(tx, payment)).orElseThrow();
    var merchant = whose(cell, order);
    if (merchant.isEmpty()) {
      return Said.SILENT;
    }
    var reference =
        new OrderReference(
            order.outTradeNo(), Optional.of(transactionId), order.total(), order.signType());
    return switch (calls.query(merchant.get(), order, reference)) {
      case Answer.Done<OrderReport>(OrderReport report, var _) -> {
        book.hear(cell, merchant.get(), payment, report, "query");
        yield report.paid().filter(paid -> paid.transactionId().equals(transactionId)).isPresent()
            ? Said.CONFIRMS
            : Said.DENIES;
      }
      case Answer.Refused<OrderReport> _,
          Answer.Unknown<OrderReport> _,
          Answer.NotSent<OrderReport> _ ->
          Said.SILENT;
    };
  }

  /// Asks what became of a refund. One that is not at its end is worked on as its worker does: what
  /// the channel does not know is sent again, and what it says is written down.
  public Said askRefund(Cell cell, long id) {
    Refund refund = cell.database().read(tx -> refundStore.byId(tx, id)).orElseThrow();
    PaymentOrder order = cell.database().read(tx -> store.byId(tx, refund.payment())).orElseThrow();
    var merchant = whose(cell, order);
    if (merchant.isEmpty()) {
      return Said.SILENT;
    }
    if (!refund.state().isFinal()) {
      refunds.work(cell, merchant.get(), id);
      return switch (cell.database().read(tx -> refundStore.byId(tx, id)).orElseThrow().state()) {
        case ACCEPTED, SUCCESS, ABNORMAL -> Said.CONFIRMS;
        case FAILED, REFUSED -> Said.DENIES;
        case STORED, UNKNOWN -> Said.SILENT;
      };
    }
    return switch (calls.queryRefund(merchant.get(), order, refund)) {
      case Answer.Done<RefundReport>(RefundReport report, var _) ->
          report.state() == RefundReport.State.NOT_EXIST
                  || report.state() == RefundReport.State.CLOSED
              ? Said.DENIES
              : Said.CONFIRMS;
      case Answer.Refused<RefundReport> _,
          Answer.Unknown<RefundReport> _,
          Answer.NotSent<RefundReport> _ ->
          Said.SILENT;
    };
  }

  private Optional<Merchant> whose(Cell cell, PaymentOrder order) {
    return merchants
        .byNumber(cell.id(), order.merchant())
        .filter(merchant -> ChannelCalls.account(merchant, order).isPresent())
        .filter(_ -> calls.connector(order.platform()).isPresent());
  }

  /// What a person is to see of a bill.
  ///
  /// @param payment empty when it is about no order of ours
  /// @param cause one case for one cause
  public record Found(
      PaymentCase.Kind kind,
      long reconciliation,
      Optional<Long> payment,
      Optional<Long> refund,
      String cause,
      String detail) {}

  /// Opens a case, unless it is there.
  ///
  /// @return its number
  public long open(Transaction tx, Cell cell, Found found, Instant now) {
    return cases.openOfBill(tx, cell.ids().next(), found, OrderBook.cut(found.detail()), now);
  }

  /// The case that a second payment by this transaction has opened, if it has.
  public Optional<Long> doublePayment(Transaction tx, long payment, String transactionId) {
    return cases.find(tx, payment, PaymentCase.Kind.DOUBLE_PAYMENT, transactionId);
  }

  /// Closes what was said about a bill itself.
  public void closeOfBill(Transaction tx, long reconciliation, String remark, Instant now) {
    cases.closeOfBill(tx, reconciliation, "channel", remark, now);
  }

  /// Closes a case whose cause is gone.
  public void close(Transaction tx, long id, String remark, Instant now) {
    cases.close(tx, id, "channel", remark, now);
  }
}
