package io.yunfu.simulator.alipay;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.channel.Bridged;
import io.yunfu.simulator.channel.Call;
import io.yunfu.simulator.channel.Channel;
import io.yunfu.simulator.channel.Paid;
import io.yunfu.simulator.channel.Payable;
import io.yunfu.simulator.channel.Payment;
import io.yunfu.simulator.channel.Surroundings;
import io.yunfu.simulator.channel.Turnover;
import io.yunfu.simulator.http.Inbound;
import io.yunfu.simulator.http.Port;
import io.yunfu.simulator.http.Reply;
import io.yunfu.simulator.json.Fields;
import io.yunfu.simulator.json.Json;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The channel Alipay: `POST` and `GET /gateway.do`, and the files of bills.
public final class AlipayChannel implements Channel {
  static final String NAME = "alipay";

  private static final String GATEWAY = "/gateway.do";

  private final Apps apps;
  private final Book book;
  private final Trading trading;
  private final Cashier cashier;
  private final Bills bills;
  private final GatewayCall.Desk desk;
  private AlipaySettings settings = AlipaySettings.DEFAULT;

  public AlipayChannel(Surroundings world) {
    this.apps = new Apps(world);
    this.book = new Book(world);
    var notices = new TradeNotices(world, () -> settings);
    var payments = new Payments(world, book, notices, () -> settings);
    this.trading = new Trading(world, book, payments);
    this.cashier = new Cashier(world, book, payments);
    this.bills = new Bills(world, book, () -> settings);
    this.desk = new GatewayCall.Desk(apps, book, world.timeline()::now, this::perform);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<Port> listeners() {
    return Set.of(Port.ALI_HTTP, Port.ALI_HTTPS);
  }

  /// A signature with RSA takes a millisecond.
  @Override
  public boolean isQuick() {
    return false;
  }

  @Override
  public void reset(Optional<Fields> section) {
    apps.clear();
    book.clear();
    bills.clear();
    settings = AlipaySettings.DEFAULT;
    List<Fields> configured = List.of();
    if (section.isPresent()) {
      settings = settings.with(section.get());
      configured = section.get().objects("apps");
      section.get().done();
    }
    if (configured.isEmpty()) {
      configured = Fields.of(Json.read("{\"apps\":" + Apps.DEFAULTS + "}")).objects("apps");
    }
    configured.forEach(apps::register);
  }

  @Override
  public Optional<Call> read(Inbound inbound) {
    String path = inbound.path();
    if (path.equals(GATEWAY) && Set.of("GET", "POST").contains(inbound.method())) {
      return Optional.of(
          new GatewayCall(desk, inbound.id(), OpenCall.of(inbound.query(), inbound.body())));
    }
    if (path.startsWith(Bills.PATH)
        && path.endsWith(Bills.SUFFIX)
        && inbound.method().equals("GET")) {
      String token = path.substring(Bills.PATH.length(), path.length() - Bills.SUFFIX.length());
      return Optional.of(new BillDownload(bills, token));
    }
    return Optional.empty();
  }

  private OpenAnswer perform(OpenMethod method, Caller caller, BizContent content) {
    return switch (method) {
      case CREATE -> trading.create(caller, content);
      case PRECREATE -> trading.precreate(caller, content);
      case PAY -> trading.pay(caller, content);
      case QUERY -> trading.query(caller, content);
      case CLOSE -> trading.close(caller, content);
      case CANCEL -> trading.cancel(caller, content);
      case REFUND -> trading.refund(caller, content);
      case REFUND_QUERY -> trading.queryRefund(caller, content);
      case BILL -> bills.link(caller, content);
    };
  }

  @Override
  public void register(Fields merchant) {
    apps.register(merchant);
  }

  @Override
  public void adjust(Fields changed) {
    AlipaySettings next = settings.with(changed);
    changed.done();
    settings = next;
  }

  @Override
  public JsonNode settings() {
    return settings.describe();
  }

  @Override
  public List<JsonNode> merchants() {
    return apps.describe();
  }

  @Override
  public List<Payable> payables() {
    return cashier.payables();
  }

  @Override
  public Optional<Payable> payable(String reference) {
    return cashier.payable(reference);
  }

  @Override
  public Optional<Paid> pay(Payment payment) {
    return cashier.pay(payment);
  }

  /// `{"tradeNO": "2026…"}`, as a page hands it to `tradePay`. There is nothing signed in it, so
  /// the page can only be wrong about the number.
  @Override
  public Bridged bridge(JsonNode parameters) {
    JsonNode number = parameters.get("tradeNO");
    if (number == null || !number.isString()) {
      return refused("tradeNO is missing, or no text");
    }
    return book.find(number.stringValue())
        .<Bridged>map(trade -> new Bridged.Opened(trade.number()))
        .orElseGet(() -> refused("there is no trade " + number.stringValue()));
  }

  private static Bridged refused(String why) {
    return new Bridged.Refused(why, Json.object().put("resultCode", "4000").put("memo", why));
  }

  @Override
  public CodeRange codes() {
    return new CodeRange(25, 30);
  }

  @Override
  public Optional<JsonNode> history(String number) {
    List<Trade> trades = book.all(number);
    if (trades.isEmpty()) {
      trades = book.find(number).map(List::of).orElse(List.of());
    }
    if (trades.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode node =
        Json.object().put("channel", NAME).put("number", trades.getFirst().outTradeNo());
    ArrayNode list = node.putArray("trades");
    trades.forEach(trade -> list.add(describe(trade)));
    return Optional.of(node);
  }

  private static ObjectNode describe(Trade trade) {
    ObjectNode node =
        Json.object()
            .put("trade_no", trade.number())
            .put("app_id", trade.origin().app().id())
            .put("seller_id", trade.seller().id())
            .put("status", trade.status().name())
            .put("subject", trade.terms().subject())
            .put("total", trade.terms().total().cents())
            .put("refunded", trade.refunded().cents());
    trade.buyer().ifPresent(payer -> node.put("buyer", payer.user().name()));
    ArrayNode refunds = node.putArray("refunds");
    for (Refund refund : trade.refunds()) {
      refunds
          .addObject()
          .put("request_no", refund.requestNo())
          .put("amount", refund.amount().cents())
          .put("at", refund.at().toString())
          .put("deposited", refund.deposited());
    }
    ArrayNode events = node.putArray("events");
    for (Trade.Event event : trade.events()) {
      events.addObject().put("at", event.at().toString()).put("what", event.what());
    }
    return node;
  }

  @Override
  public List<JsonNode> orders(int limit) {
    return book.latest(limit).stream().<JsonNode>map(AlipayChannel::line).toList();
  }

  private static JsonNode line(Trade trade) {
    Money refunded = trade.refunded();
    return Json.object()
        .put("channel", NAME)
        .put("number", trade.outTradeNo())
        .put("reference", trade.number())
        .put("state", trade.status().name())
        .put("total", trade.terms().total().cents())
        .put("refunded", refunded.cents())
        .put("created", trade.created().toString());
  }

  @Override
  public List<Turnover> turnovers() {
    return apps.sellers().stream().map(book::turnover).toList();
  }

  @Override
  public Reply bill(LocalDate day) {
    var text = new StringBuilder();
    for (Seller seller : apps.sellers()) {
      TradeBill bill = TradeBill.of(book, seller, day, day, List.of());
      text.append(bill.details()).append(bill.summary()).append("\r\n");
    }
    return Reply.of(200, "text/csv; charset=utf-8", text.toString());
  }
}
