package io.yunfu.simulator.alipay;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.channel.Paid;
import io.yunfu.simulator.channel.Payable;
import io.yunfu.simulator.channel.Payment;
import io.yunfu.simulator.channel.Payment.Action;
import io.yunfu.simulator.channel.Surroundings;
import io.yunfu.simulator.clock.Timer;
import io.yunfu.simulator.fault.Effect;
import io.yunfu.simulator.fault.Faults;
import io.yunfu.simulator.fault.Occasion;
import io.yunfu.simulator.fault.Stage;
import io.yunfu.simulator.json.Json;
import io.yunfu.simulator.people.User;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// What happens in the payer's app. Runs in steps. Source: channels.md, sections 4.3 and 7.4.
final class Cashier {
  /// `resultCode` of `tradePay`: hints for the page, never proof.
  enum PageResult {
    PAID("9000"),
    IN_PROCESS("8000"),
    FAILED("4000"),
    CANCELLED("6001");

    private final String code;

    PageResult(String code) {
      this.code = code;
    }
  }

  private final Surroundings world;
  private final Book book;
  private final Payments payments;

  Cashier(Surroundings world, Book book, Payments payments) {
    this.world = world;
    this.book = book;
    this.payments = payments;
  }

  /// Open trades and codes that can be scanned, newest first.
  List<Payable> payables() {
    List<Payable> all = new ArrayList<>();
    book.all().stream()
        .filter(trade -> trade.status() == TradeStatus.WAIT_BUYER_PAY)
        .forEach(trade -> all.add(payable(trade)));
    book.codes().stream().filter(this::isOpen).forEach(code -> all.add(payable(code)));
    all.sort(Comparator.comparing(Payable::created).reversed());
    return all;
  }

  Optional<Payable> payable(String reference) {
    return book.find(reference)
        .map(Cashier::payable)
        .or(() -> book.code(reference).map(this::payable));
  }

  /// Empty when there is nothing at this reference.
  Optional<Paid> pay(Payment payment) {
    Payer payer = new Payer(payment.user());
    Optional<QrCode> code = book.code(payment.reference());
    Optional<Trade> trade =
        code.isPresent() ? scan(code.get(), payer) : book.find(payment.reference());
    if (trade.isPresent()) {
      return Optional.of(pay(trade.get(), payer, payment));
    }
    return code.map(_ -> page(PageResult.FAILED, "", "二维码已失效"));
  }

  /// The first scan makes a trade of the code; others then pay that one, if it is theirs.
  ///
  /// @return empty when the code is too old, or its number is taken by something else
  private Optional<Trade> scan(QrCode code, Payer payer) {
    Trade.Origin origin = code.origin();
    Optional<Trade> known = book.find(origin.seller(), origin.terms().outTradeNo());
    if (known.isPresent()) {
      return known.filter(trade -> trade.terms().agreesWith(origin.terms()));
    }
    if (!isOpen(code)) {
      return Optional.empty();
    }
    Instant deadline = origin.terms().deadline().from(code.created());
    return Optional.of(payments.begin(origin, Optional.of(payer), deadline));
  }

  private Paid pay(Trade trade, Payer payer, Payment payment) {
    List<Effect> effects =
        world
            .faults()
            .take(
                new Occasion(
                    Stage.PAY,
                    AlipayChannel.NAME,
                    "pay",
                    trade.outTradeNo(),
                    List.of(trade.origin().app().id(), trade.seller().id()),
                    trade.outTradeNo()));
    if (trade.buyer().filter(buyer -> !buyer.equals(payer)).isPresent()) {
      return page(PageResult.FAILED, trade, Reason.TRADE_BUYER_NOT_MATCH);
    }
    boolean late = payment.late() || Faults.first(effects, Effect.LatePayment.class).isPresent();
    Optional<Reason> closed = objection(trade, late);
    if (closed.isPresent()) {
      return page(PageResult.FAILED, trade, closed.get());
    }
    Paid paid = act(trade, payer, payment.action(), late);
    if (paid.succeeded()) {
      Faults.first(effects, Effect.DoublePayment.class)
          .ifPresent(twice -> payTwice(trade, payer, twice));
    }
    return paid;
  }

  /// Why a trade in this state cannot be paid.
  private static Optional<Reason> objection(Trade trade, boolean late) {
    return switch (trade.status()) {
      case WAIT_BUYER_PAY -> Optional.empty();
      case TRADE_CLOSED ->
          late && trade.payment().isEmpty()
              ? Optional.empty()
              : Optional.of(Reason.TRADE_HAS_CLOSE);
      case TRADE_SUCCESS, TRADE_FINISHED -> Optional.of(Reason.TRADE_HAS_SUCCESS);
    };
  }

