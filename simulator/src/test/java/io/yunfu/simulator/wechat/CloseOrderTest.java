package io.yunfu.simulator.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.simulator.AdminClient;
import io.yunfu.simulator.channel.Payment.Action;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Rule 6 of channels.md, section 7.3.
class CloseOrderTest extends SandboxTest {
  private static final String NUMBER = "cp0120260101000000000000000001";

  @Test
  void an_early_close_is_answered_well_and_leaves_the_order_open() {
    String prepay = provider.prepay(provider.order(NUMBER));
    advance(Duration.ofMinutes(5).minusSeconds(1));
    assertThat(provider.close(NUMBER)).containsEntry("result_code", "SUCCESS");
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "NOTPAY");
    assertThat(sandbox.pay("wechat", prepay, "alice", new Action.Success()).succeeded()).isTrue();
  }

  @Test
  void a_lenient_channel_closes_at_once() {
    new AdminClient(sandbox).post("/_sim/settings", "{'wechat': {'close': 'lenient'}}");
    String prepay = provider.prepay(provider.order(NUMBER));
    assertThat(provider.close(NUMBER)).containsEntry("result_code", "SUCCESS");
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "CLOSED");
    assertThat(sandbox.pay("wechat", prepay, "alice", new Action.Success()).succeeded()).isFalse();
  }

  @Test
  void after_five_minutes_it_is_closed_and_cannot_be_paid() {
    String prepay = provider.prepay(provider.order(NUMBER));
    advance(Duration.ofMinutes(5));
    assertThat(provider.close(NUMBER)).containsEntry("result_code", "SUCCESS");
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "CLOSED");
    assertThat(sandbox.pay("wechat", prepay, "alice", new Action.Success()).succeeded()).isFalse();
    assertThat(provider.close(NUMBER)).containsEntry("err_code", "ORDERCLOSED");
  }

  @Test
  void a_paid_order_cannot_be_closed() {
    provider.paid(provider.order(NUMBER));
    advance(Duration.ofMinutes(5));
    assertThat(provider.close(NUMBER)).containsEntry("err_code", "ORDERPAID");
    assertThat(provider.query(NUMBER)).containsEntry("trade_state", "SUCCESS");
  }

  @Test
  void an_unknown_order_cannot_be_closed() {
    assertThat(provider.close(NUMBER)).containsEntry("err_code", "ORDERNOTEXIST");
  }
}
