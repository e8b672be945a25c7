package io.yunfu.simulator.wechat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/// `POST /pay/closeorder`. Source: channels.md, section 2.8, and section 7.3, rule 6.
final class CloseOrder implements Operation {
  private static final Duration EARLIEST = Duration.ofMinutes(5);

  private final Shop shop;

  CloseOrder(Shop shop) {
    this.shop = shop;
  }

  @Override
  public Map<String, String> perform(Caller caller, Parameters parameters) {
    Order order =
        shop.book()
            .byNumber(caller.merchant(), parameters.number())
            .filter(caller::owns)
            .orElseThrow(() -> new Refused("ORDERNOTEXIST"));
    if (order.state().isPaid()) {
      throw new Refused("ORDERPAID");
    }
    if (!order.state().isOpen()) {
      throw new Refused("ORDERCLOSED");
    }
    Instant now = shop.now();
    boolean early = now.isBefore(order.created().plus(EARLIEST));
    if (early && shop.behaviour().close() == Behaviour.Close.STRICT) {
      order.note(now, "closed too early: stays open, although the answer was OK");
    } else {
      order.move(OrderState.CLOSED, now, "closed by the merchant");
    }
    return Map.of("result_msg", "OK");
  }
}
