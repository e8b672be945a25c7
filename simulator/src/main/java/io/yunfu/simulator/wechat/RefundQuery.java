package io.yunfu.simulator.wechat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `POST /pay/refundquery`. Source: channels.md, section 2.11. Of the four numbers the most precise
/// wins.
final class RefundQuery implements Operation {
  /// Refunds in one answer.
  private static final int PAGE = 10;

  private final Shop shop;

  RefundQuery(Shop shop) {
    this.shop = shop;
  }

  @Override
  public Map<String, String> perform(Caller caller, Parameters parameters) {
    String offset = parameters.optional("offset").orElse("0");
    if (!offset.matches("[0-9]{1,4}")) {
      throw Refused.wrong("offset");
    }
    Optional<OrderBook.Found> one =
        parameters.optional("refund_id", 32).isPresent()
            ? found(shop.book().refundById(caller.merchant(), parameters.text("refund_id")), caller)
            : parameters.optional("out_refund_no", 64).isPresent()
                ? found(
                    shop.book().refundByNumber(caller.merchant(), parameters.text("out_refund_no")),
                    caller)
                : Optional.empty();
    if (one.isPresent()) {
      return answer(one.get().order(), List.of(one.get().refund()), 1, 0);
    }
    Order order;
    try {
      order = OrderQuery.find(shop, caller, parameters);
    } catch (Refused e) {
      throw e.code().equals("ORDERNOTEXIST") ? new Refused("REFUNDNOTEXIST") : e;
    }
    String transaction = parameters.text("transaction_id");
    List<Refund> all =
        order.refunds().stream()
            .filter(each -> transaction.isEmpty() || each.transaction().id().equals(transaction))
            .toList();
    int from = Integer.parseInt(offset);
    if (from >= all.size()) {
      throw new Refused("REFUNDNOTEXIST");
    }
    List<Refund> page = all.subList(from, Math.min(all.size(), from + PAGE));
    return answer(order, page, all.size(), from);
  }

  private static Optional<OrderBook.Found> found(Optional<OrderBook.Found> refund, Caller caller) {
    if (refund.filter(each -> caller.owns(each.order())).isEmpty()) {
      throw new Refused("REFUNDNOTEXIST");
    }
    return refund;
  }

  private static Map<String, String> answer(
      Order order, List<Refund> refunds, int total, int offset) {
    Map<String, String> answer = new LinkedHashMap<>();
    Transaction paid = refunds.getFirst().transaction();
    if (offset > 0 || total > PAGE) {
      answer.put("total_refund_count", Integer.toString(total));
    }
    answer.put("transaction_id", paid.id());
    answer.put("out_trade_no", order.number());
    answer.put("total_fee", Long.toString(order.total()));
    answer.put("fee_type", "CNY");
    answer.put("cash_fee", Long.toString(paid.cash()));
    if (paid.coupon().isPresent()) {
      answer.put("settlement_total_fee", Long.toString(paid.settlement()));
    }
    answer.put("refund_count", Integer.toString(refunds.size()));
    answer.put("refund_fee", Long.toString(refunds.stream().mapToLong(Refund::fee).sum()));
    for (int n = 0; n < refunds.size(); n++) {
      add(answer, refunds.get(n), n);
    }
    return answer;
  }

  private static void add(Map<String, String> answer, Refund refund, int n) {
    answer.put("out_refund_no_" + n, refund.number());
    answer.put("refund_id_" + n, refund.id());
    answer.put("refund_channel_" + n, "ORIGINAL");
    answer.put("refund_fee_" + n, Long.toString(refund.fee()));
    answer.put("refund_status_" + n, refund.state().name());
    answer.put("refund_account_" + n, refund.account());
    answer.put("refund_recv_accout_" + n, receiver(refund)); // spelt so on the wire
    if (refund.couponFee() > 0) {
      Coupon coupon = refund.transaction().coupon().orElseThrow();
      answer.put("settlement_refund_fee_" + n, Long.toString(refund.settlementFee()));
      answer.put("coupon_refund_fee_" + n, Long.toString(refund.couponFee()));
      answer.put("coupon_refund_count_" + n, "1");
      answer.put("coupon_type_" + n + "_0", coupon.type());
      answer.put("coupon_refund_id_" + n + "_0", coupon.id());
      answer.put("coupon_refund_fee_" + n + "_0", Long.toString(refund.couponFee()));
    }
    if (refund.state() == RefundState.SUCCESS) {
      refund.ended().ifPresent(at -> answer.put("refund_success_time_" + n, Times.refund(at)));
    }
  }

  /// Where the money goes, in the channel's words.
  static String receiver(Refund refund) {
    return refund.transaction().user().creditOnly() ? "招商银行信用卡0403" : "支付用户零钱";
  }
}
