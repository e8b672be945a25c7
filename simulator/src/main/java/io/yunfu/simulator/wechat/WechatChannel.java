package io.yunfu.simulator.wechat;

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
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// WeChat Pay: all its operations are listed here.
public final class WechatChannel implements Channel {
  static final String NAME = "wechat";

  private final Shop shop;
  private final Cashier cashier;
  private final PageCall pages;
  private final DownloadBill bills;
  private final Map<String, Operation> operations;

  public WechatChannel(Surroundings world) {
    this.shop = new Shop(world);
    var till = new Till(shop, new MerchantNotices(shop));
    this.cashier = new Cashier(shop, till);
    this.pages = new PageCall(shop);
    this.bills = new DownloadBill(shop);
    this.operations =
        Map.of(
            "/pay/unifiedorder", new UnifiedOrder(shop),
            "/pay/micropay", new Micropay(shop, till),
            "/pay/orderquery", new OrderQuery(shop),
            "/pay/closeorder", new CloseOrder(shop),
            "/secapi/pay/reverse", new Reverse(shop, till),
            "/secapi/pay/refund", new RefundOrder(shop, till),
            "/pay/refundquery", new RefundQuery(shop));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Set<Port> listeners() {
    return Set.of(Port.WX_HTTP, Port.WX_HTTPS);
  }

  /// Hashes are; and what else a call does, it does in a step, so alone.
  @Override
  public boolean isQuick() {
    return true;
  }

  @Override
  public void reset(Optional<Fields> section) {
    shop.book().reset();
    shop.behaviour(Behaviour.DEFAULT);
    shop.merchants().reset(section.map(each -> each.objects("merchants")).orElse(List.of()));
    section.ifPresent(this::adjust);
  }

  @Override
  public Optional<Call> read(Inbound inbound) {
    String path = inbound.path();
    String op = path.substring(path.lastIndexOf('/') + 1);
    Operation operation = operations.get(path);
    return operation != null || path.equals("/pay/" + DownloadBill.OP)
        ? Optional.of(WechatCall.read(shop, op, operation, bills, inbound))
        : Optional.empty();
  }

  @Override
  public void register(Fields merchant) {
    shop.merchants().register(merchant);
  }

  @Override
  public void adjust(Fields settings) {
    Behaviour changed = shop.behaviour().read(settings);
    settings.done();
    shop.behaviour(changed);
  }

  @Override
  public JsonNode settings() {
    return shop.behaviour().describe();
  }

  @Override
  public List<JsonNode> merchants() {
    return shop.merchants().describe();
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

  @Override
  public Bridged bridge(JsonNode parameters) {
    return pages.open(parameters);
  }

  @Override
  public CodeRange codes() {
    return new CodeRange(10, 15);
  }

  @Override
  public Optional<JsonNode> history(String number) {
    List<JsonNode> orders = shop.book().named(number).stream().map(WechatChannel::full).toList();
    if (orders.isEmpty()) {
      return Optional.empty();
    }
    ObjectNode history = Json.object().put("channel", NAME).put("number", number);
    history.set("orders", Json.array(orders));
    return Optional.of(history);
  }

  @Override
  public List<JsonNode> orders(int limit) {
    return shop.book().latest(limit).stream().map(order -> (JsonNode) brief(order)).toList();
  }

  @Override
  public List<Turnover> turnovers() {
    return shop.merchants().allSubs().stream().map(this::turnover).toList();
  }

  @Override
  public Reply bill(LocalDate day) {
    return Reply.of(200, "text/plain; charset=utf-8", bills.preview(day));
  }

  private Turnover turnover(SubMerchant sub) {
    long paid = 0;
    long refunded = 0;
    for (Order order : shop.book().all()) {
      if (!order.sub().subMchId().equals(sub.subMchId())) {
        continue;
      }
      long settlement = order.transactions().stream().mapToLong(Transaction::settlement).sum();
      paid += settlement;
      refunded +=
          order.state() == OrderState.REVOKED
              ? settlement
              : order.refunds().stream()
                  .filter(Refund::counts)
                  .mapToLong(Refund::settlementFee)
                  .sum();
    }
    return new Turnover(
        sub.subMchId(), sub.account(), sub.feeAccount(), Money.cny(paid), Money.cny(refunded));
  }

  private static ObjectNode brief(Order order) {
    ObjectNode node =
        Json.object()
            .put("channel", NAME)
            .put("number", order.number())
            .put("mch_id", order.merchant().mchId())
            .put("sub_mch_id", order.sub().subMchId())
            .put("trade_type", order.type().name())
            .put("state", order.state().name())
            .put("total_fee", order.total())
            .put("body", order.field("body"))
            .put("created", order.created().toString());
    order.prepayId().ifPresent(id -> node.put("prepay_id", id));
    order.payer().ifPresent(user -> node.put("payer", user.name()));
    order.transaction().ifPresent(paid -> node.put("transaction_id", paid.id()));
    return node;
  }

  private static JsonNode full(Order order) {
    ObjectNode node = brief(order);
    node.put("expires", order.expires().toString());
    node.put("sign_type", order.signType().spelling());
    node.set(
        "transactions",
        Json.array(
            order.transactions().stream()
                .map(paid ->
                    Json.object()
                        .put("transaction_id", paid.id())
                        .put("user", paid.user().name())
                        .put("paid", paid.paid().toString())
                        .put("cash_fee", paid.cash())
                        .put("settlement_total_fee", paid.settlement()))
                .toList()));
    node.set(
        "refunds",
        Json.array(
            order.refunds().stream()
                .map(refund ->
                    Json.object()
                        .put("out_refund_no", refund.number())
                        .put("refund_id", refund.id())
                        .put("refund_fee", refund.fee())
                        .put("state", refund.state().name())
                        .put("accepted", refund.accepted().toString()))
                .toList()));
    node.set("events", Json.array(order.events()));
    return node;
  }
}
