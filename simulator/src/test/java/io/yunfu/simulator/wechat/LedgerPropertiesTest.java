package io.yunfu.simulator.wechat;

import static io.yunfu.testkit.Property.forAll;
import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.AdminClient;
import io.yunfu.simulator.channel.LedgerProof;
import io.yunfu.simulator.channel.Payment.Action;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/// Rule 11 of channels.md, section 7.3: at all times, paid − refunded = change of the merchant's
/// balance + fees.
class LedgerPropertiesTest extends SandboxTest {
  private static final int STEPS = 40;

  private enum Deed {
    ORDER,
    PAY,
    PAY_WITH_COUPON,
    PAY_LATER,
    PAY_TWICE,
    CODE,
    REVERSE,
    REFUND,
    REFUND_AGAIN,
    CLOSE,
    WAIT
  }

  private record Step(Deed deed, int which, int amount, boolean flag) {}

  @Test
  void the_books_hold_whatever_happens() {
    forAll(
        15,
        LedgerPropertiesTest::steps,
        steps -> {
          sandbox.reset();
          var run = new Run();
          for (Step step : steps) {
            run.take(step);
            assertHolds();
          }
          advance(Duration.ofDays(8));
          assertHolds();
          run.assertNothingUnderWay();
        });
  }

  private void assertHolds() {
    LedgerProof proof = sandbox.proof();
    assertThat(proof.holds()).as(proof.toString()).isTrue();
    assertThat(proof.balances().entrySet())
        .filteredOn(each -> each.getKey().startsWith("user/"))
        .noneMatch(each -> each.getValue().isNegative());
  }

  private static List<Step> steps(RandomGenerator random) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      Deed[] deeds = Deed.values();
      steps.add(
          new Step(
              deeds[random.nextInt(deeds.length)],
              random.nextInt(5),
              1 + random.nextInt(20_000),
              random.nextBoolean()));
    }
    return steps;
  }

  private final class Run {
    private final List<Map<String, String>> orders = new ArrayList<>();
    private final List<String> prepays = new ArrayList<>();
    private final List<Map<String, String>> refunds = new ArrayList<>();
    private int count;

    void take(Step step) {
      switch (step.deed) {
        case ORDER -> order(step.amount);
        case PAY -> pay(step, new Action.Success());
        case PAY_WITH_COUPON ->
            pay(step, new Action.Coupon(Money.cny(1 + step.amount / 7), step.flag));
        case PAY_LATER -> pay(step, new Action.Pending(Duration.ofSeconds(30), step.flag));
        case PAY_TWICE -> {
          sandbox.faults().add("{'op': 'pay', 'times': 1, 'effect': 'double_payment'}");
          pay(step, new Action.Success());
          sandbox.faults().clear();
        }
        case CODE -> code(step.amount);
        case REVERSE -> {
          Map<String, String> fields = provider.common();
          fields.put("out_trade_no", "code" + step.which);
          provider.secured("/secapi/pay/reverse", fields);
        }
        case REFUND -> refund(step);
        case REFUND_AGAIN -> {
          if (!refunds.isEmpty()) {
            provider.refund(refunds.get(step.which % refunds.size()));
          }
        }
        case CLOSE -> {
          if (!orders.isEmpty()) {
            provider.close(orders.get(step.which % orders.size()).get("out_trade_no"));
          }
        }
        case WAIT -> advance(Duration.ofSeconds(20 + step.amount % 100));
      }
    }

    private void order(int amount) {
      Map<String, String> order = provider.order("number" + count++);
      order.put("total_fee", Integer.toString(amount));
      orders.add(order);
      prepays.add(provider.prepay(order));
    }

    private void pay(Step step, Action action) {
      if (!prepays.isEmpty()) {
        sandbox.pay("wechat", prepays.get(step.which % prepays.size()), "alice", action);
      }
    }

    private void code(int amount) {
      String code =
          new AdminClient(sandbox)
              .post("/_sim/code", "{'user': 'alice'}")
              .get("auth_code")
              .asString();
      Map<String, String> fields = provider.common();
      fields.put("body", "x");
      fields.put("out_trade_no", "code" + count++ % 5 + "0".repeat(amount % 2));
      fields.put("total_fee", Integer.toString(amount));
      fields.put("spbill_create_ip", "127.0.0.1");
      fields.put("auth_code", code);
      provider.call("/pay/micropay", fields);
    }

    private void refund(Step step) {
      if (orders.isEmpty()) {
        return;
      }
      Map<String, String> order = orders.get(step.which % orders.size());
      if (step.flag) {
        sandbox.faults().add("{'op': 'refund', 'times': 1, 'effect': 'refund_close'}");
      }
      long total = Long.parseLong(order.get("total_fee"));
      Map<String, String> fields =
          provider.refundFields(
              order.get("out_trade_no"), "refund" + count++, total, 1 + step.amount % total);
      refunds.add(fields);
      provider.refund(fields);
      sandbox.faults().clear();
    }

    void assertNothingUnderWay() {
      assertThat(sandbox.ledger().balance("transit/wechat/" + Provider.SUB).isZero()).isTrue();
    }
  }
}
