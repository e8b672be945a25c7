package io.yunfu.kernel;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Texts that make two signed messages differ: 32 letters and digits, as WeChat Pay and the Cloud
/// Pay samples have them. Source: `channels.md` section 2.4. Safe for any number of threads if the
/// generator is.
public final class Nonces implements Supplier<String> {
  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

  private static final int LENGTH = 32;

  /// Six bits of a byte choose a letter, but for two values in 64. Hardly ever these are not
  /// enough, and as many are drawn again.
  private static final int DRAWN = LENGTH + 8;

  private final RandomGenerator random;
  private volatile Stock stock;

  /// @param random a `SecureRandom`, so that nobody can guess the next
  public Nonces(RandomGenerator random) {
    this.random = random;
    this.stock = new Stock(random);
  }

  @Override
  public String get() {
    var text = new StringBuilder(LENGTH);
    byte[] drawn = new byte[DRAWN];
    while (true) {
      draw(drawn);
      for (byte each : drawn) {
        int letter = each & 63;
        if (letter < ALPHABET.length()) {
          text.append(ALPHABET.charAt(letter));
          if (text.length() == LENGTH) {
            return text.toString();
          }
        }
      }
    }
  }

  private void draw(byte[] drawn) {
    Stock whole = stock;
    while (!whole.take(drawn)) {
      whole = new Stock(random);
      stock = whole;
    }
  }

  /// Drawn for many texts at once: all callers share one lock of the generator, and here there is
  /// none.
  private static final class Stock {
    private final byte[] bytes = new byte[64 * DRAWN];
    private final AtomicInteger taken = new AtomicInteger();

    Stock(RandomGenerator random) {
      random.nextBytes(bytes);
    }

    /// @return false when nothing is left
    boolean take(byte[] into) {
      int from = taken.getAndAdd(into.length);
      if (from > bytes.length - into.length) {
        return false;
      }
      System.arraycopy(bytes, from, into, 0, into.length);
      return true;
    }
  }
}