  private Paid act(Trade trade, Payer payer, Action action, boolean late) {
    trade.claim(payer);
    return switch (action) {
      case Action.Success() -> settle(trade, payer, Funds.plain(trade.terms().total()));
      case Action.Coupon(Money fee, boolean cash) -> settle(trade, payer, funds(trade, fee, cash));
      case Action.Cancel() -> {
        trade.tell(world.timeline().now(), "the payer cancelled");
        yield page(PageResult.CANCELLED, trade.status().name(), "用户中途取消");
      }
      case Action.Insufficient() -> fail(trade, Reason.BUYER_BALANCE_NOT_ENOUGH);
      case Action.PasswordWrong() -> fail(trade, Reason.PAYMENT_FAIL);
      case Action.BankError() -> fail(trade, Reason.PAYMENT_FAIL);
      case Action.Pending(var lasting, boolean succeeds) -> {
        Timer end =
            world
                .timeline()
                .after(
                    lasting,
                    "end of a pending payment of " + trade.number(),
                    () -> decide(trade, payer, succeeds, late));
        trade.tell(world.timeline().now(), "the payer's bank takes until " + end.due());
        yield page(PageResult.IN_PROCESS, trade.status().name(), "正在处理中");
      }
    };
  }

  /// A payment that was pending. If the trade is over by then, the money stays where it is.
  private void decide(Trade trade, Payer payer, boolean succeeds, boolean late) {
    if (!succeeds) {
      fail(trade, Reason.PAYMENT_FAIL);
    } else if (objection(trade, late).isEmpty()) {
      var _ = settle(trade, payer, Funds.plain(trade.terms().total()));
    } else {
      trade.tell(world.timeline().now(), "the payer's bank came too late");
    }
  }

  private Paid settle(Trade trade, Payer payer, Funds funds) {
    Optional<Reason> objection = payments.pay(trade, payer, funds);
    return objection.isPresent()
        ? fail(trade, objection.get())
        : page(PageResult.PAID, trade.status().name(), "支付成功");
  }

  private Paid fail(Trade trade, Reason reason) {
    trade.tell(world.timeline().now(), "not paid: " + reason);
    return page(PageResult.FAILED, trade, reason);
  }

  /// A coupon cannot be more than the price.
  private static Funds funds(Trade trade, Money fee, boolean cash) {
    Money total = trade.terms().total();
    Money coupon = fee.min(total);
    Money nothing = Money.cny(0);
    return cash ? new Funds(total, coupon, nothing) : new Funds(total, nothing, coupon);
  }

  /// The same number, paid once more as another trade.
  private void payTwice(Trade trade, Payer payer, Effect.DoublePayment twice) {
    User second = twice.user().flatMap(world.people()::named).orElse(payer.user());
    Trade other = payments.begin(trade.origin(), Optional.of(new Payer(second)), trade.deadline());
    payments
        .pay(other, new Payer(second), Funds.plain(trade.terms().total()))
        .ifPresent(reason -> fail(other, reason));
  }

  private boolean isOpen(QrCode code) {
    Instant now = world.timeline().now();
    return now.isBefore(code.expires())
        && now.isBefore(code.origin().terms().deadline().from(code.created()));
  }

  private static Paid page(PageResult result, Trade trade, Reason reason) {
    return page(result, trade.status().name(), reason.refusal().text());
  }

  private static Paid page(PageResult result, String state, String text) {
    return new Paid(
        result == PageResult.PAID,
        Json.object().put("resultCode", result.code).put("memo", text),
        state,
        text);
  }

  private static Payable payable(Trade trade) {
    return new Payable(
        AlipayChannel.NAME,
        trade.number(),
        trade.outTradeNo(),
        trade.terms().subject(),
        trade.seller().name(),
        trade.terms().total(),
        trade.buyer().map(payer -> payer.user().name()),
        trade.status().name(),
        trade.status() == TradeStatus.WAIT_BUYER_PAY,
        trade.created());
  }

  private Payable payable(QrCode code) {
    Terms terms = code.origin().terms();
    return new Payable(
        AlipayChannel.NAME,
        code.content(),
        terms.outTradeNo(),
        terms.subject(),
        code.origin().seller().name(),
        terms.total(),
        Optional.empty(),
        isOpen(code) ? "NOT_SCANNED" : "EXPIRED",
        isOpen(code),
        code.created());
  }
}
