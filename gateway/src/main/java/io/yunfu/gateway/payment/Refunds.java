package io.yunfu.gateway.payment;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.Transaction;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.notice.NoticeOutbox;
import io.yunfu.kernel.Money;
import io.yunfu.ledger.Ledger;
import io.yunfu.ledger.Leg;
import io.yunfu.ledger.Pocket;
import io.yunfu.ledger.Posting;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `refund` and `query_refund_order`: money back to a payer. The amount is reserved in the
/// transaction that writes the refund down, and the books move when the channel says that the money
/// has arrived. Accepted is not arrived. Source: `cloudpay.md` sections 2.8, 2.9, 5.5.
public final class Refunds {
  /// Source: `channels.md` section 2.10.
  static final int MOST_PER_ORDER = 50;

  /// So long after it was sent, a refund that the channel has never heard of is sent again; see
  /// `channels.md` section 4.8.
  private static final Duration SEND_AGAIN_AFTER = Duration.ofMinutes(1);

  /// A send that is under way is not repeated by the worker before its own deadline has passed.
  private static final Duration SEND_TAKES = Duration.ofSeconds(30);

  private final Cells cells;
  private final ChannelCalls calls;
  private final OrderBook book;
  private final GatewaySettings settings;
  private final PaymentStore payments = new PaymentStore();
  private final RefundStore store = new RefundStore();
  private final NoticeOutbox outbox = new NoticeOutbox();
  private final Ledger ledger = new Ledger();

  Refunds(Cells cells, ChannelCalls calls, OrderBook book, GatewaySettings settings) {
    this.cells = cells;
    this.calls = calls;
    this.book = book;
    this.settings = settings;
  }

  /// A wish to give money back.
  ///
  /// @param total must be the order's
  public record Command(
      Merchant merchant,
      String outTradeNo,
      String outRefundNo,
      Money total,
      Money amount,
      RefundDetails details) {}

  /// What became of it.
  public sealed interface Outcome {
    /// Accepted, on its way, or done.
    record Taken(PaymentOrder order, Refund refund) implements Outcome {}

    sealed interface Refused extends Outcome {}

    record NoSuchOrder() implements Refused {}

    record NotRefundable() implements Refused {}

    /// More than what is left.
    record TooMuch(Money left) implements Refused {}

    record TotalDiffers() implements Refused {}

    record NumberUsed() implements Refused {}

    record ChannelMissing() implements Refused {}

    record ChannelRefused(Answer.Reason reason, String code, String message) implements Refused {}

    /// The channel has not answered: the same call again finds out.
    record Unknown(PaymentOrder order, Refund refund) implements Refused {}
  }

  public Outcome refund(Command command) {
    Merchant merchant = command.merchant();
    Cell cell = cells.get(merchant.cell());
    byte[] fingerprint = fingerprint(command);
    return switch (cell.database()
        .<Beginning>inTransaction(tx -> begin(tx, cell, command, fingerprint))) {
      case Not(Outcome.Refused why) -> why;
      case Begun(PaymentOrder order, Refund refund, boolean send) ->
          send
              ? send(cell, merchant, order, refund, fingerprint)
              : new Outcome.Taken(order, refund);
    };
  }

  /// A refund that is written down.
  ///
  /// @param send whether the channel is to be asked now
  private record Begun(PaymentOrder order, Refund refund, boolean send) implements Beginning {}

  private record Not(Outcome.Refused why) implements Beginning {}

  private sealed interface Beginning {}

