package io.yunfu.simulator.wechat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/// `POST /secapi/pay/reverse`: takes a payment by code back, whatever became of it. Source:
/// channels.md, section 2.9.
final class Reverse implements Operation {
  private static final Duration EARLIEST = Duration.ofSeconds(15);
  private static final Duration LATEST = Duration.ofDays(7);

  private final Shop shop;
  private final Till till;

  Reverse(Shop shop, Till till) {
    this.shop = shop;
    this.till = till;
  }

  @Override
  public Map<String, String> perform(Caller caller, Parameters parameters) {
    boolean byTransaction = parameters.optional("transaction_id", 32).isPresent();
    Order order =
        (byTransaction
                ? shop.book().byTransaction(caller.merchant(), parameters.text("transaction_id"))
                : shop.book().byNumber(caller.merchant(), parameters.number()))
            .filter(caller::owns)
            .orElseThrow(() ->
                byTransaction
                    ? new Refused("INVALID_TRANSACTIONID")
                    : new Refused("TRADE_ERROR", "订单不存在"));
    if (order.type() != TradeType.MICROPAY || order.state() == OrderState.REFUND) {
      throw new Refused("TRADE_ERROR", "该订单不支持撤销");
    }
    Instant now = shop.now();
    if (now.isBefore(order.created().plus(EARLIEST))) {
      throw Refused.retry("SYSTEMERROR");
    }
    if (now.isAfter(order.created().plus(LATEST))) {
      throw new Refused("REVERSE_EXPIRE");
    }
    switch (order.state()) {
      case SUCCESS -> till.reverse(order);
      case NOTPAY, USERPAYING, PAYERROR -> order.move(OrderState.REVOKED, now, "reversed unpaid");
      case CLOSED, REVOKED, REFUND -> {} // is as it should be
    }
    return Map.of("recall", "N");
  }
}
