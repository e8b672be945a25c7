package io.yunfu.simulator.wechat;

import static io.yunfu.kernel.Check.ensure;

import io.yunfu.simulator.clock.Timer;
import io.yunfu.simulator.people.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One order. Changed in steps of the timeline only.
final class Order {
  private final Merchant merchant;
  private final SubMerchant sub;
  private final TradeType type;
  private final Map<String, String> content;
  private final long total;
  private final Optional<User> payer;
  private final Instant created;
  private final Instant expires;
  private final List<Transaction> transactions = new ArrayList<>();
  private final List<Refund> refunds = new ArrayList<>();
  private final List<Event> events = new ArrayList<>();
  private SignType signType;
  private OrderState state = OrderState.NOTPAY;
  private Optional<String> prepayId = Optional.empty();
  private @Nullable Timer expiry;
  private @Nullable Timer pending;
  private @Nullable Instant ended;

  /// @param content all fields of the request but nonce and signature, to be compared with a
  ///   repeated one
  /// @param total in fen
  /// @param payer who alone may pay; anybody if it is empty
  Order(
      Merchant merchant,
      SubMerchant sub,
      TradeType type,
      SignType signType,
      Map<String, String> content,
      long total,
      Optional<User> payer,
      Instant created,
      Instant expires) {
    this.merchant = merchant;
    this.sub = sub;
    this.type = type;
    this.signType = signType;
    this.content = Map.copyOf(content);
    this.total = total;
    this.payer = payer;
    this.created = created;
    this.expires = expires;
    note(created, "created, " + type + ", " + total + " fen");
  }

  Merchant merchant() {
    return merchant;
  }

  SubMerchant sub() {
    return sub;
  }

  TradeType type() {
    return type;
  }

  /// Of the request that made it; its notices are signed the same way.
  SignType signType() {
    return signType;
  }

  void signType(SignType latest) {
    signType = latest;
  }

  Map<String, String> content() {
    return content;
  }

  /// A field of the request, empty if it had none.
  String field(String name) {
    return content.getOrDefault(name, "");
  }

  String number() {
    return field("out_trade_no");
  }

  long total() {
    return total;
  }

  Optional<User> payer() {
    return payer;
  }

  Instant created() {
    return created;
  }

  Instant expires() {
    return expires;
  }

  OrderState state() {
    return state;
  }

  /// The last one that was handed out.
  Optional<String> prepayId() {
    return prepayId;
  }

  void prepayId(String latest) {
    prepayId = Optional.of(latest);
  }

  /// In the order of the payments; more than one only after a double payment.
  List<Transaction> transactions() {
    return transactions;
  }

  Optional<Transaction> transaction() {
    return transactions.stream().findFirst();
  }

  /// In the order in which they were accepted.
  List<Refund> refunds() {
    return refunds;
  }

  List<Event> events() {
    return events;
  }

  /// When it was reversed.
  Optional<Instant> revoked() {
    return state == OrderState.REVOKED ? Optional.ofNullable(ended) : Optional.empty();
  }

  /// What has been or is being given back, in fen.
  long refunded(Transaction transaction) {
    return refunds.stream()
        .filter(each -> each.transaction().id().equals(transaction.id()) && each.counts())
        .mapToLong(Refund::fee)
        .sum();
  }

  /// What of the channel's fee a refund gives back to the merchant, beside all others that count
  /// now; in fen.
  long charge(Refund refund) {
    return charge(refund.transaction(), Optional.of(refund), refund.settlementFee());
  }

  /// The same, of one that is not there yet.
  long charge(Transaction transaction, long settlementFee) {
    return charge(transaction, Optional.empty(), settlementFee);
  }

  private long charge(Transaction transaction, Optional<Refund> refund, long settlementFee) {
    long gone =
        refunds.stream()
            .filter(each -> each.transaction().id().equals(transaction.id()) && each.counts())
            .filter(each -> refund.filter(each::equals).isEmpty())
            .mapToLong(Refund::settlementFee)
            .sum();
    long left = transaction.settlement() - gone;
    return sub.fee(left) - sub.fee(left - settlementFee);
  }

  void move(OrderState to, Instant at, String why) {
    if (to == state) {
      note(at, why);
      return;
    }
    ensure(state.next().contains(to), "no way from %s to %s", state, to);
    state = to;
    note(at, to + ": " + why);
    if (!state.isOpen()) {
      ended = at;
      cancel(expiry);
      expiry = null;
    }
    if (state != OrderState.USERPAYING) {
      cancel(pending);
      pending = null;
    }
  }

  void note(Instant at, String what) {
    events.add(new Event(at, what));
  }

  void expiry(Timer timer) {
    expiry = timer;
  }

  void pending(Timer timer) {
    cancel(pending);
    pending = timer;
  }

  private static void cancel(@Nullable Timer timer) {
    if (timer != null) {
      timer.cancel();
    }
  }
}
