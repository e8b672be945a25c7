package io.yunfu.demo.shop;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the page shows: the sales, the customer, and what the billing API said last. In memory;
/// each change has a number, and whoever has seen one can wait for the next.
final class Story {
  /// Sales that are remembered; older ones are not shown any more.
  private static final int SALES = 50;

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Map<String, Sale> sales =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Sale> eldest) {
          return size() > SALES;
        }
      };
  private long version;
  private @Nullable Account account;
  private @Nullable ObjectNode attempt;

  Optional<Sale> sale(String number) {
    lock.lock();
    try {
      return Optional.ofNullable(sales.get(number));
    } finally {
      lock.unlock();
    }
  }

  /// Adds a sale; one that is there already stays as it is.
  void put(Sale sale) {
    write(() -> sales.putIfAbsent(sale.number(), sale));
  }

  void put(Account known) {
    write(() -> account = known);
  }

  /// Changes a sale, if it is still remembered.
  void change(String number, UnaryOperator<Sale> change) {
    write(() -> sales.computeIfPresent(number, (_, sale) -> change.apply(sale)));
  }

  /// What the billing API answered to PayDeals.
  void attempted(Instant at, JsonNode answer) {
    ObjectNode made = JSON.createObjectNode().put("at", at.toString());
    made.set("answer", answer);
    write(() -> attempt = made);
  }

  /// All of it, once there is something newer than what the page has seen, or after a while.
  ///
  /// @param seen the version that the page has
  ObjectNode after(long seen, Duration patience) throws InterruptedException {
    lock.lock();
    try {
      long left = patience.toNanos();
      while (version <= seen && left > 0) {
        left = changed.awaitNanos(left);
      }
      return json();
    } finally {
      lock.unlock();
    }
  }

  private ObjectNode json() {
    ObjectNode json = JSON.createObjectNode().put("version", version);
    if (account != null) {
      json.set("account", account.json());
    }
    if (attempt != null) {
      json.set("attempt", attempt);
    }
    var list = json.putArray("sales");
    sales.values().forEach(sale -> list.insert(0, sale.json()));
    return json;
  }

  private void write(Runnable change) {
    lock.lock();
    try {
      change.run();
      version++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
