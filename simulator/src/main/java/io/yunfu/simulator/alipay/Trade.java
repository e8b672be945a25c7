package io.yunfu.simulator.alipay;

import static io.yunfu.kernel.Check.ensure;

import io.yunfu.kernel.Money;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One trade and all that has happened to it. What never changes can be read by any thread; the
/// rest is read and changed in steps of the timeline.
final class Trade {
  /// How a trade came to be.
  ///
  /// @param app that began it and gets its notices signed
  /// @param seller who is paid
  /// @param notifyUrl where it is told; none: nowhere
  record Origin(App app, Seller seller, Optional<URI> notifyUrl, Terms terms) {}

  /// @param coupon the number of the coupon that paid a part
  record Payment(Payer payer, Instant at, Funds funds, Optional<String> coupon) {}

  /// One line of its history, for people.
  record Event(Instant at, String what) {}

  private final String number;
  private final Origin origin;
  private final Instant created;
  private final Instant deadline;
  private final List<Refund> refunds = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private TradeStatus status = TradeStatus.WAIT_BUYER_PAY;
  private @Nullable Payer buyer;
  private @Nullable Payment payment;
  private @Nullable Instant closed;
  private @Nullable Instant finished;

  Trade(String number, Origin origin, @Nullable Payer buyer, Instant created, Instant deadline) {
    this.number = number;
    this.origin = origin;
    this.buyer = buyer;
    this.created = created;
    this.deadline = deadline;
    events.add(new Event(created, "created, waits for its payer until " + deadline));
  }

  /// `trade_no`.
  String number() {
    return number;
  }

  String outTradeNo() {
    return origin.terms().outTradeNo();
  }

  Origin origin() {
    return origin;
  }

  Terms terms() {
    return origin.terms();
  }

  Seller seller() {
    return origin.seller();
  }

  Instant created() {
    return created;
  }

  Instant deadline() {
    return deadline;
  }

  TradeStatus status() {
    return status;
  }

  /// Who is to pay, or has paid.
  Optional<Payer> buyer() {
    return Optional.ofNullable(buyer);
  }

  Optional<Payment> payment() {
    return Optional.ofNullable(payment);
  }

  /// When it was closed.
  Optional<Instant> closed() {
    return Optional.ofNullable(closed);
  }

  /// When it became too old to be refunded.
  Optional<Instant> finished() {
    return Optional.ofNullable(finished);
  }

  List<Refund> refunds() {
    return List.copyOf(refunds);
  }

  Optional<Refund> refund(String requestNo) {
    return refunds.stream().filter(each -> each.requestNo().equals(requestNo)).findFirst();
  }

  Money refunded() {
    return refunds.stream().map(Refund::amount).reduce(Money.cny(0), Money::plus);
  }

  /// What can still be given back, and whose money it is.
  Funds remaining() {
    Funds left = payment().orElseThrow().funds();
    for (Refund refund : refunds) {
      left = left.minus(refund.funds());
    }
    return left;
  }

  List<Event> events() {
    return List.copyOf(events);
  }

  void tell(Instant at, String what) {
    events.add(new Event(at, what));
  }

  /// The first who begins to pay is the one who pays.
  void claim(Payer payer) {
    ensure(buyer == null || buyer.equals(payer), "%s has another buyer", number);
    buyer = payer;
  }

  void pay(Payment by) {
    move(TradeStatus.TRADE_SUCCESS);
    buyer = by.payer();
    payment = by;
    closed = null;
    tell(by.at(), "paid by " + by.payer().user().name());
  }

  void close(Instant at, String why) {
    move(TradeStatus.TRADE_CLOSED);
    closed = at;
    tell(at, "closed: " + why);
  }

  void refund(Refund refund) {
    ensure(status == TradeStatus.TRADE_SUCCESS, "%s is %s", number, status);
    refunds.add(refund);
    tell(refund.at(), "refunded " + refund.amount() + " by " + refund.requestNo());
    if (remaining().total().isZero()) {
      close(refund.at(), "refunded as a whole");
    }
  }

  void finish(Instant at) {
    move(TradeStatus.TRADE_FINISHED);
    finished = at;
    tell(at, "finished: too old to be refunded");
  }

  private void move(TradeStatus to) {
    ensure(status.next().contains(to), "%s: no way from %s to %s", number, status, to);
    status = to;
  }
}
