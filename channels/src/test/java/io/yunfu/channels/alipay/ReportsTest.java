package io.yunfu.channels.alipay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.channels.Unreadable;
import io.yunfu.gateway.channel.OrderReport;
import io.yunfu.gateway.channel.RefundReport;
import io.yunfu.kernel.Money;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every word that Alipay has for what became of an order or a refund. Source: `channels.md`
/// sections 4.6, 4.8, 6.2, 6.4; the numbers that follow are pinned beside `OrderState`.
class ReportsTest {
  @ParameterizedTest
  @CsvSource({"WAIT_BUYER_PAY, WAITING", "TRADE_CLOSED, CLOSED"})
  void an_unpaid_order(String word, OrderReport.State state) {
    assertThat(order(Map.of("trade_status", word)))
        .isEqualTo(new OrderReport(Fixture.ORDER, state, word, Optional.empty()));
  }

  @ParameterizedTest
  @CsvSource({"TRADE_SUCCESS, PAID", "TRADE_FINISHED, FINISHED", "TRADE_CLOSED, REFUNDED"})
  void a_paid_order(String word, OrderReport.State state) {
    Map<String, String> fields = new HashMap<>(Fixture.notice());
    fields.put("trade_status", word);
    assertThat(order(fields).state()).isEqualTo(state);
    assertThat(order(fields).paid().orElseThrow().total()).isEqualTo(Money.cny(101));
  }

  @ParameterizedTest
  @CsvSource({"Y, SUCCESS", "N, PROCESSING", "'', PROCESSING"})
  void the_answer_to_a_refund(String moved, RefundReport.State state) {
    Map<String, String> fields = new HashMap<>();
    fields.put("out_trade_no", Fixture.ORDER);
    fields.put("refund_fee", "1.01");
    fields.put("fund_change", moved);
    assertThat(Reports.refund(Fields.of(fields), "R1", Money.cny(101)).state()).isEqualTo(state);
  }

  @ParameterizedTest
  @CsvSource({
    "REFUND_SUCCESS, 1.01, SUCCESS",
    "'', 1.01, PROCESSING",
    "'', '', NOT_EXIST",
  })
  void the_answer_to_a_question_about_a_refund(
      String word, String amount, RefundReport.State state) {
    var fields = Fields.of(Map.of("refund_status", word, "refund_amount", amount));
    assertThat(Reports.queriedRefund(fields, Fixture.ORDER, "R1").state()).isEqualTo(state);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "SUCCESS", "TRADE_PENDING"})
  void what_is_no_word_of_its_says_nothing(String word) {
    assertThatThrownBy(() -> order(Map.of("trade_status", word))).isInstanceOf(Unreadable.class);
  }

  @Test
  void what_it_does_not_know_is_not_there() {
    assertThat(Reports.noOrder(Fixture.ORDER).state()).isEqualTo(OrderReport.State.NOT_EXIST);
    assertThat(Reports.noRefund(Fixture.ORDER, "R1").state())
        .isEqualTo(RefundReport.State.NOT_EXIST);
  }

  private static OrderReport order(Map<String, String> fields) {
    Map<String, String> whole = new HashMap<>(fields);
    whole.put("out_trade_no", Fixture.ORDER);
    return Reports.order(Fields.of(whole), Optional.empty());
  }
}
