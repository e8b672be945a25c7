package io.yunfu.simulator.wechat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The fields that say what was paid: in the answer to a query, to a payment by code, and in the
/// notice.
final class OrderFields {
  private OrderFields() {}

  static Map<String, String> paid(Order order, Transaction paid) {
    Map<String, String> fields = new LinkedHashMap<>();
    put(fields, "device_info", order.field("device_info"));
    fields.put("openid", paid.openid());
    fields.put("is_subscribe", "N");
    paid.subOpenid()
        .ifPresent(openid -> {
          fields.put("sub_openid", openid);
          fields.put("sub_is_subscribe", "N");
        });
    fields.put("trade_type", order.type().name());
    fields.put("bank_type", paid.bank());
    fields.put("total_fee", Long.toString(order.total()));
    fields.put("fee_type", "CNY");
    fields.put("cash_fee", Long.toString(paid.cash()));
    paid.coupon()
        .ifPresent(coupon -> {
          fields.put("settlement_total_fee", Long.toString(paid.settlement()));
          fields.put("coupon_fee", Long.toString(coupon.fee()));
          fields.put("coupon_count", "1");
          fields.put("coupon_id_0", coupon.id());
          fields.put("coupon_type_0", coupon.type());
          fields.put("coupon_fee_0", Long.toString(coupon.fee()));
        });
    fields.put("transaction_id", paid.id());
    fields.put("out_trade_no", order.number());
    put(fields, "attach", order.field("attach"));
    fields.put("time_end", Times.order(paid.paid()));
    return fields;
  }

  static void put(Map<String, String> fields, String name, String value) {
    if (!value.isEmpty()) {
      fields.put(name, value);
    }
  }

  /// The payment of an order that a query by this transaction means, or the first.
  static Optional<Transaction> transaction(Order order, String id) {
    return order.transactions().stream()
        .filter(each -> each.id().equals(id))
        .findFirst()
        .or(order::transaction);
  }
}
