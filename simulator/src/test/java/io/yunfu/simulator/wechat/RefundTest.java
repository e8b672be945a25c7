package io.yunfu.simulator.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.kernel.Money;
import io.yunfu.simulator.channel.Payment.Action;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Rule 7 of channels.md, section 7.3, and sections 2.10 and 2.11.
class RefundTest extends SandboxTest {
  private static final String NUMBER = "cp0120260101000000000000000001";
  private static final String REFUND = "cp01R20260101000000000000000001";

  @Test
  void a_refund_is_accepted_first_and_succeeds_after_a_while() {
    provider.paid(provider.order(NUMBER));
    Map<String, String> accepted = provider.refund(NUMBER, REFUND, 101, 50);
    assertThat(accepted)
        .containsEntry("result_code", "SUCCESS")
        .containsEntry("out_refund_no", REFUND)
        .containsEntry("refund_fee", "50")
        .containsEntry("cash_refund_fee", "50")
        .containsEntry("total_fee", "101");
    assertThat(provider.refundQuery("out_refund_no", REFUND))
        .containsEntry("refund_status_0", "PROCESSING")
        .doesNotContainKey("refund_success_time_0");
    assertThat(alice()).isEqualTo(10_000_000 - 101);
    advance(Duration.ofSeconds(3));
    assertThat(provider.refundQuery("out_refund_no", REFUND))
        .containsEntry("refund_status_0", "SUCCESS")
        .containsEntry("refund_count", "1")
        .containsEntry("refund_fee_0", "50")
        .containsEntry("refund_channel_0", "ORIGINAL")
        .containsEntry("refund_account_0", "REFUND_SOURCE_UNSETTLED_FUNDS")
        .containsEntry("refund_recv_accout_0", "支付用户零钱")
        .containsEntry("refund_success_time_0", "2026-01-01 12:00:03");
    assertThat(alice()).isEqualTo(10_000_000 - 51);
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "REFUND");
  }

  @Test
  void the_same_refund_again_is_the_same_refund() {
    provider.paid(provider.order(NUMBER));
    String id = provider.refund(NUMBER, REFUND, 101, 50).get("refund_id");
    for (int i = 0; i < 5; i++) {
      assertThat(provider.refund(NUMBER, REFUND, 101, 50)).containsEntry("refund_id", id);
    }
    advance(Duration.ofSeconds(3));
    assertThat(provider.refund(NUMBER, REFUND, 101, 50)).containsEntry("refund_id", id);
    assertThat(alice()).isEqualTo(10_000_000 - 51);
    assertThat(sandbox.proof().holds()).isTrue();
  }

  @Test
  void the_same_number_with_another_amount_is_refused() {
    provider.paid(provider.order(NUMBER));
    provider.refund(NUMBER, REFUND, 101, 50);
    assertThat(provider.refund(NUMBER, REFUND, 101, 51)).containsEntry("err_code", "PARAM_ERROR");
    assertThat(provider.refund(NUMBER, REFUND, 102, 50)).containsEntry("err_code", "PARAM_ERROR");
  }

  @Test
  void a_second_refund_of_an_order_has_to_wait_a_minute() {
    provider.paid(provider.order(NUMBER));
    provider.refund(NUMBER, REFUND, 101, 50);
    advance(Duration.ofSeconds(59));
    assertThat(provider.refund(NUMBER, REFUND + "x", 101, 1))
        .containsEntry("err_code", "FREQUENCY_LIMITED");
    advance(Duration.ofSeconds(1));
    assertThat(provider.refund(NUMBER, REFUND + "x", 101, 1))
        .containsEntry("result_code", "SUCCESS");
  }

  @Test
  void no_more_is_refunded_than_was_paid() {
    provider.paid(provider.order(NUMBER));
    assertThat(provider.refund(NUMBER, REFUND, 101, 102)).containsEntry("err_code", "ERROR");
    assertThat(provider.refund(NUMBER, REFUND, 101, 101)).containsEntry("result_code", "SUCCESS");
    advance(Duration.ofMinutes(1));
    assertThat(provider.refund(NUMBER, REFUND + "x", 101, 1)).containsEntry("err_code", "ERROR");
  }

  @Test
  void a_merchant_without_money_cannot_refund_and_can_later_under_the_same_number() {
    Map<String, String> order = provider.order(NUMBER);
    order.put("total_fee", "1000");
    provider.paid(order);
    sandbox
        .ledger()
        .post(
            sandbox.clock().now(),
            "withdrawal",
            java.util.List.of(
                new io.yunfu.simulator.ledger.Entry(
                    "merchant/wechat/" + Provider.SUB, Money.cny(-900)),
                new io.yunfu.simulator.ledger.Entry("equity", Money.cny(900))));
    assertThat(provider.refund(NUMBER, REFUND, 1000, 1000)).containsEntry("err_code", "NOTENOUGH");
    assertThat(provider.refundQuery("out_refund_no", REFUND))
        .containsEntry("err_code", "REFUNDNOTEXIST");
    sandbox
        .ledger()
        .post(
            sandbox.clock().now(),
            "top-up",
            java.util.List.of(
                new io.yunfu.simulator.ledger.Entry(
                    "merchant/wechat/" + Provider.SUB, Money.cny(900)),
                new io.yunfu.simulator.ledger.Entry("equity", Money.cny(-900))));
    assertThat(provider.refund(NUMBER, REFUND, 1000, 1000)).containsEntry("result_code", "SUCCESS");
  }

  @Test
  void after_a_year_it_is_too_late() {
    provider.paid(provider.order(NUMBER));
    advance(Duration.ofDays(365));
    assertThat(provider.refund(NUMBER, REFUND, 101, 1)).containsEntry("result_code", "SUCCESS");
    advance(Duration.ofMinutes(2));
    assertThat(provider.refund(NUMBER, REFUND + "x", 101, 1))
        .containsEntry("err_code", "TRADE_OVERDUE");
  }

  @Test
  void an_order_has_fifty_refunds_at_most() {
    provider.paid(provider.order(NUMBER));
    for (int i = 1; i <= 50; i++) {
      assertThat(provider.refund(NUMBER, "refund" + i, 101, 1))
          .containsEntry("result_code", "SUCCESS");
      advance(Duration.ofMinutes(1));
    }
    assertThat(provider.refund(NUMBER, "refund51", 101, 1)).containsEntry("err_code", "ERROR");
    Map<String, String> first = provider.refundQuery("out_trade_no", NUMBER);
    assertThat(first).containsEntry("total_refund_count", "50").containsEntry("refund_count", "10");
    Map<String, String> fields = provider.common();
    fields.put("out_trade_no", NUMBER);
    fields.put("offset", "45");
    assertThat(provider.call("/pay/refundquery", fields))
        .containsEntry("refund_count", "5")
        .containsEntry("out_refund_no_0", "refund46");
  }

  @ParameterizedTest
  @CsvSource({"refund_change, CHANGE", "refund_close, REFUNDCLOSE"})
  void a_refund_may_end_badly(String effect, String state) {
    sandbox.faults().add("{'channel': 'wechat', 'op': 'refund', 'effect': '" + effect + "'}");
    provider.paid(provider.order(NUMBER));
    provider.refund(NUMBER, REFUND, 101, 101);
    advance(Duration.ofSeconds(3));
    assertThat(provider.refundQuery("out_refund_no", REFUND))
        .containsEntry("refund_status_0", state);
    assertThat(alice()).isEqualTo(10_000_000 - 101);
    assertThat(sandbox.proof().holds()).isTrue();
  }

  @Test
  void a_closed_refund_is_asked_for_again_under_its_number() {
    sandbox.faults().add("{'op': 'refund', 'times': 1, 'effect': 'refund_close'}");
    provider.paid(provider.order(NUMBER));
    String id = provider.refund(NUMBER, REFUND, 101, 101).get("refund_id");
    advance(Duration.ofSeconds(3));
    assertThat(sandbox.proof().merchants().getFirst().refunded()).isEqualTo(Money.cny(0));
    assertThat(provider.refund(NUMBER, REFUND, 101, 101)).containsEntry("refund_id", id);
    advance(Duration.ofSeconds(3));
    assertThat(provider.refundQuery("refund_id", id)).containsEntry("refund_status_0", "SUCCESS");
    assertThat(alice()).isEqualTo(10_000_000);
    assertThat(sandbox.proof().holds()).isTrue();
  }

  @Test
  void what_was_not_paid_is_not_refunded() {
    provider.prepay(provider.order(NUMBER));
    assertThat(provider.refund(NUMBER, REFUND, 101, 101))
        .containsEntry("err_code", "ORDERNOTEXIST");
    assertThat(provider.refund("cp-unknown", REFUND, 101, 101))
        .containsEntry("err_code", "ORDERNOTEXIST");
    Map<String, String> fields = provider.refundFields(NUMBER, REFUND, 101, 101);
    fields.put("transaction_id", "4200000000000000000000000000");
    assertThat(provider.refund(fields)).containsEntry("err_code", "INVALID_TRANSACTIONID");
  }

  @Test
  void the_channels_fee_comes_back_in_proportion() {
    Map<String, String> order = provider.order(NUMBER);
    order.put("total_fee", "10000"); // 0.60%: 60 fen
    provider.paid(order);
    assertThat(merchant()).isEqualTo(9940);
    provider.refund(NUMBER, REFUND, 10000, 5000);
    advance(Duration.ofMinutes(1));
    assertThat(merchant()).isEqualTo(4970);
    provider.refund(NUMBER, REFUND + "x", 10000, 5000);
    advance(Duration.ofMinutes(1));
    assertThat(merchant()).isZero();
    assertThat(sandbox.proof().merchants().getFirst().fees()).isEqualTo(Money.cny(0));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void a_coupon_is_refunded_in_its_part(boolean cash) {
    Map<String, String> order = provider.order(NUMBER);
    order.put("total_fee", "1000");
    String prepay = provider.prepay(order);
    assertThat(
            sandbox
                .pay("wechat", prepay, "alice", new Action.Coupon(Money.cny(100), cash))
                .succeeded())
        .isTrue();
    assertThat(provider.query(NUMBER))
        .containsEntry("cash_fee", "900")
        .containsEntry("coupon_fee", "100")
        .containsEntry("coupon_count", "1")
        .containsEntry("coupon_type_0", cash ? "CASH" : "NO_CASH")
        .containsEntry("settlement_total_fee", cash ? "1000" : "900");
    assertThat(provider.refund(NUMBER, REFUND, 1000, 500))
        .containsEntry("coupon_refund_fee", "50")
        .containsEntry("cash_refund_fee", "450")
        .containsEntry("coupon_refund_count", "1");
    advance(Duration.ofMinutes(1));
    provider.refund(NUMBER, REFUND + "x", 1000, 500);
    advance(Duration.ofMinutes(1));
    assertThat(provider.refundQuery("out_refund_no", REFUND))
        .containsEntry("coupon_refund_fee_0", "50")
        .containsEntry("coupon_refund_fee_0_0", "50")
        .containsEntry("settlement_refund_fee_0", cash ? "500" : "450");
    assertThat(alice()).isEqualTo(10_000_000);
    assertThat(sandbox.proof().holds()).isTrue();
  }

  private long alice() {
    return sandbox.people().balance(sandbox.people().named("alice").orElseThrow()).cents();
  }

  private long merchant() {
    return sandbox.ledger().balance("merchant/wechat/" + Provider.SUB).cents();
  }
}