  private Beginning begin(Transaction tx, Cell cell, Command command, byte[] fingerprint) {
    var found =
        payments
            .byNumber(tx, command.outTradeNo())
            .filter(order -> order.merchant() == command.merchant().number());
    if (found.isEmpty()) {
      return new Not(new Outcome.NoSuchOrder());
    }
    PaymentOrder order = payments.lock(tx, found.get().id());
    Instant now = book.now();
    var known = store.byNumber(tx, command.outRefundNo());
    if (known.isPresent()) {
      boolean same =
          known.get().payment() == order.id()
              && Arrays.equals(fingerprint, store.fingerprint(tx, known.get().id()));
      return same
          ? new Begun(order, known.get(), mayBeSentAgain(known.get(), now))
          : new Not(new Outcome.NumberUsed());
    }
    if (!command.total().equals(order.total())) {
      return new Not(new Outcome.TotalDiffers());
    }
    // A top-up is spent from a balance: who takes it back is the operator, there.
    if (!order.state().isPaid()
        || order.state() == OrderState.FINISHED
        || order.topUp().isPresent()) {
      return new Not(new Outcome.NotRefundable());
    }
    if (ChannelCalls.account(command.merchant(), order).isEmpty()) {
      return new Not(new Outcome.ChannelMissing());
    }
    var earlier = store.earlier(tx, order.id());
    if (earlier.count() >= MOST_PER_ORDER || order.refundable() == 0) {
      return new Not(
          order.refundable() == 0
              ? new Outcome.TooMuch(Money.zero(order.total().currency()))
              : new Outcome.NotRefundable());
    }
    if (!payments.reserve(tx, order.id(), command.amount().cents(), now)) {
      return new Not(new Outcome.TooMuch(Money.of(order.refundable(), order.total().currency())));
    }
    Instant due = spaced(order, earlier.lastSentAt(), now);
    Refund refund = refund(cell.ids().next(), command, order, now);
    boolean inserted =
        store.insert(tx, refund, fingerprint, due.isAfter(now) ? due : now.plus(SEND_TAKES));
    if (!inserted) {
      throw new IllegalStateException("refund number " + command.outRefundNo() + " came twice");
    }
    return new Begun(payments.byId(tx, order.id()).orElseThrow(), refund, !due.isAfter(now));
  }

  /// Whether a repeated call sends what may never have arrived.
  private static boolean mayBeSentAgain(Refund refund, Instant now) {
    return refund.state() == RefundState.STORED
        && refund.isTransforming()
        && refund
            .sentAt()
            .filter(sent -> now.isAfter(sent.plus(Duration.ofSeconds(2))))
            .isPresent();
  }

  /// WeChat Pay takes the next refund of an order a minute after the last (OP-54).
  private Instant spaced(PaymentOrder order, Optional<Instant> lastSentAt, Instant now) {
    if (order.platform() != PayPlatform.WECHAT) {
      return now;
    }
    return lastSentAt
        .map(last -> last.plus(settings.refundSpacing()))
        .filter(next -> next.isAfter(now))
        .orElse(now);
  }

  /// Asks the channel, and writes down what it said.
  Outcome send(
      Cell cell, Merchant merchant, PaymentOrder order, Refund refund, byte[] fingerprint) {
    Instant now = book.now();
    cell.database().execute(tx -> store.sent(tx, refund.id(), now, now.plus(SEND_TAKES)));
    Answer<RefundReport> answer = calls.refund(cell, merchant, order, refund, fingerprint);
    return switch (answer) {
      case Answer.Done<RefundReport>(RefundReport report, var _) ->
          cell.database()
              .inTransaction(tx -> {
                hear(tx, cell, merchant, refund.id(), report);
                return taken(tx, refund.id());
              });
      case Answer.Refused<RefundReport> refused ->
          cell.database().inTransaction(tx -> refused(tx, cell, refund.id(), refused));
      case Answer.Unknown<RefundReport> unknown -> undecided(cell, refund);
      case Answer.NotSent<RefundReport> notSent -> undecided(cell, refund);
    };
  }

  private Outcome taken(Transaction tx, long id) {
    Refund refund = store.byId(tx, id).orElseThrow();
    return new Outcome.Taken(payments.byId(tx, refund.payment()).orElseThrow(), refund);
  }

  private Outcome undecided(Cell cell, Refund refund) {
    return cell.database()
        .inTransaction(tx -> {
          Instant now = book.now();
          store.lookAgain(tx, refund.id(), LookSchedule.ofRefund(now, now).orElse(null));
          Refund stored = store.byId(tx, refund.id()).orElseThrow();
          return new Outcome.Unknown(payments.byId(tx, stored.payment()).orElseThrow(), stored);
        });
  }

