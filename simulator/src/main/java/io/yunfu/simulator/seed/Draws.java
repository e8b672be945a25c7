package io.yunfu.simulator.seed;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// One stream of draws. Safe for use from several threads; what each of them gets then depends on
/// who comes first.
public final class Draws {
  private static final RandomGeneratorFactory<RandomGenerator> GENERATORS =
      RandomGeneratorFactory.of("L64X128MixRandom");
  private static final String DIGITS = "0123456789";
  private static final String HEX = "0123456789abcdef";
  private static final String ALPHANUMERIC =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private final long seed;
  private RandomGenerator generator;

  Draws(long seed) {
    this.seed = seed;
    this.generator = GENERATORS.create(seed);
  }

  synchronized void restart() {
    generator = GENERATORS.create(seed);
  }

  public String digits(int count) {
    return text(DIGITS, count);
  }

  public String hex(int count) {
    return text(HEX, count);
  }

  public String alphanumerics(int count) {
    return text(ALPHANUMERIC, count);
  }

  /// From 0 up to, but not, the bound.
  public synchronized int below(int bound) {
    return generator.nextInt(bound);
  }

  /// Whether something of this probability, from 0 to 1, happens now.
  public synchronized boolean happens(double probability) {
    return generator.nextDouble() < probability;
  }

  /// Of the standard normal distribution.
  public synchronized double gaussian() {
    return generator.nextGaussian();
  }

  private synchronized String text(String alphabet, int count) {
    var text = new StringBuilder(count);
    for (int i = 0; i < count; i++) {
      text.append(alphabet.charAt(generator.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
