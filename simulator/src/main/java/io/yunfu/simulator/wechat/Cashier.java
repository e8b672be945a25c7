package io.yunfu.simulator.wechat;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.channel.Paid;
import io.yunfu.simulator.channel.Payable;
import io.yunfu.simulator.channel.Payment;
import io.yunfu.simulator.channel.Payment.Action;
import io.yunfu.simulator.fault.Effect;
import io.yunfu.simulator.fault.Faults;
import io.yunfu.simulator.fault.Occasion;
import io.yunfu.simulator.fault.Stage;
import io.yunfu.simulator.json.Json;
import io.yunfu.simulator.people.User;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The app in the user's hand. Source: channels.md, section 7.4.
final class Cashier {
  private final Shop shop;
  private final Till till;

  Cashier(Shop shop, Till till) {
    this.shop = shop;
    this.till = till;
  }

  /// What could be paid, newest first.
  List<Payable> payables() {
    return shop.book().latest(500).stream()
        .filter(order -> order.state().isOpen())
        .map(order -> payable(reference(order), order))
        .toList();
  }

  Optional<Payable> payable(String reference) {
    return find(reference).map(order -> payable(reference, order));
  }

  private Payable payable(String reference, Order order) {
    return new Payable(
        WechatChannel.NAME,
        reference,
        order.number(),
        order.field("body"),
        order.sub().name(),
        Money.cny(order.total()),
        order.payer().map(User::name),
        order.state().name(),
        order.state().isOpen(),
        order.created());
  }

  Optional<Paid> pay(Payment payment) {
    return find(payment.reference()).map(order -> pay(order, payment));
  }

  /// The latest prepay id; a payment by code has none.
  private static String reference(Order order) {
    return order.prepayId().orElseGet(order::number);
  }

  /// By a prepay id, by what is in a QR code or an address, or by the merchant's number.
  private Optional<Order> find(String reference) {
    String token = reference.substring(reference.lastIndexOf('/') + 1);
    return shop.book()
        .entrance(reference)
        .or(() -> shop.book().entrance(token))
        .map(OrderBook.Entrance::order)
        .or(() -> shop.book().named(reference).stream().findFirst());
  }

  private boolean isDead(String reference) {
    String token = reference.substring(reference.lastIndexOf('/') + 1);
    return shop.book()
        .entrance(reference)
        .or(() -> shop.book().entrance(token))
        .filter(entrance -> !shop.now().isBefore(entrance.dies()))
        .isPresent();
  }

  private Paid pay(Order order, Payment payment) {
    List<Effect> effects =
        shop.world()
            .faults()
            .take(
                new Occasion(
                    Stage.PAY,
                    WechatChannel.NAME,
                    "pay",
                    order.number(),
                    List.of(order.merchant().mchId(), order.sub().subMchId()),
                    order.number()));
    boolean late = payment.late() || Faults.first(effects, Effect.LatePayment.class).isPresent();
    User user = payment.user();
    if (order.state().isPaid()) {
      return fail(order, "订单已支付");
    }
    if (order.state() == OrderState.REVOKED) {
      return fail(order, "订单已撤销");
    }
    if (!order.state().isOpen() && !late) {
      return fail(order, "订单已关闭");
    }
    if (isDead(payment.reference()) && !late) {
      return fail(order, "支付会话已过期，请重新下单");
    }
    if (order.payer().filter(payer -> !payer.name().equals(user.name())).isPresent()) {
      return fail(order, "下单账号与支付账号不一致，请核实后再支付");
    }
    if (user.frozen()) {
      return fail(order, "账户已被冻结，暂时无法支付");
    }
    return act(order, payment, Faults.first(effects, Effect.DoublePayment.class));
  }

  private Paid act(Order order, Payment payment, Optional<Effect.DoublePayment> twice) {
    Instant now = shop.now();
    return switch (payment.action()) {
      case Action.Success() -> succeed(order, payment.user(), Optional.empty(), twice);
      case Action.Coupon(Money fee, boolean cash) -> {
        if (fee.cents() <= 0 || fee.cents() >= order.total()) {
          yield fail(order, "代金券金额不适用于该订单");
        }
        String id = shop.seed().of("wechat coupon").digits(10);
        yield succeed(order, payment.user(), Optional.of(new Coupon(id, fee.cents(), cash)), twice);
      }
      case Action.Cancel() -> {
        if (order.state().isOpen()) {
          order.move(OrderState.NOTPAY, now, payment.user().name() + " cancelled");
        }
        yield new Paid(false, page(order, "cancel"), order.state().name(), "支付已取消");
      }
      case Action.Insufficient() -> insufficient(order, payment.user());
      case Action.PasswordWrong() -> {
        order.note(now, payment.user().name() + " entered a wrong password");
        yield fail(order, "支付密码错误，请重试");
      }
      case Action.BankError() -> {
        if (order.state().isOpen()) {
          order.move(OrderState.PAYERROR, now, "the bank failed");
        }
        yield fail(order, "银行系统异常，请稍后再试");
      }
      case Action.Pending(var lasting, boolean succeeds) -> {
        if (!order.state().isOpen()) {
          yield fail(order, "订单已关闭");
        }
        order.move(OrderState.USERPAYING, now, payment.user().name() + " is paying");
        order.pending(
            shop.world()
                .timeline()
                .after(
                    lasting,
                    "end of the payment of " + order.number(),
                    () -> decide(order, payment.user(), succeeds, twice)));
        yield new Paid(false, Json.object(), order.state().name(), "支付处理中");
      }
    };
  }

  private void decide(
      Order order, User user, boolean succeeds, Optional<Effect.DoublePayment> twice) {
    if (order.state() != OrderState.USERPAYING) {
      return;
    }
    if (succeeds) {
      var _ = succeed(order, user, Optional.empty(), twice);
    } else {
      order.move(OrderState.PAYERROR, shop.now(), "the payment failed after a while");
    }
  }

  private Paid succeed(
      Order order, User user, Optional<Coupon> coupon, Optional<Effect.DoublePayment> twice) {
    long cash = order.total() - coupon.map(Coupon::fee).orElse(0L);
    if (!till.affords(order, user, cash)) {
      return insufficient(order, user);
    }
    var _ = till.pay(order, user, coupon);
    if (twice.isPresent()) {
      User second =
          twice.get().user().flatMap(name -> shop.world().people().named(name)).orElse(user);
      till.payAgain(order, second);
    }
    return new Paid(true, page(order, "ok"), order.state().name(), "支付成功");
  }

  private Paid insufficient(Order order, User user) {
    Instant now = shop.now();
    if (order.type() == TradeType.MICROPAY && order.state().isOpen()) {
      order.move(OrderState.PAYERROR, now, user.name() + " has not enough");
    } else {
      order.note(now, user.name() + " has not enough");
    }
    return fail(order, user.creditOnly() ? "该商户不支持信用卡支付" : "零钱余额不足");
  }

  private static Paid fail(Order order, String text) {
    return new Paid(false, page(order, "fail"), order.state().name(), text);
  }

  /// What the page is told; only orders inside the app have one.
  private static tools.jackson.databind.JsonNode page(Order order, String result) {
    return order.type() == TradeType.JSAPI ? PageCall.result(result) : Json.object();
  }
}