  private Outcome refused(Transaction tx, Cell cell, long id, Answer.Refused<RefundReport> answer) {
    Refund unlocked = store.byId(tx, id).orElseThrow();
    PaymentOrder order = payments.lock(tx, unlocked.payment());
    Refund refund = store.lock(tx, id);
    Instant now = book.now();
    String text = OrderBook.cut(answer.code() + ": " + answer.message());
    if (refund.state() == RefundState.STORED) {
      fail(tx, order, refund, text, now);
      if (answer.alert()) {
        book.open(tx, cell, PaymentCase.Kind.MISCONFIGURED, order, id, answer.code(), text, now);
      }
      if (refund.details().own()) {
        book.open(tx, cell, PaymentCase.Kind.REFUND_LOST, order, id, "refused", text, now);
      }
    }
    return new Outcome.ChannelRefused(answer.reason(), answer.code(), answer.message());
  }

  private void fail(Transaction tx, PaymentOrder order, Refund refund, String text, Instant now) {
    store.move(
        tx,
        refund,
        new RefundStore.Move(RefundState.FAILED, false, null, null, text, null, null, 0, null),
        now);
    if (refund.transactionId().isEmpty()) {
      payments.settleRefund(tx, order, -refund.amount().cents(), 0, 0, order.state(), now);
    }
  }

  /// The refunds of an order, asked for anew as far as they are not at their end.
  ///
  /// @param outRefundNo empty: all of them
  public Optional<Found> find(
      Merchant merchant, Optional<String> outTradeNo, Optional<String> outRefundNo) {
    Cell cell = cells.get(merchant.cell());
    Optional<PaymentOrder> order =
        cell.database()
            .read(tx ->
                outTradeNo
                    .flatMap(number -> payments.byNumber(tx, number))
                    .or(() ->
                        outRefundNo
                            .flatMap(number -> store.byNumber(tx, number))
                            .flatMap(refund -> payments.byId(tx, refund.payment()))));
    if (order.filter(one -> one.merchant() == merchant.number()).isEmpty()) {
      return Optional.empty();
    }
    var refunds = ofPayment(cell, order.get(), outRefundNo);
    boolean asked = false;
    for (Refund refund : refunds) {
      if (!refund.state().isFinal() && refund.sentAt().isPresent()) {
        ask(cell, merchant, order.get(), refund);
        asked = true;
      }
    }
    var now = asked ? ofPayment(cell, order.get(), outRefundNo) : refunds;
    PaymentOrder fresh =
        cell.database().read(tx -> payments.byId(tx, order.get().id())).orElseThrow();
    return now.isEmpty() ? Optional.empty() : Optional.of(new Found(fresh, now));
  }

  /// An order and refunds of it.
  public record Found(PaymentOrder order, List<Refund> refunds) {
    public Found {
      refunds = List.copyOf(refunds);
    }
  }

  private List<Refund> ofPayment(Cell cell, PaymentOrder order, Optional<String> outRefundNo) {
    return cell.database().read(tx -> store.ofPayment(tx, order.id())).stream()
        .filter(refund -> outRefundNo.map(refund.outRefundNo()::equals).orElse(true))
        .toList();
  }

  /// A channel hints that a refund has come to its end: asks, and believes the answer only.
  void hint(Cell cell, Merchant merchant, PaymentOrder order, String outRefundNo) {
    cell.database()
        .read(tx -> store.byNumber(tx, outRefundNo))
        .filter(refund -> refund.payment() == order.id() && !refund.state().isFinal())
        .ifPresent(refund -> ask(cell, merchant, order, refund));
  }

  /// Asks the channel, and writes down what follows.
  void ask(Cell cell, Merchant merchant, PaymentOrder order, Refund refund) {
    if (calls.queryRefund(merchant, order, refund)
        instanceof Answer.Done<RefundReport>(RefundReport report, var _)) {
      cell.database().execute(tx -> hear(tx, cell, merchant, refund.id(), report));
    }
  }

