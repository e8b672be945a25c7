package io.yunfu.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.payment.PaymentCase;
import io.yunfu.gateway.payment.PaymentOrder;
import io.yunfu.gateway.payment.Payments;
import io.yunfu.server.CpayWorld.Over;
import io.yunfu.server.api.cpay.SignedText.Answer;
import io.yunfu.simulator.SandboxSettings;
import io.yunfu.simulator.channel.Payment.Action;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// Orders whose payer is at it for a while, or fails first, over real sockets with both clocks
/// moved by hand.
class CpayPayingIT {
  private static final Duration LONG = Duration.ofMinutes(2);

  private static CpayWorld world;

  @BeforeAll
  static void start() throws Exception {
    world =
        new CpayWorld(
            SandboxSettings.DEFAULT.withManualClock(Instant.ofEpochSecond(1772323200)),
            SimulatorClock::new,
            Map.of());
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  @AfterEach
  void the_books_of_the_channel_are_in_order() {
    assertThat(world.sandbox.proof().holds()).isTrue();
  }

  @Test
  void while_the_payer_pays_nobody_closes_the_order_and_then_it_is_paid() throws Exception {
    String number = made();
    pay(number, new Action.Pending(Duration.ofSeconds(30), true));
    assertThat(close(number)).isEqualTo("103/90032");
    pass(Duration.ofSeconds(1));
    JsonNode order = found(number);
    assertThat(Over.WECHAT.state(order)).isEqualTo(6);
    assertThat(description(order)).isNotEmpty();
    assertThat(close(number)).isEqualTo("103/90032");
    pass(Duration.ofSeconds(30));
    world.heardPaid(number);
    assertThat(Over.WECHAT.state(found(number))).isEqualTo(3);
    assertThat(close(number)).isEqualTo("104/90021");
  }

  @Test
  void a_payer_who_pays_over_the_end_of_the_order_is_no_late_one() throws Exception {
    long expiry = world.sandbox.clock().now().getEpochSecond() + 20; // there it lives on for 70 s
    String number = made("\"time_expire\":%d,".formatted(expiry));
    pass(Duration.ofSeconds(6));
    until(() -> order(number).looks() > 0);
    int looks = order(number).looks();
    pay(number, new Action.Pending(Duration.ofSeconds(40), true));
    pass(Duration.ofSeconds(20));
    until(() -> order(number).looks() > looks);
    assertThat(order(number).closedAt()).isEmpty();
    assertThat(Over.WECHAT.state(found(number))).isEqualTo(6);
    pass(Duration.ofSeconds(25));
    world.heardPaid(number);
    assertThat(Over.WECHAT.state(found(number))).isEqualTo(3);
    var cases = new PaymentCase.Filter(true, Optional.empty(), 0, order(number).id());
    assertThat(payments().cases(cases, Optional.empty(), 10)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bank", "pending"})
  void a_payment_that_failed_can_be_tried_again_and_its_words_are_told(String way)
      throws Exception {
    String number = made();
    pay(
        number,
        way.equals("bank")
            ? new Action.BankError()
            : new Action.Pending(Duration.ofSeconds(5), false));
    pass(Duration.ofSeconds(6));
    JsonNode order = found(number);
    assertThat(Over.WECHAT.state(order)).isEqualTo(6);
    assertThat(description(order)).isNotEmpty();
    assertThat(order.propertyNames()).doesNotContain("trade_state", "time_end");
    pay(number, new Action.Success());
    world.heardPaid(number);
    order = found(number);
    assertThat(Over.WECHAT.state(order)).isEqualTo(3);
    assertThat(description(order)).isEmpty();
  }

  private static String made() {
    return made("");
  }

  /// @param more members of `pay_content`
  private static String made(String more) {
    String number = world.number();
    String text =
        world.pay(Over.WECHAT, number, 2590).replace("\"fee_type\"", more + "\"fee_type\"");
    assertThat(call("official_account_pay", text).numbers()).isEqualTo("0/0");
    return number;
  }

  /// The user named alice opens the cashier.
  private static void pay(String number, Action action) {
    world.sandbox.pay("wechat", order(number).prepaid().orElseThrow(), "alice", action);
  }

  private static void pass(Duration time) {
    world.sandbox.clock().advance(time);
  }

  private static void until(BooleanSupplier condition) {
    long end = System.nanoTime() + LONG.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited for long enough").isLessThan(end);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private static Payments payments() {
    return world.server.running().gateway().orElseThrow().payments();
  }

  private static PaymentOrder order(String number) {
    return payments().find(number).getFirst();
  }

  private static Answer call(String name, String text) {
    return world.call(name, text);
  }

  private static String close(String number) {
    return call("close_order", CpayWorld.query(number)).numbers();
  }

  private static JsonNode found(String number) {
    return call("query_order", CpayWorld.query(number))
        .content()
        .get("query_order")
        .get("order_content");
  }

  private static String description(JsonNode order) {
    return order.get("wxpay_order_content_ext").get("trade_state_desc").stringValue();
  }
}
