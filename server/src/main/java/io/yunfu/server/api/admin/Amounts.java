package io.yunfu.server.api.admin;

import static io.yunfu.server.api.admin.Field.must;

import io.yunfu.billing.balance.TopUp;
import io.yunfu.kernel.Currency;
import io.yunfu.kernel.Money;

/// Money in requests and answers: an amount in the smallest unit, and the currency beside it.
final class Amounts {
  /// In answers, where it may be of any size.
  static final Scalar<Long> CENTS = Types.integer(Long.MIN_VALUE, Long.MAX_VALUE);

  /// What one command may move.
  static final Scalar<Long> POSITIVE = Types.integer(1, TopUp.MOST);

  static final Field.Must<Long> AMOUNT =
      must("amount", POSITIVE, "In the smallest unit of the currency: fen, cent.");

  static final Field.Must<Currency> CURRENCY =
      must("currency", Types.CURRENCY, "The account's currency, said for safety.");

  private Amounts() {}

  static Money of(Call call) {
    return Money.of(call.get(AMOUNT), call.get(CURRENCY));
  }
}
