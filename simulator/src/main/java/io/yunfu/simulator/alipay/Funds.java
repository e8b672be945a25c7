package io.yunfu.simulator.alipay;

import static io.yunfu.kernel.Check.require;

import io.yunfu.kernel.Money;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/// Who bears which part of a payment.
///
/// @param total what the merchant asked for
/// @param fromPlatform the part that the channel gives to it: a coupon of the channel's
/// @param fromMerchant the part that the merchant lets the payer off: a coupon of its own
record Funds(Money total, Money fromPlatform, Money fromMerchant) {
  Funds {
    require(
        !fromPlatform.isNegative() && !fromMerchant.isNegative(), "a coupon takes nothing away");
    require(
        fromPlatform.plus(fromMerchant).compareTo(total) <= 0,
        "coupons of %s and %s are more than %s",
        fromPlatform,
        fromMerchant,
        total);
  }

  static Funds plain(Money total) {
    Money nothing = Money.zero(total.currency());
    return new Funds(total, nothing, nothing);
  }

  /// `buyer_pay_amount`.
  Money fromBuyer() {
    return total.minus(fromPlatform).minus(fromMerchant);
  }

  /// `receipt_amount`: what the merchant receives, before fees.
  Money toMerchant() {
    return total.minus(fromMerchant);
  }

  Money coupons() {
    return fromPlatform.plus(fromMerchant);
  }

  /// Whose money the next part of this is. Each bears what fits its share; the fen that are left
  /// over go where the most was cut off. So nobody is given back more than it paid, and what is
  /// taken in parts is in the end exactly the whole.
  Funds take(Money part) {
    require(!part.isNegative() && part.compareTo(total) <= 0, "%s of %s", part, total);
    if (total.isZero()) {
      return this;
    }
    long[] wholes = {fromBuyer().cents(), fromPlatform.cents(), fromMerchant.cents()};
    long[] shares = new long[3];
    BigInteger[] cut = new BigInteger[3];
    long left = part.cents();
    for (int i = 0; i < 3; i++) {
      BigInteger[] divided =
          BigInteger.valueOf(wholes[i])
              .multiply(BigInteger.valueOf(part.cents()))
              .divideAndRemainder(BigInteger.valueOf(total.cents()));
      shares[i] = divided[0].longValueExact();
      cut[i] = divided[1];
      left -= shares[i];
    }
    for (; left > 0; left--) {
      int most = 0;
      for (int i = 1; i < 3; i++) {
        most = cut[i].compareTo(cut[most]) > 0 ? i : most;
      }
      shares[most]++;
      cut[most] = BigInteger.ZERO;
    }
    return new Funds(
        part, new Money(shares[1], total.currency()), new Money(shares[2], total.currency()));
  }

  Funds minus(Funds other) {
    return new Funds(
        total.minus(other.total),
        fromPlatform.minus(other.fromPlatform),
        fromMerchant.minus(other.fromMerchant));
  }

  /// The channel's fee on what the merchant receives, to the fen.
  Money fee(BigDecimal rate) {
    return new Money(
        BigDecimal.valueOf(toMerchant().cents())
            .multiply(rate)
            .setScale(0, RoundingMode.HALF_UP)
            .longValueExact(),
        total.currency());
  }
}
