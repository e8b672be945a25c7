package io.yunfu.demo.shop;

import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The customer at the billing API, as last asked.
///
/// @param balance unit: fen
/// @param orderId what it wants to have paid
/// @param price unit: fen
/// @param status of the order, as `Deal.Status` counts: 1 is unpaid
record Account(
    String uin, long balance, String orderId, long price, int status, List<String> resources) {
  private static final int UNPAID = 1;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  Account {
    resources = List.copyOf(resources);
  }

  boolean isUnpaid() {
    return status == UNPAID;
  }

  /// What has to be topped up before the order can be paid; 0 if nothing. Unit: fen.
  long missing() {
    return isUnpaid() ? Math.max(0, price - balance) : 0;
  }

  /// For the page.
  ObjectNode json() {
    var json =
        JSON.createObjectNode()
            .put("uin", uin)
            .put("balance", balance)
            .put("orderId", orderId)
            .put("price", price)
            .put("unpaid", isUnpaid())
            .put("missing", missing());
    var list = json.putArray("resources");
    resources.forEach(list::add);
    return json;
  }
}
