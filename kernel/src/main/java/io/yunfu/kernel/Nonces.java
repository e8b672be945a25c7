package io.yunfu.kernel;

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

  /// Drawn and not used yet: a generator is asked once for many texts, since all callers share one
  /// lock of it.
  private final byte[] stock = new byte[64 * DRAWN];

  private int used = stock.length;

  private final RandomGenerator random;

  /// @param random a `SecureRandom`, so that nobody can guess the next
  public Nonces(RandomGenerator random) {
    this.random = random;
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

  private synchronized void draw(byte[] drawn) {
    if (used == stock.length) {
      random.nextBytes(stock);
      used = 0;
    }
    System.arraycopy(stock, used, drawn, 0, drawn.length);
    used += drawn.length;
  }
}
