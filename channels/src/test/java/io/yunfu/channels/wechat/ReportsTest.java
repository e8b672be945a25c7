package io.yunfu.channels.wechat;

import static io.yunfu.gateway.channel.ChannelAccount.SignType.MD5;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.channels.Unreadable;
import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.channel.RefundOrder;
import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.kernel.Money;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every word that WeChat Pay has for what became of an order or a refund. Source: `channels.md`
/// sections 2.7, 2.11, 6.1, 6.3; the numbers that follow are pinned beside `OrderState`.
class ReportsTest {
  @ParameterizedTest
  @CsvSource({
    "NOTPAY, WAITING",
    "PAYERROR, WAITING",
    "USERPAYING, PAYING",
    "ACCEPT, ACCEPTED",
    "CLOSED, CLOSED",
    "REVOKED, REVERSED",
  })
  void an_unpaid_order(String word, OrderReport.State state) {
    assertThat(order(Map.of("trade_state", word, "trade_state_desc", "how it is")))
        .isEqualTo(new OrderReport(Fixture.ORDER, state, "how it is", Optional.empty()));
    assertThat(order(Map.of("trade_state", word)).description()).isEqualTo(word);
  }

  @ParameterizedTest
  @CsvSource({"SUCCESS, PAID", "REFUND, REFUNDED"})
  void a_paid_order(String word, OrderReport.State state) {
    var fields = Fixture.paid();
    fields.put("trade_state", word);
    var report = order(fields);
    assertThat(report.state()).isEqualTo(state);
    assertThat(report.paid().orElseThrow().total()).isEqualTo(Money.cny(101));
  }

  @ParameterizedTest
  @CsvSource({
    "SUCCESS, SUCCESS",
    "PROCESSING, PROCESSING",
    "REFUNDCLOSE, CLOSED",
    "FAIL, CLOSED",
    "CHANGE, ABNORMAL",
  })
  void a_refund(String word, RefundReport.State state) {
    Map<String, String> fields = new HashMap<>();
    fields.put("out_trade_no", Fixture.ORDER);
    fields.put("out_refund_no_0", Fixture.REFUND);
    fields.put("refund_status_0", word);
    fields.put("refund_id_0", "50000");
    fields.put("refund_fee_0", "101");
    assertThat(Reports.queriedRefund(new Fields(fields), REFUND).state()).isEqualTo(state);
    fields.put("out_refund_no", Fixture.REFUND);
    fields.put("refund_status", word);
    assertThat(Reports.hinted(new Fields(fields)).state()).isEqualTo(state);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "success", "REFUNDED"})
  void what_is_no_word_of_its_says_nothing(String word) {
    assertThatThrownBy(() -> order(Map.of("trade_state", word))).isInstanceOf(Unreadable.class);
  }

  @Test
  void what_it_does_not_know_is_not_there() {
    assertThat(Reports.noOrder(Fixture.ORDER).state()).isEqualTo(OrderReport.State.NOT_EXIST);
    assertThat(Reports.noRefund(REFUND).state()).isEqualTo(RefundReport.State.NOT_EXIST);
  }

  private static final RefundOrder.RefundReference REFUND =
      new RefundOrder.RefundReference(Fixture.order(MD5), Fixture.REFUND, Money.cny(101));

  private static OrderReport order(Map<String, String> fields) {
    Map<String, String> whole = new HashMap<>(fields);
    whole.put("out_trade_no", Fixture.ORDER);
    return Reports.order(new Fields(whole), Fixture.order(MD5));
  }
}
