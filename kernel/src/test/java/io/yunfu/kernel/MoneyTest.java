package io.yunfu.kernel;

import static io.yunfu.kernel.Money.cny;
import static io.yunfu.kernel.Money.usd;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.testkit.Property;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MoneyTest {
  @Test
  void two_currencies_never_mix() {
    assertThatThrownBy(() -> cny(1).plus(usd(1))).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> cny(1).compareTo(usd(1))).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Money.sum(Stream.of(cny(1), usd(1))))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void an_overflow_is_an_error_and_never_wraps() {
    assertThatThrownBy(() -> cny(Long.MAX_VALUE).plus(cny(1)))
        .isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> cny(Long.MIN_VALUE).negated()).isInstanceOf(ArithmeticException.class);
  }

  @Test
  void adding_and_taking_away_gives_the_first_amount_again() {
    Property.forAll(
        random ->
            new long[] {random.nextLong(-1L << 60, 1L << 60), random.nextLong(-1L << 60, 1L << 60)},
        pair ->
            assertThat(cny(pair[0]).plus(cny(pair[1])).minus(cny(pair[1])))
                .isEqualTo(cny(pair[0])));
  }

  @Test
  void is_printed_in_the_main_unit_with_two_digits() {
    assertThat(cny(5)).hasToString("0.05 CNY");
    assertThat(usd(-123456)).hasToString("-1234.56 USD");
  }
}
