package io.yunfu.testkit;

import java.util.function.Consumer;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// "For every value this holds", tried on many seeded random values. A failure names the seed; run
/// the test again with `-Dproperty.seed=…` to see the same value first.
public final class Property {
  private static final int TRIES = Integer.getInteger("property.tries", 500);

  private Property() {}

  public static <T> void forAll(Function<RandomGenerator, T> values, Consumer<T> rule) {
    forAll(TRIES, values, rule);
  }

  /// The same with its own number of tries, for rules that are slow to check.
  public static <T> void forAll(int tries, Function<RandomGenerator, T> values, Consumer<T> rule) {
    Long fixed = Long.getLong("property.seed");
    long first = fixed != null ? fixed : System.nanoTime();
    for (int i = 0; i < (fixed != null ? 1 : tries); i++) {
      long seed = first + i;
      T value = values.apply(random(seed));
      try {
        rule.accept(value);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "fails for -Dproperty.seed=" + seed + " (try " + (i + 1) + "), value: " + value, e);
      }
    }
  }

  private static RandomGenerator random(long seed) {
    return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
  }
}
