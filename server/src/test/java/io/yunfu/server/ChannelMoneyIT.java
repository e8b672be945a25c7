package io.yunfu.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.channels.Transport;
import io.yunfu.channels.alipay.AlipayConnector;
import io.yunfu.channels.alipay.BillHosts;
import io.yunfu.channels.wechat.Hosts;
import io.yunfu.channels.wechat.WechatConnector;
import io.yunfu.db.Cell;
import io.yunfu.gateway.channel.Connector;
import io.yunfu.gateway.channel.CreateOrder;
import io.yunfu.gateway.channel.RefundOrder;
import io.yunfu.gateway.payment.OrderState;
import io.yunfu.gateway.payment.PaymentCase;
import io.yunfu.gateway.payment.PaymentOrder;
import io.yunfu.gateway.payment.Payments;
import io.yunfu.kernel.Money;
import io.yunfu.server.CpayWorld.Over;
import io.yunfu.server.api.cpay.SignedText.Answer;
import io.yunfu.simulator.channel.Payment.Action;
import io.yunfu.simulator.http.Port;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/// Whose money it is, to the fen: what our books say that a channel holds, and what the channel's
/// own say, with coupons, fees, top-ups and refunds of both. A server as `serve` wires it, over
/// real sockets and on the real database; time is moved by hand.
class ChannelMoneyIT {
  private static final int TOTAL = 2590;
  private static final int COUPON = 500;

  private static CpayWorld world;
  private static CpayTime time;

