package io.yunfu.demo.shop;

import io.yunfu.demo.shop.Calls.Asked;
import io.yunfu.demo.shop.Sale.Kind;
import io.yunfu.demo.shop.Sale.State;
import io.yunfu.demo.shop.Sale.Step;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What the shop does: begins sales, hears of payments, credits top-ups, pays the customer's order.
/// The only thing that makes a sale paid is a notice with the provider's signature; what the page
/// says of itself is kept and believed by nobody.
final class Shop implements AutoCloseable {
  /// Of a cup. Unit: fen.
  private static final long COFFEE_FEN = 1_800;

  private static final String COFFEE_TITLE = "云上咖啡-拿铁 Latte";
  private static final String TOP_UP_TITLE = "云上咖啡-账户充值 Top-up";

  /// `trade_state` of a paid order. Source: `cloudpay.md` section 3.1.
  private static final int SUCCESS = 4;

  /// Of an order prefix of the old form. Source: `cloudpay.md` section 6.4.
  private static final int PREFIX_LENGTH = 10;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMddHHmmssSSS").withZone(ZoneOffset.ofHours(8));
  private static final DateTimeFormatter WIRE =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.ofHours(8));

  /// How old the customer's order may be.
  private static final Duration AGE = Duration.ofDays(400);

  /// All that `Deal.Status` counts; unnamed, it would be the delivered ones.
  private static final List<Integer> ANY_STATUS = List.of(1, 2, 3, 4, 5, 6, 7, 8);

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final ShopSettings settings;
  private final Calls calls;
  private final Story story;
  private final Clock clock;
  private final AtomicInteger counter = new AtomicInteger();

  Shop(ShopSettings settings, Calls calls, Story story, Clock clock) {
    this.settings = settings;
    this.calls = calls;
    this.story = story;
    this.clock = clock;
  }

  /// Places an order that the page can have paid.
  ///
  /// @return the number, and what goes to the app's bridge; or why not
  ObjectNode begin(Kind kind, Channel channel) {
    long fen = kind == Kind.COFFEE ? COFFEE_FEN : refreshed().missing();
    String title = kind == Kind.COFFEE ? COFFEE_TITLE : TOP_UP_TITLE;
    if (fen <= 0) {
      return problem("nothing is missing");
    }
    Sale sale = Sale.begun(number(kind), kind, channel, fen);
    // Known before anybody can pay it.
    story.put(sale);
    try {
      Asked asked = calls.officialAccountPay(sale, title);
      JsonNode answer = asked.answer().json();
      story.change(
          sale.number(), old -> old.with(new Step("called", now(), described(asked, answer))));
      if (asked.succeeded()) {
        ObjectNode begun = JSON.createObjectNode().put("number", sale.number());
        begun.set("arguments", channel.page(answer.at("/official_account_pay/jsapi_args")));
        return begun;
      }
      story.change(sale.number(), old -> old.in(State.FAILED));
      return problem(answer.path("description").asString("the call was refused"));
    } catch (Calls.CallFailed | UncheckedIOException e) {
      story.change(sale.number(), old -> old.in(State.FAILED));
      return problem(String.valueOf(e.getMessage()));
    }
  }

  /// What the app told the page.
  void returned(String number, JsonNode result) {
    story.change(number, sale -> sale.with(new Step("returned", now(), result)));
  }

  /// What becomes of a notice.
  enum Heard {
    /// Taken; it must not come again.
    TAKEN,
    NOT_A_NOTICE,
    NOT_SIGNED,
    /// It has to come again, since what it is about could not be done yet.
    LATER
  }

  /// Takes a notice. The same one may come any number of times.
  Heard hear(byte[] body) {
    Optional<Envelope> read = Envelope.ofNotice(body);
    if (read.isEmpty()) {
      return Heard.NOT_A_NOTICE;
    }
    Envelope notice = read.get();
    if (!notice.isFrom(settings.merchant().providerKey())) {
      return Heard.NOT_SIGNED;
    }
    JsonNode order = notice.json().path("order_content");
    String number = order.path("out_trade_no").asString("");
    if (order.path("trade_state").asInt(0) != SUCCESS || !isOurs(number)) {
      return Heard.TAKEN; // of something that we do not wait for
    }
    long fen = order.path("total_fee").asLong(0);
    Sale sale = story.sale(number).orElseGet(() -> ofEarlier(notice, number, fen));
    if (sale.fen() != fen) {
      return Heard.TAKEN; // not what we asked for: a person has to look, no coffee is handed out
    }
    story.put(sale);
    if (!sale.has("noticed")) {
      story.change(
          number, old -> old.with(new Step("noticed", now(), notice.json())).in(State.PAID));
    }
    return sale.kind() == Kind.TOP_UP && !sale.has("credited") ? credit(number, fen) : Heard.TAKEN;
  }

  private Heard credit(String number, long fen) {
    try {
      JsonNode booked = calls.credit(number, fen);
      story.change(
          number, old -> old.has("credited") ? old : old.with(new Step("credited", now(), booked)));
      refreshed();
      return Heard.TAKEN;
    } catch (Calls.CallFailed | UncheckedIOException e) {
      return Heard.LATER;
    }
  }

  /// Of a sale that began before this shop was started, known from its number alone.
  private static Sale ofEarlier(Envelope notice, String number, long fen) {
    boolean wechat = notice.json().at("/pay_mch_key/pay_platform").asInt(0) == 1;
    return Sale.begun(
        number,
        number.charAt(PREFIX_LENGTH) == 'T' ? Kind.TOP_UP : Kind.COFFEE,
        wechat ? Channel.WECHAT : Channel.ALIPAY,
        fen);
  }

  /// Asks the billing API to pay the customer's order.
  ///
  /// @return its answer
  JsonNode payOrder() {
    JsonNode answer =
        calls.billing("PayDeals", Map.of("OrderIds", List.of(settings.customer().orderId())));
    story.attempted(now(), answer);
    refreshed();
    return answer;
  }

  /// Asks again what the customer has and what the order is.
  Account refreshed() {
    JsonNode balance = answered("DescribeAccountBalance", Map.of());
    Instant now = now();
    JsonNode order =
        answered(
                "DescribeDealsByCond",
                Map.of(
                    "StartTime", WIRE.format(now.minus(AGE)),
                    "EndTime", WIRE.format(now.plus(Duration.ofDays(1))),
                    "Limit", 1,
                    "StatusSet", ANY_STATUS,
                    "OrderId", settings.customer().orderId()))
            .at("/Deals/0");
    var account =
        new Account(
            settings.customer().uin(),
            balance.path("Balance").asLong(0),
            settings.customer().orderId(),
            order.path("RealTotalCost").asLong(0),
            order.path("Status").asInt(0),
            order.path("ResourceId").valueStream().map(JsonNode::asString).toList());
    story.put(account);
    return account;
  }

  /// What only a mistake of ours could have refused.
  private JsonNode answered(String action, Map<String, ?> parameters) {
    JsonNode answer = calls.billing(action, parameters);
    if (answer.has("Error")) {
      throw new Calls.CallFailed(action + ": " + answer.get("Error"));
    }
    return answer;
  }

  private boolean isOurs(String number) {
    return number.startsWith(settings.merchant().orderPrefix()) && number.length() > PREFIX_LENGTH;
  }

  private static ObjectNode described(Asked asked, JsonNode answer) {
    var detail = JSON.createObjectNode();
    detail.set("request", asked.request().json());
    detail.put("authen_code", asked.request().code());
    detail.set("answer", answer);
    detail.put("answer_verified", asked.verified());
    return detail;
  }

  private static ObjectNode problem(String text) {
    return JSON.createObjectNode().put("problem", text);
  }

  /// 32 characters: prefix, kind, time and a counter; it never repeats and never runs backwards.
  private String number(Kind kind) {
    return "%s%s%s%04d"
        .formatted(
            settings.merchant().orderPrefix(),
            kind.letter(),
            TIME.format(now()),
            counter.incrementAndGet() % 10_000);
  }

  private Instant now() {
    return clock.instant();
  }

  @Override
  public void close() {
    calls.close();
  }
}
