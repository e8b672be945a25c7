package io.yunfu.channels.alipay;

import static io.yunfu.kernel.Check.require;

import io.yunfu.channels.Unreadable;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/// Alipay's amounts: yuan with two decimals, as text. Converted exactly or not at all.
final class Yuan {
  /// Thirteen digits of yuan are a hundred thousand times Alipay's largest order.
  private static final Pattern AMOUNT = Pattern.compile("[0-9]{1,13}(?:\\.[0-9]{1,2})?");

  private Yuan() {}

  /// `101` fen are `1.01`.
  static String of(Money amount) {
    require(amount.currency() == Currency.CNY, "Alipay takes yuan, not %s", amount.currency());
    require(!amount.isNegative(), "Alipay takes no negative amount");
    return BigDecimal.valueOf(amount.cents(), 2).toPlainString();
  }

  /// @throws Unreadable for more than two decimals, a sign, an exponent, and all that is no amount
  static Money parse(String field, String text) {
    if (!AMOUNT.matcher(text).matches()) {
      throw new Unreadable(field + " is not an amount in yuan");
    }
    return Money.cny(new BigDecimal(text).movePointRight(2).longValueExact());
  }
}
