package io.yunfu.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import tools.jackson.databind.JsonNode;

/// What a customer's books look like from outside, by the read actions that a customer has.
///
/// @param statuses of all its deals; the numbers are those of `billing.md` section 4.1
/// @param balance in cents
record Books(Map<String, Integer> statuses, long balance) {
  private static final Set<Integer> PAID = Set.of(2, 3, 4, 5);
  private static final int DELIVERED = 4;
  private static final int LIMIT = 1000;

  static Books of(Customer customer, int port) throws IOException {
    var statuses = new TreeMap<String, Integer>();
    for (int page = 0; page == 0 || statuses.size() == page * LIMIT; page++) {
      String json =
          "{\"StartTime\":\"2020-01-01 00:00:00\",\"EndTime\":\"2099-12-31 23:59:59\",\"Limit\":%d,\"Offset\":%d,\"StatusSet\":[1,2,3,4,5,6,7,8,9,10,11,12,13,30]}"
              .formatted(LIMIT, page);
      for (JsonNode deal : answer(customer, "DescribeDealsByCond", json, port).get("Deals")) {
        statuses.put(deal.get("OrderId").asString(), deal.get("Status").asInt());
      }
    }
    long balance = answer(customer, "DescribeAccountBalance", "{}", port).get("Balance").asLong();
    return new Books(statuses, balance);
  }

  /// Deals that are paid, delivered or not.
  Set<String> paid() {
    return which(PAID::contains);
  }

  Set<String> delivered() {
    return which(status -> status == DELIVERED);
  }

  private Set<String> which(IntPredicate condition) {
    var ids = new TreeSet<String>();
    statuses.forEach((id, status) -> {
      if (condition.test(status)) {
        ids.add(id);
      }
    });
    return ids;
  }

  private static JsonNode answer(Customer customer, String action, String json, int port)
      throws IOException {
    Answer answer = CallV3.post(customer.key(), action, json).to(port);
    assertThat(answer.code()).as(answer.text()).isEqualTo(Answer.OK);
    return answer.response();
  }
}
