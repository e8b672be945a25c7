package io.yunfu.simulator.alipay;

import io.yunfu.kernel.Money;
import java.math.BigDecimal;
import java.util.Optional;

/// Amounts as Alipay writes them: yuan with two decimals, in a text.
final class Yuan {
  /// Source: channels.md, section 4.3.
  static final Money LEAST = Money.cny(1);

  static final Money MOST = Money.cny(100_000_000_00L);

  private Yuan() {}

  /// Empty for what is no plain decimal number, has more than two decimals, or is beyond counting.
  static Optional<Money> read(String text) {
    if (!text.matches("-?[0-9]{1,16}(\\.[0-9]{1,2})?")) {
      return Optional.empty();
    }
    return Optional.of(Money.cny(new BigDecimal(text).movePointRight(2).longValueExact()));
  }

  static String text(Money amount) {
    return BigDecimal.valueOf(amount.cents(), 2).toPlainString();
  }
}
