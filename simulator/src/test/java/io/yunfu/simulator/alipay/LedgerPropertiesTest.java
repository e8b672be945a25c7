package io.yunfu.simulator.alipay;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.Sandbox;
import io.yunfu.simulator.SandboxSettings;
import io.yunfu.simulator.channel.Payment.Action;
import io.yunfu.testkit.Property;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Rule 11 of channels.md, section 7.3, over whatever merchants, payers, time and faults do.
class LedgerPropertiesTest {
  private static final List<String> USERS = List.of("alice", "bob", "carol", "dave", "erin");

  /// What happens, on one of a few numbers.
  private record Step(String what, int number, long fen, String user) {}

  private static Sandbox sandbox;
  private static Shop shop;

  @BeforeAll
  static void start() {
    sandbox =
        Sandbox.start(
            SandboxSettings.DEFAULT.withManualClock(Instant.parse("2026-01-01T04:00:00Z")));
    shop = Shop.of(sandbox);
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  @Test
  void what_was_paid_less_what_went_back_is_what_merchants_and_fees_have_more() {
    Property.forAll(
        25,
        LedgerPropertiesTest::anyRun,
        run -> {
          sandbox.reset();
          for (Step step : run) {
            perform(step);
            assertThat(sandbox.proof().holds()).as("after %s", step).isTrue();
          }
          assertThat(sandbox.people().all())
              .allMatch(user -> !sandbox.people().balance(user).isNegative());
        });
  }

  private static List<Step> anyRun(RandomGenerator random) {
    String[] kinds = {
      "create",
      "create",
      "pay",
      "pay",
      "coupon",
      "discount",
      "refund",
      "refund",
      "refund",
      "close",
      "cancel",
      "pending",
      "wait",
      "late",
      "double",
      "lost"
    };
    List<Step> run = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      run.add(
          new Step(
              kinds[random.nextInt(kinds.length)],
              random.nextInt(4),
              1 + random.nextInt(1200),
              USERS.get(random.nextInt(USERS.size()))));
    }
    return run;
  }

  private static void perform(Step step) {
    String number = "cp0" + step.number();
    switch (step.what()) {
      case "create" ->
          shop.call(
              "alipay.trade.create",
              "{'out_trade_no':'%s','total_amount':'%s','subject':'s','buyer_id':'%s'}"
                  .formatted(
                      number,
                      yuan(step.fen()),
                      sandbox.people().named(step.user()).orElseThrow().alipayUserId()));
      case "pay" -> pay(number, step.user(), new Action.Success());
      case "coupon" -> pay(number, step.user(), new Action.Coupon(Money.cny(step.fen()), true));
      case "discount" -> pay(number, step.user(), new Action.Coupon(Money.cny(step.fen()), false));
      case "pending" ->
          pay(number, step.user(), new Action.Pending(Duration.ofMinutes(1), step.fen() % 2 == 0));
      case "refund" ->
          shop.call(
              "alipay.trade.refund",
              "{'out_trade_no':'%s','refund_amount':'%s','out_request_no':'r%d'}"
                  .formatted(number, yuan(step.fen()), step.fen() % 7));
      case "close" -> shop.call("alipay.trade.close", "{'out_trade_no':'" + number + "'}");
      case "cancel" -> shop.call("alipay.trade.cancel", "{'out_trade_no':'" + number + "'}");
      case "wait" -> sandbox.clock().advance(Duration.ofMinutes(step.fen() / 4));
      case "late" -> sandbox.faults().add("{'times':1,'effect':'late_payment'}");
      case "double" ->
          sandbox
              .faults()
              .add("{'times':1,'effect':{'kind':'double_payment','user':'" + step.user() + "'}}");
      default -> sandbox.faults().add("{'times':1,'effect':'refund_change'}");
    }
  }

  private static void pay(String number, String user, Action action) {
    sandbox.channel("alipay").history(number).stream()
        .map(history -> history.path("trades").path(0).path("trade_no").asString())
        .forEach(tradeNo -> sandbox.pay("alipay", tradeNo, user, action));
  }

  private static String yuan(long fen) {
    return "%d.%02d".formatted(fen / 100, fen % 100);
  }
}
