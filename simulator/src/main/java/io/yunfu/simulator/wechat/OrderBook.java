package io.yunfu.simulator.wechat;

import io.yunfu.simulator.people.User;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// All orders and refunds, by all that they are looked for. Used in steps of the timeline only.
final class OrderBook {
  /// How long a prepay id and the content of a QR code can be used. Source: channels.md, 2.5.
  static final Duration PREPAY_LIFE = Duration.ofHours(2);

  /// The same of the address that opens the app from a browser.
  static final Duration WEB_LIFE = Duration.ofMinutes(5);

  /// No unpaid order can be paid after that.
  static final Duration ORDER_LIFE = Duration.ofDays(7);

  /// What a payer's app starts from.
  ///
  /// @param dies when it is worth nothing any more
  record Entrance(Order order, Instant dies) {}

  private final Map<String, Order> byNumber = new LinkedHashMap<>();
  private final Map<String, Order> byTransaction = new HashMap<>();
  private final Map<String, Entrance> entrances = new HashMap<>();
  private final Map<String, Found> refundsByNumber = new HashMap<>();
  private final Map<String, Found> refundsById = new HashMap<>();
  private final Map<String, Integer> codePayments = new HashMap<>();

  /// A refund with its order.
  record Found(Order order, Refund refund) {}

  void reset() {
    byNumber.clear();
    byTransaction.clear();
    entrances.clear();
    refundsByNumber.clear();
    refundsById.clear();
    codePayments.clear();
  }

  /// Numbers are unique under the provider, so across all its sub-merchants.
  Optional<Order> byNumber(Merchant merchant, String number) {
    return Optional.ofNullable(byNumber.get(merchant.mchId() + "/" + number));
  }

  Optional<Order> byTransaction(Merchant merchant, String id) {
    return Optional.ofNullable(byTransaction.get(id))
        .filter(order -> order.merchant().mchId().equals(merchant.mchId()));
  }

  Optional<Entrance> entrance(String reference) {
    return Optional.ofNullable(entrances.get(reference));
  }

  Optional<Found> refundByNumber(Merchant merchant, String number) {
    return Optional.ofNullable(refundsByNumber.get(merchant.mchId() + "/" + number));
  }

  Optional<Found> refundById(Merchant merchant, String id) {
    return Optional.ofNullable(refundsById.get(id))
        .filter(found -> found.order().merchant().mchId().equals(merchant.mchId()));
  }

  void add(Order order) {
    byNumber.put(order.merchant().mchId() + "/" + order.number(), order);
  }

  void add(Order order, Transaction transaction) {
    order.transactions().add(transaction);
    byTransaction.put(transaction.id(), order);
    if (order.type() == TradeType.MICROPAY) {
      codePayments.merge(
          transaction.user().name() + "/" + Times.dayOf(transaction.paid()), 1, Integer::sum);
    }
  }

  /// How often a user has paid by code on a day.
  int codePayments(User user, LocalDate day) {
    return codePayments.getOrDefault(user.name() + "/" + day, 0);
  }

  void add(Order order, Refund refund) {
    order.refunds().add(refund);
    var found = new Found(order, refund);
    refundsByNumber.put(order.merchant().mchId() + "/" + refund.number(), found);
    refundsById.put(refund.id(), found);
  }

  void addEntrance(String reference, Order order, Instant dies) {
    entrances.put(reference, new Entrance(order, dies));
  }

  /// All, oldest first.
  List<Order> all() {
    return new ArrayList<>(byNumber.values());
  }

  /// All orders of this number, whoever's they are.
  List<Order> named(String number) {
    return byNumber.values().stream().filter(each -> each.number().equals(number)).toList();
  }

  /// Newest first.
  List<Order> latest(int limit) {
    return byNumber.values().stream()
        .sorted(Comparator.comparing(Order::created).reversed())
        .limit(limit)
        .toList();
  }
}
