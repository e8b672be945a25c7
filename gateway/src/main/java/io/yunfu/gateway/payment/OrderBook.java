package io.yunfu.gateway.payment;

import static io.yunfu.kernel.Check.ensure;

import io.yunfu.db.Cell;
import io.yunfu.db.Transaction;
import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.channel.PayPlatform;
import io.yunfu.gateway.merchant.Merchant;
import io.yunfu.gateway.merchant.Merchant.LatePayment;
import io.yunfu.gateway.notice.NoticeOutbox;
import io.yunfu.kernel.Money;
import io.yunfu.ledger.Balance;
import io.yunfu.ledger.Ledger;
import io.yunfu.ledger.Leg;
import io.yunfu.ledger.Pocket;
import io.yunfu.ledger.Posting;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Writes what a channel has said of an order, whichever way it was heard: an answer, a notice, a
/// look. State, posting, the merchant's notice and a person's case are one transaction under the
/// order's lock, so that of two who hear the same at the same time one changes everything and the
/// other nothing.
final class OrderBook {
  private final InstantSource clock;
  private final PaymentStore payments = new PaymentStore();
  private final RefundStore refunds = new RefundStore();
  private final CaseStore cases = new CaseStore();
  private final NoticeOutbox outbox = new NoticeOutbox();
  private final Ledger ledger = new Ledger();

  OrderBook(InstantSource clock) {
    this.clock = clock;
  }

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /// Writes what follows from a report, if anything does.
  ///
  /// @param source how it was heard: `query`, `notice`; stands in the posting
  /// @return the order afterwards
  PaymentOrder hear(Cell cell, Merchant merchant, long id, OrderReport report, String source) {
    return hear(cell, merchant, id, report, source, _ -> true);
  }

  /// The same of a report that can come again.
  ///
  /// @param isNew asked under the order's lock; false: nothing follows from the report
  PaymentOrder hear(
      Cell cell,
      Merchant merchant,
      long id,
      OrderReport report,
      String source,
      Predicate<Transaction> isNew) {
    return cell.database()
        .inTransaction(tx -> {
          PaymentOrder order = payments.lock(tx, id);
          return isNew.test(tx) ? hear(tx, cell, merchant, order, report, source) : order;
        });
  }

  private PaymentOrder hear(
      Transaction tx,
      Cell cell,
      Merchant merchant,
      PaymentOrder order,
      OrderReport report,
      String source) {
    long id = order.id();
    Instant now = now();
    boolean wasOpen = order.state().isOpen();
    switch (Hearing.decide(order, report, now)) {
      case Hearing.Nothing() -> {}
      case Hearing.Waits(String text) -> waits(tx, order, OrderState.WAITING, cut(text), now);
      case Hearing.Accepting(String text) -> waits(tx, order, OrderState.SENT, cut(text), now);
      case Hearing.Closed(boolean reversed) -> {
        payments.move(tx, order, OrderState.CLOSED, cut(report.description()), now, null, null);
        if (reversed) {
          payments.reversed(tx, id);
        }
      }
      case Hearing.NeverThere() ->
          payments.move(tx, order, OrderState.VOID, cut(report.description()), now, null, null);
      case Hearing.Finished() -> payments.move(tx, order, OrderState.FINISHED, "", now, null, null);
      case Hearing.Paid(var payment, boolean late) -> {
        paid(tx, cell, merchant, order, payment, late, source, now);
        if (report.state() == OrderReport.State.FINISHED) {
          PaymentOrder paid = payments.byId(tx, id).orElseThrow();
          payments.move(tx, paid, OrderState.FINISHED, "", now, null, null);
        }
      }
      case Hearing.PaidTwice(var payment) -> paidTwice(tx, cell, merchant, order, payment, now);
      case Hearing.Mismatch(String detail) ->
          open(tx, cell, PaymentCase.Kind.MISMATCH, order, null, detail, detail, now);
    }
    PaymentOrder after = payments.byId(tx, id).orElseThrow();
    if (wasOpen && !after.state().isOpen()) {
      ended(tx, after, now);
    }
    return after;
  }

  /// What the channel takes in, or lets wait, changes its state only once its prepay id is here:
  /// before, its creation is still to be answered.
  private void waits(Transaction tx, PaymentOrder order, OrderState to, String text, Instant now) {
    if (order.prepaid().isPresent() && order.state() != to) {
      payments.turn(tx, order, to, text, now);
    } else {
      payments.text(tx, order.id(), text, now);
    }
  }

  /// An order is open no more: nobody has to look how it ends.
  void ended(Transaction tx, PaymentOrder order, Instant now) {
    if (order.hasExpired(now)) {
      cases.closeOfOrder(
          tx,
          order.id(),
          PaymentCase.Kind.UNRESOLVED,
          "channel",
          "The channel has told its end",
          now);
    }
  }

  /// The looks at an order are over, and nobody knows how it ends: a person sees it, once. When the
  /// channel tells it after all, the case is closed.
  void unresolved(Cell cell, PaymentOrder order) {
    String detail = "Expired at %s, and the channel says nothing".formatted(order.expiresAt());
    cell.database()
        .execute(
            tx -> open(tx, cell, PaymentCase.Kind.UNRESOLVED, order, null, "end", detail, now()));
  }

