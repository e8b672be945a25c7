package io.yunfu.simulator.wechat;

import io.yunfu.simulator.fault.Effect;
import io.yunfu.simulator.fault.Faults;
import io.yunfu.simulator.fault.Occasion;
import io.yunfu.simulator.fault.Stage;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `POST /secapi/pay/refund`: accepts a refund, which then takes its time. Source: channels.md,
/// section 2.10, and section 7.3, rule 7.
final class RefundOrder implements Operation {
  private static final int MOST = 50;
  private static final Duration APART = Duration.ofMinutes(1);

  private final Shop shop;
  private final Till till;

  RefundOrder(Shop shop, Till till) {
    this.shop = shop;
    this.till = till;
  }

  @Override
  public Map<String, String> perform(Caller caller, Parameters parameters) {
    String number = parameters.refundNumber();
    long total = parameters.fee("total_fee");
    long fee = parameters.fee("refund_fee");
    parameters.among("refund_fee_type", "CNY");
    parameters.among(
        "refund_account", "REFUND_SOURCE_UNSETTLED_FUNDS", "REFUND_SOURCE_RECHARGE_FUNDS");
    var _ = parameters.optional("refund_desc", 80);
    var _ = parameters.address("notify_url");
    caller.needs("refund");
    Order order = find(caller, parameters);
    if (total != order.total()) {
      throw new Refused("PARAM_ERROR", "订单金额或退款金额与之前请求不一致，请核实后再试");
    }
    Optional<OrderBook.Found> known = shop.book().refundByNumber(caller.merchant(), number);
    Refund refund =
        known.isPresent()
            ? repeated(known.get(), order, parameters)
            : accepted(caller, order, parameters, number, fee);
    return answer(order, refund);
  }

  private Order find(Caller caller, Parameters parameters) {
    boolean byTransaction = parameters.optional("transaction_id", 32).isPresent();
    Order order =
        (byTransaction
                ? shop.book().byTransaction(caller.merchant(), parameters.text("transaction_id"))
                : shop.book().byNumber(caller.merchant(), parameters.number()))
            .filter(caller::owns)
            .orElseThrow(
                () -> new Refused(byTransaction ? "INVALID_TRANSACTIONID" : "ORDERNOTEXIST"));
    if (order.transactions().isEmpty() || order.state() == OrderState.REVOKED) {
      throw new Refused("ORDERNOTEXIST", "订单未支付，不能退款");
    }
    return order;
  }

  private Refund repeated(OrderBook.Found found, Order order, Parameters parameters) {
    Refund refund = found.refund();
    if (found.order() != order || !same(refund.content(), parameters.content())) {
      throw new Refused("PARAM_ERROR", "订单金额或退款金额与之前请求不一致，请核实后再试");
    }
    if (refund.state() == RefundState.REFUNDCLOSE) {
      refund.charge(order.charge(refund));
      if (!till.covers(order, refund)) {
        throw new Refused("NOTENOUGH");
      }
      refund.again(shop.now());
      till.refund(order, refund, ending(order));
    }
    return refund;
  }

  /// A repeated refund may name its order by the other number, and tell the reason in other words.
  private static boolean same(Map<String, String> before, Map<String, String> now) {
    return List.of("total_fee", "refund_fee", "out_refund_no").stream()
        .allMatch(name -> before.getOrDefault(name, "").equals(now.getOrDefault(name, "")));
  }

