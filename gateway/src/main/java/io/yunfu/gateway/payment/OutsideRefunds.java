package io.yunfu.gateway.payment;

import static io.yunfu.kernel.Check.ensure;

import io.yunfu.db.Cell;
import io.yunfu.db.Transaction;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.channel.OrderReport.AlipayDetail;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.kernel.Money;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Refunds that were made outside of us: in the channel's own console, or by another program with
/// the merchant's keys. A report about the order hints at them, the channel is asked, and what it
/// tells is brought into the books under the channel's numbers, as if it had been asked for here.
/// Each has its case, since nobody here wanted it. Source: `cloudpay.md` section 5.2.
///
/// A refund of ours is written down before the channel hears of it: a number that the channel knows
/// and we do not is none of ours.
///
/// WeChat Pay lists the refunds of an order. Alipay lists none: it names the last one in its
/// notice, and calls the order closed when all has gone back. What went back then and has no number
/// is brought in as one.
final class OutsideRefunds {
  private final ChannelCalls calls;
  private final OrderBook book;
  private final Hears hears;
  private final PaymentStore payments = new PaymentStore();
  private final RefundStore store = new RefundStore();

  /// Writes what follows from a report about a refund that is written down.
  interface Hears {
    void hear(Transaction tx, Cell cell, Merchant merchant, long refund, RefundReport report);
  }

  OutsideRefunds(ChannelCalls calls, OrderBook book, Hears hears) {
    this.calls = calls;
    this.book = book;
    this.hears = hears;
  }

  /// Brings in what a report about an order hints at and we do not know. It can be repeated.
  ///
  /// @param order as it stands after the report was heard
  /// @return false when the report hints at nothing, and so nothing was written
  boolean bringIn(Cell cell, Merchant merchant, PaymentOrder order, OrderReport report) {
    if (!isHint(cell, order, report)) {
      return false;
    }
    if (!(calls.refunds(merchant, order, numbers(order, report))
        instanceof Answer.Done<List<RefundReport>>(List<RefundReport> told, var _))) {
      cell.database().execute(tx -> unexplained(tx, cell, order.id(), report));
      return true;
    }
    cell.database()
        .execute(tx -> {
          payments.lock(tx, order.id());
          told.forEach(one -> bringIn(tx, cell, merchant, order.id(), one));
          rest(tx, cell, order.id(), report)
              .ifPresent(one -> bringIn(tx, cell, merchant, order.id(), one));
          unexplained(tx, cell, order.id(), report);
        });
    return true;
  }

  private boolean isHint(Cell cell, PaymentOrder order, OrderReport report) {
    boolean isOurs =
        report.outTradeNo().equals(order.outTradeNo())
            && report
                .paid()
                .filter(paid -> order.transactionId().equals(Optional.of(paid.transactionId())))
                .isPresent();
    if (!isOurs || order.refundable() == 0) {
      return false; // what is still to come does not fit: see Refunds, when ours is refused
    }
    return report.state() == OrderReport.State.REFUNDED
        || named(report)
            .filter(number -> cell.database().read(tx -> store.byNumber(tx, number)).isEmpty())
            .isPresent();
  }

  /// Alipay's number of the refund that a notice tells of.
  private static Optional<String> named(OrderReport report) {
    return report
        .paid()
        .filter(paid -> paid.detail() instanceof AlipayDetail)
        .flatMap(paid -> ((AlipayDetail) paid.detail()).outBizNo());
  }

  /// A refund of the whole that was given no number has the order's at Alipay.
  private static List<String> numbers(PaymentOrder order, OrderReport report) {
    var numbers = new ArrayList<String>();
    named(report).ifPresent(numbers::add);
    if (!numbers.contains(order.outTradeNo())) {
      numbers.add(order.outTradeNo());
    }
    return numbers;
  }

