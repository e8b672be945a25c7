package io.yunfu.simulator.wechat;

import java.util.LinkedHashMap;
import java.util.Map;

/// `POST /pay/orderquery`. Source: channels.md, section 2.7.
final class OrderQuery implements Operation {
  private final Shop shop;

  OrderQuery(Shop shop) {
    this.shop = shop;
  }

  @Override
  public Map<String, String> perform(Caller caller, Parameters parameters) {
    Order order = find(shop, caller, parameters);
    Map<String, String> answer = new LinkedHashMap<>();
    if (order.transaction().isPresent()) {
      answer.putAll(
          OrderFields.paid(
              order,
              OrderFields.transaction(order, parameters.text("transaction_id")).orElseThrow()));
    } else {
      OrderFields.put(answer, "device_info", order.field("device_info"));
      answer.put("total_fee", Long.toString(order.total()));
      answer.put("out_trade_no", order.number());
      OrderFields.put(answer, "attach", order.field("attach"));
      answer.put("trade_type", order.type().name());
    }
    OrderFields.put(answer, "detail", order.field("detail"));
    answer.put("trade_state", order.state().name());
    answer.put("trade_state_desc", order.state().description());
    return answer;
  }

  /// The order that a request names; `transaction_id` wins.
  ///
  /// @throws Refused `ORDERNOTEXIST`, also for an order of another sub-merchant
  static Order find(Shop shop, Caller caller, Parameters parameters) {
    var order =
        parameters.optional("transaction_id", 32).isPresent()
            ? shop.book().byTransaction(caller.merchant(), parameters.text("transaction_id"))
            : shop.book().byNumber(caller.merchant(), parameters.number());
    return order.filter(caller::owns).orElseThrow(() -> new Refused("ORDERNOTEXIST"));
  }
}
