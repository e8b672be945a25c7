package io.yunfu.gateway.payment;

import static org.assertj.core.api.Assertions.assertThat;

import io.yunfu.gateway.channel.PayPlatform;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/// The numbers of the wire, all of them: `cloudpay.md` sections 4.7, 4.8 and 4.10. Those that are
/// in no row here belong to payment codes and deposits.
class StateNumbersTest {
  @Test
  void an_order_has_a_number_over_each_channel() {
    assertThat(rows(OrderState.values()))
        .containsExactly(
            "stored 1 1",
            "sent 12 1",
            "waiting 6 4",
            "paid 3 2",
            "refunded 4 5",
            "finished 3 6",
            "closed 7 5",
            "void 11 7");
  }

  @Test
  void a_refund_has_a_number_over_each_channel() {
    assertThat(
            Arrays.stream(RefundState.values())
                .map(state ->
                    row(state, state.number(PayPlatform.WECHAT), state.number(PayPlatform.ALIPAY)))
                .toList())
        .containsExactly(
            "stored 1 1",
            "accepted 4 4",
            "success 2 2",
            "failed 3 3",
            "refused 3 3",
            "abnormal 5 4",
            "unknown 6 5");
  }

  private static List<String> rows(OrderState[] states) {
    return Arrays.stream(states)
        .map(
            state -> row(state, state.number(PayPlatform.WECHAT), state.number(PayPlatform.ALIPAY)))
        .toList();
  }

  private static String row(Enum<?> state, int wechat, int alipay) {
    return state.name().toLowerCase(Locale.ROOT) + " " + wechat + " " + alipay;
  }
}
