package io.yunfu.channels.alipay;

import static io.yunfu.kernel.Money.cny;
import static io.yunfu.testkit.Property.forAll;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yunfu.channels.Unreadable;
import io.yunfu.kernel.Money;
import java.util.List;
import org.junit.jupiter.api.Test;

class YuanTest {
  @Test
  void fen_become_yuan_with_two_decimals() {
    assertThat(Yuan.of(cny(101))).isEqualTo("1.01");
    assertThat(Yuan.of(cny(1))).isEqualTo("0.01");
    assertThat(Yuan.of(cny(0))).isEqualTo("0.00");
    assertThat(Yuan.of(cny(10_000_000_000L))).isEqualTo("100000000.00");
  }

  @Test
  void yuan_become_fen_with_any_number_of_decimals_up_to_two() {
    assertThat(Yuan.parse("a", "1.01")).isEqualTo(cny(101));
    assertThat(Yuan.parse("a", "1.1")).isEqualTo(cny(110));
    assertThat(Yuan.parse("a", "1")).isEqualTo(cny(100));
    assertThat(Yuan.parse("a", "0.29")).isEqualTo(cny(29)); // 28.999… in binary floating point
  }

  @Test
  void every_amount_comes_back_as_it_went() {
    forAll(
        random -> cny(random.nextLong(0, 100_000_000_000_000L)),
        amount -> assertThat(Yuan.parse("a", Yuan.of(amount))).isEqualTo(amount));
  }

  @Test
  void nothing_is_rounded_and_nothing_odd_is_an_amount() {
    for (String text :
        List.of(
            "1.010",
            "1.005",
            "0.001",
            "",
            ".5",
            "1.",
            "-1.00",
            "+1.00",
            "1e2",
            "1,00",
            " 1.00",
            "1.00 ",
            "０.01",
            "NaN",
            "12345678901234.00",
            "0x10",
            "1.00元")) {
      assertThatThrownBy(() -> Yuan.parse("total_amount", text))
          .as(text)
          .isInstanceOf(Unreadable.class)
          .hasMessage("total_amount is not an amount in yuan");
    }
  }

  @Test
  void other_money_is_never_sent() {
    assertThatThrownBy(() -> Yuan.of(Money.usd(1))).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Yuan.of(cny(-1))).isInstanceOf(IllegalArgumentException.class);
  }
}
