package io.yunfu.gateway.reconcile;

import io.yunfu.gateway.channel.BillRow;
import io.yunfu.gateway.payment.RefundState;
import io.yunfu.gateway.reconcile.Difference.Kind;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a line of a bill, or something that is in none, comes to: a pure decision.
///
/// @param cause tells it from others of its kind on the same day
/// @param payment ours, where there is one
/// @param refund ours, where there is one
record Verdict(
    Kind kind,
    String cause,
    Optional<Long> payment,
    Optional<Long> refund,
    String transactionId,
    String outTradeNo,
    String outRefundNo,
    String detail) {

  /// A fee may differ by so much, since each side rounds. Unit: a thousandth of a fen.
  private static final long FEE_TOLERANCE = 1000;

  private static final long PPM = 1_000_000;

  /// What is not equal; empty when all is.
  ///
  /// @param members the sub-merchants of the account, with their numbers at the channel
  static List<Verdict> of(Pair pair, Map<Long, String> members) {
    return switch (pair.row().kind()) {
      case PAY -> payment(pair, members);
      case REFUND -> refund(pair, members);
    };
  }

  private static List<Verdict> payment(Pair pair, Map<Long, String> members) {
    BillRow row = pair.row();
    if (pair.nth() > 1) {
      return List.of(of(Kind.E1, pair, "the bill has this payment %d times".formatted(pair.nth())));
    }
    if (pair.order().isEmpty()) {
      return List.of(of(Kind.B2, pair, "paid: " + row.amount() + " fen"));
    }
    Pair.Order order = pair.order().get();
    boolean same = order.transactionId().equals(row.transactionId());
    if (!order.state().isPaid()) {
      return List.of(of(Kind.B1, pair, "the bill has it as paid, and here it is " + order.state()));
    }
    if (!same) {
      return List.of(of(Kind.E1, pair, "paid already by " + order.transactionId()));
    }
    List<Verdict> all = new ArrayList<>();
    if (row.amount() != order.total() || row.settlement() != order.settlement()) {
      all.add(of(Kind.D1, pair, amounts(row, order.total(), order.settlement())));
    }
    whose(pair, order, members).ifPresent(why -> all.add(of(Kind.D2, pair, why)));
    if (!row.status().equals("SUCCESS")) {
      all.add(
          of(
              Kind.D3,
              pair,
              "the bill calls it %s, here it is %s".formatted(row.status(), order.state())));
    }
    long fee = Math.multiplyExact(row.settlement(), order.feePpm()) / (PPM / 1000);
    if (Math.abs(fee - row.fee()) > FEE_TOLERANCE) {
      all.add(
          of(
              Kind.G,
              pair,
              "the fee is %s fen, by its rate it is %s".formatted(fen(row.fee()), fen(fee))));
    }
    return all;
  }

  private static List<Verdict> refund(Pair pair, Map<Long, String> members) {
    BillRow row = pair.row();
    if (pair.nth() > 1) {
      return List.of(of(Kind.E2, pair, "the bill has this refund %d times".formatted(pair.nth())));
    }
    if (pair.order().isEmpty()) {
      return List.of(of(Kind.B2, pair, "refunded: " + row.amount() + " fen"));
    }
    Pair.Order order = pair.order().get();
    if (pair.refund().isEmpty()) {
      // Without a number of its own it is no refund, but the payment that is said to be undone.
      boolean undone = row.outRefundNo().isEmpty() && row.refundId().isEmpty();
      return List.of(
          undone
              ? of(Kind.D3, pair, "the bill has it as undone, here it is " + order.state())
              : of(Kind.B1, pair, "refunded, and nobody asked for it here"));
    }
    Pair.Back refund = pair.refund().get();
    List<Verdict> all = new ArrayList<>();
    boolean arrived = refund.state() == RefundState.SUCCESS;
    if (row.amount() != refund.amount() || (arrived && row.settlement() != refund.settlement())) {
      all.add(of(Kind.D1, pair, amounts(row, refund.amount(), refund.settlement())));
    }
    whose(pair, order, members).ifPresent(why -> all.add(of(Kind.D2, pair, why)));
    if (!agree(row.status(), refund.state())) {
      all.add(
          of(
              Kind.D3,
              pair,
              "the bill calls it %s, here it is %s".formatted(row.status(), refund.state())));
    } else if (refund.state() == RefundState.SUCCESS
        && Math.abs(refund.feeBack() * 1000 - row.fee()) > FEE_TOLERANCE) {
      all.add(
          of(
              Kind.G,
              pair,
              "of the fee %s fen came back, by its rate %d"
                  .formatted(fen(row.fee()), refund.feeBack())));
    }
    return all;
  }

  /// A bill is frozen when it is drawn up: a refund that was under way then has ended since.
  static boolean agree(String status, RefundState state) {
    return switch (status) {
      case "SUCCESS" -> state == RefundState.SUCCESS;
      case "PROCESSING" ->
          state == RefundState.ACCEPTED
              || state == RefundState.SUCCESS
              || state == RefundState.FAILED
              || state == RefundState.ABNORMAL;
      case "FAIL" -> state == RefundState.FAILED;
      case "CHANGE" -> state == RefundState.ABNORMAL || state == RefundState.SUCCESS;
      default -> false;
    };
  }

  private static Optional<String> whose(Pair pair, Pair.Order order, Map<Long, String> members) {
    BillRow row = pair.row();
    if (!row.currency().equals(order.currency())) {
      return Optional.of(
          "the bill has it in %s, we in %s".formatted(row.currency(), order.currency()));
    }
    String member = members.get(order.merchant());
    if (member == null) {
      return Optional.of("its sub-merchant has no part in this account");
    }
    if (row.subMerchant().filter(theirs -> !theirs.equals(member)).isPresent()) {
      return Optional.of(
          "the bill has sub-merchant %s, we have %s".formatted(row.subMerchant().get(), member));
    }
    return row.appId()
        .filter(theirs -> !order.appId().isEmpty() && !theirs.equals(order.appId()))
        .map(theirs -> "the bill has app id %s, we have %s".formatted(theirs, order.appId()));
  }

  private static Verdict of(Kind kind, Pair pair, String detail) {
    BillRow row = pair.row();
    String refundNo = row.outRefundNo().or(row::refundId).orElse("");
    String times = pair.nth() > 1 ? "#" + pair.nth() : "";
    return new Verdict(
        kind,
        row.transactionId() + (refundNo.isEmpty() ? "" : "/" + refundNo) + times,
        pair.order().map(Pair.Order::id),
        pair.refund().map(Pair.Back::id),
        row.transactionId(),
        row.outTradeNo(),
        refundNo,
        detail);
  }

  private static String amounts(BillRow row, long amount, long settlement) {
    return "the bill has %d fen and settles %d, we have %d and %d"
        .formatted(row.amount(), row.settlement(), amount, settlement);
  }

  private static String fen(long thousandths) {
    return BigDecimal.valueOf(thousandths, 3).stripTrailingZeros().toPlainString();
  }
}
