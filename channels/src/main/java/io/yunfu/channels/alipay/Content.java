package io.yunfu.channels.alipay;

import io.yunfu.gateway.channel.ChannelAccount;
import io.yunfu.gateway.channel.CreateOrder;
import io.yunfu.gateway.channel.OrderReference;
import io.yunfu.gateway.channel.Payer;
import io.yunfu.gateway.channel.RefundOrder;
import io.yunfu.kernel.Money;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The `biz_content` of each call. Source: `channels.md` sections 4.3 to 4.8 and 5.
///
/// Texts for people are cut to Alipay's limits. Numbers of shops, terminals and people that are too
/// long are left out: cut, they would name something else.
final class Content {
  /// In-store payments, and those inside a page of the app.
  static final String PRODUCT = "FACE_TO_FACE_PAYMENT";

  private static final int LONGEST_SUBJECT = 256;
  private static final int LONGEST_BODY = 128;
  private static final int LONGEST_REASON = 256;
  private static final int LONGEST_OPERATOR = 28;
  private static final int LONGEST_STORE = 32;
  private static final int LONGEST_TERMINAL = 32;
  private static final int LONGEST_GOODS_ID = 32;
  private static final int LONGEST_GOODS_NAME = 256;

  /// Alipay needs some time to take an order; ours may be shorter, and closes it. Counted from the
  /// order's beginning, so that each repetition says the same: Alipay refuses a number that comes
  /// again with another time.
  private static final Duration SHORTEST_LIFE = Duration.ofSeconds(60);

  private static final Pattern USER_ID = Pattern.compile("2088[0-9]{12}");
  private static final Pattern NOT_IN_SUBJECTS = Pattern.compile("[/=&\\p{Cntrl}]");

  private Content() {}

  static ObjectNode create(
      ChannelAccount.Alipay account, CreateOrder order, Payer.AlipayUser payer) {
    var content = Json.MAPPER.createObjectNode();
    content.put("out_trade_no", order.outTradeNo());
    content.put("total_amount", Yuan.of(order.total()));
    content.put("subject", subject(order));
    content.put(
        USER_ID.matcher(payer.userId()).matches() ? "buyer_id" : "buyer_open_id", payer.userId());
    content.put("product_code", PRODUCT);
    account.sellerId().ifPresent(seller -> content.put("seller_id", seller));
    if (!order.remark().isBlank()) {
      content.put("body", Masks.cut(order.remark(), LONGEST_BODY));
    }
    ArrayNode goods = goods(order.detail());
    if (!goods.isEmpty()) {
      content.set("goods_detail", goods);
    }
    place(content, order.terminal(), order.shop());
    content.put(
        "time_expire",
        BeijingTime.of(later(order.expiresAt(), order.createdAt().plus(SHORTEST_LIFE))));
    account
        .serviceProviderId()
        .ifPresent(id -> content.putObject("extend_params").put("sys_service_provider_id", id));
    return content;
  }

  static ObjectNode query(OrderReference order) {
    var content = reference(order);
    content
        .putArray("query_options")
        .add("fund_bill_list")
        .add("voucher_detail_list")
        .add("discount_goods_detail");
    return content;
  }

  static ObjectNode close(OrderReference order, Optional<String> staffId) {
    var content = reference(order);
    put(content, "operator_id", staffId, LONGEST_OPERATOR);
    return content;
  }

  static ObjectNode refund(RefundOrder refund) {
    var content = reference(refund.order());
    content.put("refund_amount", Yuan.of(refund.amount()));
    content.put("out_request_no", refund.outRefundNo());
    if (!refund.reason().isBlank()) {
      content.put("refund_reason", Masks.cut(refund.reason(), LONGEST_REASON));
    }
    place(content, refund.terminal(), refund.shop());
    content.putArray("query_options").add("refund_detail_item_list");
    return content;
  }

  static ObjectNode queryRefund(RefundOrder.RefundReference refund) {
    var content = reference(refund.order());
    content.put("out_request_no", refund.outRefundNo());
    content.putArray("query_options").add("refund_detail_item_list").add("gmt_refund_pay");
    return content;
  }

  /// The business bill of a day.
  static ObjectNode bill(LocalDate day) {
    var content = Json.MAPPER.createObjectNode();
    content.put("bill_type", "trade");
    content.put("bill_date", day.toString());
    return content;
  }

  /// By the channel's number once it is known; given both, Alipay would follow it anyway.
  private static ObjectNode reference(OrderReference order) {
    var content = Json.MAPPER.createObjectNode();
    return order
        .transactionId()
        .map(number -> content.put("trade_no", number))
        .orElseGet(() -> content.put("out_trade_no", order.outTradeNo()));
  }

  private static void place(
      ObjectNode content, CreateOrder.Terminal terminal, CreateOrder.Shop shop) {
    put(content, "operator_id", terminal.staffId(), LONGEST_OPERATOR);
    put(content, "store_id", Optional.of(shop.id()), LONGEST_STORE);
    put(content, "terminal_id", terminal.deviceId(), LONGEST_TERMINAL);
  }

  private static void put(ObjectNode content, String name, Optional<String> value, int longest) {
    value
        .filter(text -> !text.isBlank() && text.length() <= longest)
        .ifPresent(text -> content.put(name, text));
  }

  /// What the payer reads. Alipay refuses `/`, `=` and `&` in it, and none at all.
  private static String subject(CreateOrder order) {
    String subject = NOT_IN_SUBJECTS.matcher(order.body()).replaceAll(" ").strip();
    return subject.isEmpty() ? order.outTradeNo() : Masks.cut(subject, LONGEST_SUBJECT);
  }

  /// From Cloud Pay's detail (`cloudpay.md` section 3.9): prices in fen there, in yuan here. What
  /// does not parse is not forwarded; a row that lacks what Alipay requires is dropped.
  private static ArrayNode goods(String detail) {
    var goods = Json.MAPPER.createArrayNode();
    if (!detail.isBlank()) {
      try {
        for (JsonNode row : Json.MAPPER.readTree(detail).path("goods_detail")) {
          put(goods, row);
        }
      } catch (JacksonException e) {
        goods.removeAll(); // not JSON, so there are no goods in it
      }
    }
    return goods;
  }

  private static void put(ArrayNode goods, JsonNode row) {
    String id = row.path("goods_id").asString("");
    String name = row.path("goods_name").asString("");
    JsonNode quantity = row.path("quantity");
    JsonNode price = row.path("price");
    if (!id.isBlank()
        && id.length() <= LONGEST_GOODS_ID
        && !name.isBlank()
        && isCount(quantity)
        && quantity.longValue() > 0
        && isCount(price)) {
      goods
          .addObject()
          .put("goods_id", id)
          .put("goods_name", Masks.cut(name, LONGEST_GOODS_NAME))
          .put("quantity", quantity.longValue())
          .put("price", Yuan.of(Money.cny(price.longValue())));
    }
  }

  private static boolean isCount(JsonNode number) {
    return number.isIntegralNumber() && number.canConvertToLong() && number.longValue() >= 0;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