  /// Writes what follows from a verified report, under the order's lock and then the refund's.
  private void hear(Transaction tx, Cell cell, Merchant merchant, long id, RefundReport report) {
    Refund unlocked = store.byId(tx, id).orElseThrow();
    PaymentOrder order = payments.lock(tx, unlocked.payment());
    Refund refund = store.lock(tx, id);
    Instant now = book.now();
    if (refund.state().isFinal()) {
      return;
    }
    if (report.amount().filter(amount -> !amount.equals(refund.amount())).isPresent()) {
      String detail =
          "refund of %s, the channel says %s".formatted(refund.amount(), report.amount().get());
      book.open(tx, cell, PaymentCase.Kind.MISMATCH, order, id, refund.outRefundNo(), detail, now);
      return;
    }
    switch (report.state()) {
      case SUCCESS -> succeed(tx, cell, merchant, order, refund, report, now);
      case PROCESSING -> accept(tx, order, refund, report, now);
      case CLOSED -> {
        fail(tx, order, refund, "closed by the channel", now);
        if (refund.details().own()) {
          book.open(
              tx,
              cell,
              PaymentCase.Kind.REFUND_LOST,
              order,
              id,
              "closed",
              "closed by the channel",
              now);
        }
      }
      case ABNORMAL -> {
        if (refund.state() != RefundState.ABNORMAL) {
          accept(tx, order, refund, report, now);
          Refund accepted = store.byId(tx, id).orElseThrow();
          store.move(tx, accepted, kept(RefundState.ABNORMAL, report, null), now);
          String detail = "The payer's bank sent the money back: pay it out by hand";
          book.open(
              tx,
              cell,
              PaymentCase.Kind.REFUND_ABNORMAL,
              order,
              id,
              refund.outRefundNo(),
              detail,
              now);
        }
      }
      case NOT_EXIST -> {} // the worker sends it again, or gives up
    }
  }

  private static RefundStore.Move kept(
      RefundState to, RefundReport report, @Nullable Instant dueAt) {
    return new RefundStore.Move(
        to,
        false,
        report.refundId().orElse(null),
        RefundFacts.of(report),
        "",
        null,
        null,
        0,
        dueAt);
  }

  private void accept(
      Transaction tx, PaymentOrder order, Refund refund, RefundReport report, Instant now) {
    Instant sentAt = refund.sentAt().orElse(now);
    if (refund.state() == RefundState.STORED) {
      store.move(
          tx,
          refund,
          kept(RefundState.ACCEPTED, report, LookSchedule.ofRefund(sentAt, now).orElse(null)),
          now);
      markRefunded(tx, order, 0, 0, 0, refund, false, now);
    }
  }

  /// The channel keeps its fee of what is left of the payment only, so a part of it comes back.
  private void succeed(
      Transaction tx,
      Cell cell,
      Merchant merchant,
      PaymentOrder order,
      Refund refund,
      RefundReport report,
      Instant now) {
    boolean counts = refund.transactionId().isEmpty();
    long cents = refund.amount().cents();
    long feeBack =
        counts
            ? Math.min(
                order.fee(),
                Fees.back(order.total().cents(), order.refunded(), cents, merchant.feePpm()))
            : 0;
    long posting = cell.ids().next();
    ledger.post(tx, List.of(posting(posting, order, refund, feeBack, now)));
    store.move(
        tx,
        refund,
        new RefundStore.Move(
            RefundState.SUCCESS,
            false,
            report.refundId().orElse(null),
            RefundFacts.of(report),
            "",
            report.succeededAt().orElse(now),
            posting,
            feeBack,
            null),
        now);
    markRefunded(tx, order, 0, counts ? cents : 0, feeBack, refund, true, now);
    if (merchant.notices().refunds()
        && merchant.notices().callback().isPresent()
        && !refund.details().own()) {
      outbox.refunded(tx, cell.ids(), order.id(), refund.id(), order.merchant(), now);
    }
  }

