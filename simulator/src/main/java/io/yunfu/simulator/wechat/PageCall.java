package io.yunfu.simulator.wechat;

import io.yunfu.simulator.channel.Bridged;
import io.yunfu.simulator.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Checks what a page hands to `getBrandWCPayRequest`, as the app does before it opens. Source:
/// channels.md, sections 2.5 and 7.4.
final class PageCall {
  private static final Duration LIFE = Duration.ofHours(2);
  private static final String PREFIX = "prepay_id=";

  private final Shop shop;

  PageCall(Shop shop) {
    this.shop = shop;
  }

  static JsonNode result(String word) {
    return Json.object().put("err_msg", "get_brand_wcpay_request:" + word);
  }

  Bridged open(JsonNode parameters) {
    try {
      return new Bridged.Opened(check(parameters));
    } catch (Refused e) {
      var page = Json.object().put("err_msg", "get_brand_wcpay_request:fail");
      return new Bridged.Refused(e.text(), page.put("err_desc", e.text()));
    }
  }

  private String check(JsonNode parameters) {
    Map<String, String> fields = new TreeMap<>();
    for (String name : new String[] {"appId", "timeStamp", "nonceStr", "package", "signType"}) {
      fields.put(name, text(parameters, name));
    }
    String sign = text(parameters, "paySign");
    String prepay = fields.getOrDefault("package", "");
    if (!prepay.startsWith(PREFIX)) {
      throw refused("package does not begin with prepay_id=");
    }
    String prepayId = prepay.substring(PREFIX.length());
    OrderBook.Entrance entrance =
        shop.book()
            .entrance(prepayId)
            .orElseThrow(() -> refused("there is no prepay_id " + prepayId));
    Order order = entrance.order();
    if (order.type() != TradeType.JSAPI) {
      throw refused("the order is of trade_type " + order.type() + ", not JSAPI");
    }
    SignType type =
        SignType.of(fields.getOrDefault("signType", ""))
            .filter(order.signType()::equals)
            .orElseThrow(
                () -> refused("signType is not that of the order, " + order.signType().spelling()));
    String text = SignType.text(fields);
    if (!type.verifies(text, order.merchant().apiKey(), sign)) {
      throw refused("paySign does not fit; it is computed over " + text + "&key=…");
    }
    String application = application(order);
    if (!application.equals(fields.get("appId"))) {
      throw refused("appId is not that of the payer's openid, " + application);
    }
    checkTime(fields.getOrDefault("timeStamp", ""));
    return prepayId;
  }

  /// The application that the payer's openid belongs to.
  private static String application(Order order) {
    return order.field("sub_openid").isEmpty() ? order.field("appid") : order.field("sub_appid");
  }

  private void checkTime(String text) {
    Optional<Instant> time =
        text.matches("[0-9]{1,12}")
            ? Optional.of(Instant.ofEpochSecond(Long.parseLong(text)))
            : Optional.empty();
    Instant now = shop.now();
    if (time.filter(at -> Duration.between(at, now).abs().compareTo(LIFE) <= 0).isEmpty()) {
      throw refused("timeStamp is not within two hours of now, in seconds");
    }
  }

  private static String text(JsonNode parameters, String name) {
    JsonNode value = parameters.get(name);
    if (value == null) {
      throw refused(name + " is missing");
    }
    if (!value.isString()) {
      throw refused(name + " must be a text");
    }
    if (value.stringValue().isEmpty() || value.stringValue().length() > 256) {
      throw refused(name + " is empty or too long");
    }
    return value.stringValue();
  }

  private static Refused refused(String why) {
    return new Refused("FAIL", why);
  }
}
