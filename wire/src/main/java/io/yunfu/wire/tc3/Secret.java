package io.yunfu.wire.tc3;

import static io.yunfu.kernel.Check.require;
import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/// The secret half of a key pair. Keep one object per key for as long as the key is cached: it
/// remembers the signing key it derived last, so that a client's second request of the day is
/// verified with one HMAC instead of four.
///
/// Never printed, never compared, never sent.
public final class Secret {
  private final byte[] key;
  private volatile @Nullable SigningKey last;

  private Secret(String secretKey) {
    require(!secretKey.isEmpty(), "a secret key is not empty");
    this.key = secretKey.getBytes(UTF_8);
  }

  public static Secret of(String secretKey) {
    return new Secret(secretKey);
  }

  /// The key that signs one day's requests to one service; derived, or remembered from before. Only
  /// the last one is kept: the service is whatever the client says, and must not fill memory.
  SigningKey signingKey(String date, String service) {
    SigningKey remembered = last;
    if (remembered != null && remembered.isFor(date, service)) {
      return remembered;
    }
    SigningKey derived = SigningKey.derive(key, date, service);
    last = derived;
    return derived;
  }

  /// Signature v1 uses the secret itself as its key.
  byte[] hmac(String algorithm, byte[] text) {
    return Crypto.hmac(algorithm, key, text);
  }

  @Override
  public String toString() {
    return "Secret[hidden]";
  }
}