  private void paid(
      Transaction tx,
      Cell cell,
      Merchant merchant,
      PaymentOrder order,
      OrderReport.Payment payment,
      boolean late,
      String source,
      Instant now) {
    int feePpm = merchant.feePpm();
    Money settlement = Settlement.of(order.platform(), payment);
    Money fee = Money.of(Fees.of(settlement.cents(), feePpm), settlement.currency());
    long posting = cell.ids().next();
    ledger.post(
        tx,
        List.of(
            new Posting(
                posting,
                order.topUp().isPresent() ? Posting.Kind.RECHARGE : Posting.Kind.COLLECT,
                "channel:" + clearing(order.platform()).code(),
                source,
                order.outTradeNo(),
                now,
                proceeds(tx, order, settlement, fee))));
    Instant paidAt = payment.paidAt().orElse(now);
    boolean tell = merchant.notices().callback().isPresent();
    payments.paid(
        tx,
        order,
        new PaymentStore.Paid(
            PaymentFacts.of(payment),
            paidAt,
            settlement.cents(),
            fee.cents(),
            feePpm,
            tell,
            posting),
        now);
    if (tell) {
      outbox.paid(tx, cell.ids(), order.id(), order.merchant(), now);
    }
    if (late) {
      open(
          tx,
          cell,
          PaymentCase.Kind.LATE_PAYMENT,
          order,
          null,
          "late",
          "Paid at %s, closed at %s"
              .formatted(paidAt, order.closedAt().map(Instant::toString).orElse("?")),
          now);
      if (merchant.latePayment() == LatePayment.REFUND && order.topUp().isEmpty()) {
        giveBack(tx, cell, order, "L", Optional.empty(), "Paid after the order was closed", now);
      }
    }
  }

  /// What the channel owes, to whom it is for. The fee stays with the channel: the merchant pays
  /// it, and for a top-up the house.
  private List<Leg> proceeds(Transaction tx, PaymentOrder order, Money settlement, Money fee) {
    Pocket.House clearing = clearing(order.platform());
    var legs = new ArrayList<Leg>();
    if (order.topUp().isPresent()) {
      legs.addAll(topUp(tx, order, settlement));
    } else if (settlement.isPositive()) {
      legs.add(new Leg(clearing, bearer(order), settlement, subject(order)));
    }
    if (fee.isPositive()) {
      legs.add(new Leg(bearer(order), clearing, fee, subject(order)));
    }
    return legs;
  }

  /// The owner gets all that was ordered. What the channel does not owe, since a coupon of the
  /// operator's own paid it, is a gift of the house.
  private List<Leg> topUp(Transaction tx, PaymentOrder order, Money settlement) {
    var found = ledger.lock(tx, order.topUp().orElseThrow());
    ensure(found.isPresent(), "account %s is gone", order.topUp().get());
    Balance balance = found.get();
    var legs = new ArrayList<Leg>();
    long given = order.total().minus(settlement).cents();
    if (settlement.isPositive()) {
      Pocket.House clearing = clearing(order.platform());
      legs.addAll(balance.receive(settlement.cents(), clearing, Pocket.Kind.CASH, subject(order)));
    }
    for (Leg leg : legs) {
      balance = balance.after(leg);
    }
    if (given > 0) {
      legs.addAll(balance.receive(given, Pocket.House.GIFT, Pocket.Kind.CASH, subject(order)));
    }
    return legs;
  }

  /// Who bears a channel's fee: the merchant of a sale. A top-up credits all that was ordered, so
  /// there the house does.
  static Pocket bearer(PaymentOrder order) {
    return order.topUp().isPresent() ? Pocket.House.FEES : new Pocket.Payable(order.merchant());
  }

  /// The second payment is no part of the order: it goes back, and a person sees it.
  private void paidTwice(
      Transaction tx,
      Cell cell,
      Merchant merchant,
      PaymentOrder order,
      OrderReport.Payment payment,
      Instant now) {
    String transaction = payment.transactionId();
    boolean isNew =
        open(
            tx,
            cell,
            PaymentCase.Kind.DOUBLE_PAYMENT,
            order,
            null,
            transaction,
            "Paid again by transaction %s; merchant %s".formatted(transaction, merchant.id()),
            now);
    if (isNew) {
      giveBack(tx, cell, order, "D", Optional.of(transaction), "Paid twice", now);
    }
  }

  /// A refund of the whole amount that nobody asked for; its worker sends it.
  private void giveBack(
      Transaction tx,
      Cell cell,
      PaymentOrder order,
      String mark,
      Optional<String> transaction,
      String reason,
      Instant now) {
    if (transaction.isEmpty() && !payments.reserve(tx, order.id(), order.total().cents(), now)) {
      return; // something goes back already
    }
    long id = cell.ids().next();
    var terminal = order.details().terminal();
    var details = new RefundDetails(reason, Optional.empty(), Optional.empty(), terminal, "", true);
    var refund =
        Refund.stored(
            order,
            id,
            mark + Long.toString(id, Character.MAX_RADIX),
            order.total(),
            details,
            transaction,
            now);
    boolean inserted =
        refunds.insert(tx, refund, Fingerprint.of("own", refund.outRefundNo(), reason), now);
    ensure(inserted, "the number %s is taken", refund.outRefundNo());
  }

  /// Opens a case, unless it is there.
  ///
  /// @return whether it is new
  boolean open(
      Transaction tx,
      Cell cell,
      PaymentCase.Kind kind,
      PaymentOrder order,
      @Nullable Long refund,
      String cause,
      String detail,
      Instant now) {
    return cases.open(tx, cell.ids().next(), kind, order.id(), refund, cause, cut(detail), now);
  }

  static Pocket.House clearing(PayPlatform platform) {
    return switch (platform) {
      case WECHAT -> Pocket.House.WECHAT;
      case ALIPAY -> Pocket.House.ALIPAY;
    };
  }

  /// What legs of the gateway name: never a deal's id.
  static String subject(PaymentOrder order) {
    return "payment/" + order.outTradeNo();
  }

  /// As long as `trade_state_desc` may be.
  static String cut(String text) {
    return text.length() <= 255 ? text : text.substring(0, 255);
  }
}
