package io.yunfu.kernel;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Texts that make two signed messages differ: 32 letters and digits, as WeChat Pay and the Cloud
/// Pay samples have them, of 160 random bits. Source: `channels.md` section 2.4. Safe for any
/// number of threads if the generator is.
public final class Nonces implements Supplier<String> {
  /// Five bits choose a letter: `base32hex` of RFC 4648.
  private static final byte[] ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUV".getBytes(US_ASCII);

  private static final int LENGTH = 32;

  /// Unit: bytes of a text's random bits.
  private static final int DRAWN = LENGTH * 5 / 8;

  private final RandomGenerator random;
  private volatile Stock stock;

  /// @param random a `SecureRandom`, so that nobody can guess the next
  public Nonces(RandomGenerator random) {
    this.random = random;
    this.stock = new Stock(random);
  }

  @Override
  public String get() {
    byte[] drawn = new byte[DRAWN];
    draw(drawn);
    byte[] text = new byte[LENGTH];
    for (int i = 0; i < DRAWN; i += 5) { // five bytes are eight letters
      long bits = 0;
      for (int j = 0; j < 5; j++) {
        bits = bits << 8 | (drawn[i + j] & 0xff);
      }
      for (int j = 0; j < 8; j++) {
        text[i / 5 * 8 + j] = ALPHABET[(int) (bits >>> (35 - 5 * j)) & 31];
      }
    }
    return new String(text, US_ASCII);
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
