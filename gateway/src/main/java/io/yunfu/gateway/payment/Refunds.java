package io.yunfu.gateway.payment;

import io.yunfu.db.Cell;
import io.yunfu.db.Cells;
import io.yunfu.db.Transaction;
import io.yunfu.gateway.channel.Answer;
import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.notice.NoticeOutbox;
import io.yunfu.gateway.payment.AttemptStore.Question;
import io.yunfu.kernel.Money;
import io.yunfu.ledger.Ledger;
import io.yunfu.ledger.Leg;
import io.yunfu.ledger.Pocket;
import io.yunfu.ledger.Posting;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
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

  /// So long after it was sent, the channel knows a refund that it has taken.
  static final Duration UNKNOWN_WINDOW = Duration.ofHours(2);

  /// A send that is under way is not repeated by the worker before its own deadline has passed.
  private static final Duration SEND_TAKES = Duration.ofSeconds(30);

  private final Cells cells;
  private final ChannelCalls calls;
  private final OrderBook book;
  private final GatewaySettings settings;
  private final OutsideRefunds outside;
  private final PaymentStore payments = new PaymentStore();
  private final RefundStore store = new RefundStore();
  private final AttemptStore attempts = new AttemptStore();
  private final NoticeOutbox outbox = new NoticeOutbox();
  private final Ledger ledger = new Ledger();

  Refunds(Cells cells, ChannelCalls calls, OrderBook book, GatewaySettings settings) {
    this.cells = cells;
    this.calls = calls;
    this.book = book;
    this.settings = settings;
    this.outside = new OutsideRefunds(calls, book, this::hear);
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
    return refund(command, _ -> {});
  }

  /// The same, and what else is written with a refund that is new, or begins anew.
  Outcome refund(Command command, Consumer<Transaction> besides) {
    Merchant merchant = command.merchant();
    Cell cell = cells.get(merchant.cell());
    byte[] fingerprint = fingerprint(command);
    return switch (cell.database()
        .<Beginning>inTransaction(tx -> begin(tx, cell, command, fingerprint, besides))) {
      case Not(Outcome.Refused why) -> why;
      case Begun(PaymentOrder order, Refund refund, var question) ->
          question
              .map(asked -> send(cell, merchant, order, refund, asked))
              .orElseGet(() -> new Outcome.Taken(order, refund));
    };
  }

  /// A refund that is written down.
  ///
  /// @param question what the channel is to be asked now
  private record Begun(PaymentOrder order, Refund refund, Optional<Question> question)
      implements Beginning {}

  private record Not(Outcome.Refused why) implements Beginning {}

  private sealed interface Beginning {}

  private Beginning begin(
      Transaction tx,
      Cell cell,
      Command command,
      byte[] fingerprint,
      Consumer<Transaction> besides) {
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
      Refund refund = known.get();
      boolean same =
          refund.payment() == order.id()
              && MessageDigest.isEqual(fingerprint, store.fingerprint(tx, refund.id()));
      if (!same) {
        return new Not(new Outcome.NumberUsed());
      }
      if (refund.state() != RefundState.REFUSED) {
        return new Begun(
            order,
            refund,
            mayBeSentAgain(refund, now)
                ? Optional.of(
                    sent(tx, cell, command.merchant(), order, refund.id(), fingerprint, now))
                : Optional.empty());
      }
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
    boolean later = due.isAfter(now);
    Instant workedAt = later ? due : now.plus(SEND_TAKES);
    long id = known.map(Refund::id).orElseGet(cell.ids()::next);
    if (known.isPresent()) {
      store.resume(tx, known.get(), workedAt, now);
    } else if (!store.insert(tx, refund(id, command, order, now), fingerprint, workedAt)) {
      throw new IllegalStateException("refund number " + command.outRefundNo() + " came twice");
    }
    besides.accept(tx);
    Optional<Question> question =
        later
            ? Optional.empty()
            : Optional.of(sent(tx, cell, command.merchant(), order, id, fingerprint, now));
    return new Begun(
        payments.byId(tx, order.id()).orElseThrow(), store.byId(tx, id).orElseThrow(), question);
  }

  /// Writes down that the channel is asked now, under the order's lock.
  private Question sent(
      Transaction tx,
      Cell cell,
      Merchant merchant,
      PaymentOrder order,
      long id,
      byte[] fingerprint,
      Instant now) {
    store.sent(tx, id, now, now.plus(SEND_TAKES));
    Question question = calls.toRefund(cell, merchant, order, id, fingerprint);
    attempts.begin(tx, question);
    return question;
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
  ///
  /// @param question is durable
  private Outcome send(
      Cell cell, Merchant merchant, PaymentOrder order, Refund refund, Question question) {
    var replied = calls.refund(merchant, order, refund, question);
    Outcome outcome =
        cell.database()
            .inTransaction(tx -> {
              attempts.end(tx, replied.ended());
              return switch (replied.answer()) {
                case Answer.Done<RefundReport>(RefundReport report, var _) -> {
                  hear(tx, cell, merchant, refund.id(), report);
                  yield taken(tx, refund.id());
                }
                case Answer.Refused<RefundReport> refused ->
                    refused(tx, cell, refund.id(), refused);
                case Answer.Unknown<RefundReport> unknown -> undecided(tx, refund);
                case Answer.NotSent<RefundReport> notSent -> undecided(tx, refund);
              };
            });
    if (outcome instanceof Outcome.ChannelRefused && refund.transactionId().isEmpty()) {
      lookOutside(cell, merchant, order); // has somebody else given it back?
    }
    return outcome;
  }

  /// Asks whether money went back that nobody asked for here, and brings it in.
  private void lookOutside(Cell cell, Merchant merchant, PaymentOrder order) {
    if (calls.query(merchant, order)
        instanceof Answer.Done<OrderReport>(OrderReport report, var _)) {
      PaymentOrder now = cell.database().read(tx -> payments.byId(tx, order.id())).orElseThrow();
      var _ = heard(cell, merchant, now, report);
    }
  }

  /// A channel has said something of an order: if money went back that nobody asked for here, it is
  /// brought in.
  ///
  /// @param order as it stands after the report was heard
  /// @return as it stands then
  PaymentOrder heard(Cell cell, Merchant merchant, PaymentOrder order, OrderReport report) {
    return order.state().isPaid() && outside.bringIn(cell, merchant, order, report)
        ? cell.database().read(tx -> payments.byId(tx, order.id())).orElseThrow()
        : order;
  }

  /// For the worker.
  private void send(Cell cell, Merchant merchant, PaymentOrder order, Refund refund) {
    Question question =
        cell.database()
            .inTransaction(tx -> {
              payments.lock(tx, order.id());
              byte[] fingerprint = store.fingerprint(tx, refund.id());
              return sent(tx, cell, merchant, order, refund.id(), fingerprint, book.now());
            });
    send(cell, merchant, order, refund, question);
  }

  private Outcome taken(Transaction tx, long id) {
    Refund refund = store.byId(tx, id).orElseThrow();
    return new Outcome.Taken(payments.byId(tx, refund.payment()).orElseThrow(), refund);
  }

  private Outcome undecided(Transaction tx, Refund refund) {
    Instant now = book.now();
    store.lookAgain(tx, refund.id(), LookSchedule.ofRefund(now, now).orElse(null));
    Refund stored = store.byId(tx, refund.id()).orElseThrow();
    return new Outcome.Unknown(payments.byId(tx, stored.payment()).orElseThrow(), stored);
  }

  private Outcome refused(Transaction tx, Cell cell, long id, Answer.Refused<RefundReport> answer) {
    Refund unlocked = store.byId(tx, id).orElseThrow();
    PaymentOrder order = payments.lock(tx, unlocked.payment());
    Refund refund = store.lock(tx, id);
    Instant now = book.now();
    String text = OrderBook.cut(answer.code() + ": " + answer.message());
    if (refund.state() == RefundState.STORED) {
      boolean resumable = answer.reason() == Answer.Reason.RESUMABLE;
      boolean isOrderGone = answer.reason() == Answer.Reason.NO_SUCH_ORDER;
      if (resumable && refund.details().own()) {
        // Nobody else would send it again: the worker does, and the case tells why it takes so
        // long.
        Instant sentAt = refund.sentAt().orElse(now);
        store.lookAgain(tx, id, LookSchedule.ofRefund(sentAt, now).orElse(null));
      } else if (isOrderGone) {
        lose(tx, cell, order, refund, text, now); // it was paid there, so where is it?
      } else {
        fail(tx, order, refund, resumable ? RefundState.REFUSED : RefundState.FAILED, text, now);
      }
      if (answer.alert()) {
        book.open(tx, cell, PaymentCase.Kind.MISCONFIGURED, order, id, answer.code(), text, now);
      }
      if (refund.details().own()) {
        book.open(tx, cell, PaymentCase.Kind.REFUND_LOST, order, id, "refused", text, now);
      }
    }
    return new Outcome.ChannelRefused(answer.reason(), answer.code(), answer.message());
  }

  /// Ends it without money, as the channel says.
  private void fail(
      Transaction tx, PaymentOrder order, Refund refund, RefundState to, String text, Instant now) {
    fail(tx, order, refund, to, text, null, now);
  }

  /// @param by the person who says so; null: the channel does
  private void fail(
      Transaction tx,
      PaymentOrder order,
      Refund refund,
      RefundState to,
      String text,
      @Nullable String by,
      Instant now) {
    store.move(
        tx,
        refund,
        new RefundStore.Move(to, false, null, null, text, null, null, null, 0, false, null, by),
        now);
    if (refund.transactionId().isEmpty()) {
      payments.settleRefund(tx, order, -refund.amount().cents(), 0, 0, 0, order.state(), now);
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
    if (refunds.isEmpty() && mayAsk(cell, merchant, order.get())) {
      lookOutside(cell, merchant, order.get());
      refunds = ofPayment(cell, order.get(), outRefundNo);
    }
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

  /// Whether the channel can know more of an order's refunds than we do, and was not asked just
  /// now.
  private boolean mayAsk(Cell cell, Merchant merchant, PaymentOrder order) {
    Instant now = book.now();
    return order.state().isPaid()
        && ChannelCalls.account(merchant, order).isPresent()
        && calls.connector(order.platform()).isPresent()
        && cell.database()
            .inTransaction(
                tx -> payments.takeTurn(tx, order.id(), now, now.minus(FollowOrder.ASK_EVERY)));
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

  /// A channel hints that a refund has come to its end: asks, and believes the answer only. A hint
  /// that comes again is asked about again: the first one may have lied.
  ///
  /// @param keep keeps the hint, if it is about a refund of the order
  void hint(
      Cell cell,
      Merchant merchant,
      PaymentOrder order,
      String outRefundNo,
      Consumer<Transaction> keep) {
    var hinted =
        cell.database()
            .inTransaction(tx -> {
              var refund =
                  store.byNumber(tx, outRefundNo).filter(one -> one.payment() == order.id());
              refund.ifPresent(_ -> keep.accept(tx));
              return refund;
            });
    hinted
        .filter(refund -> !refund.state().isFinal())
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
    Money settlement = Settlement.ofRefund(order, refund, Optional.of(report));
    if (!Settlement.isPossible(settlement, refund, order)) {
      String detail = "refund of %s, settled %s".formatted(refund.amount(), settlement);
      book.open(tx, cell, PaymentCase.Kind.MISMATCH, order, id, refund.outRefundNo(), detail, now);
      return;
    }
    switch (report.state()) {
      case SUCCESS ->
          arrived(tx, cell, merchant, order, refund, Arrival.of(order, report, now), now);
      case PROCESSING -> accept(tx, order, refund, report, now);
      case CLOSED -> {
        fail(tx, order, refund, RefundState.FAILED, "closed by the channel", now);
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
      case NOT_EXIST -> {
        // What it has not taken, the worker sends again.
        if (refund.state() == RefundState.ACCEPTED
            && now.isAfter(refund.sentAt().orElse(now).plus(UNKNOWN_WINDOW))) {
          lose(tx, cell, order, refund, "The channel took it, and does not know it any more", now);
        }
      }
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
        null,
        0,
        false,
        dueAt,
        null);
  }

  /// Leaves it to a person; looks go on as long as they would.
  private void lose(
      Transaction tx, Cell cell, PaymentOrder order, Refund refund, String why, Instant now) {
    if (refund.state() == RefundState.STORED || refund.state() == RefundState.ACCEPTED) {
      Instant next = LookSchedule.ofRefund(refund.sentAt().orElse(now), now).orElse(null);
      store.move(
          tx,
          refund,
          new RefundStore.Move(
              RefundState.UNKNOWN, true, null, null, why, null, null, null, 0, false, next, null),
          now);
    }
    book.open(
        tx, cell, PaymentCase.Kind.REFUND_LOST, order, refund.id(), refund.outRefundNo(), why, now);
  }

  private void accept(
      Transaction tx, PaymentOrder order, Refund refund, RefundReport report, Instant now) {
    Instant sentAt = refund.sentAt().orElse(now);
    if (refund.state() == RefundState.STORED || refund.state() == RefundState.UNKNOWN) {
      store.move(
          tx,
          refund,
          kept(RefundState.ACCEPTED, report, LookSchedule.ofRefund(sentAt, now).orElse(null)),
          now);
      markRefunded(tx, order, Gone.NOTHING, refund, false, now);
    }
  }

  /// Money that has come back to a payer, as the channel says or a person does.
  ///
  /// @param report empty: a person says so
  /// @param by who says so
  private record Arrival(
      Optional<RefundReport> report, Instant at, String by, Optional<String> person) {
    static Arrival of(PaymentOrder order, RefundReport report, Instant now) {
      String channel = "channel:" + OrderBook.clearing(order.platform()).code();
      return new Arrival(
          Optional.of(report), report.succeededAt().orElse(now), channel, Optional.empty());
    }
  }

  /// The channel keeps its fee of what is left of the payment only, so a part of it comes back.
  private void arrived(
      Transaction tx,
      Cell cell,
      Merchant merchant,
      PaymentOrder order,
      Refund refund,
      Arrival arrival,
      Instant now) {
    boolean counts = refund.transactionId().isEmpty();
    // A second payment is no part of the books: all of it came, and all of it goes.
    Money settlement =
        counts ? Settlement.ofRefund(order, refund, arrival.report()) : refund.amount();
    long feeBack =
        counts
            ? Fees.back(
                order.settlement(), order.settlementRefunded(), settlement.cents(), order.feePpm())
            : 0;
    boolean tell =
        merchant.notices().refunds()
            && merchant.notices().callback().isPresent()
            && !refund.details().own();
    long posting = cell.ids().next();
    ledger.post(
        tx, List.of(posting(posting, arrival.by(), order, refund, settlement, feeBack, now)));
    store.move(
        tx,
        refund,
        new RefundStore.Move(
            RefundState.SUCCESS,
            false,
            arrival.report().flatMap(RefundReport::refundId).orElse(null),
            arrival.report().map(RefundFacts::of).orElse(null),
            "",
            arrival.at(),
            posting,
            settlement.cents(),
            feeBack,
            tell,
            null,
            arrival.person().orElse(null)),
        now);
    var gone =
        counts ? new Gone(refund.amount().cents(), settlement.cents(), feeBack) : Gone.NOTHING;
    markRefunded(tx, order, gone, refund, true, now);
    if (tell) {
      outbox.refunded(tx, cell.ids(), order.id(), refund.id(), order.merchant(), now);
    }
  }

  private Posting posting(
      long id,
      String by,
      PaymentOrder order,
      Refund refund,
      Money settlement,
      long feeBack,
      Instant now) {
    Pocket.House clearing = OrderBook.clearing(order.platform());
    String subject = OrderBook.subject(order);
    var legs = new ArrayList<Leg>();
    if (refund.transactionId().isPresent()) {
      // A second payment came in beside the books and goes back beside them: both sides are shown.
      legs.add(new Leg(clearing, Pocket.House.ADJUSTMENT, refund.amount(), subject));
      legs.add(new Leg(Pocket.House.ADJUSTMENT, clearing, refund.amount(), subject));
    } else {
      if (settlement.isPositive()) {
        legs.add(new Leg(giver(order), clearing, settlement, subject));
      }
      if (feeBack > 0) {
        Money fee = Money.of(feeBack, settlement.currency());
        legs.add(new Leg(clearing, OrderBook.bearer(order), fee, subject));
      }
    }
    return new Posting(id, Posting.Kind.REFUND, by, "refund", refund.outRefundNo(), now, legs);
  }

  /// Whose money goes back. What of a top-up went back outside of us may be spent already: until a
  /// person has taken it from the balance, the house bears it.
  private static Pocket giver(PaymentOrder order) {
    return order.topUp().isPresent()
        ? Pocket.House.ADJUSTMENT
        : new Pocket.Payable(order.merchant());
  }

  /// A person has found out what became of a refund that the channel does not know, or that the
  /// payer's bank sent back, and closes its cases.
  ///
  /// @param arrived false: the payer has not got the money, and its amount may be refunded anew
  /// @return empty when it is not for a person to say
  Optional<Refund> settle(
      Transaction tx,
      Cell cell,
      Merchant merchant,
      long id,
      boolean arrived,
      String by,
      Instant now) {
    Refund unlocked = store.byId(tx, id).orElseThrow();
    PaymentOrder order = payments.lock(tx, unlocked.payment());
    Refund refund = store.lock(tx, id);
    if (!refund.state().isForPeople()) {
      return Optional.empty();
    }
    if (arrived) {
      var arrival = new Arrival(Optional.empty(), now, by, Optional.of(by));
      arrived(tx, cell, merchant, order, refund, arrival, now);
    } else {
      fail(tx, order, refund, RefundState.FAILED, "", by, now);
    }
    return store.byId(tx, id);
  }

  /// WeChat Pay calls an order refunded from the first refund that it accepts, Alipay when all has
  /// gone back (OP-19).
  private void markRefunded(
      Transaction tx, PaymentOrder order, Gone gone, Refund refund, boolean arrived, Instant now) {
    boolean whole = order.refunded() + gone.refunded() == order.total().cents();
    boolean isRefunded =
        refund.transactionId().isEmpty()
            && (order.platform() == PayPlatform.WECHAT || (arrived && whole));
    OrderState to =
        isRefunded && order.state() != OrderState.REFUNDED ? OrderState.REFUNDED : order.state();
    payments.settleRefund(
        tx, order, 0, gone.refunded(), gone.settlement(), gone.feeBack(), to, now);
  }

  /// What a refund takes from its order when it arrives.
  ///
  /// @param settlement what of it the merchant gave
  private record Gone(long refunded, long settlement, long feeBack) {
    static final Gone NOTHING = new Gone(0, 0, 0);
  }

  /// One turn of the worker: sends what was not sent, asks about the rest.
  void work(Cell cell, Merchant merchant, long id) {
    var now = book.now();
    Refund refund = cell.database().read(tx -> store.byId(tx, id)).orElseThrow();
    PaymentOrder order =
        cell.database().read(tx -> payments.byId(tx, refund.payment())).orElseThrow();
    if (refund.state().isFinal()) {
      cell.database().execute(tx -> store.lookAgain(tx, id, null));
      return;
    }
    if (ChannelCalls.account(merchant, order).isEmpty()) {
      Instant later = now.plus(LookSchedule.LAST_RESORT); // its account may come back
      cell.database().execute(tx -> store.lookAgain(tx, id, later));
      return;
    }
    if (refund.sentAt().isEmpty()) {
      send(cell, merchant, order, refund);
      return;
    }
    ask(cell, merchant, order, refund);
    Refund after = cell.database().read(tx -> store.byId(tx, id)).orElseThrow();
    Instant sentAt = refund.sentAt().get();
    if (after.state() == RefundState.STORED && now.isAfter(sentAt.plus(SEND_AGAIN_AFTER))) {
      send(cell, merchant, order, after);
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
            payments.lock(tx, order.id());
            Refund locked = store.lock(tx, refund.id());
            if (!locked.state().isFinal()) {
              String why = "Looks are over, and the channel has not said what became of it";
              lose(tx, cell, order, locked, why, now);
            }
          }
        });
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
    return Refund.stored(
        order,
        id,
        command.outRefundNo(),
        command.amount(),
        command.details(),
        Optional.empty(),
        now);
  }
}
