package io.yunfu.kernel;

import static io.yunfu.kernel.Check.require;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;

/// A value that is never printed. Whoever needs it says so by calling [#reveal].
public final class Secret {
  private final String value;

  private Secret(String value) {
    this.value = value;
  }

  public static Secret of(String value) {
    require(!value.isEmpty(), "a secret is not empty");
    return new Secret(value);
  }

  public String reveal() {
    return value;
  }

  /// The bytes of a key that is written in hex (64 digits) or in Base64 (44 characters).
  ///
  /// @throws IllegalArgumentException when it is neither; the message does not show it
  public byte[] keyOf32Bytes() {
    byte[] bytes;
    try {
      bytes =
          value.length() == 64 ? HexFormat.of().parseHex(value) : Base64.getDecoder().decode(value);
    } catch (IllegalArgumentException e) {
      bytes = new byte[0]; // and the cause is dropped, since it may quote the secret
    }
    require(bytes.length == 32, "is not 32 bytes in hex or Base64");
    return bytes;
  }

  /// Compares in a time that depends on the length alone.
  public boolean matches(String candidate) {
    return MessageDigest.isEqual(
        value.getBytes(StandardCharsets.UTF_8), candidate.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && matches(secret.value);
  }

  /// The same for all secrets, so that no hash of one can leak.
  @Override
  public int hashCode() {
    return 0;
  }

  @Override
  public String toString() {
    return "***";
  }
}
