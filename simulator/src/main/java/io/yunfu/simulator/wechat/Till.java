package io.yunfu.simulator.wechat;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.fault.Effect;
import io.yunfu.simulator.ledger.Entry;
import io.yunfu.simulator.people.People;
import io.yunfu.simulator.people.User;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Moves the money of orders and refunds in the ledger, and with it their states.
final class Till {
  /// Coupons that are money come out of the channel's own pocket.
  private static final String PROMOTION = "promotion/wechat";

  private final Shop shop;
  private final MerchantNotices notices;

  Till(Shop shop, MerchantNotices notices) {
    this.shop = shop;
    this.notices = notices;
  }

  /// Whether the user's means are enough for this much cash.
  boolean affords(Order order, User user, long cash) {
    boolean noCredit = order.field("limit_pay").equals("no_credit");
    return !(noCredit && user.creditOnly()) && shop.world().people().balance(user).cents() >= cash;
  }

  /// Takes a payment; the order becomes `SUCCESS`, and the merchant is told.
  Transaction pay(Order order, User user, Optional<Coupon> coupon) {
    Transaction paid = take(order, user, coupon);
    order.move(
        OrderState.SUCCESS, paid.paid(), "paid by " + user.name() + ", transaction " + paid.id());
    notices.paid(order, paid);
    return paid;
  }

  /// Takes a second payment for an order that is paid.
  void payAgain(Order order, User user) {
    Transaction second = take(order, user, Optional.empty());
    order.note(second.paid(), "paid once more by " + user.name() + ", transaction " + second.id());
    notices.paid(order, second);
  }

  private Transaction take(Order order, User user, Optional<Coupon> coupon) {
    Instant now = shop.now();
    People people = shop.world().people();
    long off = coupon.map(Coupon::fee).orElse(0L);
    long cash = order.total() - off;
    long settlement = coupon.filter(each -> !each.cash()).isPresent() ? cash : order.total();
    long charge = order.sub().fee(settlement);
    var transaction =
        new Transaction(
            "4200"
                + shop.seed().of("wechat transaction").digits(6)
                + Times.day(Times.dayOf(now))
                + shop.seed().of("wechat transaction").digits(10),
            user,
            people.openid(user, order.field("appid")),
            Optional.of(order.field("sub_appid"))
                .filter(appId -> !appId.isEmpty())
                .map(appId -> people.openid(user, appId)),
            now,
            user.creditOnly() ? "CMB_CREDIT" : "OTHERS",
            settlement,
            cash,
            coupon);
    shop.world()
        .ledger()
        .post(
            now,
            "payment " + transaction.id(),
            List.of(
                entry(user.account(), -cash),
                entry(PROMOTION, cash - settlement),
                entry(order.sub().account(), settlement - charge),
                entry(order.sub().feeAccount(), charge)));
    shop.book().add(order, transaction);
    return transaction;
  }

  /// Whether the merchant has enough for a refund.
  boolean covers(Order order, Refund refund) {
    return shop.world().ledger().balance(order.sub().account()).cents()
        >= refund.settlementFee() - refund.charge();
  }

  /// Takes an accepted refund from the merchant and sends it on its way.
  void refund(Order order, Refund refund, Optional<Effect.RefundEnding> ending) {
    Instant now = shop.now();
    shop.world()
        .ledger()
        .post(
            now,
            "refund " + refund.id() + " accepted",
            List.of(
                entry(order.sub().account(), refund.charge() - refund.settlementFee()),
                entry(order.sub().feeAccount(), -refund.charge()),
                entry(order.sub().transitAccount(), refund.settlementFee())));
    order.move(
        order.state().isPaid() ? OrderState.REFUND : order.state(),
        now,
        "refund %s of %d fen accepted".formatted(refund.number(), refund.fee()));
    RefundState end =
        ending
            .map(each ->
                switch (each) {
                  case CHANGE -> RefundState.CHANGE;
                  case CLOSE -> RefundState.REFUNDCLOSE;
                })
            .orElse(
                refund.transaction().user().frozen() ? RefundState.CHANGE : RefundState.SUCCESS);
    var _ =
        shop.world()
            .timeline()
            .after(
                shop.behaviour().refundAfter(),
                "end of refund " + refund.id(),
                () -> end(order, refund, end));
  }

  private void end(Order order, Refund refund, RefundState end) {
    Instant now = shop.now();
    refund.end(end, now);
    String what = "refund " + refund.id() + " " + end;
    switch (end) {
      case SUCCESS ->
          shop.world()
              .ledger()
              .post(
                  now,
                  what,
                  List.of(
                      entry(order.sub().transitAccount(), -refund.settlementFee()),
                      entry(
                          refund.transaction().user().account(), refund.fee() - refund.couponFee()),
                      entry(
                          PROMOTION,
                          refund.settlementFee() - (refund.fee() - refund.couponFee()))));
      case REFUNDCLOSE -> {
        // The fee is that of what is left now, also when others were accepted meanwhile.
        long charge = order.charge(refund);
        shop.world()
            .ledger()
            .post(
                now,
                what,
                List.of(
                    entry(order.sub().transitAccount(), -refund.settlementFee()),
                    entry(order.sub().account(), refund.settlementFee() - charge),
                    entry(order.sub().feeAccount(), charge)));
      }
      case CHANGE, PROCESSING -> {} // stays on its way until somebody sees to it
    }
    order.note(now, what);
    notices.refunded(order, refund);
  }

  /// Gives all of a code payment back at once.
  void reverse(Order order) {
    Instant now = shop.now();
    for (Transaction paid : order.transactions()) {
      long charge = order.sub().fee(paid.settlement());
      shop.world()
          .ledger()
          .post(
              now,
              "reversal of " + paid.id(),
              List.of(
                  entry(order.sub().account(), charge - paid.settlement()),
                  entry(order.sub().feeAccount(), -charge),
                  entry(paid.user().account(), paid.cash()),
                  entry(PROMOTION, paid.settlement() - paid.cash())));
    }
    order.move(OrderState.REVOKED, now, "reversed");
  }

  private static Entry entry(String account, long fen) {
    return new Entry(account, Money.cny(fen));
  }
}