  private Refund accepted(
      Caller caller, Order order, Parameters parameters, String number, long fee) {
    Instant now = shop.now();
    Transaction paid =
        OrderFields.transaction(order, parameters.text("transaction_id")).orElseThrow();
    if (ZonedDateTime.ofInstant(paid.paid(), Times.BEIJING)
        .plusYears(1)
        .toInstant()
        .isBefore(now)) {
      throw new Refused("TRADE_OVERDUE");
    }
    List<Refund> before = order.refunds().stream().filter(Refund::counts).toList();
    if (before.size() >= MOST) {
      throw new Refused("ERROR", "退款次数超过限制，一笔订单最多50次部分退款");
    }
    if (before.stream().anyMatch(each -> now.isBefore(each.accepted().plus(APART)))) {
      throw new Refused("FREQUENCY_LIMITED", "该笔订单1分钟内已发起过退款，请稍后再试");
    }
    long already = order.refunded(paid);
    if (already + fee > order.total()) {
      throw new Refused("ERROR", already == order.total() ? "订单已全额退款" : "累计退款金额大于支付金额");
    }
    Refund refund = refund(caller, order, paid, parameters, number, already, fee);
    if (!till.covers(order, refund)) {
      throw new Refused("NOTENOUGH", "基本账户余额不足，请充值后重新发起");
    }
    shop.book().add(order, refund);
    till.refund(order, refund, ending(order));
    return refund;
  }

  /// Parts are computed from what has been refunded altogether, so that many small refunds end at
  /// the same sums as one.
  private Refund refund(
      Caller caller,
      Order order,
      Transaction paid,
      Parameters parameters,
      String number,
      long already,
      long fee) {
    long couponFee = couponPart(order, paid, already + fee) - couponPart(order, paid, already);
    boolean discount = paid.coupon().filter(each -> !each.cash()).isPresent();
    long settlementFee = discount ? fee - couponFee : fee;
    Instant now = shop.now();
    return new Refund(
        "50"
            + shop.seed().of("wechat refund").digits(8)
            + Times.day(Times.dayOf(now))
            + shop.seed().of("wechat refund").digits(11),
        number,
        paid,
        now,
        fee,
        couponFee,
        settlementFee,
        order.charge(paid, settlementFee),
        parameters.optional("refund_account").orElse("REFUND_SOURCE_UNSETTLED_FUNDS"),
        parameters.optional("notify_url").or(() -> caller.merchant().refundNotifyUrl()),
        parameters.content());
  }

  private static long couponPart(Order order, Transaction paid, long refunded) {
    return paid.coupon()
        .map(coupon -> Math.multiplyExact(coupon.fee(), refunded) / order.total())
        .orElse(0L);
  }

  private Optional<Effect.RefundEnding> ending(Order order) {
    List<Effect> effects =
        shop.world()
            .faults()
            .take(
                new Occasion(
                    Stage.REFUND,
                    WechatChannel.NAME,
                    "refund",
                    order.number(),
                    List.of(order.merchant().mchId(), order.sub().subMchId()),
                    order.number()));
    return Faults.first(effects, Effect.RefundEnd.class).map(Effect.RefundEnd::ending);
  }

  private static Map<String, String> answer(Order order, Refund refund) {
    Map<String, String> answer = new LinkedHashMap<>();
    Transaction paid = refund.transaction();
    answer.put("transaction_id", paid.id());
    answer.put("out_trade_no", order.number());
    answer.put("out_refund_no", refund.number());
    answer.put("refund_id", refund.id());
    answer.put("refund_fee", Long.toString(refund.fee()));
    answer.put("total_fee", Long.toString(order.total()));
    answer.put("fee_type", "CNY");
    answer.put("cash_fee", Long.toString(paid.cash()));
    answer.put("cash_refund_fee", Long.toString(refund.fee() - refund.couponFee()));
    answer.put("coupon_refund_fee", Long.toString(refund.couponFee()));
    answer.put("coupon_refund_count", refund.couponFee() > 0 ? "1" : "0");
    paid.coupon()
        .filter(_ -> refund.couponFee() > 0)
        .ifPresent(coupon -> {
          answer.put("settlement_refund_fee", Long.toString(refund.settlementFee()));
          answer.put("settlement_total_fee", Long.toString(paid.settlement()));
          answer.put("coupon_type_0", coupon.type());
          answer.put("coupon_refund_id_0", coupon.id());
          answer.put("coupon_refund_fee_0", Long.toString(refund.couponFee()));
        });
    return answer;
  }
}