  private void bringIn(
      Transaction tx, Cell cell, Merchant merchant, long payment, RefundReport report) {
    boolean moves =
        report.state() != RefundReport.State.NOT_EXIST
            && report.state() != RefundReport.State.CLOSED;
    Optional<Money> amount = report.amount().filter(Money::isPositive);
    String number = report.outRefundNo();
    var known = store.byNumber(tx, number);
    if (!moves || amount.isEmpty() || known.filter(one -> one.payment() == payment).isPresent()) {
      return;
    }
    PaymentOrder order = payments.byId(tx, payment).orElseThrow();
    Instant now = book.now();
    Refund refund = refund(cell, order, number, amount.get(), now);
    Money settlement = Settlement.ofRefund(order, refund, Optional.of(report));
    String problem =
        known.isPresent()
            ? "its number is that of another order's refund"
            : amount.get().cents() > order.refundable()
                ? "no more than %d is left beside refunds of ours".formatted(order.refundable())
                : !Settlement.isPossible(settlement, refund, order)
                    ? "it is settled with " + settlement
                    : "";
    if (!problem.isEmpty()) {
      String detail =
          "A refund of %s under %s, not booked: %s".formatted(amount.get(), number, problem);
      open(tx, cell, order, null, number, detail);
      return;
    }
    boolean inserted = store.insert(tx, refund, Fingerprint.of("outside", number), now);
    boolean reserved = payments.reserve(tx, payment, amount.get().cents(), now);
    ensure(inserted && reserved, "the refund %s came twice", number); // begun anew by the next look
    store.sent(tx, refund.id(), now, LookSchedule.ofRefund(now, now).orElse(null));
    hears.hear(tx, cell, merchant, refund.id(), report);
    RefundState state = store.byId(tx, refund.id()).orElseThrow().state();
    ensure(state != RefundState.STORED, "the refund %s would be sent", number);
    String detail =
        "A refund of %s under %s was not asked for here".formatted(amount.get(), number);
    open(tx, cell, order, refund.id(), number, detail);
  }

  /// What is left when all of an order has gone back, nothing of ours is under way, and the channel
  /// has no number for it.
  private Optional<RefundReport> rest(Transaction tx, Cell cell, long payment, OrderReport report) {
    PaymentOrder order = payments.byId(tx, payment).orElseThrow();
    boolean isDue =
        isAll(order, report)
            && order.refundable() > 0
            && store.ofPayment(tx, payment).stream().allMatch(one -> one.state().isFinal());
    if (!isDue) {
      return Optional.empty();
    }
    var currency = order.total().currency();
    return Optional.of(
        new RefundReport(
            order.outTradeNo(),
            "E" + Long.toString(cell.ids().next(), Character.MAX_RADIX),
            RefundReport.State.SUCCESS,
            Optional.empty(),
            Optional.of(Money.of(order.refundable(), currency)),
            Optional.of(Money.of(order.settlement() - order.settlementRefunded(), currency)),
            report.paid().flatMap(paid -> ((AlipayDetail) paid.detail()).refundedAt()),
            Optional.empty()));
  }

  /// Alipay calls an order closed when all of it has gone back; WeChat Pay says no more than that
  /// something did.
  private static boolean isAll(PaymentOrder order, OrderReport report) {
    return report.state() == OrderReport.State.REFUNDED && order.platform() == PayPlatform.ALIPAY;
  }

  /// What went back and is not brought in is a person's to find.
  private void unexplained(Transaction tx, Cell cell, long payment, OrderReport report) {
    PaymentOrder order = payments.byId(tx, payment).orElseThrow();
    boolean isExplained = isAll(order, report) ? order.refundable() == 0 : order.reserved() > 0;
    if (report.state() == OrderReport.State.REFUNDED && !isExplained) {
      String detail = "The channel says that money went back, and nobody asked for it here";
      open(tx, cell, order, null, "channel", detail);
    }
  }

  private void open(
      Transaction tx,
      Cell cell,
      PaymentOrder order,
      @Nullable Long refund,
      String cause,
      String detail) {
    book.open(tx, cell, PaymentCase.Kind.CHANNEL_REFUND, order, refund, cause, detail, book.now());
  }

  private static Refund refund(
      Cell cell, PaymentOrder order, String number, Money amount, Instant now) {
    var terminal = order.details().terminal();
    var details = new RefundDetails("", Optional.empty(), Optional.empty(), terminal, "", false);
    return Refund.stored(order, cell.ids().next(), number, amount, details, Optional.empty(), now);
  }
}
