package io.yunfu.simulator.alipay;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.channel.Surroundings;
import io.yunfu.simulator.channel.Turnover;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// All trades, and the codes that have not become one yet. Changed in steps of the timeline; only
/// [#find(String)] is for any thread.
final class Book {
  /// A number of a merchant's is unique among those of one seller.
  private record Key(String seller, String outTradeNo) {}

  private final Surroundings world;
  private final Map<String, Trade> trades = new ConcurrentHashMap<>();
  private final Map<Key, Trade> numbers = new HashMap<>();
  private final Map<String, List<Trade>> duplicates = new HashMap<>();
  private final List<Trade> inOrder = new ArrayList<>();
  private final Map<String, QrCode> codes = new LinkedHashMap<>();
  private final Map<String, Money> paid = new HashMap<>();
  private final Map<String, Money> refunded = new HashMap<>();

  Book(Surroundings world) {
    this.world = world;
  }

  void clear() {
    trades.clear();
    numbers.clear();
    duplicates.clear();
    inOrder.clear();
    codes.clear();
    paid.clear();
    refunded.clear();
  }

  /// Begins a trade. Its number looks as the channel's do: day, `22`, eighteen digits.
  Trade begin(Trade.Origin origin, Optional<Payer> buyer, Instant deadline) {
    Instant now = world.timeline().now();
    String number = BeijingTime.day(now) + "22" + world.seed().of("alipay trade").digits(18);
    var trade = new Trade(number, origin, buyer.orElse(null), now, deadline);
    trades.put(number, trade);
    inOrder.add(trade);
    numbers.putIfAbsent(key(origin), trade);
    duplicates.computeIfAbsent(trade.outTradeNo(), _ -> new ArrayList<>()).add(trade);
    return trade;
  }

  /// By the channel's number; thread-safe.
  Optional<Trade> find(String tradeNo) {
    return Optional.ofNullable(trades.get(tradeNo));
  }

  /// By the merchant's number. If it was paid twice, the first.
  Optional<Trade> find(Seller seller, String outTradeNo) {
    return Optional.ofNullable(numbers.get(new Key(seller.id(), outTradeNo)));
  }

  /// Every trade of a merchant's number, of whatever seller.
  List<Trade> all(String outTradeNo) {
    return List.copyOf(duplicates.getOrDefault(outTradeNo, List.of()));
  }

  /// Oldest first.
  List<Trade> all() {
    return List.copyOf(inOrder);
  }

  /// Newest first.
  List<Trade> latest(int limit) {
    return inOrder.reversed().stream().limit(limit).toList();
  }

  QrCode offer(Trade.Origin origin, Instant expires) {
    String content = "https://qr.alipay.com/bax" + world.seed().of("alipay qr").hex(20);
    var code = new QrCode(content, origin, world.timeline().now(), expires);
    codes.put(content, code);
    return code;
  }

  Optional<QrCode> code(String content) {
    return Optional.ofNullable(codes.get(content));
  }

  List<QrCode> codes() {
    return new ArrayList<>(codes.values());
  }

  List<QrCode> codes(Seller seller, String outTradeNo) {
    Key wanted = new Key(seller.id(), outTradeNo);
    return codes.values().stream().filter(each -> key(each.origin()).equals(wanted)).toList();
  }

  void withdraw(QrCode code) {
    codes.remove(code.content());
  }

  /// Counts what a seller received.
  void received(Seller seller, Money amount) {
    paid.merge(seller.id(), amount, Money::plus);
  }

  /// Counts what a seller gave back.
  void gaveBack(Seller seller, Money amount) {
    refunded.merge(seller.id(), amount, Money::plus);
  }

  Turnover turnover(Seller seller) {
    return new Turnover(
        seller.id(),
        seller.account(),
        seller.fees(),
        paid.getOrDefault(seller.id(), Money.cny(0)),
        refunded.getOrDefault(seller.id(), Money.cny(0)));
  }

  private static Key key(Trade.Origin origin) {
    return new Key(origin.seller().id(), origin.terms().outTradeNo());
  }
}
