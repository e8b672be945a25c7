package io.yunfu.server.api.cpay;

import java.security.SecureRandom;
import java.util.function.Supplier;

/// The `nonce_str` of answers and notifications: 32 letters and digits, as in the published
/// samples. They make two signed texts differ; nobody remembers them.
public final class FreshNonces implements Supplier<String> {
  private static final String LETTERS =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int LENGTH = 32;

  private final SecureRandom random;

  public FreshNonces(SecureRandom random) {
    this.random = random;
  }

  @Override
  public String get() {
    var nonce = new StringBuilder(LENGTH);
    for (int i = 0; i < LENGTH; i++) {
      nonce.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return nonce.toString();
  }
}
