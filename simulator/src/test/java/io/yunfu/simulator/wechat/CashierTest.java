package io.yunfu.simulator.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.simulator.channel.Paid;
import io.yunfu.simulator.channel.Payment.Action;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The table of channels.md, section 7.4.
class CashierTest extends SandboxTest {
  private static final String NUMBER = "cp0120260101000000000000000001";

  @Test
  void success_is_told_to_the_page_and_to_the_query() {
    Paid paid = pay("alice", new Action.Success());
    assertThat(page(paid)).isEqualTo("get_brand_wcpay_request:ok");
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "SUCCESS");
  }

  @Test
  void who_cancels_may_pay_later() {
    String prepay = provider.prepay(provider.order(NUMBER));
    Paid cancelled = sandbox.pay("wechat", prepay, "alice", new Action.Cancel());
    assertThat(page(cancelled)).isEqualTo("get_brand_wcpay_request:cancel");
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "NOTPAY");
    assertThat(sandbox.pay("wechat", prepay, "alice", new Action.Success()).succeeded()).isTrue();
  }

  @Test
  void who_has_not_enough_fails() {
    Map<String, String> order = provider.order(NUMBER);
    order.put("sub_openid", provider.openid("bob"));
    Paid paid = sandbox.pay("wechat", provider.prepay(order), "bob", new Action.Success());
    assertThat(page(paid)).isEqualTo("get_brand_wcpay_request:fail");
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "NOTPAY");
    assertThat(sandbox.people().balance(sandbox.people().named("bob").orElseThrow()).cents())
        .isEqualTo(1);
  }

  @Test
  void a_failing_bank_leaves_an_error_that_the_user_may_overcome() {
    String prepay = provider.prepay(provider.order(NUMBER));
    Paid failed = sandbox.pay("wechat", prepay, "alice", new Action.BankError());
    assertThat(page(failed)).isEqualTo("get_brand_wcpay_request:fail");
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "PAYERROR");
    assertThat(sandbox.pay("wechat", prepay, "alice", new Action.Success()).succeeded()).isTrue();
  }

  @Test
  void a_wrong_password_changes_nothing() {
    Paid failed = pay("alice", new Action.PasswordWrong());
    assertThat(failed.succeeded()).isFalse();
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "NOTPAY");
  }

  @Test
  void a_pending_payment_is_decided_later() {
    Paid pending = pay("alice", new Action.Pending(Duration.ofSeconds(10), true));
    assertThat(pending.pageResult().isEmpty()).isTrue();
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "USERPAYING");
    advance(Duration.ofSeconds(9));
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "USERPAYING");
    advance(Duration.ofSeconds(1));
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "SUCCESS");
  }

  @Test
  void a_pending_payment_may_fail() {
    pay("alice", new Action.Pending(Duration.ofSeconds(10), false));
    advance(Duration.ofSeconds(10));
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "PAYERROR");
  }

  @Test
  void a_pending_payment_that_expires_meanwhile_never_succeeds() {
    Map<String, String> order = provider.order(NUMBER);
    order.put("time_expire", "20260101120100");
    String prepay = provider.prepay(order);
    sandbox.pay("wechat", prepay, "alice", new Action.Pending(Duration.ofSeconds(90), true));
    advance(Duration.ofMinutes(2));
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "CLOSED");
    assertThat(sandbox.proof().merchants().getFirst().paid().isZero()).isTrue();
  }

  @Test
  void nobody_pays_the_order_of_somebody_else() {
    String prepay = provider.prepay(provider.order(NUMBER));
    Paid paid = sandbox.pay("wechat", prepay, "carol", new Action.Success());
    assertThat(paid.succeeded()).isFalse();
    assertThat(page(paid)).isEqualTo("get_brand_wcpay_request:fail");
  }

  @Test
  void a_frozen_user_does_not_pay() {
    Map<String, String> order = provider.order(NUMBER);
    order.put("sub_openid", provider.openid("dave"));
    assertThat(
            sandbox.pay("wechat", provider.prepay(order), "dave", new Action.Success()).succeeded())
        .isFalse();
  }

  @Test
  void credit_is_refused_where_the_order_says_so() {
    Map<String, String> order = provider.order(NUMBER);
    order.put("sub_openid", provider.openid("carol"));
    order.put("limit_pay", "no_credit");
    assertThat(
            sandbox
                .pay("wechat", provider.prepay(order), "carol", new Action.Success())
                .succeeded())
        .isFalse();
    order.put("out_trade_no", NUMBER + "x");
    order.remove("limit_pay");
    assertThat(
            sandbox
                .pay("wechat", provider.prepay(order), "carol", new Action.Success())
                .succeeded())
        .isTrue();
  }

  @Test
  void a_late_payment_takes_a_fault_to_go_through() {
    Map<String, String> order = provider.order(NUMBER);
    order.put("time_expire", "20260101120100");
    String prepay = provider.prepay(order);
    advance(Duration.ofMinutes(2));
    assertThat(sandbox.pay("wechat", prepay, "alice", new Action.Success()).succeeded()).isFalse();
    sandbox.faults().add("{'op': 'pay', 'effect': 'late_payment'}");
    assertThat(sandbox.pay("wechat", prepay, "alice", new Action.Success()).succeeded()).isTrue();
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "SUCCESS");
  }

  @Test
  void a_double_payment_gives_one_number_two_transactions() {
    sandbox.faults().add("{'op': 'pay', 'effect': {'kind': 'double_payment', 'user': 'carol'}}");
    pay("alice", new Action.Success());
    String first = provider.query(NUMBER).get("transaction_id");
    var transactions =
        sandbox.channel("wechat").history(NUMBER).orElseThrow().at("/orders/0/transactions");
    assertThat(transactions).hasSize(2);
    assertThat(transactions.get(0).get("transaction_id").asString()).isEqualTo(first);
    assertThat(transactions.get(1).get("user").asString()).isEqualTo("carol");
    assertThat(sandbox.proof().merchants().getFirst().paid().cents()).isEqualTo(202);
    assertThat(sandbox.proof().holds()).isTrue();
  }

  private Paid pay(String user, Action action) {
    return sandbox.pay("wechat", provider.prepay(provider.order(NUMBER)), user, action);
  }

  private static String page(Paid paid) {
    return paid.pageResult().path("err_msg").asString();
  }
}
