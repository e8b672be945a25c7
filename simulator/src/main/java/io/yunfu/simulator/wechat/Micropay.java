package io.yunfu.simulator.wechat;

import io.yunfu.simulator.people.PaymentCode;
import io.yunfu.simulator.people.User;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// `POST /pay/micropay`: the cashier has scanned a user's code. Source: channels.md, section 2.6.
final class Micropay implements Operation {
  /// Above that the user is asked for a password. Unit: fen.
  private static final long WITHOUT_PASSWORD = 1000_00;

  /// After so many on one day as well.
  private static final int WITHOUT_PASSWORD_A_DAY = 10;

  private final Shop shop;
  private final Till till;

  Micropay(Shop shop, Till till) {
    this.shop = shop;
    this.till = till;
  }

  @Override
  public Map<String, String> perform(Caller caller, Parameters parameters) {
    String number = parameters.number();
    long total = parameters.fee("total_fee");
    UnifiedOrder.form(parameters);
    String digits = parameters.need("auth_code", 128);
    caller.needs(TradeType.MICROPAY.permission());
    Optional<Order> known = shop.book().byNumber(caller.merchant(), number);
    if (known.isPresent()) {
      throw repeated(known.get(), caller);
    }
    Instant now = shop.now();
    Instant expires = UnifiedOrder.expires(parameters, now);
    PaymentCode code = check(digits, now);
    var order =
        new Order(
            caller.merchant(),
            caller.sub(),
            TradeType.MICROPAY,
            caller.signType(),
            parameters.content(),
            total,
            Optional.of(code.user()),
            now,
            expires);
    shop.book().add(order);
    shop.world().people().spend(code);
    return pay(order, code.user());
  }

  private Map<String, String> pay(Order order, User user) {
    Instant now = shop.now();
    if (user.frozen()) {
      order.move(OrderState.PAYERROR, now, "the user is frozen");
      throw new Refused("TRADE_ERROR", "用户帐号异常");
    }
    if (user.needsPassword()
        || order.total() > WITHOUT_PASSWORD
        || shop.book().codePayments(user, Times.dayOf(now)) >= WITHOUT_PASSWORD_A_DAY) {
      order.move(OrderState.USERPAYING, now, "the user is asked for the password");
      throw new Refused("USERPAYING");
    }
    if (!till.affords(order, user, order.total())) {
      order.move(OrderState.PAYERROR, now, "the user has not enough");
      throw user.creditOnly() ? new Refused("NOTSUPORTCARD") : new Refused("NOTENOUGH");
    }
    return OrderFields.paid(order, till.pay(order, user, Optional.empty()));
  }

  private PaymentCode check(String digits, Instant now) {
    if (!digits.matches("1[0-5][0-9]{16}")) {
      throw new Refused("AUTH_CODE_ERROR");
    }
    PaymentCode code =
        shop.world().people().code(digits).orElseThrow(() -> new Refused("AUTH_CODE_INVALID"));
    if (code.used()) {
      throw new Refused("AUTH_CODE_INVALID", "授权码已使用");
    }
    if (now.isAfter(code.expires())) {
      throw new Refused("AUTHCODEEXPIRE");
    }
    return code;
  }

  private static Refused repeated(Order order, Caller caller) {
    if (!caller.owns(order) || order.type() != TradeType.MICROPAY) {
      return new Refused("OUT_TRADE_NO_USED");
    }
    return switch (order.state()) {
      case SUCCESS, REFUND -> new Refused("ORDERPAID");
      case USERPAYING -> new Refused("USERPAYING");
      case CLOSED -> new Refused("ORDERCLOSED");
      case REVOKED -> new Refused("ORDERREVERSED");
      case NOTPAY, PAYERROR -> new Refused("OUT_TRADE_NO_USED");
    };
  }
}
