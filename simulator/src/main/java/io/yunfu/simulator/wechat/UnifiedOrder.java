package io.yunfu.simulator.wechat;

import io.yunfu.simulator.people.User;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `POST /pay/unifiedorder`: an order that a user pays in the app. Source: channels.md, section
/// 2.5, and section 7.3, rules 3 to 5 and 8.
final class UnifiedOrder implements Operation {
  private static final Duration SHORTEST = Duration.ofMinutes(1);
  private static final List<TradeType> TYPES =
      List.of(TradeType.JSAPI, TradeType.NATIVE, TradeType.APP, TradeType.MWEB);

  private final Shop shop;

  UnifiedOrder(Shop shop) {
    this.shop = shop;
  }

  @Override
  public Map<String, String> perform(Caller caller, Parameters parameters) {
    String number = parameters.number();
    long total = parameters.fee("total_fee");
    TradeType type = type(parameters);
    form(parameters, type);
    Optional<User> payer = payer(caller, parameters, type);
    caller.needs(type.permission());
    Optional<Order> known = shop.book().byNumber(caller.merchant(), number);
    Order order =
        known.isPresent()
            ? repeated(known.get(), caller, parameters)
            : made(caller, parameters, total, type, payer);
    return answer(order);
  }

  /// The rules that the payment by code shares.
  static void form(Parameters parameters) {
    var _ = parameters.need("body", 127);
    var _ = parameters.optional("device_info", 32);
    var _ = parameters.optional("detail", 6000);
    var _ = parameters.optional("attach", 127);
    var _ = parameters.optional("goods_tag", 32);
    parameters.among("fee_type", "CNY");
    parameters.among("limit_pay", "no_credit");
    parameters.among("receipt", "Y");
    parameters.among("profit_sharing", "Y", "N");
    parameters.ip("spbill_create_ip");
    if (parameters.optional("time_start").isPresent()
        && Times.readOrder(parameters.text("time_start")).isEmpty()) {
      throw Refused.wrong("time_start");
    }
  }

  private static void form(Parameters parameters, TradeType type) {
    form(parameters);
    var _ = parameters.optional("product_id", 32);
    if (parameters.address("notify_url").isEmpty()) {
      throw Refused.missing("notify_url");
    }
    if (type == TradeType.NATIVE) {
      var _ = parameters.need("product_id");
    }
    if (type == TradeType.MWEB) {
      var _ = parameters.need("scene_info");
    }
    parameters.json("scene_info", 256);
  }

  private static TradeType type(Parameters parameters) {
    String name = parameters.need("trade_type", 16);
    for (TradeType type : TYPES) {
      if (type.name().equals(name)) {
        return type;
      }
    }
    throw Refused.wrong("trade_type");
  }

  /// Whom an order inside the app is for.
  private Optional<User> payer(Caller caller, Parameters parameters, TradeType type) {
    Optional<String> openid = parameters.optional("openid", 128);
    Optional<String> subOpenid = parameters.optional("sub_openid", 128);
    if (subOpenid.isPresent() && caller.subAppId().isEmpty()) {
      throw new Refused("PARAM_ERROR", "sub_openid需要sub_appid");
    }
    if (type != TradeType.JSAPI) {
      return Optional.empty();
    }
    if (openid.isEmpty() && subOpenid.isEmpty()) {
      throw Refused.missing("openid");
    }
    Optional<User> bySub =
        subOpenid.map(id -> user(caller.subAppId().orElseThrow(), id, "sub_openid"));
    Optional<User> byApp = openid.map(id -> user(caller.appId(), id, "openid"));
    if (bySub.isPresent() && byApp.isPresent() && !bySub.get().name().equals(byApp.get().name())) {
      throw new Refused("PARAM_ERROR", "openid与sub_openid不一致");
    }
    return bySub.isPresent() ? bySub : byApp;
  }

  private User user(String appId, String openid, String field) {
    return shop.world()
        .people()
        .byOpenid(appId, openid)
        .orElseThrow(() -> new Refused("PARAM_ERROR", "appid和" + field + "不匹配"));
  }

  private static Order repeated(Order order, Caller caller, Parameters parameters) {
    if (!caller.owns(order)) {
      throw new Refused("OUT_TRADE_NO_USED");
    }
    if (order.state().isPaid()) {
      throw new Refused("ORDERPAID");
    }
    if (!order.state().isOpen()) {
      throw new Refused("ORDERCLOSED");
    }
    if (!order.content().equals(parameters.content())) {
      throw new Refused("INVALID_REQUEST", "商户订单号重复，订单信息与之前的请求不一致");
    }
    order.signType(caller.signType());
    return order;
  }

  private Order made(
      Caller caller, Parameters parameters, long total, TradeType type, Optional<User> payer) {
    Instant now = shop.now();
    Instant expires = expires(parameters, now);
    var order =
        new Order(
            caller.merchant(),
            caller.sub(),
            type,
            caller.signType(),
            parameters.content(),
            total,
            payer,
            now,
            expires);
    shop.book().add(order);
    order.expiry(
        shop.world()
            .timeline()
            .at(
                expires,
                "expiry of " + order.number(),
                () -> {
                  if (order.state().isOpen()) {
                    order.move(OrderState.CLOSED, shop.now(), "expired");
                  }
                }));
    return order;
  }

  static Instant expires(Parameters parameters, Instant now) {
    Instant latest = now.plus(OrderBook.ORDER_LIFE);
    Optional<String> text = parameters.optional("time_expire");
    if (text.isEmpty()) {
      return latest;
    }
    Instant expires = Times.readOrder(text.get()).orElseThrow(() -> Refused.wrong("time_expire"));
    if (expires.isBefore(now.plus(SHORTEST))) {
      throw new Refused("PARAM_ERROR", "time_expire时间过短，至少1分钟");
    }
    return expires.isBefore(latest) ? expires : latest;
  }

  private Map<String, String> answer(Order order) {
    Instant now = shop.now();
    String day = Times.order(now).substring(6); // ddHHmmss
    String prepayId = "wx" + day + shop.seed().of("wechat prepay").hex(26);
    order.prepayId(prepayId);
    order.note(now, "prepay id " + prepayId);
    shop.book().addEntrance(prepayId, order, now.plus(OrderBook.PREPAY_LIFE));
    Map<String, String> answer = new LinkedHashMap<>();
    answer.put("trade_type", order.type().name());
    answer.put("prepay_id", prepayId);
    if (order.type() == TradeType.NATIVE) {
      String url =
          "weixin://wxpay/bizpayurl?pr=" + shop.seed().of("wechat code url").alphanumerics(9);
      shop.book().addEntrance(url, order, now.plus(OrderBook.PREPAY_LIFE));
      answer.put("code_url", url);
    }
    if (order.type() == TradeType.MWEB) {
      String token = shop.seed().of("wechat web url").alphanumerics(16);
      shop.book().addEntrance(token, order, now.plus(OrderBook.WEB_LIFE));
      answer.put("mweb_url", shop.world().places().admin() + "/h5/" + token);
    }
    return answer;
  }
}
