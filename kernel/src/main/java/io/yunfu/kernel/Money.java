package io.yunfu.kernel;

import static io.yunfu.kernel.Check.require;

import java.math.BigDecimal;
import java.util.stream.Stream;

/// An amount in the smallest unit (fen, cent) with its currency. Arithmetic is exact: an overflow
/// throws, a mix of currencies throws, nothing is ever rounded here.
public record Money(long cents, Currency currency) implements Comparable<Money> {

  public static Money of(long cents, Currency currency) {
    return new Money(cents, currency);
  }

  public static Money cny(long fen) {
    return new Money(fen, Currency.CNY);
  }

  public static Money usd(long cents) {
    return new Money(cents, Currency.USD);
  }

  public static Money zero(Currency currency) {
    return new Money(0, currency);
  }

  /// The sum of at least one amount.
  ///
  /// @throws IllegalArgumentException when there is none, or currencies differ
  /// @throws ArithmeticException when the sum leaves 64 bits
  public static Money sum(Stream<Money> amounts) {
    return amounts
        .reduce(Money::plus)
        .orElseThrow(() -> new IllegalArgumentException("the sum of no amounts has no currency"));
  }

  public Money plus(Money other) {
    return new Money(Math.addExact(cents, same(other).cents), currency);
  }

  public Money minus(Money other) {
    return new Money(Math.subtractExact(cents, same(other).cents), currency);
  }

  public Money negated() {
    return new Money(Math.negateExact(cents), currency);
  }

  public Money min(Money other) {
    return compareTo(other) <= 0 ? this : other;
  }

  public boolean isZero() {
    return cents == 0;
  }

  public boolean isNegative() {
    return cents < 0;
  }

  public boolean isPositive() {
    return cents > 0;
  }

  @Override
  public int compareTo(Money other) {
    return Long.compare(cents, same(other).cents);
  }

  /// For people: `12.34 CNY`.
  @Override
  public String toString() {
    return BigDecimal.valueOf(cents, 2).toPlainString() + " " + currency;
  }

  private Money same(Money other) {
    require(currency == other.currency, "%s and %s differ in currency", this, other);
    return other;
  }
}
