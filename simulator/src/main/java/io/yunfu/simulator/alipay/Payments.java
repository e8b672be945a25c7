package io.yunfu.simulator.alipay;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.channel.Surroundings;
import io.yunfu.simulator.ledger.Entry;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Takes money from a payer, or finds out why not; and closes what nobody pays. Runs in steps.
final class Payments {
  /// What pays for coupons of the channel's, in the ledger.
  private static final String PROMOTIONS = "promotions/alipay";

  private final Surroundings world;
  private final Book book;
  private final TradeNotices notices;
  private final Supplier<AlipaySettings> settings;

  Payments(Surroundings world, Book book, TradeNotices notices, Supplier<AlipaySettings> settings) {
    this.world = world;
    this.book = book;
    this.notices = notices;
    this.settings = settings;
  }

  /// Begins a trade, which closes by itself when nobody pays it in time.
  Trade begin(Trade.Origin origin, Optional<Payer> buyer, Instant deadline) {
    Trade trade = book.begin(origin, buyer, deadline);
    world
        .timeline()
        .at(
            deadline,
            "expiry of trade " + trade.number(),
            () -> {
              if (trade.status() == TradeStatus.WAIT_BUYER_PAY) {
                close(trade, "not paid in time");
              }
            });
    return trade;
  }

  /// Whether anything keeps this payer from paying at all.
  Optional<Reason> objection(Payer payer, Terms terms) {
    if (payer.user().frozen()) {
      return Optional.of(Reason.BUYER_ENABLE_STATUS_FORBID);
    }
    return payer.isBarredBy(terms)
        ? Optional.of(Reason.NO_PAYMENT_INSTRUMENTS_AVAILABLE)
        : Optional.empty();
  }

  /// Pays a trade that can be paid, or one that is closed, which only a fault asks for.
  ///
  /// @return why it came to nothing; then nothing has changed
  Optional<Reason> pay(Trade trade, Payer payer, Funds funds) {
    Optional<Reason> objection = objection(payer, trade.terms());
    if (objection.isPresent()) {
      return objection;
    }
    if (world.people().balance(payer.user()).compareTo(funds.fromBuyer()) < 0) {
      return Optional.of(Reason.BUYER_BALANCE_NOT_ENOUGH);
    }
    Instant now = world.timeline().now();
    Seller seller = trade.seller();
    Money fee = funds.fee(seller.feeRate());
    world
        .ledger()
        .post(
            now,
            "alipay trade " + trade.number(),
            List.of(
                new Entry(payer.user().account(), funds.fromBuyer().negated()),
                new Entry(PROMOTIONS, funds.fromPlatform().negated()),
                new Entry(seller.account(), funds.toMerchant().minus(fee)),
                new Entry(seller.fees(), fee)));
    book.received(seller, funds.toMerchant());
    Optional<String> coupon =
        funds.coupons().isZero()
            ? Optional.empty()
            : Optional.of("2026" + world.seed().of("alipay coupon").digits(24));
    trade.pay(new Trade.Payment(payer, now, funds, coupon));
    notices.reached(trade, "pay");
    world
        .timeline()
        .at(
            now.plus(settings.get().refundWindow()),
            "end of refunds of trade " + trade.number(),
            () -> {
              if (trade.status() == TradeStatus.TRADE_SUCCESS) {
                trade.finish(world.timeline().now());
                notices.reached(trade, "finish");
              }
            });
    return Optional.empty();
  }

  void close(Trade trade, String why) {
    trade.close(world.timeline().now(), why);
    notices.reached(trade, "close");
  }

  /// What giving back so much would come to.
  Refund draft(Trade trade, String requestNo, Money amount, Optional<String> reason) {
    Funds left = trade.remaining();
    Funds part = left.take(amount);
    var rate = trade.seller().feeRate();
    Money fee = left.fee(rate).minus(left.minus(part).fee(rate));
    return new Refund(requestNo, part, fee, reason, world.timeline().now(), true);
  }

  /// Gives money back.
  ///
  /// @return why it came to nothing; then nothing has changed
  Optional<Reason> refund(Trade trade, Refund refund) {
    Payer payer = trade.payment().orElseThrow().payer();
    if (payer.user().frozen()) {
      return Optional.of(Reason.BUYER_ENABLE_STATUS_FORBID);
    }
    Seller seller = trade.seller();
    Funds funds = refund.funds();
    Money fromMerchant = funds.toMerchant().minus(refund.fee());
    if (world.ledger().balance(seller.account()).compareTo(fromMerchant) < 0) {
      return Optional.of(Reason.SELLER_BALANCE_NOT_ENOUGH);
    }
    String receiver =
        refund.deposited() ? payer.user().account() : "returned/alipay/" + payer.user().name();
    world
        .ledger()
        .post(
            refund.at(),
            "alipay refund " + refund.requestNo() + " of trade " + trade.number(),
            List.of(
                new Entry(seller.account(), fromMerchant.negated()),
                new Entry(seller.fees(), refund.fee().negated()),
                new Entry(receiver, funds.fromBuyer()),
                new Entry(PROMOTIONS, funds.fromPlatform())));
    book.gaveBack(seller, funds.toMerchant());
    trade.refund(refund);
    notices.refunded(trade, refund);
    return Optional.empty();
  }
}