  private Posting posting(long id, PaymentOrder order, Refund refund, long feeBack, Instant now) {
    Pocket.House clearing = OrderBook.clearing(order.platform());
    String subject = OrderBook.subject(order);
    var legs = new ArrayList<Leg>();
    if (refund.transactionId().isPresent()) {
      // A second payment came in beside the books and goes back beside them: both sides are shown.
      legs.add(new Leg(clearing, Pocket.House.ADJUSTMENT, refund.amount(), subject));
      legs.add(new Leg(Pocket.House.ADJUSTMENT, clearing, refund.amount(), subject));
    } else {
      var payable = new Pocket.Payable(order.merchant());
      legs.add(new Leg(payable, clearing, refund.amount(), subject));
      if (feeBack > 0) {
        legs.add(
            new Leg(clearing, payable, Money.of(feeBack, refund.amount().currency()), subject));
      }
    }
    return new Posting(
        id,
        Posting.Kind.REFUND,
        "channel:" + clearing.code(),
        "refund",
        refund.outRefundNo(),
        now,
        legs);
  }

  /// WeChat Pay calls an order refunded from the first refund that it accepts, Alipay when all has
  /// gone back (OP-19).
  private void markRefunded(
      Transaction tx,
      PaymentOrder order,
      long reserved,
      long refunded,
      long feeBack,
      Refund refund,
      boolean arrived,
      Instant now) {
    boolean whole = order.refunded() + refunded == order.total().cents();
    boolean isRefunded =
        refund.transactionId().isEmpty()
            && (order.platform() == PayPlatform.WECHAT || (arrived && whole));
    OrderState to =
        isRefunded && order.state() != OrderState.REFUNDED ? OrderState.REFUNDED : order.state();
    payments.settleRefund(tx, order, reserved, refunded, feeBack, to, now);
  }

  /// One turn of the worker: sends what was not sent, asks about the rest.
  void work(Cell cell, Merchant merchant, long id) {
    var now = book.now();
    Refund refund = cell.database().read(tx -> store.byId(tx, id)).orElseThrow();
    PaymentOrder order =
        cell.database().read(tx -> payments.byId(tx, refund.payment())).orElseThrow();
    if (refund.state().isFinal() || ChannelCalls.account(merchant, order).isEmpty()) {
      cell.database().execute(tx -> store.lookAgain(tx, id, null));
      return;
    }
    if (refund.sentAt().isEmpty()) {
      send(cell, merchant, order, refund, fingerprint(cell, id));
      return;
    }
    ask(cell, merchant, order, refund);
    Refund after = cell.database().read(tx -> store.byId(tx, id)).orElseThrow();
    Instant sentAt = refund.sentAt().get();
    if (after.state() == RefundState.STORED && now.isAfter(sentAt.plus(SEND_AGAIN_AFTER))) {
      send(cell, merchant, order, after, fingerprint(cell, id));
      after = cell.database().read(tx -> store.byId(tx, id)).orElseThrow();
    }
    if (!after.state().isFinal()) {
      lookAgain(cell, order, after, sentAt, now);
    }
  }

  private void lookAgain(
      Cell cell, PaymentOrder order, Refund refund, Instant sentAt, Instant now) {
    Instant next = LookSchedule.ofRefund(sentAt, now).orElse(null);
    cell.database()
        .execute(tx -> {
          store.lookAgain(tx, refund.id(), next);
          if (next == null) {
            book.open(
                tx,
                cell,
                PaymentCase.Kind.REFUND_LOST,
                order,
                refund.id(),
                refund.outRefundNo(),
                "Looks are over, and the channel has not said what became of it",
                now);
          }
        });
  }

  private byte[] fingerprint(Cell cell, long id) {
    return cell.database().read(tx -> store.fingerprint(tx, id));
  }

  private static byte[] fingerprint(Command command) {
    return Fingerprint.of(
        "refund",
        command.merchant().id().value(),
        command.outTradeNo(),
        command.outRefundNo(),
        command.total().toString(),
        command.amount().toString(),
        command.details().refundAccount().orElse(""));
  }

  private static Refund refund(long id, Command command, PaymentOrder order, Instant now) {
    return new Refund(
        id,
        command.outRefundNo(),
        order.id(),
        order.merchant(),
        RefundState.STORED,
        true,
        command.amount(),
        command.details(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        "",
        now,
        now,
        Optional.empty(),
        Optional.empty(),
        0);
  }
}