  @BeforeAll
  static void start() throws Exception {
    world = CpayTime.world();
    time = CpayTime.of(world);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @AfterEach
  void both_books_are_in_order_and_agree() {
    assertThat(world.sandbox.proof().holds()).isTrue();
    for (Over over : Over.values()) {
      assertThat(world.ours(over)).as(over.channel()).isEqualTo(world.theirs(over));
    }
    for (Cell cell : world.server.running().cells().all()) {
      assertThat(Verify.findings(cell)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void a_coupon_of_the_merchant_is_no_money_of_the_channel_s(Over over) throws Exception {
    long before = world.ours(over);
    String number = paid(over, new Action.Coupon(Money.cny(COUPON), false));
    assertThat(order(number).settlement()).isEqualTo(TOTAL - COUPON);
    assertThat(order(number).fee()).isEqualTo(13); // 0.6 percent of 20.90
    assertThat(world.ours(over)).isEqualTo(before + 2090 - 13);
    JsonNode told = content("query_order", CpayWorld.query(number)).get("order_content");
    assertThat(told.get("settlement_total_fee").intValue()).isEqualTo(2090);
    assertThat(told.get("cash_fee").intValue()).isEqualTo(2090);
    // Parts that the coupon's part does not divide into.
    for (int fen : List.of(590, 1, 333)) {
      refund(number, fen);
      assertThat(world.ours(over)).as("after %d", fen).isEqualTo(world.theirs(over));
    }
    refund(number, TOTAL - 590 - 1 - 333);
    assertThat(order(number).state()).isEqualTo(OrderState.REFUNDED);
    assertThat(order(number).settlementRefunded()).isEqualTo(2090);
    assertThat(world.ours(over)).isEqualTo(before);
    long settled = 0;
    for (JsonNode refund :
        content("query_refund_order", CpayWorld.query(number)).get("refund_order_content")) {
      settled += refund.get("settlement_refund_fee").intValue();
    }
    assertThat(settled).isEqualTo(2090);
  }

  @ParameterizedTest
  @EnumSource
  void a_coupon_of_the_channel_is_money_to_the_merchant(Over over) throws Exception {
    long before = world.ours(over);
    String number = paid(over, new Action.Coupon(Money.cny(COUPON), true));
    assertThat(order(number).settlement()).isEqualTo(TOTAL);
    assertThat(world.ours(over)).isEqualTo(before + TOTAL - 16);
    refund(number, 590);
    refund(number, 2000);
    assertThat(order(number).settlementRefunded()).isEqualTo(TOTAL);
    assertThat(world.ours(over)).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void a_top_up_credits_what_was_ordered_and_the_house_bears_fee_and_coupon(Over over)
      throws Exception {
    String account = admin("/accounts", "{\"edition\":\"china\",\"cell\":0}").get("uin").asString();
    long fees = pocket("fees");
    long gifts = pocket("gift");
    long before = world.ours(over);
    topUp(over, account, new Action.Success());
    assertThat(cash(account)).isEqualTo(TOTAL);
    assertThat(pocket("fees")).isEqualTo(fees + 16);
    topUp(over, account, new Action.Coupon(Money.cny(COUPON), false));
    assertThat(cash(account)).isEqualTo(2 * TOTAL);
    assertThat(pocket("fees")).isEqualTo(fees + 16 + 13);
    assertThat(pocket("gift")).isEqualTo(gifts + COUPON);
    assertThat(world.ours(over)).isEqualTo(before + TOTAL - 16 + 2090 - 13);
  }

  @ParameterizedTest
  @EnumSource
  void a_refund_in_the_channel_s_console_is_in_our_books_once_it_is_heard_of(Over over)
      throws Exception {
    String number = paid(over, new Action.Coupon(Money.cny(COUPON), false));
    outside(over, number, "console1", 590);
    if (over == Over.WECHAT) { // which tells nobody here
      assertThat(order(number).reserved()).isZero();
    }
    JsonNode told =
        content("query_refund_order", CpayWorld.query(number)).get("refund_order_content");
    assertThat(told.size()).isOne();
    assertThat(told.get(0).get("out_refund_no").stringValue())
        .isEqualTo("console1" + over.channel());
    assertThat(told.get(0).get("refund_fee").intValue()).isEqualTo(590);
    time.pass(Duration.ofMinutes(6));
    assertThat(order(number).refunded()).isEqualTo(590);
    refund(number, 1000);
    outside(over, number, "console2", 1000);
    look(number);
    time.pass(Duration.ofMinutes(6));
    assertThat(order(number).refunded()).isEqualTo(TOTAL);
    assertThat(order(number).state()).isEqualTo(OrderState.REFUNDED);
    look(number);
    var cases =
        payments()
            .cases(
                new PaymentCase.Filter(true, Optional.empty(), 0, order(number).id()),
                Optional.empty(),
                10);
    assertThat(cases)
        .extracting(PaymentCase::kind)
        .containsExactly(PaymentCase.Kind.CHANNEL_REFUND, PaymentCase.Kind.CHANNEL_REFUND);
  }

  /// The merchant's own keys are used beside us.
  private static void outside(Over over, String number, String refund, int fen) throws Exception {
    Instant now = world.sandbox.clock().now();
    var trusting = Transport.Settings.DEFAULT.trusting(world.sandbox.trustStore());
    var merchant =
        world
            .server
            .running()
            .gateway()
            .orElseThrow()
            .merchants()
            .find(CpayWorld.SUB)
            .orElseThrow();
    PaymentOrder order = order(number);
    var account = merchant.account(order.platform()).orElseThrow();
    try (Connector connector =
        over == Over.WECHAT
            ? new WechatConnector(
                new Transport(trusting),
                new Hosts(world.sandbox.base(Port.WX_HTTPS), Optional.empty()),
                () -> now)
            : new AlipayConnector(
                URI.create(world.sandbox.base(Port.ALI_HTTPS) + "/gateway.do"),
                BillHosts.ANY,
                new Transport(trusting),
                () -> now)) {
      var answer =
          connector.refund(
              account,
              new RefundOrder(
                  order.reference(),
                  refund + over.channel(),
                  Money.cny(fen),
                  "",
                  Optional.empty(),
                  new CreateOrder.Terminal(Optional.empty(), Optional.empty(), "127.0.0.1"),
                  new CreateOrder.Shop("1", "Shop"),
                  URI.create("http://127.0.0.1:1/nobody")));
      assertThat(answer).isInstanceOf(io.yunfu.gateway.channel.Answer.Done.class);
    }
    time.pass(Duration.ofMinutes(2));
  }

  private static void look(String number) {
    admin("/payments/" + order(number).id() + "/look", "");
  }

  private static void topUp(Over over, String account, Action how) throws Exception {
    var alice = world.sandbox.people().named("alice").orElseThrow();
    String payer =
        over == Over.WECHAT
            ? "\"subOpenId\":\"" + world.sandbox.people().openid(alice, "wx00000000000000bb") + "\""
            : "\"buyerId\":\"" + alice.alipayUserId() + "\"";
    JsonNode made =
        admin(
            "/accounts/" + account + "/top-up-orders",
            """
            {"amount":%d,"currency":"CNY","subMerchant":"%s","shop":"%s","channel":"%s",%s}
            """
                .formatted(TOTAL, CpayWorld.SUB, CpayWorld.SHOP, over.channel(), payer));
    JsonNode args = made.get("jsapiArgs");
    String reference =
        over == Over.WECHAT
            ? args.get("wxpay").get("get_brand_wcpay").get("package").asString().substring(10)
            : args.get("alipay").get("trade_pay").get("trade_no").asString();
    assertThat(world.sandbox.pay(over.channel(), reference, "alice", how).succeeded()).isTrue();
    time.pass(Duration.ofSeconds(1));
  }

  /// What the admin API answers.
  private static JsonNode admin(String path, String body) {
    String token = world.server.running().firstToken().orElseThrow();
    var answer =
        world.server.send(
            "/admin/v1" + path,
            request ->
                request
                    .header("Authorization", "Bearer " + token)
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body)));
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 201);
    return CpayWorld.JSON.readTree(answer.body());
  }

  /// An order that is paid.
  private static String paid(Over over, Action how) throws Exception {
    String number = world.number();
    world.paid(over, world.call("official_account_pay", world.pay(over, number, TOTAL)), how);
    time.pass(Duration.ofSeconds(1));
    assertThat(order(number).state()).isEqualTo(OrderState.PAID);
    return number;
  }

  /// A refund, until it has arrived.
  private static void refund(String number, int fen) throws Exception {
    long before = order(number).refunded();
    String text = CpayWorld.refund(number, "R" + before, fen);
    assertThat(world.call("refund", text).numbers()).isEqualTo("0/0");
    time.pass(Duration.ofMinutes(6));
    assertThat(order(number).refunded()).isEqualTo(before + fen);
  }

  private static JsonNode content(String call, String text) {
    Answer answer = world.call(call, text);
    assertThat(answer.numbers()).isEqualTo("0/0");
    return answer.content().get(call);
  }

  private static PaymentOrder order(String number) {
    return payments().find(number).getFirst();
  }

  private static Payments payments() {
    return world.server.running().gateway().orElseThrow().payments();
  }

  /// What is in a pocket of the house, in fen.
  private static long pocket(String pocket) {
    return sum(
        "select coalesce(sum(amount), 0) as n from entry where uin = 0 and pocket = ?", pocket);
  }

  private static long cash(String account) {
    return sum(
        "select coalesce(sum(cash), 0) as n from account where uin = ?", Long.parseLong(account));
  }

  private static long sum(String sql, Object argument) {
    return world.server.running().cells().all().stream()
        .mapToLong(cell ->
            cell.database()
                .read(tx -> tx.queryOne(sql, row -> row.longAt("n"), argument))
                .orElseThrow())
        .sum();
  }
}
