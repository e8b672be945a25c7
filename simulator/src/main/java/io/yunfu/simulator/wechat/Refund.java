package io.yunfu.simulator.wechat;

import static io.yunfu.kernel.Check.ensure;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One refund. Changed in steps of the timeline only.
final class Refund {
  private final String id;
  private final String number;
  private final Transaction transaction;
  private final long fee;
  private final long couponFee;
  private final long settlementFee;
  private long charge;
  private final String account;
  private final Optional<String> notifyUrl;
  private final Map<String, String> content;
  private Instant accepted;
  private RefundState state = RefundState.PROCESSING;
  private @Nullable Instant ended;

  /// Accepted now.
  ///
  /// @param number the merchant's, `out_refund_no`
  /// @param fee what the payer is refunded, coupons included; in fen
  /// @param couponFee the part of it that goes back into a coupon
  /// @param settlementFee the part of it that the merchant has to give
  /// @param charge the part of the channel's fee that the merchant gets back
  /// @param content of the request, to be compared with a repeated one
  Refund(
      String id,
      String number,
      Transaction transaction,
      Instant accepted,
      long fee,
      long couponFee,
      long settlementFee,
      long charge,
      String account,
      Optional<String> notifyUrl,
      Map<String, String> content) {
    this.id = id;
    this.number = number;
    this.transaction = transaction;
    this.accepted = accepted;
    this.fee = fee;
    this.couponFee = couponFee;
    this.settlementFee = settlementFee;
    this.charge = charge;
    this.account = account;
    this.notifyUrl = notifyUrl;
    this.content = Map.copyOf(content);
  }

  String id() {
    return id;
  }

  String number() {
    return number;
  }

  Transaction transaction() {
    return transaction;
  }

  Instant accepted() {
    return accepted;
  }

  long fee() {
    return fee;
  }

  long couponFee() {
    return couponFee;
  }

  long settlementFee() {
    return settlementFee;
  }

  long charge() {
    return charge;
  }

  void charge(long anew) {
    charge = anew;
  }

  String account() {
    return account;
  }

  Optional<String> notifyUrl() {
    return notifyUrl;
  }

  Map<String, String> content() {
    return content;
  }

  RefundState state() {
    return state;
  }

  Optional<Instant> ended() {
    return Optional.ofNullable(ended);
  }

  /// Whether its money has left the merchant.
  boolean counts() {
    return state != RefundState.REFUNDCLOSE;
  }

  void end(RefundState to, Instant at) {
    move(to);
    ended = at;
  }

  /// Asked for again after it was off.
  void again(Instant at) {
    move(RefundState.PROCESSING);
    accepted = at;
    ended = null;
  }

  private void move(RefundState to) {
    ensure(state.next().contains(to), "no way from %s to %s", state, to);
    state = to;
  }
}
